package community

import (
	"context"
	"errors"
)

// MoveOn ends what was begun and not ended: the words of people who left go out of
// sight, and those of people who came back into it. It returns of how many people.
// What fails with one does not keep the others from being moved.
func (s *Service) MoveOn(ctx context.Context) (int, error) {
	moving, err := s.store.MovingDepartures(ctx, departuresAtOnce)
	if err != nil {
		return 0, err
	}
	done, errs := 0, []error(nil)
	for _, d := range moving {
		err := s.moveOn(ctx, d.UserID)
		if err == nil {
			done++
		}
		errs = append(errs, err)
	}
	return done, errors.Join(errs...)
}

// moveOn moves what is left to move of one person. Whoever turns round meanwhile is
// moved the way they go by then.
func (s *Service) moveOn(ctx context.Context, userID string) error {
	return s.inBatches(ctx, userID, func(tx Store) (more bool, err error) {
		d, err := tx.Departure(ctx, userID)
		if isNotFound(err) || err == nil && d.Moving == "" {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		return s.moveSome(ctx, tx, d)
	})
}

// inBatches runs fn in one transaction after the other, in each of which nobody else
// changes the person, until fn says that there is no more.
func (s *Service) inBatches(ctx context.Context, userID string, fn func(tx Store) (more bool, err error)) error {
	for more := true; more; {
		err := s.store.InTx(ctx, func(tx Store) error {
			_, err := tx.UserToChange(ctx, userID)
			if err == nil {
				more, err = fn(tx)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// moveSome moves some of what is theirs the way that a departure goes, and notes when
// that was the last of it. Whoever was stopped from sending words is asked about them
// when they are back.
func (s *Service) moveSome(ctx context.Context, tx Store, d Departure) (more bool, err error) {
	ids, err := ownedIDs(ctx, tx, d.UserID)
	if err != nil {
		return false, err
	}
	if d.Moving == MovingBack {
		if more, err = tx.MoveBack(ctx, ids, movedAtOnce); err != nil || more {
			return more, err
		}
		return false, tx.DeleteDeparture(ctx, d.UserID)
	}
	held, more, err := tx.MoveAway(ctx, ids, s.now(), movedAtOnce)
	if err != nil {
		return false, err
	}
	if err := s.tellOfUnsent(ctx, tx, held); err != nil || more {
		return more, err
	}
	d.Moving = ""
	return false, tx.UpdateDeparture(ctx, d)
}
