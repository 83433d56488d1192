package federation

import (
	"fmt"
	"time"
)

// FetchFault says what became of a fetch, as far as its caller acts on it. Each
// is itself an error: errors.Is(err, federation.FetchGone).
type FetchFault string

// What a fetch can end in besides a document.
const (
	// FetchGone is 404 or 410: there is nothing there, or no longer.
	FetchGone FetchFault = "gone"
	// FetchRefused is a fetch that either side does not want: an address that
	// we do not go to, or a 4xx.
	FetchRefused FetchFault = "refused"
	// FetchUnreachable is everything that may be better later: no connection,
	// no answer in time, 429 and 5xx.
	FetchUnreachable FetchFault = "unreachable"
	// FetchNotAcceptable is an answer that we do not take for a document: of
	// another content type, too long, not under its own id, after too many
	// redirects.
	FetchNotAcceptable FetchFault = "not acceptable"
)

func (f FetchFault) Error() string { return string(f) }

// FetchError is what every fetch fails with. Status is the last answer's, 0
// without one. RetryAfter is what a 429 or 503 asked for, at most a day.
type FetchError struct {
	Fault      FetchFault
	URL        string
	Status     int
	RetryAfter time.Duration
	Err        error
}

func (e *FetchError) Error() string {
	text := fmt.Sprintf("federation: fetch %s: %s", e.URL, e.Fault)
	if e.Status != 0 {
		text += fmt.Sprintf(": status %d", e.Status)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives errors.Is both the fault and what lies under it.
func (e *FetchError) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Fault}
	}
	return []error{e.Fault, e.Err}
}

// unsent is under the errors of fetches that failed for reasons of our own: no
// host is to blame for them.
type unsent struct{ err error }

func (u *unsent) Error() string { return u.err.Error() }
func (u *unsent) Unwrap() error { return u.err }
