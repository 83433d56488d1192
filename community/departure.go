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
	Moving   string     // MovingAway or MovingBack while not all that is theirs is there yet
}

// Ways of a Departure: what somebody wrote and where they were goes out of sight, and
// comes back, in many transactions.
const (
	MovingAway = "away"
	MovingBack = "back"
)

// movedAtOnce bounds the rows of a kind that one transaction takes out of sight,
// brings back or deletes.
const movedAtOnce = 200

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
	// MovingDepartures are those of which not all has gone its way yet.
	MovingDepartures(ctx context.Context, limit int) ([]Departure, error)

	// OwnedGroups are the open groups of here that accounts own, AskedGroups those
	// they asked for that nobody has answered.
	OwnedGroups(ctx context.Context, accountIDs []string) ([]Group, error)
	AskedGroups(ctx context.Context, accountIDs []string) ([]Group, error)
	// ServersTold are the hosts that have, or may have, a copy of anything of some accounts.
	ServersTold(ctx context.Context, accountIDs []string) ([]string, error)

	// SetAway says since when accounts are away; nil: they are not.
	SetAway(ctx context.Context, accountIDs []string, since *time.Time) error
	// MoveAway takes some of where accounts are and of what they wrote out of sight,
	// the newest first, and stops what has not gone out of those words. It returns
	// the posts in groups elsewhere whose words are held back now, and whether there
	// may be more. MoveBack is the reverse.
	MoveAway(ctx context.Context, accountIDs []string, now time.Time, limit int) (held []Unsent, more bool, err error)
	MoveBack(ctx context.Context, accountIDs []string, limit int) (more bool, err error)
	// AcceptWhileAway has a membership that is away be active when it comes back.
	AcceptWhileAway(ctx context.Context, membershipID string) error

	// EraseDraftsOf deletes the drafts of accounts.
	EraseDraftsOf(ctx context.Context, accountIDs []string) error
	// FollowsAway are some of the memberships of accounts in groups elsewhere, whose
	// servers were sent a Follow.
	FollowsAway(ctx context.Context, accountIDs []string, limit int) ([]Membership, error)
	// EraseTraces deletes some of all that an account did but its posts and its
	// follows, and says whether there may be more; EraseAccount then leaves of the
	// account its id, which is gone from now on, and its name's hash.
	EraseTraces(ctx context.Context, accountID string, now time.Time, limit int) (more bool, err error)
	EraseAccount(ctx context.Context, accountID string, now time.Time) error
	// EraseBelongings deletes some of what only a person has, and says whether there
	// may be more; ErasePerson then leaves of them a row without a name.
	EraseBelongings(ctx context.Context, userID string, limit int) (more bool, err error)
	ErasePerson(ctx context.Context, userID string) error
	// InsertFarewells notes hosts that are asked to forget an account; HasFarewells
	// says whether any is.
	HasFarewells(ctx context.Context, accountID string) (bool, error)
	InsertFarewells(ctx context.Context, accountID string, hosts []string, tellAt time.Time) error
	// Farewells are the servers that were asked to forget a person's accounts.
	Farewells(ctx context.Context, userID string) ([]FarewellSeen, error)
	// ForgetDeparted deletes a batch of people who were deleted before a time, with
	// what was kept for their receipt.
	ForgetDeparted(ctx context.Context, endedBefore time.Time, limit int) (int, error)
}
