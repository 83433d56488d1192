package federation

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"
)

// Topics that nodes wake each other by.
const (
	topicEvents = "events"
	topicLanes  = "lanes"
	topicInbox  = "inbox"
)

// Bell wakes the workers of other nodes. What it loses is found by their slow poll.
type Bell interface {
	// Attend shows the other nodes that this one lives, until Listen goes on with
	// it. What is leased before cannot be told from what a dead node leased.
	Attend(ctx context.Context) error
	// Ring tells all nodes of some topics.
	Ring(ctx context.Context, topics string) error
	// Listen calls heard for what other nodes ring, until its context ends.
	Listen(ctx context.Context, heard func(topics string)) error
}

// BellStore says when there is work.
type BellStore interface {
	// Bell is nil on an engine that only one node works on.
	Bell() Bell
	// OnEvent has fn called after every commit of an event.
	OnEvent(fn func())
}

// wakes wake this node's workers at once and other nodes' soon.
type wakes struct {
	events, lanes, inbox chan struct{}
	asking               chan struct{} // of this node alone: it was here that something was too old
	strays               chan struct{} // of this node alone: it was here that a group was found changed
	jobs, chores         chan struct{} // of this node alone: others find them by their slow poll
	bell                 Bell
	ring                 chan string
}

func newWakes(bell Bell) wakes {
	bit := func() chan struct{} { return make(chan struct{}, 1) }
	return wakes{events: bit(), lanes: bit(), inbox: bit(), asking: bit(), strays: bit(), jobs: bit(), chores: bit(), bell: bell, ring: make(chan string, 64)}
}

// WakePublisher says that an event waits.
func (f *Federation) WakePublisher() { f.wakes.wake(topicEvents) }

// WakeDeliverer says that a lane is due.
func (f *Federation) WakeDeliverer() { f.wakes.wake(topicLanes) }

// WakeInbox says that an activity came in.
func (f *Federation) WakeInbox() { f.wakes.wake(topicInbox) }

func (w *wakes) wake(topic string) {
	w.here(topic)
	if w.bell == nil {
		return
	}
	select {
	case w.ring <- topic:
	default: // the bell is about to ring anyway
	}
}

// here wakes the workers of this node.
func (w *wakes) here(topics string) {
	for topic := range strings.SplitSeq(topics, ",") {
		switch topic {
		case topicEvents:
			signal(w.events)
		case topicLanes:
			signal(w.lanes)
		case topicInbox:
			signal(w.inbox)
		}
	}
}

func signal(bit chan struct{}) {
	select {
	case bit <- struct{}{}:
	default:
	}
}

// ringEvery is how often a node rings at most: a notification for every commit
// would halve the commits.
const ringEvery = 50 * time.Millisecond

// ringBell passes wakes on to other nodes, many as one.
func (f *Federation) ringBell(ctx context.Context) {
	if f.wakes.bell == nil {
		return
	}
	for {
		var topics []string
		select {
		case topic := <-f.wakes.ring:
			topics = append(topics, topic)
		case <-ctx.Done():
			return
		}
		if !pause(ctx, ringEvery) {
			return
		}
		topics = f.wakes.drain(topics)
		if err := f.wakes.bell.Ring(ctx, strings.Join(topics, ",")); err != nil && ctx.Err() == nil {
			f.config.Log.Warn().Err(err).Msg("other nodes were not woken")
		}
	}
}

func (w *wakes) drain(topics []string) []string {
	seen := map[string]bool{topics[0]: true}
	for {
		select {
		case topic := <-w.ring:
			if !seen[topic] {
				seen[topic], topics = true, append(topics, topic)
			}
		default:
			return topics
		}
	}
}

// hearBell wakes this node's workers when another rings, and listens again
// after a while where the connection was cut.
func (f *Federation) hearBell(ctx context.Context) {
	for f.wakes.bell != nil {
		err := f.wakes.bell.Listen(ctx, f.wakes.here)
		if ctx.Err() != nil || !pause(ctx, jittered(time.Second)) {
			return
		}
		f.config.Log.Warn().Err(err).Msg("the other nodes were not heard for a moment")
		f.wakes.here(topicEvents + "," + topicLanes + "," + topicInbox)
	}
}

// pause waits, and says whether the context still holds after it.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// jittered is d and up to a quarter more, so that not all come at once.
func jittered(d time.Duration) time.Duration {
	return d + rand.N(d/4+1)
}
