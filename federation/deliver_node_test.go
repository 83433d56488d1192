package federation_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// manyMails are n deliveries over some hosts, in two order keys of each.
func manyMails(n int, hosts ...string) (mails []mail) {
	for i := range n {
		host := hosts[i%len(hosts)]
		mails = append(mails, mail{host: host, key: fmt.Sprintf("%c", 'a'+i/len(hosts)%2)})
	}
	return mails
}

// checkOrder fails where a key of a host was not sent in the order it was queued.
func checkOrder(t *testing.T, far *fedtest.Server) {
	t.Helper()
	for _, key := range []string{"a", "b"} {
		last := 0
		for _, object := range ofKey(objects(far), key) {
			var n int
			fmt.Sscanf(object, key+"/%d", &n)
			if n < last {
				t.Errorf("%s: %s came after %s/%d", far.Host, object, key, last)
			}
			last = n
		}
	}
}

func TestTwoNodesDeliverEachExactlyOnce(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		if !strings.HasPrefix(h.address, "postgres") {
			return // one node alone works on SQLite
		}
		const total = 500
		var servers []*fedtest.Server
		var hosts []string
		for i := range 10 {
			servers = append(servers, fedtest.NewServer(t, fmt.Sprintf("far%d.example", i), fedtest.In(h.world)))
			hosts = append(hosts, servers[i].Host)
		}
		other := h.another(t)
		h.queue(t, manyMails(total, hosts...)...)
		stops := []func(){h.start(t), other.start(t)}
		h.awaitStates(t, func(n map[string]int) bool { return n[federation.DeliveryDone] == total })
		for _, stop := range stops {
			stop()
		}
		got := 0
		for _, far := range servers {
			got += len(far.Deliveries())
			checkOrder(t, far)
		}
		if got != total {
			t.Errorf("the servers got %d deliveries, want each of %d once", got, total)
		}
	})
}

func TestStoppedNodeLosesNothing(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		const total = 200
		var came atomic.Int32
		half := make(chan struct{})
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			if came.Add(1) == total/4 {
				close(half)
			}
		})
		h.queue(t, manyMails(total, far.Host)...)
		stop := h.start(t)
		<-half
		stop()
		again := h.another(t)
		stop = again.start(t)
		again.awaitStates(t, func(n map[string]int) bool { return n[federation.DeliveryDone] == total })
		stop()
		if n := len(far.Deliveries()); n != total {
			t.Errorf("got %d deliveries, want %d: what was under way was written down", n, total)
		}
		checkOrder(t, far)
	})
}

// A process that is killed writes nothing down any more: its database is taken
// away from under it.
func TestKilledNodeSendsAtMostTwiceWhatWasUnderWay(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		const total = 200
		var came atomic.Int32
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			if came.Add(1) == total/4 {
				h.store.Close()
			}
		})
		h.queue(t, manyMails(total, far.Host)...)
		h.SetGrace(100 * time.Millisecond)
		stop := h.start(t)
		far.Await("a quarter", func(fedtest.Request) bool { return came.Load() >= total/4 })
		stop()
		again := h.another(t)
		if _, err := again.db.Exec("UPDATE lanes SET leased_until = '2000-01-01 00:00:00+00:00'"); err != nil { // the minute of its leases goes by
			t.Fatal(err)
		}
		stop = again.start(t)
		again.awaitStates(t, func(n map[string]int) bool { return n[federation.DeliveryDone] == total })
		stop()
		seen := map[string]int{}
		for _, object := range objects(far) {
			seen[object]++
		}
		twice := 0
		for object, n := range seen {
			if n > 2 {
				t.Errorf("%s came %d times", object, n)
			}
			twice += n - 1
		}
		// The results of one batch are written down before the next is read, so
		// that no more than a batch came and was not written down yet.
		const batch = 32
		if len(seen) != total || twice > batch {
			t.Errorf("got %d of %d, %d of them twice; want all, and a batch at most twice", len(seen), total, twice)
		}
	})
}

func TestLostLeaseFinishesNothing(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		h.queue(t, mail{host: "far.example", key: "a"}, mail{host: "elm.example", key: "a"})
		ctx, now := t.Context(), h.clock.Now()
		lanes, err := h.store.ClaimLanes(ctx, now, 10)
		if err != nil || len(lanes) != 2 {
			t.Fatalf("got %d lanes, %v; want two", len(lanes), err)
		}
		if again, err := h.store.ClaimLanes(ctx, now, 10); err != nil || len(again) != 0 {
			t.Fatalf("got %d lanes that are held, %v", len(again), err)
		}
		errands, err := h.store.DueErrands(ctx, []string{"far.example", "elm.example"}, now, 10)
		if err != nil || len(errands["far.example"]) != 1 {
			t.Fatalf("got %v, %v; want an errand each", errands, err)
		}
		if _, err := h.db.Exec("UPDATE lanes SET lease_token = 'another' WHERE host = 'far.example'"); err != nil {
			t.Fatal(err)
		}
		var reports []federation.LaneReport
		for _, lane := range lanes {
			seq := errands[lane.Host][0].Seq
			reports = append(reports, federation.LaneReport{
				Lease:   federation.Lease{Host: lane.Host, Token: *lane.LeaseToken},
				Results: []federation.DeliveryResult{{Seq: seq, State: federation.DeliveryDone, FirstTriedAt: &now, FinishedAt: &now, Status: 202}},
				Health:  &federation.LaneHealth{SendWindow: 8}, Release: true,
			})
		}
		lost, err := h.store.FinishDeliveries(ctx, now, reports)
		if err != nil || len(lost) != 1 || lost[0].Host != "far.example" {
			t.Errorf("lost %v, %v; want far.example's", lost, err)
		}
		if got := h.states(t); got[federation.DeliveryWaiting] != 1 || got[federation.DeliveryDone] != 1 {
			t.Errorf("got %v, want far.example's waiting still, the other done", got)
		}
		lane, err := h.store.Lane(ctx, "far.example")
		if err != nil || *lane.LeaseToken != "another" || lane.SendWindow != 1 {
			t.Errorf("got %v, window %d, %v; want the lane as its holder left it", *lane.LeaseToken, lane.SendWindow, err)
		}
	})
}

func TestLaneThatWasTakenOverSendsNoMore(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		came, answer := make(chan struct{}, 50), make(chan struct{})
		far.AnswerDeliveries(func(http.ResponseWriter, *http.Request) { came <- struct{}{}; <-answer })
		h.queue(t, manyMails(20, far.Host)...)
		done := make(chan error)
		go func() { done <- h.DeliverOnce(context.Background()) }()
		<-came
		if _, err := h.db.Exec("UPDATE lanes SET lease_token = 'another', leased_until = '2999-01-01 00:00:00+00:00' WHERE host = 'far.example'"); err != nil {
			t.Fatal(err)
		}
		close(answer)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if n := len(far.Deliveries()); n != 1 {
			t.Errorf("got %d deliveries, want the one that was under way", n)
		}
		if got := h.states(t); got[federation.DeliveryWaiting] != 20 {
			t.Errorf("got %v, want all waiting for the one who holds the lane", got)
		}
	})
}

func TestLeasesOfAKilledNodeAreFree(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		h.queue(t, mail{host: "far.example", key: "a"})
		if !strings.HasPrefix(h.address, "postgres") {
			h.claims(t, 1)
			h.frees(t)
			h.claims(t, 1)
			return
		}
		other := h.another(t)
		if err := other.store.Bell().Attend(t.Context()); err != nil {
			t.Fatal(err)
		}
		other.claims(t, 1) // before it listens
		ctx, kill := context.WithCancel(t.Context())
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			other.store.Bell().Listen(ctx, func(string) {})
		}()
		h.awaitSQL(t, `SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN hearth' AND state = 'idle'`)
		h.frees(t)
		h.frees(t)
		h.claims(t, 0) // its holder lives
		kill()
		<-gone
		h.awaitSQL(t, `SELECT count(*) = 0 FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
			WHERE l.locktype = 'advisory' AND d.datname = current_database()`)
		h.frees(t)
		h.claims(t, 0) // its holder may be back in a moment
		h.frees(t)
		h.claims(t, 1)
	})
}

// frees ends the leases of processes that were killed, as seen now.
func (h *hearth) frees(t *testing.T) {
	t.Helper()
	if _, err := h.store.FreeLeases(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// claims fails where another number of lanes is free.
func (h *hearth) claims(t *testing.T, want int) {
	t.Helper()
	lanes, err := h.store.ClaimLanes(t.Context(), h.clock.Now(), 10)
	if err != nil || len(lanes) != want {
		t.Fatalf("got %d lanes, %v; want %d", len(lanes), err, want)
	}
}

// awaitSQL waits until the database says yes.
func (h *hearth) awaitSQL(t *testing.T, query string) {
	t.Helper()
	eventually(t, func() string { return "it is not so: " + query }, func() (yes bool) {
		if err := h.db.QueryRow(query).Scan(&yes); err != nil {
			t.Fatal(err)
		}
		return yes
	})
}

func TestOtherNodeIsWokenByTheBell(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		if !strings.HasPrefix(h.address, "postgres") {
			if h.store.Bell() != nil {
				t.Error("SQLite has a bell, and no other node to hear it")
			}
			return
		}
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		other := h.another(t)
		heard := make(chan string, 10)
		go other.store.Bell().Listen(t.Context(), func(topics string) { heard <- topics })
		h.queue(t, mail{host: far.Host, key: "a"})
		h.start(t)
		var topics []string
		deadline := time.After(20 * time.Second)
		for !slices.Contains(topics, "lanes") || !slices.Contains(topics, "inbox") {
			h.WakeDeliverer()
			h.WakeInbox()
			select {
			case more := <-heard:
				topics = append(topics, strings.Split(more, ",")...)
			case <-time.After(100 * time.Millisecond): // it may not listen yet
			case <-deadline:
				t.Fatalf("heard %v, want lanes and inbox", topics)
			}
		}
	})
}
