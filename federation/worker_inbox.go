package federation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// inboxWorkers bounds the senders whose activities are handled at once, and
// activitiesAtOnce how many of one's before the next has its turn.
const (
	inboxWorkers     = 4
	activitiesAtOnce = 50
	saveResultsEvery = time.Second
)

// handledWithin bounds one activity, whatever is fetched for it: what did not make it
// waits its turn again, and what was fetched is there by then.
const handledWithin = time.Minute

func (f *Federation) runInbox(ctx context.Context) {
	var working sync.WaitGroup
	for range inboxWorkers {
		working.Go(func() { f.workInbox(ctx) })
	}
	working.Wait()
	f.leaveInbox(ctx)
}

// leaveInbox tells the other nodes that what came in while the workers ended is
// theirs.
func (f *Federation) leaveInbox(ctx context.Context) {
	if f.wakes.bell == nil {
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	f.complain(last, f.wakes.bell.Ring(last, topicInbox), "other nodes were not woken")
}

func (f *Federation) workInbox(ctx context.Context) {
	work, cancel := outlive(ctx, f.grace)
	defer cancel()
	for ctx.Err() == nil {
		// A claim that is begun is ended, or its lease would be nobody's.
		batch, err := f.store.ClaimIncoming(work, f.now(), activitiesAtOnce)
		if err == nil {
			signal(f.wakes.inbox) // the next worker may look for another sender
			err = f.workBatch(ctx, batch)
			f.complain(ctx, err, "the inbox")
			continue
		}
		f.complain(ctx, err, "the inbox")
		f.await(ctx, f.wakes.inbox)
	}
}

// atWork are the senders whose activities this node handles now. Whoever does
// looks for more of them when it has ended: what comes meanwhile wakes nobody.
type atWork struct {
	mu      sync.Mutex
	senders map[string]bool
}

func (w *atWork) begin(sender string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.senders == nil {
		w.senders = map[string]bool{}
	}
	w.senders[sender] = true
}

func (w *atWork) end(sender string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.senders, sender)
}

func (w *atWork) is(sender string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.senders[sender]
}

// batchRun works through one sender's activities in order.
type batchRun struct {
	f        *Federation
	batch    IncomingBatch
	results  []IncomingResult
	saved    time.Time
	behind   map[string]bool // order keys in which something waits for another try
	alone    int             // how many are next handled by themselves, whatever they are
	released bool
}

// workBatch handles a batch under its lease, which it keeps renewing, and gives
// the lane back.
func (f *Federation) workBatch(ctx context.Context, batch IncomingBatch) error {
	work, cancel := outlive(ctx, f.grace)
	defer cancel()
	f.atWork.begin(batch.Lease.Host)
	defer f.atWork.end(batch.Lease.Host)
	go f.keepSender(work, cancel, batch.Lease)
	run := batchRun{f: f, batch: batch, saved: time.Now(), behind: map[string]bool{}}
	for left := batch.Activities; len(left) > 0 && ctx.Err() == nil && work.Err() == nil; {
		done, err := run.next(work, left)
		if err != nil {
			return err
		}
		left = left[done:]
	}
	if run.released {
		return nil
	}
	return run.save(context.WithoutCancel(ctx), true)
}

// next handles what stands next: several posts at once, or one activity.
func (r *batchRun) next(ctx context.Context, left []Activity) (done int, err error) {
	if r.alone == 0 {
		if done, err = r.together(ctx, left); done > 0 || err != nil {
			return done, err
		}
	}
	r.alone = max(0, r.alone-1)
	return 1, r.handle(ctx, left[0])
}

// keepSender renews a lease until ctx ends, and ends the work where it was lost.
func (f *Federation) keepSender(ctx context.Context, lost context.CancelFunc, lease Lease) {
	for pause(ctx, LeaseLife/3) {
		if err := f.store.RenewIncoming(ctx, lease); errors.Is(err, ErrLeaseLost) {
			lost()
		}
	}
}

func (r *batchRun) handle(ctx context.Context, a Activity) error {
	if r.behind[a.OrderKey] {
		return nil
	}
	outcome := r.f.handleSafely(ctx, a)
	if ctx.Err() != nil && outcome.Outcome != Accepted && outcome.Outcome != Held {
		return nil // it was not given the time; it stays where it is
	}
	outcome = r.f.again(a, outcome)
	r.f.config.Meter.Handled(measuredOutcome(outcome))
	r.behind[a.OrderKey] = !outcome.RetryAt.IsZero() && !outcome.Alone
	r.results = append(r.results, IncomingResult{a, outcome})
	if time.Since(r.saved) < saveResultsEvery {
		return nil
	}
	return r.save(ctx, false)
}

func (r *batchRun) save(ctx context.Context, release bool) error {
	ctx, cancel := context.WithTimeout(ctx, finishGrace)
	defer cancel()
	err := r.f.store.FinishIncoming(ctx, r.batch.Lease, r.f.now(), r.results, release)
	r.results, r.saved = nil, time.Now()
	return err
}

// handleSafely keeps a fault in handling one activity from ending the process,
// which would meet it again when it starts.
func (f *Federation) handleSafely(ctx context.Context, a Activity) (outcome Outcome) {
	defer f.withoutFault(a, &outcome)
	ctx, over := context.WithTimeout(ctx, handledWithin)
	defer over()
	return f.handleActivity(ctx, a)
}

// withoutFault, deferred, makes of a panic what became of an activity.
func (f *Federation) withoutFault(a Activity, outcome *Outcome) {
	if fault := recover(); fault != nil {
		f.config.Log.Error().Str("activity", a.URI).Str("type", a.Type).Err(fmt.Errorf("panic: %v", fault)).Msg("an activity could not be handled")
		*outcome = Outcome{Outcome: Refused, Reason: "fault"}
	}
}

// again is when an activity that has to wait is tried again: not at once, and
// after a day no more.
func (f *Federation) again(a Activity, o Outcome) Outcome {
	if o.RetryAt.IsZero() {
		return o
	}
	now := f.now()
	if now.Sub(a.ReceivedAt) >= giveUpAfter {
		return Outcome{Outcome: Refused, Reason: "gave_up"}
	}
	if soonest := now.Add(time.Second); o.RetryAt.Before(soonest) {
		o.RetryAt = soonest
	}
	return o
}

// backlogMemory is how long a count of what waits is good for: counting for
// every request would cost more than keeping it.
const backlogMemory = time.Second

// backlog is the last count of what waits in the inbox.
type backlog struct {
	mu     sync.Mutex
	rows   int
	oldest time.Time
	until  time.Time
}

// incomingBacklog is how many activities wait to be handled and since when the
// one that waited longest, as it was a second ago at most.
func (f *Federation) incomingBacklog(ctx context.Context) (rows int, oldest time.Time, err error) {
	f.backlog.mu.Lock()
	defer f.backlog.mu.Unlock()
	now := f.now()
	if now.Before(f.backlog.until) {
		return f.backlog.rows, f.backlog.oldest, nil
	}
	rows, oldest, err = f.store.IncomingBacklog(ctx)
	if err == nil {
		f.backlog.rows, f.backlog.oldest, f.backlog.until = rows, oldest, now.Add(backlogMemory)
	}
	return rows, oldest, err
}
