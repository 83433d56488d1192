package community

import (
	"context"

	"hearth/community/policy"
)

// ApplyPolicies has a proposal hold, at once on every node and whole or not at all,
// if its preview has the fingerprint. Where it has another, because something
// changed since, that is Conflict, and the new preview comes with it. What a list
// asks for against a decision of somebody here is left out. Else as PreviewPolicies.
func (s *Service) ApplyPolicies(ctx context.Context, v Viewer, p PolicyProposal, fingerprint string) (PolicyPreview, error) {
	if err := needAdmin(v); err != nil {
		return PolicyPreview{}, err
	}
	return s.applyPolicies(ctx, v, v.ActingID(), p, fingerprint)
}

// ApplyPoliciesAsOperator is ApplyPolicies from the command line.
func (s *Service) ApplyPoliciesAsOperator(ctx context.Context, p PolicyProposal, fingerprint string) (PolicyPreview, error) {
	return s.applyPolicies(ctx, Viewer{}, OperatorName, p, fingerprint)
}

func (s *Service) applyPolicies(ctx context.Context, v Viewer, by string, p PolicyProposal, fingerprint string) (preview PolicyPreview, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.RaisePolicyEpoch(ctx); err != nil {
			return err
		}
		within := s.Within(tx)
		now, proposal, err := within.proposedPolicies(ctx, p)
		if err != nil {
			return err
		}
		look, err := within.lookAhead(ctx, tx, v, now, proposal)
		preview = look.PolicyPreview
		if err != nil {
			return err
		}
		if preview.Fingerprint != fingerprint {
			return fail(Conflict, "policy.look_again")
		}
		return within.enact(ctx, tx, by, p, look)
	})
	return preview, err
}

// enact has the rows of a look hold that are in effect.
func (s *Service) enact(ctx context.Context, tx Store, by string, p PolicyProposal, look policyLook) error {
	drafts := make(map[policy.Scope]PolicyDraft, len(p.Set))
	for _, d := range p.Set {
		made := d.policy()
		drafts[made.Scope()] = d
	}
	for _, row := range look.Diff.Rows {
		if row.Kind == policy.Conflict || p.FromList && row.Kind == policy.Same {
			continue
		}
		if row.IsLift {
			if err := s.enactLift(ctx, tx, by, row.Domain); err != nil {
				return err
			}
			continue
		}
		if _, err := s.enactPolicy(ctx, tx, by, drafts[row.Scope]); err != nil {
			return err
		}
	}
	return s.enactDoor(ctx, tx, by, p.Door)
}

func (s *Service) enactDoor(ctx context.Context, tx Store, by, door string) error {
	if door == "" {
		return nil
	}
	_, _, err := s.changeSite(ctx, tx, by, func(site *Site) { site.FrontDoor = door })
	return err
}
