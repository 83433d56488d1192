package federation

import (
	"context"
	"sync"
	"time"
)

// Bounds of a node's deliveries. A lane costs a goroutine and what it has under
// way; signing has a bound of its own.
const (
	maxLanes       = 1024
	lanesAtOnce    = 64
	errandsPerLane = 32
	lastWrite      = time.Second // for the results of what ended last
)

// deliverer works on the lanes that this node holds.
type deliverer struct {
	f       *Federation
	ledger  *ledger
	checker *checker
	running sync.WaitGroup

	mu   sync.Mutex
	held map[string]*laneRun
}

// runDeliverer claims lanes that are due until ctx ends, and returns when those
// it holds are given back.
func (f *Federation) runDeliverer(ctx context.Context) {
	work, cancel := outlive(ctx, f.grace)
	defer cancel()
	d := &deliverer{f: f, checker: newChecker(f), held: map[string]*laneRun{}}
	d.ledger = newLedger(f, d.lose)
	stop := d.serve(work)
	for ctx.Err() == nil {
		claimed, err := d.pass(ctx, work)
		f.complain(ctx, err, "delivering")
		if claimed == lanesAtOnce && err == nil {
			continue
		}
		f.await(ctx, f.wakes.lanes)
	}
	d.running.Wait()
	stop()
}

// serve runs what the lanes share, until stop has written all that is left.
func (d *deliverer) serve(ctx context.Context) (stop func()) {
	var sharing sync.WaitGroup
	shared, cancel := context.WithCancel(ctx)
	last, giveUp := outlive(ctx, d.f.grace+lastWrite)
	done := make(chan struct{})
	sharing.Go(func() { d.ledger.run(last, done) })
	sharing.Go(func() { d.checker.run(shared) })
	sharing.Go(func() { d.renew(shared) })
	return func() {
		cancel()
		close(done)
		sharing.Wait()
		giveUp()
	}
}

// pass claims as many lanes as there is room for, up to lanesAtOnce, and sets to
// work on them.
func (d *deliverer) pass(ctx, work context.Context) (claimed int, err error) {
	room := min(maxLanes-d.count(), lanesAtOnce)
	if room <= 0 {
		return 0, nil // a lane that ends wakes us
	}
	lanes, err := d.f.store.ClaimLanes(work, d.f.now(), room)
	if err != nil || len(lanes) == 0 {
		return 0, err
	}
	runs := d.take(work, lanes)
	errands, err := d.f.store.DueErrands(work, hostsOf(runs), d.f.now(), errandsPerLane)
	for _, run := range runs {
		d.running.Go(func() { run.run(ctx, errands[run.Host], err) })
	}
	return len(lanes), err
}

func (d *deliverer) take(work context.Context, lanes []Lane) []*laneRun {
	d.mu.Lock()
	defer d.mu.Unlock()
	runs := make([]*laneRun, len(lanes))
	for i, lane := range lanes {
		runs[i] = newLaneRun(d, work, lane)
		d.held[lane.Host] = runs[i]
	}
	return runs
}

func hostsOf(runs []*laneRun) []string {
	hosts := make([]string, len(runs))
	for i, run := range runs {
		hosts[i] = run.Host
	}
	return hosts
}

func (d *deliverer) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.held)
}

// drop forgets a lane that is given back, unless it is held anew already.
func (d *deliverer) drop(run *laneRun) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.held) >= maxLanes {
		signal(d.f.wakes.lanes)
	}
	if d.held[run.Host] == run {
		delete(d.held, run.Host)
	}
}

// lose ends the work on a lane that somebody else has taken.
func (d *deliverer) lose(lease Lease) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if run := d.held[lease.Host]; run != nil && run.Lease == lease {
		run.cancel()
	}
}

// renew keeps all leases alive, in one statement.
func (d *deliverer) renew(ctx context.Context) {
	for pause(ctx, LeaseLife/3) {
		gone, err := d.f.store.RenewLanes(ctx, d.leases())
		d.f.complain(ctx, err, "leases of lanes")
		for _, lease := range gone {
			d.lose(lease)
		}
	}
}

func (d *deliverer) leases() []Lease {
	d.mu.Lock()
	defer d.mu.Unlock()
	leases := make([]Lease, 0, len(d.held))
	for _, run := range d.held {
		leases = append(leases, run.Lease)
	}
	return leases
}
