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
	State          string
	CreatedAt      time.Time
	DecidedAt      *time.Time
	AnswerErasedAt *time.Time
}

// States of an Application.
const (
	ApplicationWaiting  = "waiting"
	ApplicationApproved = "approved"
	ApplicationRefused  = "refused"
)

// Invitation is a link that lets people in, maybe into one group. Only the
// code's hash is kept.
type Invitation struct {
	ID        string
	CodeHash  string
	Note      string // for whoever made it
	GroupID   *string
	MadeBy    string // account
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
	InsertInvitation(ctx context.Context, i Invitation) error
	InsertResetLink(ctx context.Context, l ResetLink) error
}
