package federation

import (
	"context"
	"time"
)

// laneRun is the work on one lane while this node holds it. Its fields are its
// own goroutine's; only cancel is called by others.
type laneRun struct {
	Lease
	d       *deliverer
	health  LaneHealth
	found   LaneHealth      // as it was claimed
	signing *laneSigning    // shared with what is under way
	isProbe bool            // of a host that failed when the lane was claimed
	faults  int             // answers of 500 since the last success
	sick    bool            // the host fails: no more until it has rested
	ended   bool            // no more for another reason
	work    context.Context // ends when the lane is lost, or the node stops
	cancel  context.CancelFunc
}

func newLaneRun(d *deliverer, work context.Context, lane Lane) *laneRun {
	run := &laneRun{d: d, Lease: Lease{Host: lane.Host}}
	if lane.LeaseToken != nil {
		run.Token = *lane.LeaseToken
	}
	run.health = LaneHealth{
		FailingSince: lane.FailingSince, FailingDays: lane.FailingDays, LastFailedOn: lane.LastFailedOn,
		LastError: lane.LastError, SendWindow: max(lane.SendWindow, firstWindow), AskedUntil: lane.AskedUntil,
		SignatureChoice: lane.SignatureChoice,
	}
	run.signing = newLaneSigning(lane.SignatureChoice)
	if run.isProbe = run.isFailing(); run.isProbe {
		run.health.SendWindow = firstWindow
	}
	run.found = run.health
	run.work, run.cancel = context.WithCancel(work)
	return run
}

func (l *laneRun) isFailing() bool { return l.health.FailingSince != nil }

// run sends what is due until nothing is, the host fails, or ctx ends; then it
// gives the lane back. err is why the first errands could not be read.
func (l *laneRun) run(ctx context.Context, errands []Errand, err error) {
	defer l.cancel()
	for err == nil && len(errands) > 0 {
		l.send(ctx, errands)
		if l.isOver(ctx) || len(errands) < errandsPerLane {
			break
		}
		l.d.ledger.settled(l.work, l.Lease)
		errands, err = l.next()
	}
	l.release()
}

func (l *laneRun) isOver(ctx context.Context) bool {
	return l.sick || l.ended || ctx.Err() != nil || l.work.Err() != nil
}

func (l *laneRun) next() ([]Errand, error) {
	errands, err := l.d.f.store.DueErrands(l.work, []string{l.Host}, l.d.f.now(), errandsPerLane)
	l.d.f.complain(l.work, err, "deliveries")
	return errands[l.Host], err
}

func (l *laneRun) release() {
	l.d.drop(l)
	health := l.health
	health.SignatureChoice = l.signing.now()
	l.d.ledger.change(l.Lease, func(r *LaneReport) {
		r.Release = true
		if health != l.found { // most lanes are as they were: a statement less
			r.Health = &health
		}
	})
}

// send sends errands as wide as the window, within an order key one after the
// other.
func (l *laneRun) send(ctx context.Context, errands []Errand) {
	queue := newErrandQueue(errands)
	results := make(chan sent)
	for flying := 0; ; flying-- {
		for flying < l.health.SendWindow && !l.isOver(ctx) {
			e, ok := queue.next()
			if !ok {
				break
			}
			flying++
			go func() { results <- l.try(e) }()
		}
		if flying == 0 {
			return
		}
		l.settle(queue, <-results)
	}
}

// sent is what came of trying an errand.
type sent struct {
	attempt
	standing
}

func (l *laneRun) try(e Errand) sent {
	s := l.d.checker.ask(l.work, e, l.Token)
	if s != stillWanted {
		return sent{attempt{errand: e}, s}
	}
	begun := time.Now()
	a := l.d.f.send(l.work, e, l.signing)
	a.took = time.Since(begun)
	return sent{a, stillWanted}
}

// settle takes a result in: what it means for the delivery, for those behind
// it, and for the lane.
func (l *laneRun) settle(queue *errandQueue, s sent) {
	switch s.standing {
	case stillWanted:
		l.settleAttempt(queue, s.attempt)
	case groupRefuses:
		l.drop(s.errand, "policy of the group")
		queue.done(s.errand)
	case notWanted:
		l.letGo(s.errand)
		queue.done(s.errand)
	case tooOld:
		l.holdBack(s.errand)
	case hostRefused:
		l.d.ledger.change(l.Lease, func(r *LaneReport) { r.Cancel = true })
		l.ended = true
	default:
		l.ended = true
	}
}

func (l *laneRun) settleAttempt(queue *errandQueue, a attempt) {
	v := a.verdict()
	if v != arrived && a.status == 0 && l.work.Err() != nil {
		l.ended = true // it was broken off by us: the host is not to blame
		l.noteBegun(a)
		return
	}
	l.d.f.config.Meter.Delivered(v.String(), a.took)
	result := l.result(a, v)
	if result.State != DeliveryWaiting {
		queue.done(a.errand)
	}
	l.d.ledger.note(l.Lease, result)
	l.judge(a, v)
}

// noteBegun leaves a delivery as it was, but that an attempt was begun: the host may
// have taken it.
func (l *laneRun) noteBegun(a attempt) {
	e := a.errand
	l.d.ledger.note(l.Lease, DeliveryResult{
		Seq: e.Seq, State: DeliveryWaiting, Attempts: e.Attempts, FirstTriedAt: e.firstTried(a.at),
		NextAt: e.NextAt, Status: e.Status, LastError: e.LastError,
	})
}

// letGo ends a delivery whose bytes are gone; what is paused or was
// cancelled by others is as it should be.
func (l *laneRun) letGo(e Errand) {
	if e.Activity != nil && len(e.Activity.Raw) > 0 {
		return
	}
	l.drop(e, errNoBytes.Error())
}

// drop ends a delivery that does not go.
func (l *laneRun) drop(e Errand, why string) {
	now := l.d.f.now()
	l.d.ledger.note(l.Lease, DeliveryResult{
		Seq: e.Seq, State: DeliveryCancelled, Attempts: e.Attempts, FirstTriedAt: e.FirstTriedAt,
		LastError: why, FinishedAt: &now,
	})
}

func (d Delivery) firstTried(now time.Time) *time.Time {
	if d.FirstTriedAt != nil {
		return d.FirstTriedAt
	}
	return &now
}
