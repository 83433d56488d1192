package community

import (
	"context"
	"time"
)

// Application is somebody asking to join the instance. The answer is erased 30
// days after the decision.
type Application struct {
	ID             string
	UserID         string
	CodeHash       string // of the receipt's code
	Answer         string
	Doubtful       bool // the form's trap was filled in: maybe a machine, maybe a helpful browser (R07)
	State          string
	Reply          string // what the admin said to the person with the decision
	CreatedAt      time.Time
	DecidedAt      *time.Time
	AnswerErasedAt *time.Time
	GroupID        *string // where an invitation leads that they came with
}

// States of an Application.
const (
	ApplicationWaiting  = "waiting"
	ApplicationApproved = "approved"
	ApplicationRefused  = "refused"
)

// Applicant is an Application with the names that were asked for.
type Applicant struct {
	Application
	Login string
	Name  string
}

// Invitation is a link that lets people in, maybe into one group. Only the
// code's hash is kept.
type Invitation struct {
	ID        string
	CodeHash  string
	Note      string // for whoever made it
	GroupID   *string
	MadeBy    string // account
	Uses      int    // how many it was made for
	UsesLeft  int
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

// ResetLink lets one person choose a new password once.
type ResetLink struct {
	TokenHash string
	UserID    string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// PeopleStore keeps how people come in and come back.
type PeopleStore interface {
	InsertApplication(ctx context.Context, a Application) error
	// Application and ApplicationByCode return NotFound for what is not known.
	Application(ctx context.Context, id string) (Application, error)
	ApplicationByCode(ctx context.Context, codeHash string) (Application, error)
	// DecideApplication stores state, reply and time; Conflict when it was decided.
	DecideApplication(ctx context.Context, a Application) error
	CountWaiting(ctx context.Context) (int, error)
	// Applicant is an application with its names; NotFound for an unknown one.
	Applicant(ctx context.Context, id string) (Applicant, error)
	// WaitingApplicants lists who waits, the longest first, after the id after.
	WaitingApplicants(ctx context.Context, after string, limit int) ([]Applicant, error)
	// EraseAnswers blanks answers decided before a time, and returns how many.
	EraseAnswers(ctx context.Context, decidedBefore, now time.Time, limit int) (int, error)

	// RefusedPeople are the ids of those refused before a time and not forgotten yet.
	RefusedPeople(ctx context.Context, decidedBefore time.Time, limit int) ([]string, error)

	InsertInvitation(ctx context.Context, i Invitation) error
	Invitation(ctx context.Context, id string) (Invitation, error)
	InvitationByCode(ctx context.Context, codeHash string) (Invitation, error)
	// UseInvitation takes one use, if one is left and it still holds; else Gone.
	UseInvitation(ctx context.Context, id string, now time.Time) error
	// RevokeInvitation is Conflict for one that was revoked.
	RevokeInvitation(ctx context.Context, id string, now time.Time) error
	// Invitations lists them, the newest first, before the id before.
	Invitations(ctx context.Context, before string, limit int) ([]Invitation, error)

	InsertResetLink(ctx context.Context, l ResetLink) error
	// ResetLink is NotFound for an unknown token.
	ResetLink(ctx context.Context, tokenHash string) (ResetLink, error)
	// UseResetLink marks it used, if it was not and still holds; else Gone.
	UseResetLink(ctx context.Context, tokenHash string, now time.Time) error
	// DeleteResetLinks forgets a person's that were not used.
	DeleteResetLinks(ctx context.Context, userID string) error
	// DeleteOldResetLinks forgets those that ended before a time.
	DeleteOldResetLinks(ctx context.Context, endedBefore time.Time, limit int) (int, error)

	// Person is one line of the admins' list; NotFound for nobody.
	Person(ctx context.Context, userID string) (Person, error)
	// People lists them, the newest first, before the id before. words are
	// looked for in sign-in names and main public names; empty finds all.
	People(ctx context.Context, words string, before string, limit int) ([]Person, error)
}
