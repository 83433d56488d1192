package community

import "context"

// LostFollow is somebody of here who asks to be in a group elsewhere, by a Follow
// that is not tried any more.
type LostFollow struct {
	Membership
	Declined bool // its server said no to it; else it is not known to have had it
	Begun    bool // it may be there all the same
}

// lostAtOnce bounds how many are told at a time; the others are told the next time.
const lostAtOnce = 500

// GiveUpFollows ends the requests whose Follow ended without an answer, and tells
// those who asked: they may ask again.
func (s *Service) GiveUpFollows(ctx context.Context) error {
	lost, err := s.store.LostFollows(ctx, lostAtOnce)
	for _, f := range lost {
		if err = s.giveUpFollow(ctx, f); err != nil {
			return err
		}
	}
	return err
}

// giveUpFollow ends one request, unless it was answered, taken back or asked again
// since. What the other server may have is taken back, so that it does not count
// somebody who was told that they are not in.
func (s *Service) giveUpFollow(ctx context.Context, f LostFollow) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := tx.LockGroup(ctx, f.GroupID); err != nil {
			return err
		}
		m, err := tx.Membership(ctx, f.GroupID, f.AccountID)
		if isNotFound(err) || err == nil && (m.State != MemberAsked || m.FollowURI != f.FollowURI) {
			return nil
		}
		if err != nil {
			return err
		}
		group, err := tx.Group(ctx, f.GroupID)
		if err != nil || group.IsLocal() {
			return err
		}
		state, kind := MemberUnheard, NoticeUnheard
		if f.Declined {
			state, kind = MemberRefused, NoticeJoinRefused
		}
		if err := s.endMembership(ctx, tx, m, state); err != nil {
			return err
		}
		if f.Begun {
			if err := s.unfollow(ctx, tx, m); err != nil {
				return err
			}
		}
		return s.tellOfGroup(ctx, tx, kind, m.askID(), group, m.AccountID)
	})
}

// giveUpAsking does so for a Follow that this server could not make ready.
func (s *Service) giveUpAsking(ctx context.Context, e Event) error {
	if e.GroupID == nil || e.AccountID == nil {
		return nil
	}
	m, err := s.store.Membership(ctx, *e.GroupID, *e.AccountID)
	if isNotFound(err) || err == nil && m.ChangedAt.After(e.CreatedAt) {
		return nil // asked again since, by another event
	}
	if err != nil {
		return err
	}
	return s.giveUpFollow(ctx, LostFollow{Membership: m})
}
