package federation

import (
	"context"
	"errors"
)

// batch is the events of one claim that are composed and not saved yet.
type batch struct {
	*composer
	p          *publisher
	waiting    map[string]bool // order keys that something waits in
	composed   []Packed
	claimed    []ClaimedEvent // of what is composed
	deliveries int
}

func (p *publisher) newBatch() *batch {
	return &batch{composer: p.f.newComposer(), p: p, waiting: map[string]bool{}}
}

// add composes an event. One that fails waits, and those behind it in its order
// key with it.
func (b *batch) add(ctx context.Context, e ClaimedEvent) error {
	if b.waiting[e.OrderKey] {
		return nil
	}
	parcel, err := b.p.compose(ctx, b.composer, e.Event)
	if errors.Is(err, errUnsaved) {
		if err := b.save(ctx); err != nil || b.waiting[e.OrderKey] {
			return err
		}
		parcel, err = b.p.compose(ctx, b.composer, e.Event)
	}
	if err != nil {
		done, err := b.p.putOff(ctx, e, err)
		b.waiting[e.OrderKey] = !done
		return err
	}
	b.composed, b.claimed = append(b.composed, Packed{e.Event, parcel}), append(b.claimed, e)
	b.unsaved[e.OrderKey] = true
	if b.deliveries += len(parcel.Deliveries); b.deliveries < deliveriesAtOnce {
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
	b.composed, b.claimed, b.deliveries = nil, nil, 0
	clear(b.unsaved)
	err := b.p.save(ctx, composed)
	if err == nil || errors.Is(err, ErrLeaseLost) || ctx.Err() != nil {
		return err
	}
	b.composer = b.p.f.newComposer() // what it knew may be what failed
	for _, e := range claimed {
		if b.waiting[e.OrderKey] {
			continue
		}
		done, err := b.p.publish(ctx, e)
		if err != nil {
			return err
		}
		b.waiting[e.OrderKey] = !done
	}
	return nil
}
