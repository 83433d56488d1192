package community

import (
	"context"
	"errors"
	"slices"
	"time"

	"hearth/community/secret"
)

// When other servers hear of a deletion, counted from when it began: the posts
// first, the account last (R13).
const (
	tellPostsFrom = 24 * time.Hour
	tellGoneFrom  = 32 * time.Hour
	tellGoneTo    = 72 * time.Hour
	tellLeftFor   = time.Hour // in it the groups elsewhere hear of it, tellLeftFor before the end
)

// farewell is when other servers hear that one account is no more.
type farewell struct{ posts, left, gone time.Time }

// farewellOf is the same at each look, so that deleting can go on after it was cut
// short. Each account of a person has an end of its own, which tells nothing of the
// others' (R13).
func farewellOf(d Departure, accountID string) farewell {
	gone := d.BegunAt.Add(tellGoneFrom + secret.SpreadOf(tellGoneTo-tellGoneFrom, d.CodeHash, accountID))
	return farewell{d.BegunAt.Add(tellPostsFrom), gone.Add(-2 * tellLeftFor), gone}
}

// aPost and aGroup are a moment at which a server hears of one of them.
func (f farewell) aPost() time.Time  { return f.posts.Add(secret.Spread(f.left.Sub(f.posts))) }
func (f farewell) aGroup() time.Time { return f.left.Add(secret.Spread(tellLeftFor)) }

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
// ended goes on at the next turn. Nobody sees anything of them any more when it begins.
func (s *Service) eraseDeparted(ctx context.Context, userID string) error {
	if err := s.moveOn(ctx, userID); err != nil {
		return err
	}
	d, ids, err := s.beginErasing(ctx, userID)
	if err != nil || d.BegunAt == nil {
		return err
	}
	for _, id := range ids {
		if err := s.eraseAllOf(ctx, d, id); err != nil {
			return err
		}
	}
	err = s.inBatches(ctx, userID, func(tx Store) (bool, error) { return tx.EraseBelongings(ctx, userID, movedAtOnce) })
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error { return s.endErasing(ctx, tx, userID, ids) })
}

// beginErasing closes the way back, unless they took it. What only the person
// themselves ever saw goes at once.
func (s *Service) beginErasing(ctx context.Context, userID string) (d Departure, ids []string, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.UserToChange(ctx, userID); err != nil {
			return err
		}
		known, err := tx.Departure(ctx, userID)
		if isNotFound(err) || err == nil && known.Moving == MovingBack {
			return nil
		}
		if err != nil {
			return err
		}
		if known.BegunAt == nil {
			now := s.now()
			known.BegunAt = &now
		}
		if err := tx.UpdateDeparture(ctx, known); err != nil {
			return err
		}
		d = known
		if ids, err = ownedIDs(ctx, tx, userID); err != nil {
			return err
		}
		return tx.EraseDraftsOf(ctx, ids)
	})
	return d, ids, err
}

// eraseAllOf deletes what an account wrote and did, and notes whom to ask to forget it.
func (s *Service) eraseAllOf(ctx context.Context, d Departure, accountID string) error {
	when := farewellOf(d, accountID)
	for _, some := range []func(tx Store) (more bool, err error){
		func(tx Store) (bool, error) { return s.eraseWordsOf(ctx, tx, accountID, when) },
		func(tx Store) (bool, error) { return s.unfollowSome(ctx, tx, accountID, when) },
		func(tx Store) (bool, error) { return tx.EraseTraces(ctx, accountID, s.now(), movedAtOnce) },
	} {
		if err := s.inBatches(ctx, d.UserID, some); err != nil {
			return err
		}
	}
	return s.noteFarewells(ctx, accountID, when)
}

// eraseWordsOf erases some posts of somebody who left. Each tells other servers
// at a moment of its own, under an order key of its own: one that waits holds back
// what is behind it in its key, and the thread's is everybody's.
func (s *Service) eraseWordsOf(ctx context.Context, tx Store, accountID string, when farewell) (more bool, err error) {
	return s.eraseSome(ctx, tx, accountID, func(post Post) ([]Event, error) {
		e := newPostEvent(s.now(), EventPostDeleted, post)
		e.OrderKey = post.ID
		return []Event{e.notBefore(when.aPost())}, nil
	})
}

func (e Event) notBefore(at time.Time) Event {
	e.NotBefore = &at
	return e
}

// unfollowSome has some groups elsewhere told later that an account left them.
func (s *Service) unfollowSome(ctx context.Context, tx Store, accountID string, when farewell) (more bool, err error) {
	follows, err := tx.FollowsAway(ctx, []string{accountID}, movedAtOnce)
	if err != nil {
		return false, err
	}
	var events []Event
	for _, m := range follows {
		if err := s.endMembership(ctx, tx, m, MemberLeft); err != nil {
			return false, err
		}
		e := newEvent(s.now(), EventLeft, m.ID)
		e.GroupID, e.AccountID, e.AboutID = &m.GroupID, &m.AccountID, m.ID
		events = append(events, e.notBefore(when.aGroup()))
	}
	return len(follows) == movedAtOnce, tx.InsertEvents(ctx, events)
}

// noteFarewells notes every server that may know an account, if its person ever
// agreed to let it be known.
func (s *Service) noteFarewells(ctx context.Context, accountID string, when farewell) error {
	actor, err := s.store.Actor(ctx, accountID)
	if err != nil || actor.DisclosedAt == nil {
		return err
	}
	hosts, err := s.store.ServersTold(ctx, []string{accountID})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(hosts, movedAtOnce) {
		if err := s.store.InsertFarewells(ctx, accountID, some, when.gone); err != nil {
			return err
		}
	}
	return nil
}

// endErasing leaves of a person a row without a name, and of their accounts the ids.
func (s *Service) endErasing(ctx context.Context, tx Store, userID string, ids []string) error {
	if _, err := tx.UserToChange(ctx, userID); err != nil {
		return err
	}
	d, err := tx.Departure(ctx, userID)
	if err != nil || d.EndedAt != nil {
		return err
	}
	for _, id := range ids {
		if err := s.eraseAccount(ctx, tx, id, farewellOf(d, id)); err != nil {
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

// eraseAccount leaves of an account its id, and has every server that may know it
// told, last of all.
func (s *Service) eraseAccount(ctx context.Context, tx Store, id string, when farewell) error {
	if err := tx.EraseAccount(ctx, id, s.now()); err != nil {
		return err
	}
	if told, err := tx.HasFarewells(ctx, id); err != nil || !told {
		return err
	}
	e := newEvent(s.now(), EventAccountGone, id)
	e.AccountID, e.AboutID = &id, id
	return tx.InsertEvent(ctx, e.notBefore(when.gone))
}
