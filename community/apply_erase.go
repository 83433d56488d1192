package community

import (
	"context"
	"errors"
	"time"
)

// answersKept is how long an answer is kept after the decision, and all that is
// known of somebody who was refused.
const answersKept = 30 * 24 * time.Hour

// refusedAtOnce bounds the people whom one turn of the clock forgets.
const refusedAtOnce = 50

// EraseAnswers blanks the answers of applications that were decided 30 days ago
// or earlier, a bounded number at once, and returns how many.
func (s *Service) EraseAnswers(ctx context.Context) (int, error) {
	now := s.now()
	return s.store.EraseAnswers(ctx, now.Add(-answersKept), now, tidyBatch)
}

// EraseRefused forgets people who were refused 30 days ago or earlier, a bounded
// number at once, and returns how many. Their receipt goes on saying what was
// answered. What fails with one does not keep the others from being forgotten.
func (s *Service) EraseRefused(ctx context.Context) (int, error) {
	ids, err := s.store.RefusedPeople(ctx, s.now().Add(-answersKept), refusedAtOnce)
	if err != nil {
		return 0, err
	}
	done, errs := 0, []error(nil)
	for _, id := range ids {
		err := s.store.InTx(ctx, func(tx Store) error { return s.eraseRefused(ctx, tx, id) })
		if err == nil {
			done++
		}
		errs = append(errs, err)
	}
	return done, errors.Join(errs...)
}

// eraseRefused leaves of the person a row without a name, and of their public
// name a hash, so that nobody is taken for them. They never were in: no server
// and no member has to be told.
func (s *Service) eraseRefused(ctx context.Context, tx Store, userID string) error {
	user, err := tx.UserToChange(ctx, userID)
	if err != nil || user.State != UserRefused || user.PasswordHash == "" {
		return err
	}
	ids, err := ownedIDs(ctx, tx, userID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.EraseAccount(ctx, id, s.now()); err != nil {
			return err
		}
	}
	return tx.ErasePerson(ctx, userID)
}
