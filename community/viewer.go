package community

import (
	"context"
	"time"
)

// Viewer is who is looking: nobody (the zero value), a User with all their
// Accounts and the one acting, or a verified remote domain with the actor it
// speaks for. Every read takes one.
type Viewer struct {
	User     *User
	SignInID string
	Accounts []Account // all of the User's, the main one first
	Acting   *Account  // the one that writes and joins; one of Accounts

	Domain string // a verified remote server; set alone, or with Remote
	Remote string // the URI of the actor it speaks for
}

// IsMember says whether a person of this instance, not suspended, is looking.
func (v Viewer) IsMember(now time.Time) bool {
	return v.User != nil && v.User.State == UserActive || v.User != nil && v.User.State == UserSuspended && !v.User.IsSuspended(now)
}

// IsSignedIn says whether a person of this instance is looking, suspended or not.
func (v Viewer) IsSignedIn() bool { return v.User != nil }

// IsAdmin says whether an admin of this instance is looking.
func (v Viewer) IsAdmin() bool {
	return v.User != nil && v.User.State == UserActive && v.User.Role == RoleAdmin
}

// IsInstanceModerator says whether a moderator or admin of this instance is looking.
func (v Viewer) IsInstanceModerator() bool {
	return v.IsAdmin() || v.User != nil && v.User.State == UserActive && v.User.Role == RoleModerator
}

// Owns says whether the account is one of the Viewer's own.
func (v Viewer) Owns(accountID string) bool {
	for _, a := range v.Accounts {
		if a.ID == accountID {
			return true
		}
	}
	return false
}

// AccountIDs are the ids of the Viewer's own accounts.
func (v Viewer) AccountIDs() []string {
	ids := make([]string, len(v.Accounts))
	for i, a := range v.Accounts {
		ids[i] = a.ID
	}
	return ids
}

// ActingID is the id of the acting account, or empty.
func (v Viewer) ActingID() string {
	if v.Acting == nil {
		return ""
	}
	return v.Acting.ID
}

// UserID is the id of the person looking, or empty.
func (v Viewer) UserID() string {
	if v.User == nil {
		return ""
	}
	return v.User.ID
}

// Viewer returns who a browser session's sign-in stands for; an ended or
// unknown one is nobody, without an error. acting chooses one of the person's
// accounts by id; any other value means the main one.
func (s *Service) Viewer(ctx context.Context, signInID, acting string) (Viewer, error) {
	_, v, err := s.Enter(ctx, signInID, acting)
	if isNotFound(err) {
		return Viewer{}, nil
	}
	return v, err
}

// Enter is what every page begins with, in one read: the site, and who looks at
// it, as Viewer says. NotFound before setup.
func (s *Service) Enter(ctx context.Context, signInID, acting string) (Site, Viewer, error) {
	if signInID == "" {
		site, err := s.store.Site(ctx)
		return site, Viewer{}, err
	}
	e, err := s.store.Entry(ctx, signInID)
	if err != nil || e.User.ID == "" || !e.SignIn.isLive(s.now()) || maySignIn(e.User) != nil {
		return e.Site, Viewer{}, err
	}
	if now := s.now(); now.Sub(e.SignIn.SeenAt) > time.Hour {
		if err := s.store.TouchSignIn(ctx, signInID, now); err != nil {
			return e.Site, Viewer{}, err
		}
	}
	return e.Site, e.viewer(acting), nil
}

// viewer is the person who entered; acting is as for Viewer.
func (e Entry) viewer(acting string) Viewer {
	v := Viewer{User: &e.User, SignInID: e.SignIn.ID, Accounts: e.Accounts}
	for i := range e.Accounts {
		if e.Accounts[i].ID == acting || i == 0 {
			v.Acting = &e.Accounts[i]
		}
	}
	return v
}
