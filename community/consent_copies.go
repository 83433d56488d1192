package community

import "context"

// maxCopyHosts bounds how many servers are named.
const maxCopyHosts = 50

// CopyHosts are the servers that would get a copy of what is written in a group
// at this moment: those whose members follow it, or the one it lives on.
type CopyHosts struct {
	Agreed bool     // the writer agreed already: then Hosts is empty
	Hosts  []string // by name, at most 50
}

// CopiesOf says where copies of what a member writes in a group go, and whether
// they agreed to that. For groups whose words stay here it reads nothing,
// for others once.
func (s *Service) CopiesOf(ctx context.Context, g Group, m Membership) (CopyHosts, error) {
	if !m.IsActive() || g.Reach == ReachNowhere {
		return CopyHosts{Agreed: true}, nil
	}
	copies, err := s.store.CopyHosts(ctx, m.AccountID, g.ID, maxCopyHosts)
	switch {
	case copies.Agreed:
		copies.Hosts = nil
	case !g.IsLocal():
		copies.Hosts = []string{g.Domain}
	}
	return copies, err
}

// ServersWithCopies are the servers that would get a copy of what is written in a
// group at this moment, by name, at most 50: for who may still agree to that.
func (s *Service) ServersWithCopies(ctx context.Context, g Group) ([]string, error) {
	switch {
	case g.Reach == ReachNowhere:
		return nil, nil
	case !g.IsLocal():
		return []string{g.Domain}, nil
	}
	copies, err := s.store.CopyHosts(ctx, "", g.ID, maxCopyHosts)
	return copies.Hosts, err
}
