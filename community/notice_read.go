package community

import "context"

// HasUnread says whether the person looking has a notice they have not read.
func (s *Service) HasUnread(ctx context.Context, v Viewer) (bool, error) {
	if v.User == nil {
		return false, nil
	}
	return s.store.HasUnread(ctx, v.User.ID)
}
