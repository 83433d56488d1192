package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hearth/community"
)

// eventsAtOnce is how many events are read and composed together at most, and
// deliveriesAtOnce and bytesAtOnce after how many deliveries, or bytes, of them they
// are saved, so that one transaction neither holds the lanes for long nor is large. eventTries is how often an event
// is composed before it is given up, which with the waits between is a day, and
// composeTries how often at once where somebody changes the post in between.
const (
	eventsAtOnce     = 50
	deliveriesAtOnce = 1000
	bytesAtOnce      = 4 << 20
	eventTries       = 30
	composeTries     = 5
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
// it begins no other event; those it has begun it saves while work lasts, or
// they would have to be composed again.
func (p *publisher) pass(ctx, work context.Context) (more bool, err error) {
	token, events, err := p.f.store.ClaimEvents(work, p.token, p.f.now(), eventsAtOnce)
	if p.token = token; err != nil || len(events) == 0 {
		return false, err
	}
	err = p.publishAll(ctx, work, events)
	if errors.Is(err, ErrLeaseLost) {
		p.token = ""
		return false, nil
	}
	return len(events) == eventsAtOnce && ctx.Err() == nil, err
}

func (p *publisher) publishAll(ctx, work context.Context, events []ClaimedEvent) error {
	b := p.newBatch()
	b.foresee(work, events)
	for _, e := range events {
		if ctx.Err() != nil {
			break
		}
		if err := b.add(work, e); err != nil {
			return err
		}
	}
	return b.save(work)
}

// publish composes and saves one event by itself.
func (p *publisher) publish(ctx context.Context, e ClaimedEvent) (done bool, err error) {
	err = p.send(ctx, e.Event)
	for try := 1; try < composeTries && errors.Is(err, community.Conflict); try++ {
		err = p.send(ctx, e.Event)
	}
	if err == nil {
		return true, nil
	}
	return p.putOff(ctx, e, err)
}

// putOff has an event that failed wait, and those behind it in its order key
// with it; or gives it up.
func (p *publisher) putOff(ctx context.Context, e ClaimedEvent, err error) (done bool, _ error) {
	switch {
	case ctx.Err() != nil, errors.Is(err, ErrLeaseLost):
		return false, err
	case e.Attempts+1 >= eventTries:
		done, no := p.giveUp(ctx, e, err)
		if no == nil || errors.Is(no, ErrLeaseLost) {
			return done, no
		}
		err = no
	}
	p.f.config.Log.Warn().Err(err).Str("event", e.Kind).Str("about", e.AboutID).Int("attempts", e.Attempts+1).Msg("an event waits")
	return false, p.f.store.DelayEvent(ctx, p.token, e.Seq, p.f.now().Add(retryWait(e.Attempts+1)))
}

// giveUp ends an event that failed for a day. Whoever wrote what it was about is
// told first: if this process ends in between, it is given up once more.
func (p *publisher) giveUp(ctx context.Context, e ClaimedEvent, why error) (done bool, _ error) {
	if err := p.f.service.GiveUpSending(ctx, e.Event); err != nil {
		return false, err
	}
	p.f.config.Log.Error().Err(why).Str("event", e.Kind).Str("about", e.AboutID).Msg("the world will not be told of this: given up after a day")
	return true, p.f.store.SaveOutgoing(ctx, p.token, e.Event, Parcel{At: p.f.now()})
}

// send composes an event from how things stand, and saves what it becomes:
// Conflict where they stood otherwise by then.
func (p *publisher) send(ctx context.Context, e community.Event) error {
	parcel, err := p.compose(ctx, p.f.newComposer(), e)
	if err != nil {
		return err
	}
	return p.save(ctx, []Packed{{e, parcel}})
}

func (p *publisher) save(ctx context.Context, all []Packed) error {
	now := p.f.now()
	for i := range all {
		all[i].Parcel.At = now
	}
	if err := p.f.store.SaveOutgoings(ctx, p.token, all); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o Packed) bool { return len(o.Parcel.Deliveries) > 0 }) {
		p.f.WakeDeliverer()
	}
	return nil
}

// compose keeps a fault in one event from ending the process, which would meet
// it again when it starts.
func (p *publisher) compose(ctx context.Context, c *composer, e community.Event) (parcel Parcel, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("federation: compose: panic: %v", fault)
		}
	}()
	return p.f.composeEvent(ctx, c, e)
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
