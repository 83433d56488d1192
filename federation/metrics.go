package federation

import (
	"context"
	"errors"
	"time"

	"hearth/federation/wire"
)

// Meter is told what happens in the queues as it happens. Every word that it is
// given is one of a few that stand in this package: never a name, an address or
// anybody's words, so that what is measured says nothing of anybody.
type Meter interface {
	// Received is a request to an inbox: with what outcome, and for what
	// reason where there is one.
	Received(outcome, reason string)
	// Handled is an activity that was taken from the inbox.
	Handled(outcome, reason string)
	// Delivered is one attempt to deliver.
	Delivered(outcome string, took time.Duration)
}

// Outcomes of a request to an inbox, besides Accepted, Refused and Ignored.
const (
	Duplicate = "duplicate" // had before; answered as if it were new
	Busy      = "busy"      // more waits than is let in
	Failed    = "failed"    // our own trouble
)

// Retried is the outcome of an activity that is put off.
const Retried = "retried"

// Reasons for which something is refused, besides those of a signature.
const (
	reasonSize     = "size"
	reasonShape    = "shape"
	reasonPolicy   = "policy"
	reasonIdentity = "identity" // it speaks for somebody else than who sent it
	reasonRules    = "rules"    // the group or person does not take it
)

// errDuplicate is what was had before. The sender is not told.
var errDuplicate = errors.New("federation: had before")

// errKept is what was refused after it was verified, and kept as a fact; the
// sender is not told.
var errKept = errors.New("federation: kept as refused")

// errFarewell is the end of somebody we never heard of.
var errFarewell = errors.New("federation: nobody we knew")

// measured is what is counted of an error of Receive.
func measured(err error) (outcome, reason string) {
	var shape wire.Error
	var unwanted NotWanted
	var signature *Refusal
	switch {
	case err == nil:
		return Accepted, ""
	case errors.Is(err, errDuplicate):
		return Duplicate, ""
	case errors.Is(err, errFarewell):
		return Ignored, ""
	case errors.Is(err, errKept):
		return Refused, reasonPolicy
	case errors.As(err, &signature): // before what is under it, which is of its key
		return Refused, string(signature.Reason)
	case errors.Is(err, ErrTooLarge):
		return Refused, reasonSize
	case errors.As(err, &unwanted) && unwanted.Reason == reasonPolicy:
		return Refused, reasonPolicy
	case errors.As(err, &unwanted):
		return Refused, reasonIdentity
	case errors.As(err, &shape):
		return Refused, reasonShape
	case errors.Is(err, ErrBusy), errors.Is(err, ErrCrowded):
		return Busy, ""
	case errors.Is(err, ErrUnread):
		return Ignored, ""
	}
	return Failed, ""
}

// tellSender is what of an error of receiving the sender is told.
func tellSender(err error) error {
	if errors.Is(err, errDuplicate) || errors.Is(err, errKept) || errors.Is(err, errFarewell) {
		return nil
	}
	return err
}

// measuredOutcome is what is counted of an activity that was handled.
func measuredOutcome(o Outcome) (outcome, reason string) {
	if !o.RetryAt.IsZero() {
		return Retried, ""
	}
	if o.Outcome != Refused {
		return o.Outcome, ""
	}
	switch o.Reason {
	case "policy", "inner_policy":
		return Refused, reasonPolicy
	case "unreadable":
		return Refused, reasonShape
	case "fetch_failed", "gave_up", "fault":
		return Refused, o.Reason
	}
	return Refused, reasonRules
}

// attempted are the words for what an attempt to deliver came to.
var attempted = [...]string{
	arrived: "arrived", declined: "declined", faulty: "faulty", unreached: "unreached", unsigned: "unsigned", unsendable: "unsendable",
}

func (v verdict) String() string { return attempted[v] }

// noMeter measures nothing.
type noMeter struct{}

func (noMeter) Received(string, string)         {}
func (noMeter) Handled(string, string)          {}
func (noMeter) Delivered(string, time.Duration) {}

// Figures are how full the queues are: the same on every node. Counts end at
// 100,000.
type Figures struct {
	InboxWaiting      int
	InboxAge          time.Duration // of the activity that has waited longest untried
	DeliveriesWaiting int
	LanesWaiting      int // servers that something waits for
	LanesFailing      int // of these, or of all, those that take nothing now
	LanesDead         int // and those that have not for DeadAfterDays
	LanesPaused       int
	EventsWaiting     int
	EventsAge         time.Duration
	KeysReady         int // in the pool
}

// QueueFigures are the parts of Figures that one read gives.
type QueueFigures struct {
	DeliveriesWaiting, LanesWaiting, LanesFailing, LanesDead, LanesPaused, EventsWaiting int

	EventsOldest *time.Time
}

// FigureStore counts what waits.
type FigureStore interface {
	// QueueFigures counts what is due by now and what waits, bounded.
	QueueFigures(ctx context.Context, now time.Time) (QueueFigures, error)
}

// Figures reads how full the queues are.
func (f *Federation) Figures(ctx context.Context) (Figures, error) {
	q, err := f.store.QueueFigures(ctx, f.now())
	if err != nil {
		return Figures{}, err
	}
	all := Figures{
		DeliveriesWaiting: q.DeliveriesWaiting, LanesWaiting: q.LanesWaiting, LanesFailing: q.LanesFailing, LanesDead: q.LanesDead,
		LanesPaused: q.LanesPaused, EventsWaiting: q.EventsWaiting, EventsAge: f.age(q.EventsOldest),
	}
	var oldest time.Time
	if all.InboxWaiting, oldest, err = f.incomingBacklog(ctx); err != nil {
		return Figures{}, err
	}
	all.InboxAge = f.age(&oldest)
	all.KeysReady, err = f.store.CountPooledKeys(ctx)
	return all, err
}

func (f *Federation) age(since *time.Time) time.Duration {
	if since == nil || since.IsZero() {
		return 0
	}
	return max(f.now().Sub(*since), 0)
}
