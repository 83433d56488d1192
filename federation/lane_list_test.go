package federation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
)

func TestLanesAreListedByHostWithWhatWaits(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ill := fedtest.NewServer(t, "ill.example", fedtest.In(h.world))
		ill.AnswerDeliveries(fedtest.Status(503))
		fedtest.NewServer(t, "well.example", fedtest.In(h.world))
		h.queue(t, mail{host: "ill.example", key: "a"}, mail{host: "ill.example", key: "b"}, mail{host: "well.example", key: "a"})
		h.workOnce(t)
		if err := h.store.PauseLane(t.Context(), "calm.example", community.OperatorName); err != nil {
			t.Fatal(err)
		}
		list := func(q federation.LaneQuery) (said []string) {
			t.Helper()
			page, err := h.LanesAsOperator(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range page.Lanes {
				said = append(said, fmt.Sprintf("%s %d %v %v %s", l.Host, l.Waiting, l.IsPaused(), l.FailingSince != nil, l.LastError))
			}
			return append(said, page.Next)
		}
		for _, c := range []struct {
			name string
			q    federation.LaneQuery
			want []string
		}{
			{"all", federation.LaneQuery{Limit: 10}, []string{"calm.example 0 true false ", "ill.example 2 false true status 503", "well.example 0 false false ", ""}},
			{"busy", federation.LaneQuery{Busy: true, Limit: 10}, []string{"calm.example 0 true false ", "ill.example 2 false true status 503", ""}},
			{"a page", federation.LaneQuery{Limit: 1}, []string{"calm.example 0 true false ", "calm.example"}},
			{"the next", federation.LaneQuery{After: "calm.example", Limit: 2}, []string{"ill.example 2 false true status 503", "well.example 0 false false ", ""}},
			{"behind the last", federation.LaneQuery{After: "well.example", Limit: 2}, []string{""}},
		} {
			if got := list(c.q); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
		if _, err := h.Lanes(t.Context(), community.Viewer{}, federation.LaneQuery{Limit: 1}); !errors.Is(err, community.NotFound) {
			t.Errorf("for a visitor: got %v, want NotFound", err)
		}
		if err := h.TryLane(t.Context(), community.Viewer{}, "ill.example"); !errors.Is(err, community.NotFound) {
			t.Errorf("tried by a visitor: got %v, want NotFound", err)
		}
	})
}

func TestTriedLaneIsTriedAtOnceAndFailsOn(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(503))
		h.queue(t, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		h.clock.pass(time.Second)
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 1 {
			t.Fatalf("got %d attempts, want one: it rests", n)
		}
		if err := h.TryLaneAsOperator(t.Context(), "Far.Example"); err != nil {
			t.Fatal(err)
		}
		h.workOnce(t)
		lane, err := h.store.Lane(t.Context(), far.Host)
		if n := len(far.Deliveries()); n != 2 || err != nil || lane.FailingSince == nil || !lane.FailingSince.Equal(noon) {
			t.Errorf("got %d attempts, failing since %v, %v; want another, and failing since noon", n, lane.FailingSince, err)
		}
		far.AnswerDeliveries(fedtest.Status(500))
		h.clock.pass(time.Hour)
		h.workOnce(t) // its answer of 500 puts the delivery itself off
		far.AnswerDeliveries(fedtest.Status(202))
		if err := h.TryLaneAsOperator(t.Context(), far.Host); err != nil {
			t.Fatal(err)
		}
		h.workOnce(t)
		if got := h.states(t); got[federation.DeliveryDone] != 1 {
			t.Errorf("got %v, want it done: what was put off is tried too", got)
		}
		if err := h.TryLaneAsOperator(t.Context(), far.Host); !errors.Is(err, community.Conflict) {
			t.Errorf("nothing waits: got %v, want Conflict", err)
		}
	})
}
