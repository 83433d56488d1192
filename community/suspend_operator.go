package community

import "context"

// SuspendAsOperator suspends the person of a sign-in name from the command line,
// by their main account. Forbidden for the last admin; NotFound for nobody.
func (s *Service) SuspendAsOperator(ctx context.Context, login string, m Measure) (d Decision, err error) {
	m = m.tidy()
	m.Kind = MeasureSuspend
	if err := m.check(s.now(), []string{MeasureSuspend}); err != nil {
		return Decision{}, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		user, owned, err := personByLogin(ctx, tx, login)
		if err != nil {
			return err
		}
		d, err = s.suspend(ctx, tx, moderator{by: OperatorName}, owned[0], &user, m)
		return err
	})
	return d, err
}

// LiftAsOperator ends all that keeps the person of a sign-in name from writing.
// Conflict where nothing does.
func (s *Service) LiftAsOperator(ctx context.Context, login string, m Measure) error {
	m = m.tidy()
	m.Kind = MeasureLift
	return s.store.InTx(ctx, func(tx Store) error {
		_, owned, err := personByLogin(ctx, tx, login)
		if err != nil {
			return err
		}
		lifted := 0
		for _, a := range owned {
			if !a.IsSuspended(s.now()) {
				continue
			}
			if _, err := s.liftAccount(ctx, tx, moderator{by: OperatorName}, a, m); err != nil {
				return err
			}
			lifted++
		}
		if lifted == 0 {
			return fail(Conflict, "suspend.not_suspended")
		}
		return nil
	})
}

func personByLogin(ctx context.Context, tx Store, login string) (User, []Account, error) {
	user, err := tx.UserByLogin(ctx, Fold(login))
	if isNotFound(err) {
		return User{}, nil, fail(NotFound, "suspend.nobody", "Login", Fold(login))
	}
	if err != nil {
		return User{}, nil, err
	}
	if user, err = tx.UserToChange(ctx, user.ID); err != nil {
		return User{}, nil, err
	}
	owned, err := tx.OwnedAccounts(ctx, user.ID)
	if err == nil && len(owned) == 0 {
		err = fail(NotFound, "suspend.nobody", "Login", Fold(login))
	}
	return user, owned, err
}

// lastAdmin is Forbidden where nobody else could undo what is done to a person.
// The record is locked first, so that two admins cannot suspend each other.
func lastAdmin(ctx context.Context, tx Store, u User) error {
	if u.Role != RoleAdmin {
		return nil
	}
	if _, err := tx.LastDecision(ctx, ""); err != nil {
		return err
	}
	admins, err := tx.UserIDs(ctx, RoleAdmin)
	if err == nil && len(without(admins, u.ID)) == 0 {
		err = fail(Forbidden, "suspend.last_admin")
	}
	return err
}
