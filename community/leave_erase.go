package community

import (
	"context"
	"errors"
	"time"

	"hearth/community/secret"
)

// When other servers hear of a deletion, counted from when it began: the posts
// first, the account last (R13).
const (
	tellPostsFrom = 24 * time.Hour
	tellPostsFor  = 46 * time.Hour
	tellLeftFrom  = tellPostsFrom + tellPostsFor
	tellGoneFrom  = tellLeftFrom + time.Hour
	tellGoneFor   = time.Hour
)

// departuresAtOnce bounds the people whom one turn of the clock deletes.
const departuresAtOnce = 20

// EraseDeparted deletes the people whose time to come back is over, and forgets
// those who were deleted 30 days ago. It returns how many were deleted. What
// fails with one does not keep the others from being deleted.
func (s *Service) EraseDeparted(ctx context.Context) (int, error) {
	due, err := s.store.DueDepartures(ctx, s.now(), departuresAtOnce)
	if err != nil {
		return 0, err
	}
	done, errs := 0, []error(nil)
	for _, d := range due {
		err := s.eraseDeparted(ctx, d.UserID)
		if err == nil {
			done++
		}
		errs = append(errs, err)
	}
	_, err = s.store.ForgetDeparted(ctx, s.now().Add(-receiptKept), tidyBatch)
	return done, errors.Join(append(errs, err)...)
}

// eraseDeparted deletes one person in many transactions: what was begun and not
// ended goes on at the next turn.
func (s *Service) eraseDeparted(ctx context.Context, userID string) error {
	begun, ids, err := s.beginErasing(ctx, userID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		for more := true; more; {
			err := s.store.InTx(ctx, func(tx Store) (err error) {
				more, err = s.eraseWordsOf(ctx, tx, id, begun)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return s.store.InTx(ctx, func(tx Store) error { return s.endErasing(ctx, tx, userID, ids) })
}

// beginErasing closes the way back. What only the person themselves ever saw goes
// at once.
func (s *Service) beginErasing(ctx context.Context, userID string) (begun time.Time, ids []string, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.UserToChange(ctx, userID); err != nil {
			return err
		}
		d, err := tx.Departure(ctx, userID)
		if err != nil {
			return err
		}
		begun = s.now()
		if d.BegunAt != nil {
			begun = *d.BegunAt
		}
		d.BegunAt = &begun
		if err := tx.UpdateDeparture(ctx, d); err != nil {
			return err
		}
		if ids, err = ownedIDs(ctx, tx, userID); err != nil {
			return err
		}
		return tx.EraseDraftsOf(ctx, ids)
	})
	return begun, ids, err
}

// eraseWordsOf erases some posts of somebody who left. Each tells other servers
// at a moment of its own, under an order key of its own: one that waits holds back
// what is behind it in its key, and the thread's is everybody's.
func (s *Service) eraseWordsOf(ctx context.Context, tx Store, accountID string, begun time.Time) (more bool, err error) {
	return s.eraseSome(ctx, tx, accountID, func(post Post) ([]Event, error) {
		e := newPostEvent(s.now(), EventPostDeleted, post)
		e.OrderKey = post.ID
		return []Event{e.notBefore(begun.Add(tellPostsFrom + secret.Spread(tellPostsFor)))}, nil
	})
}

func (e Event) notBefore(at time.Time) Event {
	e.NotBefore = &at
	return e
}

// endErasing deletes all but the words, which are gone by now.
func (s *Service) endErasing(ctx context.Context, tx Store, userID string, ids []string) error {
	if _, err := tx.UserToChange(ctx, userID); err != nil {
		return err
	}
	d, err := tx.Departure(ctx, userID)
	if err != nil || d.EndedAt != nil {
		return err
	}
	follows, err := tx.FollowsAway(ctx, ids)
	if err != nil {
		return err
	}
	for _, m := range follows {
		if err := s.unfollowLater(ctx, tx, m, *d.BegunAt); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := s.eraseAccount(ctx, tx, id, *d.BegunAt); err != nil {
			return err
		}
	}
	if err := tx.ErasePerson(ctx, userID); err != nil {
		return err
	}
	now := s.now()
	d.EndedAt = &now
	return tx.UpdateDeparture(ctx, d)
}

func (s *Service) unfollowLater(ctx context.Context, tx Store, m Membership, begun time.Time) error {
	if err := s.endMembership(ctx, tx, m, MemberLeft); err != nil {
		return err
	}
	e := newEvent(s.now(), EventLeft, m.ID)
	e.GroupID, e.AccountID, e.AboutID = &m.GroupID, &m.AccountID, m.ID
	return tx.InsertEvent(ctx, e.notBefore(begun.Add(tellLeftFrom+secret.Spread(tellGoneFrom-tellLeftFrom))))
}

// eraseAccount leaves of an account its id, and has every server that may know it
// told, last of all.
func (s *Service) eraseAccount(ctx context.Context, tx Store, id string, begun time.Time) error {
	actor, err := tx.Actor(ctx, id)
	if err != nil {
		return err
	}
	if err := tx.EraseAccount(ctx, id, s.now()); err != nil || actor.DisclosedAt == nil {
		return err
	}
	at := begun.Add(tellGoneFrom + secret.Spread(tellGoneFor))
	servers, err := tx.InsertFarewells(ctx, id, at)
	if err != nil || servers == 0 {
		return err
	}
	e := newEvent(s.now(), EventAccountGone, id)
	e.AccountID, e.AboutID = &id, id
	return tx.InsertEvent(ctx, e.notBefore(at))
}
