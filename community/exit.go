package community

import "context"

// UnderstandExit remembers that the person looking read what the exit button
// does and does not do, so that the line is not shown again (safety.md R05).
func (s *Service) UnderstandExit(ctx context.Context, v Viewer) error {
	if v.User == nil || v.User.ExitExplainedAt != nil {
		return nil
	}
	now := s.now()
	user := *v.User
	user.ExitExplainedAt = &now
	return s.store.UpdateUser(ctx, user)
}
