package community

import (
	"context"
	"time"
)

// ServerState is how things stand with another server.
type ServerState struct {
	Domain       string
	Refused      bool       // by a policy here: no traffic either way
	NoNewFollows bool       // by a policy here
	LastHeardAt  *time.Time // when something verified last came from it; nil for never
	FailingSince *time.Time // since when it does not answer; nil where it does
	CutSince     time.Time  // when a decision here ended contact with it; the zero time where none did
	KeptUntil    time.Time  // and until when that can be taken back, with what it cut
}

// ServerState says how things stand with a server that a page tells of.
func (s *Service) ServerState(ctx context.Context, domain string) (ServerState, error) {
	state, epoch, err := s.store.ServerState(ctx, domain)
	if err != nil {
		return ServerState{}, err
	}
	policies, err := s.policiesOf(ctx, epoch)
	if err != nil {
		return ServerState{}, err
	}
	verdict := policies.Judge(domain)
	state.Domain, state.Refused, state.NoNewFollows = domain, verdict.Refused(), verdict.NoNewFollows
	if p, decided := policies.Decisive(domain); decided && p.SuspendedAt != nil {
		state.CutSince, state.KeptUntil = *p.SuspendedAt, FrozenUntil(p)
	}
	return state, nil
}
