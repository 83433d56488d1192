package community

import (
	"context"

	"hearth/community/policy"
)

// Policies is the present snapshot, read again only when the epoch has moved:
// one small read for all who call at the same time. It is what every contact with
// another server is judged by.
func (s *Service) Policies(ctx context.Context) (*policy.Snapshot, error) {
	epoch, err := s.policyEpoch(ctx)
	if err != nil {
		return nil, err
	}
	return s.policiesOf(ctx, epoch)
}

func (s *Service) policyEpoch(ctx context.Context) (int64, error) {
	if s.epochs == nil {
		return s.store.PolicyEpoch(ctx)
	}
	return s.epochs.epoch(ctx)
}

// policiesOf is the snapshot of an epoch that was read just now.
func (s *Service) policiesOf(ctx context.Context, epoch int64) (*policy.Snapshot, error) {
	if p := s.policies.Load(); p != nil && p.Epoch() == epoch {
		return p, nil
	}
	site, err := s.Site(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.store.AllPolicies(ctx)
	if err != nil {
		return nil, err
	}
	p := policy.NewSnapshot(epoch, site.FrontDoor, site.Host, all)
	s.policies.Store(p)
	return p, nil
}

// PolicyPage is one page of an instance's policies, by domain.
type PolicyPage struct {
	Policies []policy.Policy
	Owners   map[string]Account // who stands for them, by id
	Next     string             // the domain after which the next page begins; empty at the end
}

const policiesPerPage = 100

// PolicyList lists verdicts by domain, after the given one. What an outsider
// sees of it (the public reason) and what an admin sees is the page's to show;
// private notes are blanked for those who are not admins.
func (s *Service) PolicyList(ctx context.Context, v Viewer, after string) (PolicyPage, error) {
	page, err := s.policyList(ctx, after)
	if err != nil || v.IsAdmin() {
		return page, err
	}
	for i := range page.Policies {
		page.Policies[i].PrivateNote, page.Policies[i].OwnerID = "", nil
	}
	page.Owners = nil
	return page, nil
}

// PolicyListAsOperator is PolicyList from the command line.
func (s *Service) PolicyListAsOperator(ctx context.Context, after string) (PolicyPage, error) {
	return s.policyList(ctx, after)
}

func (s *Service) policyList(ctx context.Context, after string) (PolicyPage, error) {
	rows, err := s.store.PoliciesAfter(ctx, after, policiesPerPage+1)
	if err != nil {
		return PolicyPage{}, err
	}
	var page PolicyPage
	if len(rows) > policiesPerPage {
		rows = rows[:policiesPerPage]
		page.Next = rows[len(rows)-1].Domain
	}
	var owners []string
	for _, p := range rows {
		if p.OwnerID != nil {
			owners = append(owners, *p.OwnerID)
		}
	}
	page.Policies = rows
	page.Owners, err = s.store.Accounts(ctx, owners)
	return page, err
}
