package community

import "context"

// CopyHosts are the servers that would get a copy of what is written in a group
// at this moment: those whose members follow it, or the one it lives on.
type CopyHosts struct {
	Agreed bool     // the writer agreed already: Hosts is not read then
	Hosts  []string // by name, at most 50
}

// CopiesOf says where copies of what a member writes in a group go, and whether
// they agreed to that. For groups whose words stay here it reads nothing.
func (s *Service) CopiesOf(ctx context.Context, g Group, m Membership) (CopyHosts, error) {
	if !m.IsActive() || g.Reach == ReachNowhere {
		return CopyHosts{Agreed: true}, nil
	}
	agreed, err := s.store.HasConsent(ctx, m.AccountID, g.ID, ConsentFederate)
	if err != nil || agreed {
		return CopyHosts{Agreed: agreed}, err
	}
	if !g.IsLocal() {
		return CopyHosts{Hosts: []string{g.Domain}}, nil
	}
	hosts, err := s.store.FollowerDomains(ctx, g.ID, 50)
	return CopyHosts{Hosts: hosts}, err
}
