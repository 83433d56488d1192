package community

import (
	"context"
	"time"
)

// Departure is that a person left: they are away until they come back or are
// deleted. See docs/decisions/0013-leaving.md.
type Departure struct {
	UserID   string
	CodeHash string // of the receipt's code
	LeftAt   time.Time
	EndsAt   time.Time  // from then on they are deleted
	BegunAt  *time.Time // from then on there is no way back
	EndedAt  *time.Time // nothing of them is left here
}

// How long somebody may come back (R43), and how long after they were deleted
// their receipt can be read.
const (
	awayFor     = 21 * 24 * time.Hour
	receiptKept = 30 * 24 * time.Hour
)

// mayComeBack says whether there is a way back.
func (d Departure) mayComeBack(now time.Time) bool { return d.BegunAt == nil && now.Before(d.EndsAt) }

// Farewell is one server that is asked to forget an account, and its answer.
type Farewell struct {
	AccountID  string
	Host       string
	TellAt     time.Time
	ReceivedAt *time.Time
	Refused    string // the status that it answered instead
}

// FarewellSeen is a Farewell with how its server does, and how many posts it was
// asked to delete.
type FarewellSeen struct {
	Farewell
	FailingSince *time.Time
	Posts        int
	Deleted      int // of them, that it said it received
}

// DepartureStore keeps who left, and takes away what is theirs. Accounts are all
// of one person.
type DepartureStore interface {
	InsertDeparture(ctx context.Context, d Departure) error
	// Departure and DepartureByCode return NotFound for who did not leave.
	Departure(ctx context.Context, userID string) (Departure, error)
	DepartureByCode(ctx context.Context, codeHash string) (Departure, error)
	UpdateDeparture(ctx context.Context, d Departure) error
	DeleteDeparture(ctx context.Context, userID string) error
	// DueDepartures are those to be deleted, and not deleted yet, at a time.
	DueDepartures(ctx context.Context, now time.Time, limit int) ([]Departure, error)

	// OwnedGroups are the open groups of here that accounts own, AskedGroups those
	// they asked for that nobody has answered.
	OwnedGroups(ctx context.Context, accountIDs []string) ([]Group, error)
	AskedGroups(ctx context.Context, accountIDs []string) ([]Group, error)
	// ServersTold are the hosts that have, or may have, a copy of anything of some accounts.
	ServersTold(ctx context.Context, accountIDs []string) ([]string, error)

	// SendAway takes accounts, what they wrote and where they are out of sight, and
	// stops what has not gone out of their words; BringBack is the reverse.
	SendAway(ctx context.Context, accountIDs []string, now time.Time) error
	BringBack(ctx context.Context, accountIDs []string) error
	// AcceptWhileAway has a membership that is away be active when it comes back.
	AcceptWhileAway(ctx context.Context, membershipID string) error

	// EraseDraftsOf deletes the drafts of accounts.
	EraseDraftsOf(ctx context.Context, accountIDs []string) error
	// FollowsAway are the memberships of accounts in groups elsewhere, whose
	// servers were sent a Follow.
	FollowsAway(ctx context.Context, accountIDs []string) ([]Membership, error)
	// EraseAccount deletes all that an account is and did but its posts and its
	// follows, and leaves its id, which is gone from now on, and its name's hash.
	EraseAccount(ctx context.Context, accountID string, now time.Time) error
	// ErasePerson leaves of a person nothing but a row without a name.
	ErasePerson(ctx context.Context, userID string) error
	// InsertFarewells notes whom to ask to forget an account, and returns how many.
	InsertFarewells(ctx context.Context, accountID string, tellAt time.Time) (int, error)
	// Farewells are the servers that were asked to forget a person's accounts.
	Farewells(ctx context.Context, userID string) ([]FarewellSeen, error)
	// ForgetDeparted deletes a batch of people who were deleted before a time, with
	// what was kept for their receipt.
	ForgetDeparted(ctx context.Context, endedBefore time.Time, limit int) (int, error)
}
