package federation

import (
	"context"
	"sync"
)

// perHost is how many fetches a host has from us at once.
const perHost = 4

// turns hands out perHost places for every host. It keeps no host that nobody
// waits for (CVE-2026-69132).
type turns struct {
	mu    sync.Mutex
	hosts map[string]*turn
}

type turn struct {
	free  chan struct{}
	users int
}

// enter waits for a place at host until ctx ends.
func (t *turns) enter(ctx context.Context, host string) (leave func(), err error) {
	own := t.join(host)
	select {
	case own.free <- struct{}{}:
		return func() { <-own.free; t.part(host, own) }, nil
	case <-ctx.Done():
		t.part(host, own)
		return nil, &unsent{ctx.Err()}
	}
}

func (t *turns) join(host string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hosts == nil {
		t.hosts = map[string]*turn{}
	}
	if t.hosts[host] == nil {
		t.hosts[host] = &turn{free: make(chan struct{}, perHost)}
	}
	t.hosts[host].users++
	return t.hosts[host]
}

func (t *turns) part(host string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(t.hosts, host)
	}
}
