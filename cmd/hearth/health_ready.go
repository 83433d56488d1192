package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// readyMemory is how long an answer of /readyz is good for, so that whoever asks
// often costs the database nothing; readyPatience how long the database may take.
const (
	readyMemory   = time.Second
	readyPatience = 2 * time.Second
)

// readyStore is what a node stands on.
type readyStore interface {
	Answers(ctx context.Context) error
	Migrated(ctx context.Context) (bool, error)
}

// readiness is whether a node can answer people. A hearth that waits to be set
// up can.
type readiness struct {
	store    readyStore
	now      func() time.Time
	patience time.Duration
	stopping atomic.Bool

	mu      sync.Mutex
	failing []string
	until   time.Time
}

func newReadiness(store readyStore) *readiness {
	return &readiness{store: store, now: time.Now, patience: readyPatience}
}

// stop has it say no from now on.
func (r *readiness) stop() { r.stopping.Store(true) }

// check is web.Readiness.
func (r *readiness) check(ctx context.Context) []string {
	if r.stopping.Load() {
		return []string{"stopping"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now().Before(r.until) {
		return r.failing
	}
	// Whoever asked may hang up: the answer is for all who ask.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.patience)
	defer cancel()
	r.failing = r.ask(asking)
	r.until = r.now().Add(readyMemory)
	return r.failing
}

func (r *readiness) ask(ctx context.Context) []string {
	if r.store.Answers(ctx) != nil {
		return []string{"database"}
	}
	if done, err := r.store.Migrated(ctx); err != nil || !done {
		return []string{"migrations"}
	}
	return nil
}
