package community

import "context"

// GiveSupport presses or takes back one word of support on a post. Only its
// author ever learns of it, once a post and day. Nothing of it is ever sent.
// Forbidden where the Viewer may read the post and there is nothing to press.
func (s *Service) GiveSupport(ctx context.Context, v Viewer, id, kind string, give bool) (PostSeen, error) {
	seen, err := s.postFor(ctx, s.store, v, id)
	if err != nil {
		return PostSeen{}, err
	}
	if !oneOf(kind, SupportKinds()...) {
		return seen, fail(Invalid, "form.choose")
	}
	if !give {
		return seen, s.store.DeleteSupport(ctx, id, v.AccountIDs(), kind)
	}
	if !maySupport(v, seen.Post, seen.Group, seen.Membership, s.now()) {
		return seen, fail(Forbidden, "support.not_here")
	}
	return seen, s.store.InTx(ctx, func(tx Store) error {
		now := s.now()
		isNew, err := tx.InsertSupport(ctx, Support{PostID: id, AccountID: seen.Membership.AccountID, Kind: kind, GivenAt: now})
		if err != nil || !isNew {
			return err
		}
		return s.tellOfSupport(ctx, tx, seen.Post, seen.Membership.AccountID)
	})
}
