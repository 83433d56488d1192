package federation_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// A host that fails waits until those that are well have what is theirs; while
// they always have something, it is still tried.
func TestHostsThatFailWaitForThoseThatAreWell(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		well := fedtest.NewServer(t, "well.example", fedtest.In(h.world))
		answer := make(chan struct{})
		let := sync.OnceFunc(func() { close(answer) })
		t.Cleanup(let)
		well.AnswerDeliveries(func(http.ResponseWriter, *http.Request) { <-answer })
		mails := []mail{{host: well.Host, key: "a"}}
		var ill []*fedtest.Server
		for i := range 15 {
			ill = append(ill, fedtest.NewServer(t, fmt.Sprintf("ill%d.example", i), fedtest.In(h.world)))
			ill[i].AnswerDeliveries(fedtest.Status(503))
			mails = append(mails, mail{host: ill[i].Host, key: "a"})
		}
		h.queue(t, mails...)
		if _, err := h.db.Exec("UPDATE lanes SET failing_since = next_at WHERE host LIKE 'ill%'"); err != nil {
			t.Fatal(err)
		}
		pass, stop := h.Deliverer(t.Context())
		for _, step := range []struct {
			after time.Duration
			want  int
		}{
			{0, 1}, // the well one
			{0, 0}, // which is not done yet
			{99 * time.Millisecond, 0},
			{time.Millisecond, 1},
			{200 * time.Millisecond, 2},
			{time.Minute, 10},
			{-time.Hour, 0}, // somebody sets the clock back
			{99 * time.Millisecond, 0},
			{time.Millisecond, 0}, // and nothing is due any more
		} {
			h.clock.pass(step.after)
			if n, err := pass(); err != nil || n != step.want {
				t.Fatalf("after %s more: got %d lanes, %v; want %d", step.after, n, err, step.want)
			}
		}
		let()
		stop()
		tried := 0
		for _, far := range ill {
			tried += len(far.Deliveries())
		}
		if got := h.states(t); tried != 13 || got[federation.DeliveryDone] != 1 {
			t.Errorf("%d of those that fail were tried, and %v; want 13, and one done", tried, got)
		}
	})
}

func TestHostsThatFailAreTriedTogetherWhereNobodyWaits(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		var mails []mail
		for i := range 5 {
			mails = append(mails, mail{host: fmt.Sprintf("ill%d.example", i), key: "a"})
			fedtest.NewServer(t, mails[i].host, fedtest.In(h.world))
		}
		h.queue(t, mails...)
		if _, err := h.db.Exec("UPDATE lanes SET failing_since = next_at WHERE host <> ''"); err != nil {
			t.Fatal(err)
		}
		pass, stop := h.Deliverer(t.Context())
		n, err := pass()
		stop()
		if got := h.states(t); n != 5 || err != nil || got[federation.DeliveryDone] != 5 {
			t.Errorf("got %d lanes, %v and %v; want all 5 at once, and done", n, err, got)
		}
	})
}
