package main

import (
	"encoding/json"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// holder answers in the place of a hearth, and not before it is let.
type holder struct {
	*testing.T
	came chan string   // ids of activities, as they come
	let  chan struct{} // closed: from then on they are taken
}

// holds puts a holder where elm was.
func (n *neighbours) holds() *holder {
	n.Helper()
	n.elm.dies()
	h := &holder{T: n.T, came: make(chan string, 100), let: make(chan struct{})}
	standIn(n.T, n.elm, func(w http.ResponseWriter, r *http.Request) {
		var activity struct{ ID string }
		if err := json.NewDecoder(r.Body).Decode(&activity); r.Method != http.MethodPost || err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		h.came <- activity.ID
		select {
		case <-h.let:
			w.WriteHeader(http.StatusAccepted)
		case <-r.Context().Done():
		}
	})
	return h
}

// next waits for the next activity that comes, and is its id.
func (h *holder) next() string {
	h.Helper()
	select {
	case id := <-h.came:
		return id
	case <-time.After(patience):
		h.Fatalf("nothing came within %v", patience)
		return ""
	}
}

// delivery is what oak has written down of the delivery of an activity.
func (n *neighbours) delivery(uri string) (state string) {
	n.Helper()
	n.must(n.oakSQL.QueryRow("SELECT d.state FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id WHERE a.uri = $1", uri).Scan(&state))
	return state
}

func TestToldToStopItFinishesADeliveryInFlight(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, database func() string) {
		n := newNeighbours(t, database)
		far := n.holds()
		talk := n.begin(n.warden, n.group, "A talk")
		first := far.next()
		f := n.oak.beginRequest(t)
		p := n.oak.running
		p.signal(t, syscall.SIGINT)
		n.oak.refuses(t)
		if status, err := f.ends(); err != nil || status != http.StatusSeeOther {
			t.Errorf("the request in flight got %d, %v; want 303", status, err)
		}
		close(far.let)
		if got := p.ends(t); got != 0 {
			t.Errorf("got exit status %d, want 0:\n%s", got, p.complaints)
		}
		if got := n.delivery(first); got != "done" {
			t.Errorf("what arrived while it stopped is written down as %s, want done", got)
		}
		n.oak.begins(t)
		n.must(insist(n.warden.quietly().reply(talk.path, "an answer"))) // goes after what is before it in the thread
		if second := far.next(); second == first {
			t.Errorf("%s was sent again after it had arrived", first)
		}
	})
}

// A receiver that never answers is not waited for, and what it may have taken is
// sent again: with the same id, by which it knows it.
func TestDeliveryWithoutAnAnswerIsSentAgain(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, database func() string) {
		n := newNeighbours(t, database)
		far := n.holds()
		n.begin(n.warden, n.group, "A talk")
		first := far.next()
		waits := func(after string) {
			if got := n.delivery(first); got != "waiting" {
				t.Errorf("after %s, what was not answered is written down as %s, want waiting", after, got)
			}
			n.oak.begins(t)
			if again := far.next(); again != first {
				t.Fatalf("after %s, %s came, want %s again", after, again, first)
			}
		}

		p, told := n.oak.running, time.Now()
		p.signal(t, syscall.SIGINT)
		if got := p.ends(t); got != 0 {
			t.Errorf("got exit status %d, want 0:\n%s", got, p.complaints)
		}
		if took := time.Since(told); took > grace+20*time.Second {
			t.Errorf("it stopped after %v, want %v on a quiet machine", took, grace)
		}
		waits("Ctrl-C")
		if n.oak.database != "" { // what it leased as soon as it was started bears its number
			if held, err := count(n.oakSQL, "SELECT count(*) FROM lanes WHERE lease_token LIKE '%.%'"); err != nil || held != 1 {
				t.Errorf("%d lanes are held by who is seen to live, %v; want 1", held, err)
			}
		}
		n.oak.dies()
		waits("SIGKILL")
		close(far.let)
		eventually(t, "it has arrived", func() (bool, error) { return n.delivery(first) == "done", nil })
	})
}
