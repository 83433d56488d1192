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
	Device    string // a coarse word for it, such as "Firefox · Android"
	CreatedAt time.Time
	SeenAt    time.Time // to the hour
	EndedAt   *time.Time
}

// SignInIdle is how long a sign-in lasts on a device that is not used.
const SignInIdle = 30 * 24 * time.Hour

// isLive says whether the sign-in still stands for its person.
func (i SignIn) isLive(now time.Time) bool { return i.EndedAt == nil && now.Sub(i.SeenAt) < SignInIdle }

// Entry is the site with the person of a sign-in and their accounts, the main
// one first. User is zero where the sign-in is unknown or was ended.
type Entry struct {
	Site     Site
	SignIn   SignIn
	User     User
	Accounts []Account
}

// SignInStore keeps sign-ins, browsers' sessions and counts of tries.
type SignInStore interface {
	InsertSignIn(ctx context.Context, s SignIn) error
	// SignIn is a sign-in, ended or not; NotFound for an unknown one.
	SignIn(ctx context.Context, id string) (SignIn, error)
	// Entry is what a page of somebody who signed in begins with, in one read.
	// NotFound before setup.
	Entry(ctx context.Context, signInID string) (Entry, error)
	// SignIns lists a person's that were not ended, the last seen first.
	SignIns(ctx context.Context, userID string) ([]SignIn, error)
	// EndSignIns ends one of a person's sign-ins, or all when id is empty.
	EndSignIns(ctx context.Context, userID, id string, now time.Time) error
	// EndOtherSignIns ends all of a person's but one.
	EndOtherSignIns(ctx context.Context, userID, keep string, now time.Time) error
	TouchSignIn(ctx context.Context, id string, now time.Time) error
	// ModeratorSeen is when any active moderator or admin was last seen, on a
	// device that is still known; NotFound for never.
	ModeratorSeen(ctx context.Context) (time.Time, error)
	// EndIdleSignIns ends those not seen since a time, DeleteEndedSignIns forgets
	// those ended before one; both return how many.
	EndIdleSignIns(ctx context.Context, seenBefore, now time.Time, limit int) (int, error)
	DeleteEndedSignIns(ctx context.Context, endedBefore time.Time, limit int) (int, error)
	// DeleteExpiredSessions forgets browsers' sessions, DeleteOldTries counts.
	DeleteExpiredSessions(ctx context.Context, now time.Time, limit int) (int, error)
	DeleteOldTries(ctx context.Context, before time.Time, limit int) (int, error)

	// CountTry adds one to the tries under a key within a window and returns
	// their number; a window that has passed starts again at one.
	CountTry(ctx context.Context, key string, now time.Time, window time.Duration) (int, error)
	ForgetTries(ctx context.Context, key string) error
}

// Try is somebody trying to sign in.
type Try struct {
	Login, Password string
	Device          string
	Source          string // where it comes from, coarse; used only hashed, to count
	Known           string // id of the sign-in that this browser had before, or empty
}

// SignIn checks a person's name and password and begins a sign-in. Wrong name
// and wrong password get the same Forbidden; who proved who they are but may not
// come in is told why, Forbidden too; TooMany past the limits of sign_in_limit.go.
// The sign-in of somebody who left leads to Away alone.
func (s *Service) SignIn(ctx context.Context, try Try) (SignIn, error) {
	try.Login = Fold(try.Login)
	user, err := s.store.UserByLogin(ctx, try.Login)
	if err != nil && !isNotFound(err) {
		return SignIn{}, err
	}
	known, err := s.isKnown(ctx, try, user)
	if err != nil {
		return SignIn{}, err
	}
	if err := s.countTries(ctx, limitsOf(try, known)); err != nil {
		return SignIn{}, err
	}
	if !s.proves(try.Password, user) {
		return SignIn{}, fail(Forbidden, "sign_in.wrong")
	}
	if err := maySignIn(user); err != nil && user.State != UserLeft {
		return SignIn{}, err
	}
	in := newSignIn(user.ID, try.Device, s.now())
	if err := s.store.InsertSignIn(ctx, in); err != nil {
		return SignIn{}, err
	}
	return in, s.forgetTries(ctx, limitsOf(try, known))
}

// proves says whether a password is the person's. For nobody it takes as long.
func (s *Service) proves(password string, u User) bool {
	if u.ID == "" {
		s.passwords.MatchesNobody(password)
		return false
	}
	return s.passwords.Matches(password, u.PasswordHash)
}

func newSignIn(userID, device string, now time.Time) SignIn {
	return SignIn{ID: secret.NewID(now), UserID: userID, Device: device, CreatedAt: now, SeenAt: now}
}

// maySignIn tells a person who proved who they are why they may not come in.
// Suspended people may: they see what was decided and can answer to it.
func maySignIn(u User) error {
	switch u.State {
	case UserWaiting:
		return fail(Forbidden, "sign_in.waiting")
	case UserRefused:
		return fail(Forbidden, "sign_in.refused")
	case UserLeft:
		return fail(Forbidden, "sign_in.left")
	}
	return nil
}

// SignOut ends the sign-in. Ending what has ended is no error.
func (s *Service) SignOut(ctx context.Context, v Viewer) error {
	if v.User == nil {
		return nil
	}
	return s.store.EndSignIns(ctx, v.User.ID, v.SignInID, s.now())
}
