package community

import "context"

// ChangePassword gives the person looking a new password, who must know the old
// one, and ends their sign-ins on all other devices. It returns Invalid with the
// field to mend, and TooMany after 10 wrong old passwords in a quarter of an hour.
func (s *Service) ChangePassword(ctx context.Context, v Viewer, old, password string) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	tries := []tryLimit{{tryKey("password", v.User.ID), triesFromOne, true}}
	if err := s.countTries(ctx, tries); err != nil {
		return err
	}
	var p problems
	if !s.passwords.Matches(old, v.User.PasswordHash) {
		p.add("old", "password.old_wrong")
	}
	if key := s.weak(password, *v.User, v.Accounts); key != "" {
		p.add("password", key)
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := s.setPassword(ctx, v.User.ID, password, func(tx Store) error {
		return tx.EndOtherSignIns(ctx, v.User.ID, v.SignInID, s.now())
	}); err != nil {
		return err
	}
	return s.forgetTries(ctx, tries)
}

// weak is what is wrong with a password of a person whose names are known.
func (s *Service) weak(password string, u User, accounts []Account) string {
	names := []string{u.Login}
	for _, a := range accounts {
		names = append(names, a.Name)
	}
	return s.passwords.Weak(password, names...)
}

// setPassword stores a new password with what else has to happen at once: links
// to choose one hold no longer.
func (s *Service) setPassword(ctx context.Context, userID, password string, also func(tx Store) error) error {
	hash, err := s.passwords.Hash(password)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		if err := also(tx); err != nil {
			return err
		}
		if err := tx.DeleteResetLinks(ctx, userID); err != nil {
			return err
		}
		return tx.SetPasswordHash(ctx, userID, hash)
	})
}
