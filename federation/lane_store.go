package federation

import (
	"context"
	"time"
)

// LaneStore keeps the queues of the hosts.
type LaneStore interface {
	// ClaimLanes leases up to limit lanes in which something is due, of hosts that
	// do not fail, the one due longest first. What another holds is passed over.
	ClaimLanes(ctx context.Context, now time.Time, limit int) ([]Lane, error)
	// ClaimFailing is ClaimLanes of hosts that fail and have rested.
	ClaimFailing(ctx context.Context, now time.Time, limit int) ([]Lane, error)
	// DueErrands are for each host the first deliveries that are due, in order,
	// with their activities. One that waits for another try holds back those
	// behind it in its order key.
	DueErrands(ctx context.Context, hosts []string, now time.Time, perHost int) (map[string][]Errand, error)
	// HeldDeliveries says which of some deliveries still wait to be sent, and
	// under which lease their lanes are.
	HeldDeliveries(ctx context.Context, seqs []int64) (map[int64]string, error)
	// FinishDeliveries stores reports, all of them in one transaction, but for
	// those whose lease was lost: of these nothing, and the leases come back.
	FinishDeliveries(ctx context.Context, now time.Time, reports []LaneReport) (lost []Lease, err error)
	// RenewLanes makes leases hold for their whole life again and gives back
	// those that somebody else holds.
	RenewLanes(ctx context.Context, leases []Lease) (lost []Lease, err error)
	// FreeLeases ends what processes that were killed left leased, and says
	// whether that was anything. On an engine that only one process works on
	// these are all leases, and it may be called before any is taken alone.
	FreeLeases(ctx context.Context) (freed bool, err error)

	// ReviveLane makes a failing lane due again, not before the time its host
	// asked for, and says whether there was one. It fails until something arrives:
	// who sends and takes nothing is not well.
	ReviveLane(ctx context.Context, host string, now time.Time) (bool, error)
	// LaneRows lists up to q.Limit servers by host, with what waits for each.
	LaneRows(ctx context.Context, q LaneQuery) ([]LaneRow, error)
	// HurryLane makes what waits for a host, or was set aside, due at once, unless it
	// is paused or asked to be left alone, and says whether anything is.
	HurryLane(ctx context.Context, host string, now time.Time) (bool, error)
	// NoteHeard keeps that a server was heard from (Instance).
	NoteHeard(ctx context.Context, domain string, now time.Time) error
}

// TidyStore forgets what was kept for its time.
type TidyStore interface {
	// TidyQueues takes one bounded batch of each kind away and says how many
	// rows that were.
	TidyQueues(ctx context.Context, now time.Time, limit int) (int, error)
}
