package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// SignIn is one device on which a person is signed in. Its id stands in the
// browser session; ending it takes effect with the next request.
type SignIn struct {
	ID        string
	UserID    string
	Device    string // a coarse word for it, such as "Firefox on Android"
	CreatedAt time.Time
	SeenAt    time.Time // to the hour
	EndedAt   *time.Time
}

// SignInStore keeps sign-ins and counts tries.
type SignInStore interface {
	InsertSignIn(ctx context.Context, s SignIn) error
	// SignInUser returns the person of a live sign-in in one read, or NotFound.
	SignInUser(ctx context.Context, id string) (SignIn, User, error)
	SignIns(ctx context.Context, userID string) ([]SignIn, error)
	// EndSignIns ends one of a person's sign-ins, or all when id is empty.
	EndSignIns(ctx context.Context, userID, id string, now time.Time) error
	TouchSignIn(ctx context.Context, id string, now time.Time) error
	// CountTry adds one to the tries under a key within a window and returns
	// their number; a window that has passed starts again at one.
	CountTry(ctx context.Context, key string, now time.Time, window time.Duration) (int, error)
	ForgetTries(ctx context.Context, key string) error
	// ModeratorSeen is when any active moderator or admin was last seen, on a
	// device that is still known; NotFound for never.
	ModeratorSeen(ctx context.Context) (time.Time, error)
}

const (
	triesWindow    = 15 * time.Minute
	triesPerLogin  = 10
	triesPerSource = 40
)

// SignIn checks a person's name and password and begins a sign-in. source is
// where the try came from (an address, coarse), used only hashed, to count.
// Wrong name, wrong password and refused people get the same Forbidden; TooMany
// after 10 tries for a name or 40 from a source within 15 minutes.
func (s *Service) SignIn(ctx context.Context, login, password, device, source string) (SignIn, error) {
	login = Fold(login)
	now := s.now()
	if err := s.countTries(ctx, login, source, now); err != nil {
		return SignIn{}, err
	}
	user, err := s.store.UserByLogin(ctx, login)
	if isNotFound(err) {
		s.passwords.MatchesNobody(password)
		return SignIn{}, fail(Forbidden, "sign_in.wrong")
	}
	if err != nil {
		return SignIn{}, err
	}
	if !s.passwords.Matches(password, user.PasswordHash) {
		return SignIn{}, fail(Forbidden, "sign_in.wrong")
	}
	if err := maySignIn(user, now); err != nil {
		return SignIn{}, err
	}
	in := newSignIn(user.ID, device, now)
	if err := s.store.InsertSignIn(ctx, in); err != nil {
		return SignIn{}, err
	}
	return in, s.store.ForgetTries(ctx, tryKey("login", login))
}

func newSignIn(userID, device string, now time.Time) SignIn {
	return SignIn{ID: secret.NewID(now), UserID: userID, Device: device, CreatedAt: now, SeenAt: now}
}

// maySignIn tells a person who proved who they are why they may not come in.
// Suspended people may: they see what was decided and can answer to it.
func maySignIn(u User, now time.Time) error {
	switch u.State {
	case UserWaiting:
		return fail(Forbidden, "sign_in.waiting")
	case UserRefused:
		return fail(Forbidden, "sign_in.refused")
	}
	return nil
}

func (s *Service) countTries(ctx context.Context, login, source string, now time.Time) error {
	byLogin, err := s.store.CountTry(ctx, tryKey("login", login), now, triesWindow)
	if err != nil {
		return err
	}
	bySource, err := s.store.CountTry(ctx, tryKey("source", source), now, triesWindow)
	if err != nil {
		return err
	}
	if byLogin > triesPerLogin || bySource > triesPerSource {
		return fail(TooMany, "sign_in.slow_down")
	}
	return nil
}

func tryKey(kind, what string) string { return secret.HashToken(kind + ":" + what) }

// SignOut ends the sign-in. Ending what has ended is no error.
func (s *Service) SignOut(ctx context.Context, v Viewer) error {
	if v.User == nil {
		return nil
	}
	return s.store.EndSignIns(ctx, v.User.ID, v.SignInID, s.now())
}
