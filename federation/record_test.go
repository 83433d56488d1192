package federation_test

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// record is what a loop of the hearth came past, in its order.
type record struct {
	what string
	mu   sync.Mutex
	past []string
	more chan struct{}
}

func newRecord(what string) *record {
	return &record{what: what, more: make(chan struct{}, 10_000)}
}

func (r *record) add(name string) {
	r.mu.Lock()
	r.past = append(r.past, name)
	r.mu.Unlock()
	r.more <- struct{}{}
}

// await waits for n more, and gives all.
func (r *record) await(t testing.TB, n int) []string {
	t.Helper()
	for range n {
		select {
		case <-r.more:
		case <-time.After(20 * time.Second):
			t.Fatalf("only %v was %s", r.all(), r.what)
		}
	}
	return r.all()
}

func (r *record) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.past)
}

// eventually looks until something is so, for what nobody rings a bell about; not
// says what is, where it is not.
func eventually(t testing.TB, not func() string, is func() bool) {
	t.Helper()
	look, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer look.Stop()
	for !is() {
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("after a minute: %s", not())
		}
	}
}
