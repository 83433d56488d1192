package federation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hearth/community"
)

// eventsAtOnce is how many events are read at once; eventTries how often one
// is composed before it is given up, which with the waits between is a day.
// composeTries is how often one is composed at once where somebody changes the
// post in between.
const (
	eventsAtOnce = 50
	eventTries   = 30
	composeTries = 5
)

// publisher turns events into activities, one node's at a time: events are
// composed in the order in which things happened here.
type publisher struct {
	f     *Federation
	token string
}

func (f *Federation) runPublisher(ctx context.Context) {
	work, cancel := outlive(ctx, f.grace)
	defer cancel()
	p := publisher{f: f}
	for ctx.Err() == nil {
		more, err := p.pass(ctx, work)
		f.complain(ctx, err, "publishing")
		if more && err == nil {
			continue
		}
		f.await(ctx, f.wakes.events)
	}
	p.release(ctx)
}

func (p *publisher) release(ctx context.Context) {
	if p.token == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishGrace)
	defer cancel()
	if err := p.f.store.ReleaseEvents(ctx, p.token); err != nil && !errors.Is(err, ErrLeaseLost) {
		p.f.config.Log.Warn().Err(err).Msg("the publisher's lease")
	}
}

// pass publishes what is due and says whether there may be more. When ctx ends
// it begins no other event; the one it has begun it saves while work lasts, or
// it would have to be composed again.
func (p *publisher) pass(ctx, work context.Context) (more bool, err error) {
	token, events, err := p.f.store.ClaimEvents(work, p.token, p.f.now(), eventsAtOnce)
	if p.token = token; err != nil {
		return false, err
	}
	waiting := map[string]bool{} // order keys that something waits in
	for _, e := range events {
		if ctx.Err() != nil {
			return false, nil
		}
		if waiting[e.OrderKey] {
			continue
		}
		done, err := p.publish(work, e)
		if errors.Is(err, ErrLeaseLost) {
			p.token = ""
			return false, nil
		}
		if err != nil {
			return false, err
		}
		waiting[e.OrderKey] = !done
	}
	return len(events) == eventsAtOnce, nil
}

// publish composes and saves one event. One that fails waits, and those behind
// it in its order key with it.
func (p *publisher) publish(ctx context.Context, e ClaimedEvent) (done bool, err error) {
	err = p.send(ctx, e.Event)
	for try := 1; try < composeTries && errors.Is(err, community.Conflict); try++ {
		err = p.send(ctx, e.Event)
	}
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil, errors.Is(err, ErrLeaseLost):
		return false, err
	case e.Attempts+1 >= eventTries:
		p.f.config.Log.Error().Err(err).Str("event", e.Kind).Str("about", e.AboutID).Msg("the world will not be told of this: given up after a day")
		return true, p.f.store.SaveOutgoing(ctx, p.token, e.Event, Parcel{At: p.f.now()})
	}
	p.f.config.Log.Warn().Err(err).Str("event", e.Kind).Str("about", e.AboutID).Int("attempts", e.Attempts+1).Msg("an event waits")
	return false, p.f.store.DelayEvent(ctx, p.token, e.Seq, p.f.now().Add(retryWait(e.Attempts+1)))
}

// send composes an event from how things stand, and saves what it becomes:
// Conflict where they stood otherwise by then.
func (p *publisher) send(ctx context.Context, e community.Event) error {
	parcel, err := p.compose(ctx, e)
	if err != nil {
		return err
	}
	parcel.At = p.f.now()
	if err := p.f.store.SaveOutgoing(ctx, p.token, e, parcel); err != nil {
		return err
	}
	p.f.wakeFor(parcel)
	return nil
}

func (f *Federation) wakeFor(p Parcel) {
	if len(p.Deliveries) > 0 {
		f.WakeDeliverer()
	}
}

// compose keeps a fault in one event from ending the process, which would meet
// it again when it starts.
func (p *publisher) compose(ctx context.Context, e community.Event) (parcel Parcel, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("federation: compose: panic: %v", fault)
		}
	}()
	return p.f.composeEvent(ctx, e)
}

// outlive is a context that ends some time after ctx does, so that what is
// under way may come to its end.
func outlive(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(longer, func() { timer.Stop() })
	})
	return longer, func() { stop(); cancel() }
}
