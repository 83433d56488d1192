package federation_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// fetched is how requests for documents were signed.
func fetched(far *fedtest.Server) string {
	var ways []string
	for _, r := range far.Requests() {
		switch {
		case r.Err != nil:
			ways = append(ways, "forged")
		case isMessage(r.Header):
			ways = append(ways, "message")
		default:
			ways = append(ways, "draft")
		}
	}
	return strings.Join(ways, " ")
}

func TestHostIsAskedInTheOtherWayOnceADay(t *testing.T) {
	for _, c := range []struct {
		name            string
		refusal, answer int
		want            string // three documents at once, and one more a day later
		fault           federation.FetchFault
	}{
		{"one that takes RFC 9421 alone", 401, 200, "draft message message message draft message", ""},
		{"one that takes neither", 401, 401, "draft message draft draft draft message", federation.FetchRefused},
		{"one that fails at it", 401, 500, "draft message draft draft draft message", federation.FetchRefused},
		{"one that says 403 to all", 403, 200, "draft draft draft draft", federation.FetchRefused},
		{"one that does not have it", 401, 404, "draft message message message draft message", federation.FetchGone},
	} {
		far := fedtest.NewServer(t, "far.example")
		at := &clock{now: noon}
		far.World.SetClock(at.Now)
		fetcher := fetcherIn(far.World)
		for i := range 4 {
			path := fmt.Sprintf("/p/%d", i)
			far.Handle(path, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case !isMessage(r.Header):
					w.WriteHeader(c.refusal)
				case c.answer != 200:
					w.WriteHeader(c.answer)
				default:
					fedtest.Body(activityJSON, document(far.URL+path))(w, r)
				}
			})
			if i == 3 {
				at.pass(24 * time.Hour)
			}
			_, _, err := fetcher.Document(t.Context(), far.URL+path)
			if c.fault == "" && err != nil || c.fault != "" && !errors.Is(err, c.fault) {
				t.Errorf("%s: document %d: %v, want %q", c.name, i, err, c.fault)
			}
		}
		if got := fetched(far); got != c.want {
			t.Errorf("%s: asked by %s, want %s", c.name, got, c.want)
		}
	}
}
