package federation

import (
	"context"
	"time"

	"hearth/community"
)

// LaneRow is a server that is sent to, as an admin sees it.
type LaneRow struct {
	Lane
	Waiting  int    // deliveries; WaitingMost stands for that many or more
	PausedAs string // the name of the account that paused it, if an account did
}

// WaitingMost is where counting what waits for one server ends.
const WaitingMost = 1000

// IsPaused says that an admin stopped sending there.
func (l LaneRow) IsPaused() bool { return l.PausedBy != nil }

// MayTry says whether trying at once would do anything: something waits, nobody
// paused it, and the server did not ask to be left alone.
func (l LaneRow) MayTry(now time.Time) bool {
	return l.Waiting > 0 && !l.IsPaused() && l.NextAt != nil && l.NextAt.After(now) && !l.IsLeftAlone(now)
}

// IsLeftAlone says whether the server asked to be asked later (RFC 9110 10.2.3).
func (l LaneRow) IsLeftAlone(now time.Time) bool {
	return l.AskedUntil != nil && l.AskedUntil.After(now)
}

// LaneQuery is which servers to list: those after a host, or the first; Busy are
// only those where something waits, fails or is paused.
type LaneQuery struct {
	After string
	Busy  bool
	Limit int
}

// LanePage is servers by their host.
type LanePage struct {
	Lanes []LaneRow
	Next  string // the host after which the next page begins; empty at the end
}

// Lanes lists the servers that are sent to. NotFound for those who are not admins.
func (f *Federation) Lanes(ctx context.Context, v community.Viewer, q LaneQuery) (LanePage, error) {
	if !v.IsAdmin() {
		return LanePage{}, community.NotFound
	}
	return f.LanesAsOperator(ctx, q)
}

// LanesAsOperator is Lanes from the command line.
func (f *Federation) LanesAsOperator(ctx context.Context, q LaneQuery) (LanePage, error) {
	rows, err := f.store.LaneRows(ctx, LaneQuery{q.After, q.Busy, q.Limit + 1})
	if err != nil || len(rows) <= q.Limit {
		return LanePage{Lanes: rows}, err
	}
	return LanePage{Lanes: rows[:q.Limit], Next: rows[q.Limit-1].Host}, nil
}

// TryLane has what waits for a server tried at once, and its failing counted on
// as before if it fails. NotFound for those who are not admins; Conflict where
// nothing waits, or may be tried.
func (f *Federation) TryLane(ctx context.Context, v community.Viewer, host string) error {
	if !v.IsAdmin() {
		return community.NotFound
	}
	return f.TryLaneAsOperator(ctx, host)
}

// TryLaneAsOperator is TryLane from the command line. A hearth that serves in
// another process finds it within seconds.
func (f *Federation) TryLaneAsOperator(ctx context.Context, typed string) error {
	host, err := community.FoldDomain(typed)
	if err != nil {
		return err
	}
	hurried, err := f.store.HurryLane(ctx, host, f.now())
	if err != nil {
		return err
	}
	if !hurried {
		return &community.Error{Kind: community.Conflict, Key: "delivery.nothing_to_try", Args: map[string]any{"Domain": host}}
	}
	f.WakeDeliverer()
	return nil
}
