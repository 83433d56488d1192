package community

import (
	"context"
	"time"
)

// liftAccount takes a suspension back, and gives the person behind the account
// their voice again unless another of their names is suspended still.
func (s *Service) liftAccount(ctx context.Context, tx Store, who moderator, account Account, m Measure) (Decision, error) {
	now := s.now()
	if !account.IsSuspended(now) {
		return Decision{}, fail(Conflict, "moderate.decided")
	}
	owner, _, err := personBehind(ctx, tx, account.ID)
	if err != nil {
		return Decision{}, err
	}
	undoes, err := undone(ctx, tx, SubjectAccount, account.ID, DecidedSuspend)
	if err != nil {
		return Decision{}, err
	}
	account.SuspendedAt, account.SuspendedUntil = nil, nil
	if err := tx.UpdateAccount(ctx, account); err != nil {
		return Decision{}, err
	}
	if owner != nil {
		if err := s.freePerson(ctx, tx, *owner, now); err != nil {
			return Decision{}, err
		}
	}
	return s.recordAccount(ctx, tx, who, account, m, Decision{Kind: DecidedLift, Undoes: undoes})
}

// freePerson ends a person's suspension, or leaves it as long as their other
// accounts are suspended.
func (s *Service) freePerson(ctx context.Context, tx Store, u User, now time.Time) error {
	if u.State != UserSuspended {
		return nil
	}
	owned, err := tx.OwnedAccounts(ctx, u.ID)
	if err != nil {
		return err
	}
	state, until := stillSuspended(owned, now)
	return tx.SetUserState(ctx, u.ID, state, until)
}

// stillSuspended is the state of a person by what their accounts are.
func stillSuspended(owned []Account, now time.Time) (string, *time.Time) {
	left := User{State: UserActive}
	for _, a := range owned {
		if a.IsSuspended(now) {
			left.SuspendedUntil = later(left, a.SuspendedUntil, now)
			left.State = UserSuspended
		}
	}
	return left.State, left.SuspendedUntil
}
