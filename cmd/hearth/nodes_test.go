package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/storage/storagetest"
)

// nodes are two processes of oak on one PostgreSQL, and elm, which follows oak's
// group. Other servers reach oak's first node.
type nodes struct {
	*neighbours
	other   *operated // oak's second node
	there   *member   // the warden's browser, which meets the second node
	written int       // answers so far
	threads []thread
}

func TestTwoNodesOnOneDatabaseAreOneHearth(t *testing.T) {
	t.Parallel()
	oak := unused(t, "oak", storagetest.PostgresDatabase(t))
	other := oak.another(t)
	started := make(chan error)
	for _, node := range []*operated{oak, other} {
		go func() { started <- node.start(t) }() // one migrates, the other waits
	}
	if err := errors.Join(<-started, <-started); err != nil {
		t.Fatal(err)
	}
	oak.setUp(t)
	n := &nodes{neighbours: meet(t, oak, newOperated(t, "elm", "")), other: other}
	n.there = n.warden.through(func(string) string { return other.listen })
	n.shareSessions()
	n.sharePolicy()
	n.shareQueues()
	n.surviveTheListenersCut()
	n.takeOver(n.oak)
	n.takeOver(n.other)
}

func (n *nodes) shareSessions() {
	n.must(n.there.opens(n.oak.address() + "/me"))
	if n.there.at.Path != "/me" || n.there.status != http.StatusOK {
		n.Errorf("who signed in on one node gets %s, status %d, on the other", n.there.at, n.there.status)
	}
}

// sharePolicy refuses a server on one node: the other turns it away with its
// next request. What is not signed is judged by policy before it is by that.
func (n *nodes) sharePolicy() {
	knock := func(m *member) int {
		body := `{"id":"http://ash.localhost:1/x/1","type":"Create","actor":"http://ash.localhost:1/u/a","object":"http://ash.localhost:1/p/1"}`
		req, err := http.NewRequest(http.MethodPost, n.oak.address()+"/inbox", strings.NewReader(body))
		n.must(err)
		req.Header.Set("Content-Type", "application/activity+json")
		resp, err := m.client.Do(req)
		n.must(err)
		return drained(resp)
	}
	for _, m := range []*member{n.warden, n.there} {
		if got := knock(m); got != http.StatusUnauthorized {
			n.Errorf("before it is refused: got %d, want 401", got)
		}
	}
	n.must(n.warden.opens(n.oak.address() + "/admin/federation"))
	n.must(n.warden.sends("/admin/federation", "domain=ash.localhost:1", "severity=suspend"))
	if got := knock(n.there); got != http.StatusForbidden {
		n.Errorf("refused on one node: the other answers %d, want 403", got)
	}
}

// shareQueues writes on both nodes at once: everything is delivered, once.
func (n *nodes) shareQueues() {
	for i := range 6 {
		n.threads = append(n.threads, n.begin([]*member{n.warden, n.there}[i%2], n.oak.address()+n.group, fmt.Sprintf("thread %02d", i)))
	}
	n.write(5)
	n.arrive("what both nodes wrote")
	sent, err := count(n.oakSQL, "SELECT count(*) FROM deliveries WHERE state = 'done'")
	n.must(err)
	eventually(n.T, "elm has written down what it took", func() (bool, error) { return n.taken() >= sent, nil })
	if got := n.taken(); got != sent {
		n.Errorf("elm took %d deliveries, want each of %d once", got, sent)
	}
}

// taken is how many deliveries elm answered, as its log has it.
func (n *nodes) taken() int {
	taken := 0
	for line := range strings.Lines(n.elm.running.complaints.String()) {
		if strings.Contains(line, `"method":"POST"`) && strings.Contains(line, `inbox"`) && strings.Contains(line, `"status":202`) {
			taken++
		}
	}
	return taken
}

// write writes so many answers more into each thread, half of them on each node.
func (n *nodes) write(each int) {
	n.Helper()
	var writing sync.WaitGroup
	failed := make([]error, len(n.threads))
	for i, thread := range n.threads {
		writer := []*member{n.warden, n.there}[i%2].quietly()
		if n.other.running == nil {
			writer = n.warden.quietly()
		} else if n.oak.running == nil {
			writer = n.there.quietly()
		}
		writing.Go(func() {
			for k := range each {
				if failed[i] == nil {
					failed[i] = insist(writer.reply(thread.path, answerOf(thread.title, n.written+k)))
				}
			}
		})
	}
	writing.Wait()
	n.written += each
	for _, err := range failed {
		n.must(err)
	}
}

// arrive waits until elm has all that was written, and fails where a thread came
// in another order.
func (n *nodes) arrive(what string) {
	n.Helper()
	total := len(n.threads) * (n.written + 1)
	n.counts("elm has "+what, n.elmSQL, total, "SELECT count(*) FROM posts WHERE state = 'published' AND uri LIKE 'http://oak.localhost%'")
	n.counts("oak knows of "+what, n.oakSQL, total, "SELECT count(*) FROM deliveries WHERE state = 'done' AND post_id IS NOT NULL")
	// What became of an activity is written down after its post is there.
	n.counts("elm knows what became of "+what, n.elmSQL, total, "SELECT count(*) FROM activities AS a JOIN posts AS p ON p.id = a.post_id WHERE a.direction = 'in' AND a.type = 'Announce'")
	told := storagetest.Strings(n.T, n.elmSQL, `SELECT p.html FROM activities AS a JOIN posts AS p ON p.id = a.post_id
		WHERE a.direction = 'in' AND a.type = 'Announce' ORDER BY a.seq`)
	if len(told) != total {
		n.Errorf("%s: elm was told of %d posts, want %d", what, len(told), total)
	}
	for _, thread := range n.threads {
		var got []string
		for _, words := range told {
			if strings.Contains(words, thread.title+" answer") {
				got = append(got, words)
			}
		}
		if !slices.IsSorted(got) || len(got) != n.written {
			n.Errorf("%s: of %s got %v, want %d in order", what, thread.title, got, n.written)
		}
	}
}

const listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN hearth' AND state = 'idle'"

// surviveTheListenersCut cuts the connections on which the nodes listen: they
// work on, and listen again.
func (n *nodes) surviveTheListenersCut() {
	n.counts("both nodes listen", n.oakSQL, 2, "SELECT count(*) "+listeners)
	before := storagetest.Strings(n.T, n.oakSQL, "SELECT pid::text "+listeners)
	if cut, err := count(n.oakSQL, "SELECT count(pg_terminate_backend(pid)) "+listeners); err != nil || cut != 2 {
		n.Fatalf("cut %d connections, %v; want both", cut, err)
	}
	n.write(2)
	n.arrive("what was written while nobody listened")
	eventually(n.T, "both nodes listen again", func() (bool, error) {
		again := 0
		for _, pid := range storagetest.Strings(n.T, n.oakSQL, "SELECT pid::text "+listeners) {
			if !slices.Contains(before, pid) {
				again++
			}
		}
		return again == 2, nil
	})
	n.write(1)
	n.arrive("what was written when they listened again")
}

// takeOver kills a node: the other goes on with its work. Then it is started
// again.
func (n *nodes) takeOver(victim *operated) {
	n.write(2)
	victim.dies()
	n.write(2)
	n.arrive("what was under way in a node that was killed")
	victim.begins(n.T)
	n.write(1)
	n.arrive("what was written when it was back")
}
