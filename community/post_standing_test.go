package community

import (
	"testing"
	"time"
)

func TestAPostStandsWhereItIsKnownToStand(t *testing.T) {
	at := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		in   Standing
		want string
	}{
		{"nothing is known", Standing{}, StandingSending},
		{"its server does not answer", Standing{UnreachableSince: &at}, StandingUnreachable},
		{"its server has it", Standing{SentAt: &at, UnreachableSince: &at}, StandingReceived},
		{"its server said no", Standing{SentAt: &at, Refused: "status_403"}, StandingRefused},
		{"it was passed on, whatever was said before", Standing{ShownAt: &at, Refused: "status_403"}, StandingShown},
	} {
		if got := c.in.State(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
