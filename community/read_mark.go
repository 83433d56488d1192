package community

import (
	"context"
	"time"
)

// ReadMarkStore keeps how far a person has read each thread.
type ReadMarkStore interface {
	// SaveReadMark moves a mark forward, never back.
	SaveReadMark(ctx context.Context, userID, threadID string, until time.Time) error
}

// MarkRead notes that the person has seen a page of a thread: one row, and only
// when the page had something that their mark does not know. Visitors have no
// marks.
func (s *Service) MarkRead(ctx context.Context, v Viewer, view ThreadView) error {
	if v.User == nil || view.ReadTo == nil {
		return nil
	}
	return s.store.SaveReadMark(ctx, v.User.ID, view.Root.ID, *view.ReadTo)
}

// readTo is how far a reader has read after seeing a page; nil where that is
// nothing new.
func readTo(seen PostSeen, posts []PostView) *time.Time {
	if len(posts) == 0 {
		return nil
	}
	newest := posts[0].ReceivedAt
	for _, p := range posts {
		if p.ReceivedAt.After(newest) {
			newest = p.ReceivedAt
		}
	}
	if seen.ReadUntil != nil && !newest.After(*seen.ReadUntil) {
		return nil
	}
	return &newest
}
