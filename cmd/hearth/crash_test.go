package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hearth/storage/storagetest"
)

// Of a thousand deliveries the sender is killed after a third, while somebody
// writes, and the receiver after two: SIGKILL, at a moment that is told by what
// has arrived. What is written after that keeps it from being the end.
const (
	crashThreads = 20
	crashAnswers = 49 // and the thread's first post
	crashTotal   = crashThreads * (crashAnswers + 1)
)

const arrivals = "SELECT count(*) FROM activities WHERE direction = 'in' AND type = 'Announce'"

func TestNothingIsLostWhenEitherHearthIsKilled(t *testing.T) {
	engines(t, func(t *testing.T, database func() string) {
		n := newNeighbours(t, database)
		n.elm.dies()
		threads := make([]thread, crashThreads)
		for i := range threads {
			threads[i] = n.begin(n.warden, n.group, fmt.Sprintf("thread %02d", i))
		}
		meanwhile, after, before := threads[:1], threads[1:2], threads[2:]
		n.must(n.warden.answer(before, crashAnswers))
		n.rests()
		n.elm.begins(t)
		n.revives("I am back")

		n.counts("a third has arrived", n.elmSQL, crashTotal/3, arrivals)
		written := make(chan error, 1)
		go func() { written <- n.warden.answer(meanwhile, crashAnswers) }()
		n.counts("somebody writes", n.oakSQL, crashAnswers/10, "SELECT count(*) FROM posts WHERE source LIKE 'thread 00 answer%'")
		n.oak.dies()
		n.isInTheMiddle("the sender was killed")
		n.oak.begins(t)

		n.counts("two thirds have arrived", n.elmSQL, crashTotal*2/3, arrivals)
		n.elm.dies()
		n.isInTheMiddle("the receiver was killed")
		n.rests()
		n.must(<-written)
		n.must(n.warden.answer(after, crashAnswers))
		n.holdsWhatItAcknowledged()
		n.elm.begins(t)
		n.revives("I am back again")

		const copies = "SELECT count(*) FROM posts WHERE state = 'published' AND uri LIKE 'http://oak.localhost%'"
		n.counts("all are at elm", n.elmSQL, crashTotal, copies)
		n.counts("oak knows that all arrived", n.oakSQL, crashTotal, "SELECT count(*) FROM deliveries WHERE state = 'done' AND post_id IN (SELECT id FROM posts WHERE uri LIKE 'http://oak.localhost%')")
		if got, err := count(n.elmSQL, copies); err != nil || got != crashTotal {
			t.Errorf("elm has %d posts of oak, %v; want each of %d once", got, err, crashTotal)
		}
		// What became of an activity is written down a while after its post is.
		n.counts("elm knows what became of all", n.elmSQL, crashTotal, "SELECT count(*) FROM activities AS a JOIN posts AS p ON p.id = a.post_id WHERE a.direction = 'in' AND a.type = 'Announce' AND p.uri LIKE 'http://oak.localhost%'")
		n.keptOrder()
	})
}

// rests waits until oak has found out that elm does not answer.
func (n *neighbours) rests() {
	n.Helper()
	n.counts("oak knows that elm is away", n.oakSQL, 1, "SELECT count(*) FROM lanes WHERE failing_since IS NOT NULL AND lease_token IS NULL")
}

// revives lets elm be heard at oak, which tries again at once whoever is heard.
func (n *neighbours) revives(text string) {
	n.Helper()
	n.begin(n.maya, n.copied, text)
}

// isInTheMiddle fails where what was under way had come to its end.
func (n *neighbours) isInTheMiddle(when string) {
	n.Helper()
	got, err := count(n.elmSQL, arrivals)
	if err != nil || got >= crashTotal {
		n.Fatalf("when %s, %d of %d had arrived, %v: too late to prove anything", when, got, crashTotal, err)
	}
	n.Logf("when %s, %d of %d had arrived", when, got, crashTotal)
}

// holdsWhatItAcknowledged fails where oak was told that elm has something which
// elm has not.
func (n *neighbours) holdsWhatItAcknowledged() {
	n.Helper()
	kept := map[string]bool{}
	for _, uri := range storagetest.Strings(n.T, n.elmSQL, "SELECT uri FROM activities WHERE direction = 'in'") {
		kept[uri] = true
	}
	acknowledged := storagetest.Strings(n.T, n.oakSQL, "SELECT a.uri FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id WHERE d.state = 'done'")
	if len(acknowledged) < crashTotal/3 {
		n.Errorf("oak knows of %d that arrived, want a third of %d at least", len(acknowledged), crashTotal)
	}
	for _, uri := range acknowledged {
		if !kept[uri] {
			n.Errorf("elm said that it took %s, and has not kept it", uri)
		}
	}
}

// keptOrder fails where elm was told of a thread's posts in another order than
// the one in which they were written.
func (n *neighbours) keptOrder() {
	n.Helper()
	told := storagetest.Strings(n.T, n.elmSQL, `SELECT p.html FROM activities AS a JOIN posts AS p ON p.id = a.post_id
		WHERE a.direction = 'in' AND a.type = 'Announce' AND p.uri LIKE 'http://oak.localhost%' ORDER BY a.seq`)
	in := map[string][]string{}
	for _, words := range told {
		words = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(words), "<p>"), "</p>")
		title := words[:len("thread 00")]
		in[title] = append(in[title], words)
	}
	for t := range crashThreads {
		title := fmt.Sprintf("thread %02d", t)
		want := []string{title + " begins"}
		for i := range crashAnswers {
			want = append(want, answerOf(title, i))
		}
		if got := in[title]; !slices.Equal(got, want) {
			n.Errorf("%s was told as %v, want %v", title, got, want)
		}
	}
}
