package community

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"hearth/community/policy"
	"hearth/community/secret"
)

// Service is everything that may happen in a hearth. Pages, inboxes, jobs and
// the command line all go through it.
type Service struct {
	store     Store
	now       func() time.Time
	passwords *secret.Passwords
	policies  atomic.Pointer[policy.Snapshot]
	epochs    *epochReader // nil inside of a transaction, which sees its own
}

// Option changes a Service's defaults, for tests.
type Option func(*Service)

// WithClock sets the business clock; the default is the machine's.
func WithClock(now func() time.Time) Option {
	return func(s *Service) { s.now = func() time.Time { return now().UTC().Truncate(time.Microsecond) } }
}

// WithPasswords sets how passwords are hashed.
func WithPasswords(p *secret.Passwords) Option {
	return func(s *Service) { s.passwords = p }
}

// NewService returns a Service over a Store.
func NewService(store Store, opts ...Option) *Service {
	s := &Service{store: store}
	s.epochs = newEpochReader(func(ctx context.Context) (int64, error) { return s.store.PolicyEpoch(ctx) })
	WithClock(time.Now)(s)
	for _, o := range opts {
		o(s)
	}
	if s.passwords == nil {
		s.passwords = secret.NewPasswords()
	}
	return s
}

// Within is the Service inside of a transaction that somebody else opened and
// ends: its own transactions are parts of that one.
func (s *Service) Within(tx Store) *Service {
	return &Service{store: tx, now: s.now, passwords: s.passwords}
}

// Now is the business clock: UTC, microseconds.
func (s *Service) Now() time.Time { return s.now() }

// Site is what this instance is; NotFound before setup.
func (s *Service) Site(ctx context.Context) (Site, error) { return s.store.Site(ctx) }

func isNotFound(err error) bool { return errors.Is(err, NotFound) }
