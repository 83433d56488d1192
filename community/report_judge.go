package community

import (
	"context"
	"time"
)

// mayReportPost says whether a Viewer may report a post's words: they see them.
func mayReportPost(v Viewer, seen PostSeen, now time.Time) bool {
	return maySeeWords(v, seen.Post, seen.Membership, now)
}

// mayHandle says whether a Viewer looks after a report: a moderator of its
// group, or of the instance, and never one about themselves, by whichever of
// their accounts. m is their own membership in the report's group.
func mayHandle(v Viewer, r Report, m Membership, now time.Time) bool {
	if v.User == nil || v.Owns(r.AccountID) {
		return false
	}
	return v.IsInstanceModerator() || r.GroupID != nil && m.GroupID == *r.GroupID && mayModerate(v, m, now)
}

// accountFor is an account whose page there is: NotFound for one that has gone,
// or whose person was not let in.
func (s *Service) accountFor(ctx context.Context, store Store, id string) (Account, error) {
	account, err := store.Account(ctx, id)
	if err == nil && account.GoneAt != nil {
		err = fail(NotFound, "error.not_found")
	}
	if err == nil {
		err = isIn(ctx, store, account)
	}
	if err != nil {
		return Account{}, err
	}
	return account, nil
}
