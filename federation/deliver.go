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
	maxProbes      = 256 // of them none is taken from the well
	lanesAtOnce    = 64
	errandsPerLane = 32
	lastWrite      = time.Second // for the results of what ended last
)

// deliverer works on the lanes that this node holds.
type deliverer struct {
	f       *Federation
	ledger  *ledger
	checker *checker
	probes  probes // the loop's alone
	running sync.WaitGroup

	mu      sync.Mutex
	held    map[string]*laneRun
	failing int // how many of held are probes
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
		if claimed >= lanesAtOnce && err == nil {
			continue
		}
		f.awaitFor(ctx, f.wakes.lanes, d.patience())
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
// work on them. Those of hosts that fail come after all others.
func (d *deliverer) pass(ctx, work context.Context) (claimed int, err error) {
	well, failing := d.count()
	room := min(maxLanes-well, lanesAtOnce) // a lane that ends wakes us
	claimed, err = d.begin(ctx, work, d.f.store.ClaimLanes, room)
	if err != nil {
		return claimed, err
	}
	room = min(maxProbes-failing, lanesAtOnce, d.probes.due(d.f.now(), well+claimed > 0))
	probed, err := d.begin(ctx, work, d.f.store.ClaimFailing, room)
	return claimed + probed, err
}

// begin claims lanes and sets to work on them.
func (d *deliverer) begin(ctx, work context.Context, claim func(context.Context, time.Time, int) ([]Lane, error), room int) (claimed int, err error) {
	if room <= 0 {
		return 0, nil
	}
	lanes, err := claim(work, d.f.now(), room)
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
		d.hold(lane.Host, runs[i])
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

// count is how many lanes are worked on, of hosts that did not fail when they
// were claimed and of those that did.
func (d *deliverer) count() (well, failing int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.held) - d.failing, d.failing
}

// drop forgets a lane that is given back, unless it is held anew already.
func (d *deliverer) drop(run *laneRun) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.held)-d.failing >= maxLanes || d.failing >= maxProbes {
		signal(d.f.wakes.lanes)
	}
	if d.held[run.Host] == run {
		d.hold(run.Host, nil)
	}
}

// hold puts a lane's work in the place of what there was of it; nil is none.
func (d *deliverer) hold(host string, run *laneRun) {
	if old := d.held[host]; old != nil && old.isProbe {
		d.failing--
	}
	if run == nil {
		delete(d.held, host)
		return
	}
	if d.held[host] = run; run.isProbe {
		d.failing++
	}
}

// patience is how long to wait for a wake: shorter while hosts that fail wait
// for those that do not.
func (d *deliverer) patience() time.Duration {
	if well, _ := d.count(); well > 0 {
		return min(d.f.poll, probesEvery*probesTogether)
	}
	return d.f.poll
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
