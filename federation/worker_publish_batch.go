package federation

import (
	"context"
	"errors"
)

// batch is the events of one claim that are composed and not saved yet.
type batch struct {
	*composer
	p          *publisher
	waiting    map[string]int64 // order keys that something waits in, and the first of it
	composed   []Packed
	claimed    []ClaimedEvent // of what is composed
	deliveries int
	bytes      int // of the activities
}

func (p *publisher) newBatch() *batch {
	return &batch{composer: p.f.newComposer(), p: p, waiting: map[string]int64{}}
}

// add composes an event. One that fails waits, and those behind it in its order
// key with it.
func (b *batch) add(ctx context.Context, e ClaimedEvent) error {
	if b.waits(e) {
		return nil
	}
	parcel, err := b.p.compose(ctx, b.composer, e.Event)
	if errors.Is(err, errUnsaved) {
		if err := b.save(ctx); err != nil || b.waits(e) {
			return err
		}
		parcel, err = b.p.compose(ctx, b.composer, e.Event)
	}
	if err != nil {
		done, err := b.p.putOff(ctx, e, err)
		b.note(e, done)
		return err
	}
	b.composed, b.claimed = append(b.composed, Packed{e.Event, parcel}), append(b.claimed, e)
	b.unsaved[e.OrderKey] = true
	b.deliveries += len(parcel.Deliveries)
	for _, a := range parcel.Activities {
		b.bytes += len(a.Raw)
	}
	if b.deliveries < deliveriesAtOnce && b.bytes < bytesAtOnce {
		return nil
	}
	return b.save(ctx)
}

// save saves what is composed, in one transaction. Where that fails, each event
// is composed anew and saved by itself, in their order, so that none costs its
// neighbours anything.
func (b *batch) save(ctx context.Context) error {
	if len(b.composed) == 0 {
		return nil
	}
	composed, claimed := b.composed, b.claimed
	b.composed, b.claimed, b.deliveries, b.bytes = nil, nil, 0, 0
	clear(b.unsaved)
	err := b.p.save(ctx, composed)
	if err == nil || errors.Is(err, ErrLeaseLost) || ctx.Err() != nil {
		return err
	}
	b.composer = b.p.f.newComposer() // what it knew may be what failed
	for _, e := range claimed {
		if b.waits(e) {
			continue
		}
		done, err := b.p.publish(ctx, e)
		if err != nil {
			return err
		}
		b.note(e, done)
	}
	return nil
}

// waits says whether an event has to wait for an earlier one in its order key.
func (b *batch) waits(e ClaimedEvent) bool {
	first, some := b.waiting[e.OrderKey]
	return some && first < e.Seq
}

// note has what comes later in its order key wait for an event that is not done.
func (b *batch) note(e ClaimedEvent, done bool) {
	if first, some := b.waiting[e.OrderKey]; !done && (!some || e.Seq < first) {
		b.waiting[e.OrderKey] = e.Seq
	}
}
