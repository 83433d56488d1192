package community

import (
	"context"

	"hearth/community/policy"
)

// PolicyProposal is what an admin might decide about other servers, in their own
// words. Nothing of it holds; each domain stands in it once.
type PolicyProposal struct {
	Set      []PolicyDraft
	Lift     []string // domains, in any spelling that FoldDomain takes
	Door     string   // FrontDoorOpen and its like; empty: as it is
	FromList bool     // a list asks for it: what somebody here decided stays
}

// proposal is what the words come to. Invalid with what is to be mended; of several
// verdicts the first that is wrong is told.
func (p PolicyProposal) proposal(site Site) (policy.Proposal, error) {
	out := policy.Proposal{Door: p.Door, FromList: p.FromList}
	named := map[policy.Scope]bool{}
	for _, d := range p.Set {
		if err := d.check(site); err != nil {
			return out, err
		}
		one := d.policy()
		if named[one.Scope()] {
			return out, fail(Invalid, "policy.twice", "Domain", ServerName(one.Domain))
		}
		named[one.Scope()] = true
		out.Set = append(out.Set, one)
	}
	for _, typed := range p.Lift {
		domain, err := FoldDomain(typed)
		if err != nil {
			return out, err
		}
		at := policy.Scope{Domain: domain}
		if named[at] {
			return out, fail(Invalid, "policy.twice", "Domain", ServerName(domain))
		}
		named[at] = true
		out.Lift = append(out.Lift, at)
	}
	return out, p.checkDoor()
}

func (p PolicyProposal) checkDoor() error {
	if p.Door == "" {
		return nil
	}
	var wrong problems
	checkFrontDoor(&wrong, p.Door)
	return wrong.err()
}

// ProposedPolicies is what a proposal comes to, in the pure words of policies, with
// what holds now. NotFound for those who are not admins, and where there is nothing
// to take back; Invalid for what cannot be decided.
func (s *Service) ProposedPolicies(ctx context.Context, v Viewer, p PolicyProposal) (*policy.Snapshot, policy.Proposal, error) {
	if err := needAdmin(v); err != nil {
		return nil, policy.Proposal{}, err
	}
	return s.proposedPolicies(ctx, p)
}

// ProposedPoliciesAsOperator is ProposedPolicies from the command line.
func (s *Service) ProposedPoliciesAsOperator(ctx context.Context, p PolicyProposal) (*policy.Snapshot, policy.Proposal, error) {
	return s.proposedPolicies(ctx, p)
}

func (s *Service) proposedPolicies(ctx context.Context, p PolicyProposal) (*policy.Snapshot, policy.Proposal, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return nil, policy.Proposal{}, err
	}
	proposal, err := p.proposal(site)
	if err != nil {
		return nil, proposal, err
	}
	now, err := s.Policies(ctx)
	if err != nil {
		return nil, proposal, err
	}
	for _, at := range proposal.Lift {
		if _, known := now.Decided(at); !known {
			return nil, proposal, fail(NotFound, "policy.none", "Domain", ServerName(at.Domain))
		}
	}
	return now, proposal, nil
}
