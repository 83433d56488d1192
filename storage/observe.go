package storage

import (
	"context"

	"github.com/uptrace/bun"
)

// Observed is the same store, telling a function of each statement before it
// runs: for tests and measurements that count them.
func (s *Store) Observed(tell func(statement string)) *Store {
	return s.ObservedFor(func(_ context.Context, statement string) { tell(statement) })
}

// ObservedFor is Observed, telling for whom too: the context of who asked.
func (s *Store) ObservedFor(tell func(ctx context.Context, statement string)) *Store {
	hook := observer(tell)
	observed := *s
	observed.tell = tell
	observed.write = s.write.(*bun.DB).WithQueryHook(hook)
	observed.read = s.read.(*bun.DB).WithQueryHook(hook)
	return &observed
}

type observer func(ctx context.Context, statement string)

// BeforeQuery is bun's call before a statement.
func (o observer) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	o(ctx, e.Query)
	return ctx
}

// AfterQuery is bun's call after it.
func (o observer) AfterQuery(context.Context, *bun.QueryEvent) {}

// observe tells of a statement that bun does not see.
func (s *Store) observe(ctx context.Context, statement string) {
	if s.tell != nil {
		s.tell(ctx, statement)
	}
}
