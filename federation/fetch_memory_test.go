package federation

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// CVE-2026-69132: what was kept of a host never expired.
func TestCVE202669132FailuresAreKeptWithinBounds(t *testing.T) {
	var failed memory
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	gone := &FetchError{Fault: FetchGone, Status: 410}
	for n := range maxFailures + 100 {
		failed.note(fmt.Sprintf("https://far.example/%d", n), gone, now)
	}
	if n := len(failed.failures); n > maxFailures {
		t.Errorf("%d failures are kept, want at most %d", n, maxFailures)
	}
	later := now.Add(goneFor)
	failed.note("https://far.example/later", gone, later)
	if n := len(failed.failures); n != 1 {
		t.Errorf("%d are kept when all but one have expired, want 1", n)
	}
	if err := failed.recall("https://far.example/later", later); !errors.Is(err, FetchGone) {
		t.Errorf("the one says %v, want %v", err, FetchGone)
	}
}
