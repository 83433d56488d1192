package federation

import (
	"context"
	"time"

	"hearth/community"
)

// ClaimedEvent is an event with how often it was tried.
type ClaimedEvent struct {
	community.Event
	Attempts int
}

// OutboxStore turns what happened here into what is sent.
type OutboxStore interface {
	// ClaimEvents gives the first events that are due, in order; one that waits
	// holds back those behind it in its order key. It takes the one publisher's
	// lease where there is something to do under it: NotFound while another node
	// publishes. held is the token of the lease that the caller has, if any: it is
	// given back as it is, since whatever is written under it renews it, or finds
	// that it is lost.
	ClaimEvents(ctx context.Context, held string, now time.Time, limit int) (token string, events []ClaimedEvent, err error)
	// SaveOutgoing stores a parcel and the end of its event, all or nothing, and
	// makes the lanes due. What was saved before is not saved twice. Each
	// activity is kept as finished: its deliveries are what waits. ErrLeaseLost
	// when another node publishes by now; Conflict when the post that the parcel
	// was made from is another by now, and nobody changes it until this is done.
	SaveOutgoing(ctx context.Context, token string, e community.Event, p Parcel) error
	// SaveOutgoings is SaveOutgoing of several events, in their order and all or
	// none of them: Conflict when any of their posts or audiences is another by
	// now. They have one time, the first one's.
	SaveOutgoings(ctx context.Context, token string, all []Packed) error
	// DelayEvent counts a failed try and puts the event off.
	DelayEvent(ctx context.Context, token string, seq int64, until time.Time) error
	// ReleaseEvents lets another node publish.
	ReleaseEvents(ctx context.Context, token string) error
}
