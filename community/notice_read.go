package community

import (
	"context"
	"time"
)

// Calls says what calls for the person looking. Whoever is paused looks after
// no group meanwhile.
func (s *Service) Calls(ctx context.Context, v Viewer) (Calls, error) {
	if v.User == nil {
		return Calls{}, nil
	}
	return s.store.Calls(ctx, v.User.ID, v.unsuspended(s.now()))
}

// unsuspended are the ids of the accounts as which the Viewer may act.
func (v Viewer) unsuspended(now time.Time) (ids []string) {
	if !v.IsMember(now) {
		return nil
	}
	for _, a := range v.Accounts {
		if !a.IsSuspended(now) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
