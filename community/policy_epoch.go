package community

import (
	"context"
	"errors"
	"sync"
)

// epochReadsAtOnce is how many reads of the policy epoch are under way at most: one
// that is slow keeps not all from going on.
const epochReadsAtOnce = 2

// epochReader reads the policy epoch once for all who ask while epochReadsAtOnce
// others do. Each gets what a read found that began after they asked, so that what
// an admin decided before then is in it.
type epochReader struct {
	read func(context.Context) (int64, error)
	turn chan struct{} // has a place for each read that is under way

	mu   sync.Mutex
	next *epochRead // what those who ask now wait for; nil until somebody asks
}

// epochRead is one read; epoch and err are to be looked at once it is done.
type epochRead struct {
	done  chan struct{}
	epoch int64
	err   error
}

var errNotRead = errors.New("community: the policy epoch was not read")

func newEpochReader(read func(context.Context) (int64, error)) *epochReader {
	return &epochReader{read: read, turn: make(chan struct{}, epochReadsAtOnce)}
}

// epoch is the present one. Whoever asks first reads it for those who join them;
// where that fails, each of these reads for themselves, since it may have failed
// because the first one went away.
func (r *epochReader) epoch(ctx context.Context) (int64, error) {
	read, first := r.join()
	if first {
		r.lead(ctx, read)
		return read.epoch, read.err
	}
	select {
	case <-read.done:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if read.err != nil {
		return r.read(ctx)
	}
	return read.epoch, nil
}

func (r *epochReader) join() (read *epochRead, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil {
		r.next, first = &epochRead{done: make(chan struct{}), err: errNotRead}, true
	}
	return r.next, first
}

// lead waits for its turn, and then reads for all who joined meanwhile.
func (r *epochReader) lead(ctx context.Context, read *epochRead) {
	defer close(read.done)
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
		r.depart()
		read.epoch, read.err = r.read(ctx)
	case <-ctx.Done():
		r.depart()
		read.err = ctx.Err()
	}
}

// depart has those who ask from now on wait for the read after this one.
func (r *epochReader) depart() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = nil
}
