package federation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
)

// receive keeps an activity as the door does.
func (h *hearth) receive(t testing.TB, domain, key, name string) {
	t.Helper()
	err := h.store.SaveIncoming(t.Context(), federation.Activity{
		ID: secret.NewID(h.clock.Now()), URI: "https://" + domain + "/x/" + name, Direction: federation.Incoming, Type: "Create",
		ActorURI: "https://" + domain + "/u/ada", Domain: domain, OrderKey: key, State: federation.Waiting,
		Raw: []byte(`{}`), Size: 2, ReceivedAt: h.clock.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *hearth) record(judge func(name string, a federation.Activity) federation.Outcome) *record {
	r := newRecord("handled")
	h.HandleWith(func(_ context.Context, a federation.Activity) federation.Outcome {
		name := a.URI[strings.LastIndexByte(a.URI, '/')+1:]
		r.add(name)
		if judge == nil {
			return federation.Outcome{Outcome: federation.Accepted}
		}
		return judge(name, a)
	})
	return r
}

// outcome is what became of an activity.
func (h *hearth) outcome(t testing.TB, name string) (state, outcome, reason string) {
	t.Helper()
	err := h.db.QueryRow("SELECT state, outcome, reason FROM activities WHERE uri LIKE '%/"+name+"'").Scan(&state, &outcome, &reason)
	if err != nil {
		t.Fatal(err)
	}
	return state, outcome, reason
}

func TestDuplicateIsAConflict(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		h.receive(t, "far.example", "a", "1")
		err := h.store.SaveIncoming(t.Context(), federation.Activity{ID: "other", URI: "https://far.example/x/1", Direction: federation.Incoming, Domain: "far.example", State: federation.Waiting, ReceivedAt: noon})
		if !errors.Is(err, community.Conflict) {
			t.Errorf("got %v, want Conflict", err)
		}
	})
}

func TestWhatWaitsHoldsBackItsKeyAlone(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ready := false
		r := h.record(func(name string, a federation.Activity) federation.Outcome {
			if name == "a1" && !ready {
				return federation.Outcome{RetryAt: h.clock.Now().Add(time.Minute)}
			}
			return federation.Outcome{Outcome: federation.Accepted}
		})
		for _, name := range []string{"a1", "a2", "b1", "a3", "b2"} {
			h.receive(t, "far.example", name[:1], name)
		}
		stop := h.start(t)
		r.await(t, 3)
		h.receive(t, "far.example", "a", "a4") // behind a1 too
		h.receive(t, "far.example", "b", "b3")
		h.WakeInbox()
		got := r.await(t, 1)
		stop()
		if want := []string{"a1", "b1", "b2", "b3"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v: nothing behind a1", got, want)
		}
		ready = true
		h.clock.pass(2 * time.Minute)
		stop = h.start(t)
		got = r.await(t, 4)[4:]
		stop()
		if want := []string{"a1", "a2", "a3", "a4"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if state, outcome, _ := h.outcome(t, "a4"); state != federation.Finished || outcome != federation.Accepted {
			t.Errorf("got %s, %s; want it finished and accepted", state, outcome)
		}
	})
}

func TestActivityIsGivenUpAfterADay(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		r := h.record(func(string, federation.Activity) federation.Outcome {
			return federation.Outcome{RetryAt: h.clock.Now().Add(time.Minute)}
		})
		h.receive(t, "far.example", "a", "1")
		for range 2 {
			stop := h.start(t)
			r.await(t, 1)
			stop()
			h.clock.pass(25 * time.Hour)
		}
		if state, outcome, reason := h.outcome(t, "1"); state != federation.Finished || outcome != federation.Refused || reason != "gave_up" {
			t.Errorf("got %s, %s, %s; want it refused: gave_up", state, outcome, reason)
		}
	})
}

func TestBusySenderStarvesNobody(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		const busy = 400
		for i := range busy {
			h.receive(t, "busy.example", fmt.Sprint(i), fmt.Sprint("busy-", i))
		}
		for i := range 3 {
			h.receive(t, fmt.Sprintf("small%d.example", i), "a", fmt.Sprint("small-", i))
		}
		var served []string
		for len(served) < 4 {
			batch, err := h.store.ClaimIncoming(t.Context(), h.clock.Now(), 50)
			if err != nil {
				t.Fatal(err)
			}
			served = append(served, batch.Host)
			var results []federation.IncomingResult
			for _, a := range batch.Activities {
				results = append(results, federation.IncomingResult{Activity: a, Outcome: federation.Outcome{Outcome: federation.Accepted}})
			}
			if err := h.store.FinishIncoming(t.Context(), batch.Lease, h.clock.Now(), results, true); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(served)
		if want := []string{"busy.example", "small0.example", "small1.example", "small2.example"}; !slices.Equal(served, want) {
			t.Errorf("got %v, want a turn for each", served)
		}
	})
}

func TestSenderIsWorkedOnByOneWorkerAtATime(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		h.receive(t, "far.example", "a", "1")
		now := h.clock.Now()
		batch, err := h.store.ClaimIncoming(t.Context(), now, 50)
		if err != nil || len(batch.Activities) != 1 {
			t.Fatalf("got %d activities, %v; want one", len(batch.Activities), err)
		}
		if _, err := h.store.ClaimIncoming(t.Context(), now, 50); !errors.Is(err, community.NotFound) {
			t.Errorf("claimed again: got %v, want NotFound", err)
		}
		if _, err := h.db.Exec("UPDATE lanes SET inbound_token = 'another'"); err != nil {
			t.Fatal(err)
		}
		results := []federation.IncomingResult{{Activity: batch.Activities[0], Outcome: federation.Outcome{Outcome: federation.Accepted}}}
		if err := h.store.FinishIncoming(t.Context(), batch.Lease, now, results, true); !errors.Is(err, federation.ErrLeaseLost) {
			t.Errorf("finished under a lost lease: got %v, want ErrLeaseLost", err)
		}
		if err := h.store.RenewIncoming(t.Context(), batch.Lease); !errors.Is(err, federation.ErrLeaseLost) {
			t.Errorf("renewed a lost lease: got %v, want ErrLeaseLost", err)
		}
		if state, _, _ := h.outcome(t, "1"); state != federation.Waiting {
			t.Errorf("got %s, want it waiting still", state)
		}
	})
}

func TestTwoNodesHandleEachOnce(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		nodes := []*hearth{h}
		if strings.HasPrefix(h.address, "postgres") {
			nodes = append(nodes, h.another(t))
		}
		const total = 300
		all := make(chan string, 2*total)
		for _, node := range nodes {
			node.HandleWith(func(_ context.Context, a federation.Activity) federation.Outcome {
				all <- a.URI
				return federation.Outcome{Outcome: federation.Accepted}
			})
		}
		for i := range total {
			h.receive(t, fmt.Sprintf("far%d.example", i%7), fmt.Sprint(i%5), fmt.Sprint(i))
		}
		for _, node := range nodes {
			node.start(t)
		}
		seen := map[string]bool{}
		for range total {
			select {
			case uri := <-all:
				if seen[uri] {
					t.Errorf("%s was handled twice", uri)
				}
				seen[uri] = true
			case <-time.After(20 * time.Second):
				t.Fatalf("%d of %d were handled", len(seen), total)
			}
		}
	})
}

func TestFaultInOneActivityEndsNothing(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		r := h.record(func(name string, _ federation.Activity) federation.Outcome {
			if name == "1" {
				panic("a fault")
			}
			return federation.Outcome{Outcome: federation.Accepted}
		})
		h.receive(t, "far.example", "a", "1")
		h.receive(t, "far.example", "a", "2")
		stop := h.start(t)
		r.await(t, 2)
		stop()
		if _, outcome, reason := h.outcome(t, "1"); outcome != federation.Refused || reason != "fault" {
			t.Errorf("got %s, %s; want it refused: fault", outcome, reason)
		}
	})
}

func TestBacklogCountsWhatWaits(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		check := func(step string, rows int, oldest time.Time) {
			t.Helper()
			n, since, err := h.store.IncomingBacklog(t.Context())
			if err != nil || n != rows || !since.Equal(oldest) {
				t.Errorf("%s: got %d since %v, %v; want %d since %v", step, n, since, err, rows, oldest)
			}
		}
		check("nothing", 0, time.Time{})
		h.receive(t, "far.example", "a", "1")
		h.clock.pass(time.Minute)
		h.receive(t, "elm.example", "a", "2")
		check("two", 2, noon)
		batch, err := h.store.ClaimIncoming(t.Context(), h.clock.Now(), 50)
		if err != nil {
			t.Fatal(err)
		}
		late := federation.Outcome{RetryAt: h.clock.Now().Add(time.Hour)}
		if err := h.store.FinishIncoming(t.Context(), batch.Lease, h.clock.Now(), []federation.IncomingResult{{Activity: batch.Activities[0], Outcome: late}}, true); err != nil {
			t.Fatal(err)
		}
		oldest := noon
		if batch.Host == "far.example" {
			oldest = noon.Add(time.Minute)
		}
		check("one waits for another try", 2, oldest)
	})
}
