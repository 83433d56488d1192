package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// resetHolds is how long a reset link is good.
const resetHolds = 24 * time.Hour

// NewResetLink makes a link for somebody who forgot their password, from the
// command line, and returns its token, which is kept nowhere. It holds for 24
// hours, once, and ends any made before; NotFound for an unknown sign-in name.
func (s *Service) NewResetLink(ctx context.Context, login string) (token string, err error) {
	user, err := s.store.UserByLogin(ctx, Fold(login))
	if isNotFound(err) {
		return "", fail(NotFound, "login.unknown")
	}
	if err != nil {
		return "", err
	}
	return s.makeResetLink(ctx, OperatorName, user)
}

// MakeResetLink is NewResetLink by an admin's button. The person is told by a
// notice that a link was made.
func (s *Service) MakeResetLink(ctx context.Context, v Viewer, userID string) (token string, err error) {
	if err := needAdmin(v); err != nil {
		return "", err
	}
	user, err := s.store.User(ctx, userID)
	if err != nil {
		return "", err
	}
	return s.makeResetLink(ctx, v.ActingID(), user)
}

func (s *Service) makeResetLink(ctx context.Context, by string, user User) (string, error) {
	if err := s.mayReset(ctx, user); err != nil {
		return "", err
	}
	token, now := secret.NewToken(), s.now()
	return token, s.store.InTx(ctx, func(tx Store) error {
		if err := tx.DeleteResetLinks(ctx, user.ID); err != nil {
			return err
		}
		link := ResetLink{TokenHash: secret.HashToken(token), UserID: user.ID, CreatedAt: now, ExpiresAt: now.Add(resetHolds)}
		if err := tx.InsertResetLink(ctx, link); err != nil {
			return err
		}
		d, err := s.decide(ctx, tx, Decision{
			Kind: DecidedResetLink, DecidedBy: by, SubjectKind: SubjectUser, SubjectID: user.ID,
		}, DecisionWords{})
		if err != nil {
			return err
		}
		return tx.InsertNotices(ctx, []Notice{newNotice(now, user.ID, NoticeDecision, d.ID)})
	})
}

// mayReset says whether somebody may be given a new password: who may sign in, and
// who left and may come back.
func (s *Service) mayReset(ctx context.Context, u User) error {
	if u.State != UserLeft {
		return maySignIn(u)
	}
	d, err := s.store.Departure(ctx, u.ID)
	if err == nil && !d.mayComeBack(s.now()) {
		err = maySignIn(u)
	}
	return err
}

// CheckResetLink is nil while a link holds, and uses nothing up: NotFound for a
// token that was never given or was replaced, Gone for one that is used or over.
func (s *Service) CheckResetLink(ctx context.Context, token string) error {
	_, err := s.resetLink(ctx, token)
	return err
}

func (s *Service) resetLink(ctx context.Context, token string) (ResetLink, error) {
	link, err := s.store.ResetLink(ctx, secret.HashToken(token))
	if err != nil {
		return link, err
	}
	if link.UsedAt != nil || !s.now().Before(link.ExpiresAt) {
		return link, fail(Gone, "reset.gone")
	}
	return link, nil
}

// ResetPassword uses a link up, gives its person the password, ends all their
// sign-ins and begins one on this device.
func (s *Service) ResetPassword(ctx context.Context, token, password, device string) (SignIn, error) {
	link, err := s.resetLink(ctx, token)
	if err != nil {
		return SignIn{}, err
	}
	user, err := s.store.User(ctx, link.UserID)
	if err != nil {
		return SignIn{}, err
	}
	accounts, err := s.store.OwnedAccounts(ctx, user.ID)
	if err != nil {
		return SignIn{}, err
	}
	if err := s.mayReset(ctx, user); err != nil {
		return SignIn{}, err
	}
	var p problems
	if key := s.weak(password, user, accounts); key != "" {
		p.add("password", key)
	}
	if err := p.err(); err != nil {
		return SignIn{}, err
	}
	in := newSignIn(user.ID, device, s.now())
	return in, s.setPassword(ctx, user.ID, password, func(tx Store) error {
		if err := tx.UseResetLink(ctx, link.TokenHash, s.now()); err != nil {
			return err
		}
		if err := tx.EndSignIns(ctx, user.ID, "", s.now()); err != nil {
			return err
		}
		return tx.InsertSignIn(ctx, in)
	})
}
