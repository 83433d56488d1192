package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// Event is "this changed here and the world has not been told": a reference,
// never a snapshot. It is written in the transaction of the change; federation
// claims it by sequence within its order key and reads the present state.
type Event struct {
	Seq       int64
	ID        string
	Kind      string
	OrderKey  string // the thread for posts, the actor for follows and actors
	GroupID   *string
	PostID    *string
	AccountID *string
	AboutID   string
	CreatedAt time.Time
	NotBefore *time.Time
}

// Kinds of Event.
const (
	EventPostWritten    = "post_written"
	EventPostEdited     = "post_edited"
	EventPostDeleted    = "post_deleted"
	EventPostHidden     = "post_hidden"
	EventPostShown      = "post_shown"
	EventThreadLocked   = "thread_locked"
	EventThreadUnlocked = "thread_unlocked"
	EventThreadPinned   = "thread_pinned"
	EventThreadUnpinned = "thread_unpinned"
	EventJoined         = "joined"          // an account here asks to follow a group elsewhere
	EventLeft           = "left"            // and no longer does
	EventFollowAnswered = "follow_answered" // a follower elsewhere is in, or out
	EventFollowRefused  = "follow_refused"  // somebody elsewhere asked to follow a person here
	EventGroupChanged   = "group_changed"
	EventKeyChanged     = "key_changed"  // an actor here signs with another key
	EventAccountGone    = "account_gone" // an account here is no more

	// EventReportForwarded is about a Decision to send a report on.
	EventReportForwarded = "report_forwarded"
)

// AboutMended stands in AboutID where a post by somebody elsewhere was changed
// while it was hidden: it is about whatever brought their last change.
const AboutMended = "mended"

// AboutOwed stands in AboutID where a deletion is told to those alone that have the
// post and do not know of it yet: docs/decisions/0032-deletions-owed.md.
const AboutOwed = "owed"

func newEvent(now time.Time, kind, orderKey string) Event {
	return Event{ID: secret.NewID(now), Kind: kind, OrderKey: orderKey, CreatedAt: now}
}

// EventStore keeps what the world has not been told.
type EventStore interface {
	InsertEvent(ctx context.Context, e Event) error
	// InsertEvents is InsertEvent for several, in their order.
	InsertEvents(ctx context.Context, events []Event) error
	// OwedDeletions are deleted posts of accounts of here after an id that a host of a
	// domain (empty: any) has, or may have, and has not taken the deletion of; none of
	// whose deletion waits. Accounts that cannot sign any more are left out.
	OwedDeletions(ctx context.Context, domain, after string, limit int) ([]Post, error)
	// CancelDeliveries stops what has not yet gone out of the words of posts: it
	// belongs into the transaction that hides or deletes them, which are locked, and
	// there once, for it locks the lanes of all of them in their order.
	// Servers for which nothing of one was begun count as having nothing of it.
	CancelDeliveries(ctx context.Context, postIDs []string, now time.Time) error
	// BlankActivities erases the bytes of posts' activities, but for those that
	// are still to be delivered; after CancelDeliveries that is their deletion.
	BlankActivities(ctx context.Context, postIDs []string) error
}
