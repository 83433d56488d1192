package federation

import (
	"context"
	"sync"
	"time"
)

// ledger writes down what became of deliveries, of all lanes together: while
// one transaction runs, the results of the next gather.
type ledger struct {
	f      *Federation
	onLost func(Lease)

	mu      sync.Mutex
	open    map[Lease]*LaneReport
	written chan struct{} // closed when what is open now has been written
	wake    chan struct{}
}

func newLedger(f *Federation, onLost func(Lease)) *ledger {
	return &ledger{f: f, onLost: onLost, open: map[Lease]*LaneReport{}, written: make(chan struct{}), wake: make(chan struct{}, 1)}
}

// note adds a result.
func (l *ledger) note(lease Lease, result DeliveryResult) {
	l.change(lease, func(r *LaneReport) { r.Results = append(r.Results, result) })
}

// change adds to a lane's report and gives what closes when it is written.
func (l *ledger) change(lease Lease, change func(*LaneReport)) (written <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	report := l.open[lease]
	if report == nil {
		report = &LaneReport{Lease: lease}
		l.open[lease] = report
	}
	change(report)
	signal(l.wake)
	return l.written
}

// settled waits until all that was noted so far is written, or ctx ends.
func (l *ledger) settled(ctx context.Context, lease Lease) {
	select {
	case <-l.change(lease, func(*LaneReport) {}):
	case <-ctx.Done():
	}
}

func (l *ledger) take() (reports []LaneReport, written chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.open {
		reports = append(reports, *r)
	}
	written = l.written
	l.open, l.written = map[Lease]*LaneReport{}, make(chan struct{})
	return reports, written
}

// run writes until done is closed, and then what is left. A database that does
// not answer is asked again until ctx ends.
func (l *ledger) run(ctx context.Context, done <-chan struct{}) {
	for {
		select {
		case <-l.wake:
			l.gather(done)
			l.write(ctx)
		case <-done:
			l.write(ctx)
			return
		}
	}
}

// gatherFor is how long the first result waits for others: less than a signature
// for each of a few takes, and one transaction for all of them.
const gatherFor = 10 * time.Millisecond

func (l *ledger) gather(done <-chan struct{}) {
	timer := time.NewTimer(gatherFor)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-done:
	}
}

func (l *ledger) write(ctx context.Context) {
	reports, written := l.take()
	defer close(written)
	for len(reports) > 0 {
		gone, err := l.f.store.FinishDeliveries(ctx, l.f.now(), reports)
		if err == nil {
			l.follow(reports, gone)
			return
		}
		l.f.complain(ctx, err, "results of deliveries")
		if !pause(ctx, jittered(time.Second)) {
			return // they are delivered again: at most what this node had under way
		}
	}
}

// follow tells the lanes that were lost, has a host that failed be heard anew,
// and looks for more where lanes were given back after work: more may have come
// meanwhile.
func (l *ledger) follow(reports []LaneReport, gone []Lease) {
	for _, lease := range gone {
		l.onLost(lease)
	}
	for _, r := range reports {
		if r.Health != nil && r.Health.FailingSince != nil {
			l.f.heard.fails(r.Host)
		}
	}
	for _, r := range reports {
		if r.Release && len(r.Results) > 0 {
			signal(l.f.wakes.lanes)
			return
		}
	}
}
