package federation

import (
	"context"
	"errors"
	"time"

	"hearth/community"
)

// ErrLeaseLost is the error of finishing what another worker has taken over.
// Nothing was changed.
var ErrLeaseLost = errors.New("federation: the lease was lost")

// Lease is the right to work on one host's lane, until the database's clock
// says that it is over or somebody else has taken it.
type Lease struct {
	Host  string
	Token string
}

// LeaseLife is how long a lease holds without being renewed; more than three
// times as long as anything that is done under it without looking.
const LeaseLife = time.Minute

// IncomingBatch is what one sender's activities are worked on in: the first
// that are due, in order.
type IncomingBatch struct {
	Lease
	Activities []Activity
}

// IncomingResult is what became of one activity of a batch.
type IncomingResult struct {
	Activity Activity
	Outcome  Outcome
}

// InboxStore keeps what came in and the queue of each sender.
type InboxStore interface {
	// SaveIncoming keeps an activity once: Conflict when its URI was there.
	SaveIncoming(ctx context.Context, a Activity) error
	// SaveAllIncoming is SaveIncoming of several, numbered in their order, in one
	// statement: it gives the ids of those that were new.
	SaveAllIncoming(ctx context.Context, all []Activity) (kept map[string]bool, err error)
	// IncomingBacklog is how many activities wait, and since when the one that
	// has waited longest without being tried; the zero time when there is none.
	IncomingBacklog(ctx context.Context) (rows int, oldest time.Time, err error)
	// ClaimIncoming leases the lane of the sender who was served longest ago,
	// with up to limit activities in the order they came. One that waits for
	// another try holds back those behind it in its order key. NotFound when
	// nothing is due.
	ClaimIncoming(ctx context.Context, now time.Time, limit int) (IncomingBatch, error)
	// FinishIncoming stores results and, with release, gives the lane back.
	// ErrLeaseLost when it is somebody else's by now.
	FinishIncoming(ctx context.Context, lease Lease, now time.Time, results []IncomingResult, release bool) error
	// Together runs fn in one transaction over what both rooms keep. Transactions
	// that are begun within are parts of it. It may be run again.
	Together(ctx context.Context, fn func(inbox InboxStore, house community.Store) error) error
	// ReceivedActivity is an activity that came, by its own id, with its bytes while
	// they are kept; NotFound for what did not.
	ReceivedActivity(ctx context.Context, uri string) (Activity, error)
	// FollowWaits says whether a Follow by somebody of a server waits.
	FollowWaits(ctx context.Context, domain string) (bool, error)
	// HurryFollows makes those due now that wait for another try, and says whether any
	// does.
	HurryFollows(ctx context.Context, domain string, now time.Time) (bool, error)
	// WaitingAbout are the activities that came from a domain before one of it, are
	// about the same object, and still wait: up to limit, in the order they came.
	WaitingAbout(ctx context.Context, before Activity, limit int) ([]Activity, error)
	// EndWaiting ends activities that wait, with a reason.
	EndWaiting(ctx context.Context, ids []string, reason string, now time.Time) error
	// RenewIncoming makes a lease hold for its whole life again.
	RenewIncoming(ctx context.Context, lease Lease) error
}
