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
}

// ServerState says how things stand with a server that a page tells of.
func (s *Service) ServerState(ctx context.Context, domain string) (ServerState, error) {
	policies, err := s.Policies(ctx)
	if err != nil {
		return ServerState{}, err
	}
	state, err := s.store.ServerState(ctx, domain)
	verdict := policies.Judge(domain)
	state.Domain, state.Refused, state.NoNewFollows = domain, verdict.Refused(), verdict.NoNewFollows
	return state, err
}
