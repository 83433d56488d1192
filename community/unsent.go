package community

import (
	"context"
	"time"
)

// AskAfter is how long words may wait for a server before their author is asked
// whether they are still to go.
const AskAfter = 24 * time.Hour

// Why a post's words are held back from the server of its group.
const (
	UnsentAsked  = "ask"    // they waited for too long: their author is to say
	UnsentFailed = "failed" // this server could not make them ready: their author is to say
	UnsentLeft   = "left"   // their author left before they went, and came back: they are to say
	UnsentBehind = "behind" // what they answer is held back
	UnsentKept   = "kept"   // they stay here
)

// Unsent is a post whose words are held back from a host.
type Unsent struct {
	PostID   string
	Host     string
	AskAfter time.Time  // when they had waited for too long
	SentAt   *time.Time // when earlier words of it arrived there; nil: none did
}

// UnsentStore holds words back.
type UnsentStore interface {
	// HoldUnsent cancels what waits of posts that waited for too long by now, but
	// for lanes that somebody holds, and marks them as asked.
	HoldUnsent(ctx context.Context, now time.Time, limit int) ([]Unsent, error)
	// HoldBehind does so with answers to what is held back, and marks them as
	// behind it.
	HoldBehind(ctx context.Context, now time.Time, limit int) ([]Unsent, error)
	// FreedUnsent are those behind something that is no longer held back: free to
	// go, or, with stays, never to.
	FreedUnsent(ctx context.Context, stays bool, limit int) ([]Unsent, error)
	// MarkUnsent says why words are held back; empty: no longer.
	MarkUnsent(ctx context.Context, of []Unsent, why string) error
}
