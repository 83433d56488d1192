package federation

import (
	"context"
	"crypto"
	"errors"
	"net"
	"net/http"
	"time"

	"hearth/community"
)

// OpenPrivate opens a sealed key, SealPrivate seals one.
var (
	OpenPrivate = openPrivate
	SealPrivate = sealPrivate
)

// KeysOf is an actor's key and the one before it.
func (f *Federation) KeysOf(ctx context.Context, actorID string) (Key, *Key, error) {
	k, err := f.ring.key(ctx, actorID)
	return k.current, k.previous, err
}

// RemoteKey is the KeySource's.
func (f *Federation) RemoteKey(ctx context.Context, keyID string, refresh bool) (string, crypto.PublicKey, error) {
	return f.keys.Key(ctx, keyID, refresh)
}

// Reading is how many bodies of a source are being read.
func (f *Federation) Reading(source string) int {
	f.readers.mu.Lock()
	defer f.readers.mu.Unlock()
	return f.readers.inside[source]
}

// Fetcher is the one that this server fetches with.
func (f *Federation) Fetcher() *Fetcher { return f.fetcher }

// HandleWith puts another handler of incoming activities in the place of ours,
// which is given one at a time.
func (f *Federation) HandleWith(fn func(context.Context, Activity) Outcome) {
	f.handleActivity = fn
	f.OneByOne()
}

// OneByOne has no activities handled together.
func (f *Federation) OneByOne() {
	f.gatherRun = func(context.Context, []Activity, map[string]bool) inboxRun { return inboxRun{} }
}

// ComposeWith puts another composer in the place of ours.
func (f *Federation) ComposeWith(fn func(context.Context, community.Event) (Parcel, error)) {
	f.composeEvent = func(ctx context.Context, _ *composer, e community.Event) (Parcel, error) { return fn(ctx, e) }
}

// AfterComposing has fn called after each event is composed, before it is saved.
func (f *Federation) AfterComposing(fn func(community.Event)) {
	real := f.composeEvent
	f.composeEvent = func(ctx context.Context, c *composer, e community.Event) (Parcel, error) {
		defer fn(e)
		return real(ctx, c, e)
	}
}

// FailComposing has events not composed for which fn gives an error.
func (f *Federation) FailComposing(fn func(community.Event) error) {
	real := f.composeEvent
	f.composeEvent = func(ctx context.Context, c *composer, e community.Event) (Parcel, error) {
		if err := fn(e); err != nil {
			return Parcel{}, err
		}
		return real(ctx, c, e)
	}
}

// Publisher is one publisher, which publishes what is due with each call.
func (f *Federation) Publisher() func(context.Context) error {
	p := publisher{f: f}
	return func(ctx context.Context) error {
		_, err := p.pass(ctx, ctx)
		return err
	}
}

// HeardFrom notes a verified request.
func (f *Federation) HeardFrom(ctx context.Context, domain string) { f.heardFrom(ctx, domain) }

// KeepIncoming keeps an activity as a request does.
func (f *Federation) KeepIncoming(ctx context.Context, a Activity) error {
	return f.intake.keep(ctx, a)
}

// WaitingIntake is how many requests wait for the statement that is under way.
func (f *Federation) WaitingIntake() int {
	f.intake.mu.Lock()
	defer f.intake.mu.Unlock()
	return len(f.intake.waiting)
}

// Together has them handled together again.
func (f *Federation) Together() { f.gatherRun = f.gather }

// WorkBatch handles a batch and gives its lane back.
func (f *Federation) WorkBatch(ctx context.Context, batch IncomingBatch) error {
	return f.workBatch(ctx, batch)
}

// HandleDue is HandleInbox and AskNewcomers until nothing is left of either.
func (f *Federation) HandleDue(ctx context.Context) error {
	for {
		if err := f.HandleInbox(ctx); err != nil || len(f.newcomers.line) == 0 {
			return err
		}
		if err := f.AskNewcomers(ctx); err != nil {
			return err
		}
	}
}

// AskNewcomers asks the servers that wait for it what they run.
func (f *Federation) AskNewcomers(ctx context.Context) error {
	for len(f.newcomers.line) > 0 {
		if err := f.askNewcomer(ctx, <-f.newcomers.line); err != nil {
			return err
		}
	}
	return nil
}

// HandleInbox handles what is due in the inbox, batch after batch, and returns
// when nothing is.
func (f *Federation) HandleInbox(ctx context.Context) error {
	for {
		batch, err := f.store.ClaimIncoming(ctx, f.now(), activitiesAtOnce)
		if errors.Is(err, community.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f.workBatch(ctx, batch); err != nil {
			return err
		}
	}
}

// DeliverOnce works on the lanes that are due until none is, and returns when
// all of it is written down.
func (f *Federation) DeliverOnce(ctx context.Context) error {
	d := &deliverer{f: f, checker: newChecker(f), held: map[string]*laneRun{}}
	d.ledger = newLedger(f, d.lose)
	stop := d.serve(ctx)
	defer stop()
	for {
		claimed, err := d.pass(ctx, ctx)
		if err != nil || claimed == 0 {
			return err
		}
		d.running.Wait()
		d.ledger.settled(ctx, Lease{})
	}
}

// Deliverer is a deliverer that looks for lanes with each call of pass; stop
// waits for what it works on.
func (f *Federation) Deliverer(ctx context.Context) (pass func() (claimed int, err error), stop func()) {
	d := &deliverer{f: f, checker: newChecker(f), held: map[string]*laneRun{}}
	d.ledger = newLedger(f, d.lose)
	end := d.serve(ctx)
	return func() (int, error) { return d.pass(ctx, ctx) }, func() { d.running.Wait(); end() }
}

// PublishOnce publishes what is due.
func (f *Federation) PublishOnce(ctx context.Context) error {
	p := publisher{f: f}
	defer p.release(ctx)
	_, err := p.pass(ctx, ctx)
	return err
}

// SetPoll changes how often work is looked for without a wake. It is called
// before Run.
func (f *Federation) SetPoll(d time.Duration) { f.poll = d }

// SetGrace changes how long what is under way may take to end.
func (f *Federation) SetGrace(d time.Duration) { f.grace = d }

// Measured and MeasuredOutcome are what is counted of what was received and handled.
var (
	Measured        = measured
	MeasuredOutcome = measuredOutcome
)

// CloseIdle closes the connections that are kept for the next delivery.
func (f *Federation) CloseIdle() { f.client.CloseIdleConnections() }

// RefreshGroups asks for the first groups elsewhere that the daily round comes to.
func (f *Federation) RefreshGroups(ctx context.Context) error {
	_, err := f.refreshGroups(ctx, "")
	return err
}

// Doubted is how many groups elsewhere wait to be asked for.
func (f *Federation) Doubted() int { return len(f.doubted.line) }

// AskDoubted asks for the groups elsewhere that took nothing.
func (f *Federation) AskDoubted(ctx context.Context) error {
	for {
		select {
		case d := <-f.doubted.line:
			f.doubted.begun(d)
			if err := f.askAgain(ctx, d); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// WorkJobs works on the jobs that are due until none is, without waiting between
// two questions; rested, where it is not nil, is called instead.
func (f *Federation) WorkJobs(ctx context.Context, rested func()) error {
	f.breath = func(ctx context.Context, _ string) bool {
		if rested != nil {
			rested()
		}
		return ctx.Err() == nil
	}
	for {
		j, err := f.store.ClaimJob(ctx, f.now(), true)
		if errors.Is(err, community.NotFound) {
			j, err = f.store.ClaimJob(ctx, f.now(), false)
		}
		if errors.Is(err, community.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f.workJob(ctx, j); err != nil {
			return err
		}
	}
}

// NewClientOver is NewClient's, whose connections are dial's.
func NewClientOver(guard Guard, dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Client {
	client := NewClient(guard)
	client.Transport.(*guardedTransport).next.DialContext = dial
	return client
}

// FillPool is one round of what keeps keys ready.
func (f *Federation) FillPool(ctx context.Context) error { return f.fill(ctx) }
