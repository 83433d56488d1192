package federation

import (
	"context"
	"sync"
	"time"
)

// heardEvery is how often at most it is written down that a server was heard.
const heardEvery = time.Minute

// maxHeard bounds the servers that are remembered for that (CVE-2026-69132).
const maxHeard = 10_000

// heard remembers when each server was last written down as heard from.
type heard struct {
	mu sync.Mutex
	at map[string]hearing
}

// hearing is a request that was written down, and whether it had a failing lane
// tried again.
type hearing struct {
	at      time.Time
	revived bool
}

// isNews says whether a server was not written down lately, and that it is now.
func (h *heard) isNews(domain string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if last, ok := h.at[domain]; ok && now.Sub(last.at) < heardEvery {
		return false
	}
	if h.at == nil || len(h.at) >= maxHeard {
		h.at = map[string]hearing{}
	}
	h.at[domain] = hearing{at: now}
	return true
}

// revives notes that what was heard of a server had its lane tried again.
func (h *heard) revives(domain string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[domain] = hearing{now, true}
}

// fails has the next request of a server whose lane failed count as news, so
// that it is tried again as soon as it is back. Not if it was tried again
// already because it was heard: one that sends and takes nothing would be tried
// with all that it sends.
func (h *heard) fails(domain string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.at[domain].revived {
		delete(h.at, domain)
	}
}

// heardFrom notes a verified request of a server: it lives, so what waits for
// it is tried again.
func (f *Federation) heardFrom(ctx context.Context, domain string) {
	now := f.now()
	if !f.heard.isNews(domain, now) {
		return
	}
	err := f.store.NoteHeard(ctx, domain, now)
	if err == nil {
		err = f.reviveLane(ctx, domain, now)
	}
	if err != nil {
		f.config.Log.Warn().Err(err).Str("domain", domain).Msg("not noted as heard from")
	}
}

func (f *Federation) reviveLane(ctx context.Context, domain string, now time.Time) error {
	revived, err := f.store.ReviveLane(ctx, domain, now)
	if revived {
		f.heard.revives(domain, now)
		f.WakeDeliverer()
	}
	return err
}
