package federation

import (
	"context"
	"errors"
	"io"
	"sync"
)

// How much of one source may be under way at once: bodies that are read, which
// hold up to MaxDocument each, and keys that are fetched for it
// (docs/decisions/0031).
const (
	readsOfOne   = 32
	fetchesOfOne = 8
)

var (
	// ErrCrowded is our own trouble: its source sends more at once than we read.
	ErrCrowded = errors.New("federation: too many requests of one source")
	// ErrUnread is a body that ended, or was given up, before it was whole.
	ErrUnread = errors.New("federation: the body did not come")
)

// crowd lets in so many of one source at once. Whoever is let in may take as
// long as they like; the others are told at once to come later, so that who
// sends slowly is in nobody's way but their own.
type crowd struct {
	most int

	mu     sync.Mutex
	inside map[string]int // by source: none of whom nobody is inside (CVE-2026-69132)
}

func newCrowd(most int) *crowd { return &crowd{most: most, inside: map[string]int{}} }

// enter says whether one more of a source is let in. Where the source is not
// known, everybody is.
func (c *crowd) enter(source string) (leave func(), ok bool) {
	if source == "" {
		return func() {}, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside[source] >= c.most {
		return nil, false
	}
	c.inside[source]++
	return func() { c.leave(source) }, true
}

func (c *crowd) leave(source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inside[source]--; c.inside[source] == 0 {
		delete(c.inside, source)
	}
}

// readBody reads what is posted to an inbox, of one source so much at once.
// Errors: ErrCrowded, ErrTooLarge, ErrUnread.
func (f *Federation) readBody(ctx context.Context, body io.Reader) ([]byte, error) {
	leave, ok := f.readers.enter(sourceOf(ctx))
	if !ok {
		return nil, ErrCrowded
	}
	defer leave()
	read, err := ReadDocument(body)
	if err != nil && !errors.Is(err, ErrTooLarge) {
		return nil, errors.Join(ErrUnread, err)
	}
	return read, err
}
