package federation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/federation/wire"
)

func TestWhatIsMeasuredOfARefusalIsAWordOfOurs(t *testing.T) {
	for _, c := range []struct {
		err             error
		outcome, reason string
	}{
		{nil, "accepted", ""},
		{federation.ErrTooLarge, "refused", "size"},
		{wire.Error{Reason: "canary"}, "refused", "shape"},
		{federation.NotWanted{Reason: "policy"}, "refused", "policy"},
		{federation.NotWanted{Reason: "own_actor"}, "refused", "identity"},
		{federation.NotWanted{Reason: "canary"}, "refused", "identity"},
		{&federation.Refusal{Reason: federation.WrongHost, Detail: "canary"}, "refused", "wrong_host"},
		{federation.ErrBusy, "busy", ""},
		{errors.New("canary"), "failed", ""},
		{fmt.Errorf("canary: %w", federation.ErrBusy), "busy", ""},
	} {
		if outcome, reason := federation.Measured(c.err); outcome != c.outcome || reason != c.reason {
			t.Errorf("%v: got %s, %s; want %s, %s", c.err, outcome, reason, c.outcome, c.reason)
		}
	}
	for _, c := range []struct {
		what            federation.Outcome
		outcome, reason string
	}{
		{federation.Outcome{Outcome: federation.Accepted, Reason: "canary"}, "accepted", ""},
		{federation.Outcome{Outcome: federation.Held}, "held", ""},
		{federation.Outcome{Outcome: federation.Ignored, Reason: "type"}, "ignored", ""},
		{federation.Outcome{RetryAt: noon, Reason: "canary"}, "retried", ""},
		{federation.Outcome{Outcome: federation.Refused, Reason: "inner_policy"}, "refused", "policy"},
		{federation.Outcome{Outcome: federation.Refused, Reason: "unreadable"}, "refused", "shape"},
		{federation.Outcome{Outcome: federation.Refused, Reason: "gave_up"}, "refused", "gave_up"},
		{federation.Outcome{Outcome: federation.Refused, Reason: "canary"}, "refused", "rules"},
	} {
		if outcome, reason := federation.MeasuredOutcome(c.what); outcome != c.outcome || reason != c.reason {
			t.Errorf("%+v: got %s, %s; want %s, %s", c.what, outcome, reason, c.outcome, c.reason)
		}
	}
}

func TestFiguresSayHowFullTheQueuesAre(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(503))
		h.queue(t, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "b"})
		h.workOnce(t)
		h.queue(t, mail{host: "calm.example", key: "a"})
		if err := h.store.PauseLane(t.Context(), "calm.example", community.OperatorName); err != nil {
			t.Fatal(err)
		}
		h.receive(t, "elm.example", "a", "1")
		h.happen(t, "a", "p1", nil)
		later := noon.Add(24 * time.Hour)
		h.happen(t, "b", "p2", &later)
		h.clock.pass(time.Minute)
		got, err := h.Figures(t.Context())
		want := federation.Figures{
			InboxWaiting: 1, InboxAge: time.Minute, DeliveriesWaiting: 3, LanesWaiting: 2, LanesFailing: 1, LanesPaused: 1,
			EventsWaiting: 2, EventsAge: time.Minute, KeysReady: got.KeysReady,
		}
		if err != nil || got != want || got.KeysReady == 0 {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		if _, err := h.db.Exec("UPDATE lanes SET failing_days = 7 WHERE host = 'far.example'"); err != nil {
			t.Fatal(err)
		}
		if got, err = h.Figures(t.Context()); err != nil || got.LanesDead != 1 {
			t.Errorf("after a week: got %+v, %v; want one dead", got, err)
		}
	})
}
