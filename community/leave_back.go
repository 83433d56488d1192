package community

import (
	"context"
)

// Away is the departure of whoever signed in and has left, by their sign-in: such
// a sign-in is nobody's Viewer. NotFound for every other.
func (s *Service) Away(ctx context.Context, signInID string) (Departure, error) {
	if signInID == "" {
		return Departure{}, fail(NotFound, "error.not_found")
	}
	e, err := s.store.Entry(ctx, signInID)
	if err == nil && (!e.SignIn.isLive(s.now()) || e.User.State != UserLeft) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return Departure{}, err
	}
	return s.store.Departure(ctx, e.User.ID)
}

// ComeBack undoes Leave for whoever signed in again: all is as it was, and the
// sign-in is theirs. Gone once they are being deleted. Of somebody who wrote much
// the older words follow, as in Leave.
func (s *Service) ComeBack(ctx context.Context, signInID string) error {
	var userID string
	err := s.whileAway(ctx, signInID, func(tx Store, d Departure) error {
		userID = d.UserID
		owned, err := tx.OwnedAccounts(ctx, userID)
		if err != nil {
			return err
		}
		if err := tx.SetAway(ctx, idsOf(owned), nil); err != nil {
			return err
		}
		state, until := stillSuspended(owned, s.now())
		if err := tx.SetUserState(ctx, userID, state, until); err != nil {
			return err
		}
		d.Moving, d.EndsAt = MovingBack, s.now().Add(awayFor) // a release that knows no way back goes by the end alone
		if err := tx.UpdateDeparture(ctx, d); err != nil {
			return err
		}
		_, err = s.moveSome(ctx, tx, d)
		return err
	})
	if err != nil {
		return err
	}
	_ = s.moveOn(ctx, userID) // they are back, whatever came of it: the clock goes on, and says why it had to
	return nil
}

// LeaveForGood has whoever signed in again be deleted now: the clock's next turn
// does it. Gone once it began.
func (s *Service) LeaveForGood(ctx context.Context, signInID string) error {
	return s.whileAway(ctx, signInID, func(tx Store, d Departure) error {
		now := s.now()
		d.EndsAt, d.BegunAt = now, &now
		if err := tx.EndSignIns(ctx, d.UserID, "", now); err != nil {
			return err
		}
		return tx.UpdateDeparture(ctx, d)
	})
}

// whileAway runs fn as long as there is a way back, and nobody else changes the
// person until it is done.
func (s *Service) whileAway(ctx context.Context, signInID string, fn func(tx Store, d Departure) error) error {
	away, err := s.Away(ctx, signInID)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.UserToChange(ctx, away.UserID); err != nil {
			return err
		}
		d, err := tx.Departure(ctx, away.UserID)
		if err == nil && !d.mayComeBack(s.now()) {
			err = fail(Gone, "leave.over")
		}
		if err != nil {
			return err
		}
		return fn(tx, d)
	})
}
