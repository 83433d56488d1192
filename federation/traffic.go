package federation

import (
	"context"
	"time"
)

// TrafficDays is for how many days it is known how much passed between here and
// each server, today among them: as long as facts are kept.
const TrafficDays = 30

// Traffic is how many activities of a kind had one outcome on a day.
type Traffic struct {
	Day       string // of UTC, as 2006-01-02: when it came, or when sending it ended
	Direction string // Incoming or Outgoing
	Type      string // of the activity; OtherType for what is not ours to know
	Outcome   string // of an Activity that came in, or the state of a Delivery
	Reason    string // a stable short word, or "status 403" and its like
	Count     int
}

// OtherType stands for all types of activities that are not counted by name: a
// stranger may write anything there.
const OtherType = "other"

// CountedTypes are the types of activities that are counted by name.
var CountedTypes = []string{
	"Accept", "Add", "Announce", "Block", "Create", "Delete", "Flag", "Follow", "Like", "Lock", "Move", "Reject", "Remove", "Undo", "Update",
}

// TrafficQuery is of which server, "" for all together, and up to when.
type TrafficQuery struct {
	Domain string
	Now    time.Time
}

// QueueDay is how the queues were at their worst on a day.
type QueueDay struct {
	Day           string
	Queue         string // QueueIn or QueueOut
	OldestSeconds int    // how long the oldest that could have been worked on had waited
	Waiting       int
}

// Queues that are looked at. What waits for servers that do not answer, or that
// are paused, is no fault of the queue and does not count.
const (
	QueueIn  = "in"
	QueueOut = "out"
)

// TrafficStore keeps how much passed between here and each server.
type TrafficStore interface {
	// CountTraffic counts the first day that is over and was not counted, and says
	// whether there was one. A day is counted a day after its end, because what
	// came in may be retried.
	CountTraffic(ctx context.Context, now time.Time) (counted bool, err error)
	// Traffic is what passed in the last TrafficDays, in no order. Group and server
	// are added up.
	Traffic(ctx context.Context, q TrafficQuery) ([]Traffic, error)
	// SampleQueues looks how the queues are and keeps it where that is worse than
	// before on that day.
	SampleQueues(ctx context.Context, now time.Time) error
	// QueueDays are the days up to now on which anything was found waiting.
	QueueDays(ctx context.Context, now time.Time) ([]QueueDay, error)
}

// countTraffic counts the days that are over, and looks at the queues.
func (f *Federation) countTraffic(ctx context.Context) error {
	for {
		counted, err := f.store.CountTraffic(ctx, f.now())
		if err != nil {
			return err
		}
		if !counted {
			return f.store.SampleQueues(ctx, f.now())
		}
	}
}
