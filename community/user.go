package community

import (
	"context"
	"time"
)

// User is a person who signs in here. Nothing of a User is ever shown to others.
type User struct {
	ID              string
	Login           string // sign-in name, folded; never public
	PasswordHash    string
	Email           *string
	Role            string // what they may do to the instance
	State           string
	SuspendedUntil  *time.Time
	Language        string // BCP 47; empty: the site's
	Zone            string // IANA; empty: the site's
	Country         string // whose help lines they chose; empty: the site's
	HomeOrder       string // HomeByActivity or HomeByNewest
	ExitEverywhere  bool   // the exit button on every page
	Discreet        bool   // tabs and history show a neutral title for every page
	ExitExplainedAt *time.Time
	CreatedAt       time.Time
}

// Instance roles. A group's moderators are roles of a Membership, not of a User.
const (
	RoleMember    = "member"
	RoleModerator = "moderator"
	RoleAdmin     = "admin"
)

// States of a User.
const (
	UserWaiting   = "waiting" // applied, not decided
	UserActive    = "active"
	UserRefused   = "refused"
	UserSuspended = "suspended"
	UserLeft      = "left" // away: may come back, or is being deleted (Departure)
)

// Orders of the home page.
const (
	HomeByActivity = "activity"
	HomeByNewest   = "newest"
)

// IsSuspended says whether the person may not act at this moment.
func (u User) IsSuspended(now time.Time) bool {
	return u.State == UserSuspended && (u.SuspendedUntil == nil || now.Before(*u.SuspendedUntil))
}

// UserStore keeps people and how they sign in.
type UserStore interface {
	InsertUser(ctx context.Context, u User) error
	// User and UserByLogin return NotFound for nobody.
	User(ctx context.Context, id string) (User, error)
	UserByLogin(ctx context.Context, login string) (User, error)
	// UpdateUser stores what a person chooses for themselves: neither role, state
	// nor password.
	UpdateUser(ctx context.Context, u User) error
	SetUserState(ctx context.Context, id, state string, suspendedUntil *time.Time) error
	SetUserRole(ctx context.Context, id, role string) error
	SetPasswordHash(ctx context.Context, id, hash string) error
	// UserToAct is User, and nobody changes it until the transaction ends; others may
	// hold it so too. A transaction locks it before groups and posts.
	UserToAct(ctx context.Context, id string) (User, error)
	// UserToChange is User, and nobody else changes it until the transaction ends.
	UserToChange(ctx context.Context, id string) (User, error)
	// EndSuspensions lifts those of people and accounts whose end is not after now.
	EndSuspensions(ctx context.Context, now time.Time) (people int, err error)
	// UserIDs are the active people of some instance roles.
	UserIDs(ctx context.Context, roles ...string) ([]string, error)
	// UserIDsAfter are the people who were let in, suspended or not, in the order
	// of their ids and after one.
	UserIDsAfter(ctx context.Context, after string, limit int) ([]string, error)
}
