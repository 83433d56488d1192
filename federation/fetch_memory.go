package federation

import (
	"errors"
	"sync"
	"time"

	"hearth/federation/wire"
)

// How long a failure is remembered. What never answered is its whole host's
// failure, anything else the URL's.
const (
	silentHostFor    = time.Minute
	goneFor          = time.Hour
	notFoundFor      = time.Minute // it may be on its way
	refusedFor       = 5 * time.Minute
	unreachableFor   = time.Minute
	maxFailures      = 10_000
	maxFailureMemory = time.Hour
)

// memory keeps failures until they expire, and never more than maxFailures
// (CVE-2026-69132).
type memory struct {
	mu       sync.Mutex
	failures map[string]failure
}

type failure struct {
	err   *FetchError
	until time.Time
}

// recall gives the failure that still stands for url or for its host.
func (m *memory) recall(url string, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range []string{url, hostOf(url)} {
		if past, ok := m.failures[key]; ok && now.Before(past.until) {
			return past.err
		}
	}
	return nil
}

// forget has a URL asked for again that failed: its server was heard of since.
func (m *memory) forget(url string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.failures, url)
}

// note keeps err if it is one to remember. A fetch that got through forgets
// what was held against its host.
func (m *memory) note(url string, err error, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		delete(m.failures, url)
		delete(m.failures, hostOf(url))
		return
	}
	var fault *FetchError
	if !errors.As(err, &fault) {
		return
	}
	key, lasts := fault.memory(url)
	if lasts == 0 {
		return
	}
	m.makeRoom(now)
	m.failures[key] = failure{fault, now.Add(lasts)}
}

func (m *memory) makeRoom(now time.Time) {
	if m.failures == nil {
		m.failures = map[string]failure{}
	}
	if len(m.failures) < maxFailures {
		return
	}
	for key, past := range m.failures {
		if !now.Before(past.until) {
			delete(m.failures, key)
		}
	}
	for key := range m.failures {
		if len(m.failures) < maxFailures {
			return
		}
		delete(m.failures, key)
	}
}

// memory says under which key an error is kept, and for how long.
func (e *FetchError) memory(url string) (key string, lasts time.Duration) {
	var ours *unsent
	switch {
	case errors.As(e.Err, &ours):
		return "", 0
	case e.Fault == FetchUnreachable && e.Status == 0:
		return hostOf(e.URL), silentHostFor
	case e.Fault == FetchUnreachable:
		return url, min(max(e.RetryAfter, unreachableFor), maxFailureMemory)
	case e.Fault == FetchGone && e.Status == 410:
		return url, goneFor
	case e.Fault == FetchGone:
		return url, notFoundFor
	}
	return url, refusedFor
}

// hostOf is empty for what is no URL, which is then never asked for.
func hostOf(url string) string {
	origin, err := wire.ParseIRI(url, wire.IRIOptions{Development: true})
	if err != nil {
		return ""
	}
	return origin.String()
}
