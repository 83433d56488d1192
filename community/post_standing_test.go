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
		{"its server has it for long", Standing{SentAt: &at, Late: true}, StandingOverdue},
		{"its server said no", Standing{Refused: "403"}, StandingRefused},
		{"its group said no after its server took it", Standing{SentAt: &at, Late: true, RejectedAt: &at}, StandingRefused},
		{"it was passed on after a no", Standing{SentAt: &at, ShownAt: &at, RejectedAt: &at}, StandingShown},
		{"this server does not talk with it", Standing{Refused: RefusedHere, UnreachableSince: &at}, StandingBarred},
		{"it was passed on, whatever was said before", Standing{ShownAt: &at, Refused: "403"}, StandingShown},
		{"it could not be made ready", Standing{Unsent: UnsentFailed}, StandingFailed},
		{"its author left before it went", Standing{Unsent: UnsentLeft}, StandingLeft},
		{"a change of it could not be made ready", Standing{Unsent: UnsentFailed, SentAt: &at, ShownAt: &at}, StandingFailed},
		{"it was passed on, and its server is refused since", Standing{SentAt: &at, ShownAt: &at, Cut: true}, StandingCut},
		{"a change waits, and its server is refused since", Standing{SentAt: &at, Unsent: UnsentAsked, Cut: true}, StandingCut},
		{"its group said no, and its server is refused since", Standing{SentAt: &at, RejectedAt: &at, Cut: true}, StandingRefused},
		{"an admin dropped it", Standing{Refused: RefusedDropped, UnreachableSince: &at}, StandingDropped},
		{"an admin dropped a change of it", Standing{Refused: RefusedDropped, SentAt: &at, ShownAt: &at}, StandingDropped},
		{"it waits, and its server is refused since", Standing{UnreachableSince: &at, Cut: true}, StandingBarred},
		{"its author is asked, and its server is refused since", Standing{Unsent: UnsentAsked, Cut: true}, StandingBarred},
		{"its author keeps it, and its server is refused since", Standing{Unsent: UnsentKept, Cut: true}, StandingKept},
		{"its server said no and is refused since", Standing{Refused: "403", Cut: true}, StandingRefused},
		{"it was passed on late", Standing{SentAt: &at, ShownAt: &at, Late: true}, StandingShown},
	} {
		if got := c.in.State(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestARefusalSaysWhatItsStatusSays(t *testing.T) {
	for status, want := range map[string]string{
		"401": WhyNotAllowed, "403": WhyNotAllowed, "404": WhyUnknown, "410": WhyUnknown,
		"400": WhyFaulty, "413": WhyFaulty, "422": WhyFaulty, "500": WhyFailing, "302": WhyFailing,
		"0": "", "": "", RefusedHere: "",
	} {
		if got := (Standing{Refused: status}).Why(); got != want {
			t.Errorf("%q: got %q, want %q", status, got, want)
		}
	}
}
