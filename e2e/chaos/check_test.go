//go:build chaos

package chaos

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxTold bounds the failures that are told in full: one bug breaks many posts.
const maxTold = 8

// wrongs are what is not as it should be, of one kind.
type wrongs struct {
	*world
	kind  string
	found int
}

func (w *world) wrongs(kind string) *wrongs { return &wrongs{world: w, kind: kind} }

// are counts one more, and tells of the first.
func (w *wrongs) are(history, format string, args ...any) {
	w.Helper()
	if w.found++; w.found <= maxTold {
		w.Errorf("%s: %s\n    %s", w.kind, fmt.Sprintf(format, args...), history)
	}
}

func (w *wrongs) end() {
	w.Helper()
	if w.found > maxTold {
		w.Errorf("%s: %d in all", w.kind, w.found)
	}
}

// row is a post as the hearth has it.
type row struct {
	uri, state, html, title, parent, root, group string
	published                                    time.Time
}

// rows are all posts, by their URI.
func (w *world) rowsByURI() map[string]row {
	w.Helper()
	found, err := w.hearth.sql.Query(`SELECT p.uri, p.state, p.html, p.title, coalesce(parent.uri, ''), coalesce(root.uri, ''), g.uri, p.published_at
		FROM posts AS p LEFT JOIN posts AS parent ON parent.id = p.parent_id LEFT JOIN posts AS root ON root.id = p.thread_id
		JOIN actors AS g ON g.id = p.group_id WHERE p.state <> 'draft'`)
	w.must(err)
	defer found.Close()
	all := map[string]row{}
	for found.Next() {
		var r row
		w.must(found.Scan(&r.uri, &r.state, &r.html, &r.title, &r.parent, &r.root, &r.group, &r.published))
		all[r.uri] = r
	}
	w.must(found.Err())
	return all
}

var token = regexp.MustCompile(`w\d{5}v\d+`)

// said are the posts whose URI is known, in the order in which they were said.
func (w *world) said() []*post {
	return slices.DeleteFunc(slices.Clone(w.book.posts), func(p *post) bool { return p.uri == "" })
}

// checkPosts holds every post to the book: once, in its place, in its last words.
func (w *world) checkPosts() {
	w.Helper()
	rows := w.rowsByURI()
	there, gone := 0, 0
	bad := w.wrongs("posts")
	defer bad.end()
	for _, p := range w.said() {
		f := w.book.fateOf(p)
		r, here := rows[p.uri]
		delete(rows, p.uri)
		switch {
		case !here && f.here == present:
			bad.are(w.book.of(p), "%s is not there", p.uri)
		case here && f.here == absent:
			bad.are(w.book.of(p), "%s is there, and may not be", p.uri)
		case here && r.state == "deleted":
			gone++
			w.checkErased(bad, p, r, f)
		case here:
			there++
			w.checkShown(bad, p, r, f)
		}
	}
	for uri, r := range rows {
		bad.are(w.book.history(uri), "%s (%s) is there, and nobody said it", uri, r.state)
	}
	w.Logf("%d posts stand, %d were taken back, of %d", there, gone, len(w.said()))
}

func (w *world) checkErased(bad *wrongs, p *post, r row, f fate) {
	bad.Helper()
	if f.erased == absent {
		bad.are(w.book.of(p), "%s is deleted, and nobody asked for that", p.uri)
	}
	if token.MatchString(r.html + r.title) {
		bad.are(w.book.of(p), "%s is deleted, and its words are there: %s", p.uri, r.html)
	}
}

func (w *world) checkShown(bad *wrongs, p *post, r row, f fate) {
	bad.Helper()
	if f.erased == present {
		bad.are(w.book.of(p), "%s is %s, and was taken back", p.uri, r.state)
		return
	}
	if r.state == "orphan" {
		w.checkOrphan(bad, p, r)
		return
	}
	if r.state != "published" {
		bad.are(w.book.of(p), "%s is %s, want published", p.uri, r.state)
	}
	var want []string
	for _, version := range f.versions {
		want = append(want, p.token(version))
	}
	if got := token.FindAllString(r.html, -1); len(got) != 1 || !slices.Contains(want, got[0]) {
		bad.are(w.book.of(p), "%s says %q, want one of %q", p.uri, got, want)
	}
	if r.group != p.in.uri {
		bad.are(w.book.of(p), "%s stands in %s, want %s", p.uri, r.group, p.in.uri)
	}
	parent := ""
	if p.parent != nil {
		parent = p.parent.uri
	}
	if r.parent != parent || r.root != p.root().uri {
		bad.are(w.book.of(p), "%s answers %s in the thread of %s, want %s in that of %s", p.uri, r.parent, r.root, parent, p.root().uri)
	}
	if !p.published.IsZero() && !r.published.Equal(p.published) {
		bad.are(w.book.of(p), "%s stands at %s, want %s", p.uri, r.published.UTC(), p.published)
	}
}

// checkOrphan lets an answer wait for what may never come, and for nothing that is
// here: whichever of the two came first, it has its place by now.
func (w *world) checkOrphan(bad *wrongs, p *post, r row) {
	bad.Helper()
	state, err := w.stateOf(p.parent.uri)
	w.must(err)
	if state != "" && state != "orphan" || w.book.isCertain(p.parent) {
		bad.are(w.book.of(p)+"\n    "+w.book.of(p.parent), "%s waits for %s, which is %q", p.uri, p.parent.uri, state)
	}
}

// stateOf is a post's; empty where there is none.
func (w *world) stateOf(uri string) (state string, err error) {
	err = w.hearth.sql.QueryRow("SELECT state FROM posts WHERE uri = '" + uri + "'").Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return state, err
}

// checkPages has a member read every thread as it is shown: what is to stand stands
// once, in order, each answer after what it answers, and nothing else.
func (w *world) checkPages() {
	w.Helper()
	bad := w.wrongs("pages")
	defer bad.end()
	rows := w.rowsByURI()
	threads := map[*post][]*post{}
	for _, p := range w.said() {
		if r, here := rows[p.uri]; here && r.state == "published" {
			threads[p.root()] = append(threads[p.root()], p)
		}
	}
	for root, posts := range threads {
		var id string
		if err := w.hearth.sql.QueryRow("SELECT id FROM posts WHERE uri = '" + root.uri + "'").Scan(&id); err != nil {
			bad.are(w.book.of(root), "the thread of %s is not there: %v", root.uri, err)
			continue
		}
		if err := w.people[0].opens("/p/" + id); err != nil && rows[root.uri].state != "deleted" {
			bad.are(w.book.of(root), "the page of %s: %v", root.uri, err)
		}
		w.checkPage(bad, root, posts, rows, words(w.people[0].page))
	}
	w.Logf("%d threads were read", len(threads))
}

func (w *world) checkPage(bad *wrongs, root *post, posts []*post, rows map[string]row, text string) {
	bad.Helper()
	at := map[string]int{}
	for i, found := range token.FindAllString(text, -1) {
		if _, seen := at[found]; !seen {
			at[found] = i
		}
	}
	place := func(p *post) (int, bool) {
		i, seen := at[token.FindString(rows[p.uri].html)]
		return i, seen
	}
	for _, p := range posts {
		i, seen := place(p)
		if !seen {
			bad.are(w.book.of(p), "%s is not on the page of its thread: %s", p.uri, text)
			continue
		}
		delete(at, token.FindString(rows[p.uri].html))
		for parent := p.parent; parent != nil; parent = parent.parent {
			at, there := place(parent)
			if there && at > i {
				bad.are(w.book.of(p), "%s stands before %s, which it answers: %s", p.uri, parent.uri, text)
			}
		}
	}
	for word := range at {
		bad.are(w.book.of(root), "%s is on the page of %s, and is nobody's last word: %s", word, root.uri, text)
	}
}

// checkOutcomes holds what became of each activity to the book.
func (w *world) checkOutcomes() {
	w.Helper()
	bad := w.wrongs("outcomes")
	defer bad.end()
	rows, err := w.hearth.sql.Query("SELECT uri, type, outcome, reason FROM activities WHERE direction = 'in' AND state = 'finished'")
	w.must(err)
	defer rows.Close()
	kept := map[string]bool{}
	counted := map[string]int{}
	for rows.Next() {
		var uri, kind, outcome, reason string
		w.must(rows.Scan(&uri, &kind, &outcome, &reason))
		kept[uri] = true
		counted[strings.TrimSpace(outcome+" "+reason)]++
		if (outcome == "refused" || outcome == "ignored") && reason == "" {
			bad.are(w.book.history(uri), "the %s %s is %s without a reason", kind, uri, outcome)
		}
		w.checkOutcome(bad, uri, outcome, reason)
	}
	w.must(rows.Err())
	for id, m := range w.book.messages {
		if m.accepted && !kept[id] && !w.book.mayWait(id) {
			bad.are(w.book.history(id), "%s was answered with 2xx and is not kept", id)
		}
		if m.status != 0 && m.purpose != forged {
			bad.are(w.book.history(id), "%s was answered with %d", id, m.status)
		}
	}
	w.Logf("what came: %v", counted)
}

func (w *world) checkOutcome(bad *wrongs, uri, outcome, reason string) {
	bad.Helper()
	if strings.HasPrefix(uri, "urn:hearth:refused:") { // nothing of it was verified: it has no id
		if reason != "signer_is_not_actor" {
			bad.are("", "something is kept as %s %s at the door, and nobody did that", outcome, reason)
		}
		return
	}
	m := w.book.messages[uri]
	if m == nil {
		if !w.book.isDirect(uri) {
			bad.are("", "%s is kept as %s, and nobody sent it", uri, outcome)
		}
		return
	}
	switch {
	case outcome == "accepted":
		if m.purpose == intrudes || m.purpose == forged {
			bad.are(w.book.history(m.ids()...), "%s was taken from somebody who may not", uri)
		}
	case outcome == "held" && reason == "orphan" && m.speaksOfAnswers():
		// where it ended up is the posts' matter
	case m.purpose == intrudes && reason != "not_member":
		bad.are(w.book.history(uri), "%s is %s as %q, want not_member", uri, outcome, reason)
	case m.purpose == follows || m.purpose == farewell:
		bad.are(w.book.history(uri), "%s is %s as %q", uri, outcome, reason)
	case (m.purpose == creates || m.purpose == updates || m.purpose == removes) && !w.book.mayBeRefused(m):
		bad.are(w.book.history(m.ids()...), "%s is %s as %q, and nothing spoke against it", uri, outcome, reason)
	}
}

// speaksOfAnswers says whether what a message brings may have come before what it
// answers.
func (m *message) speaksOfAnswers() bool {
	return slices.ContainsFunc(m.changes, func(c change) bool { return c.of.parent != nil && c.purpose != removes })
}

// mayBeRefused says whether a message may have come to nothing: what it speaks of
// was taken back, or is not certain to have been let in.
func (b *book) mayBeRefused(m *message) bool {
	for _, c := range m.changes {
		if b.isCertain(c.of) && b.fateOf(c.of).here == present {
			return false
		}
	}
	return true
}

// isDirect says whether an id is that of an activity which a group passed on as
// well.
func (b *book) isDirect(id string) bool { return len(b.journal[id]) > 0 }

// checkPeers holds what each peer got to what the hearth owed it.
func (w *world) checkPeers() {
	w.Helper()
	w.checkRepeats()
	rows := w.rowsByURI()
	for _, p := range w.peers {
		bad := w.wrongs("to " + p.speaks.Software)
		for _, one := range p.wrong {
			id, _, _ := strings.Cut(strings.TrimPrefix(one, p.speaks.Software+": "), " ")
			bad.are(w.book.history(id), "%s", one)
		}
		for _, r := range p.Deliveries() {
			if r.Err != nil {
				bad.are("", "%s came with a signature that does not hold: %v", r.Type(), r.Err)
			}
		}
		w.checkOnce(bad, p)
		w.checkOrder(bad, p)
		w.checkOwed(bad, p, rows)
		bad.end()
	}
}

// checkRepeats looks for what came again although it was answered, and the answer
// read. A hearth that is not given any time on a busy machine may have stopped waiting
// in that very moment: then it counted more answers missing than peers withheld.
func (w *world) checkRepeats() {
	w.Helper()
	bad := w.wrongs("repeats")
	defer bad.end()
	all, err := w.hearth.figures()
	w.must(err)
	missing := int(all[`hearth_delivery_attempts_total{outcome="unreached"}`])
	withheld := 0
	for _, way := range []int{busy, lostBefore, lostAfter, hanging} {
		withheld += w.book.counted[waysTaken[way]]
	}
	var again []string
	for _, p := range w.peers {
		again = append(again, p.again...)
	}
	w.Logf("%d answers were withheld, the hearth missed %d, and sent %d again whose answer was read", withheld, missing, len(again))
	if len(again) <= missing-withheld {
		return
	}
	for _, id := range again {
		bad.are(w.book.history(id), "%s came again after it was taken", id)
	}
}

// checkOnce finds what was announced to a peer under two ids.
func (w *world) checkOnce(bad *wrongs, p *peer) {
	bad.Helper()
	first := map[string]string{}
	for _, a := range p.came {
		if a.kind != "Announce" {
			continue
		}
		if before, again := first[a.inner+a.carries]; again {
			bad.are(w.book.history(before, a.id), "%s %s was announced by %s and by %s", a.inner, a.carries, before, a.id)
		}
		first[a.inner+a.carries] = a.id
	}
}

// checkOrder compares the order in which a peer took things with the order in
// which the hearth made them, within each of its keys.
func (w *world) checkOrder(bad *wrongs, p *peer) {
	bad.Helper()
	rows, err := w.hearth.sql.Query(`SELECT d.order_key, a.uri, d.state, d.status FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id
		WHERE d.host = '` + p.Host + `' ORDER BY d.seq`)
	w.must(err)
	defer rows.Close()
	place := map[string]int{}
	for i, a := range p.came {
		place[a.id] = i
	}
	last := map[string]string{}
	for rows.Next() {
		var key, uri, state string
		var status sql.NullInt64
		w.must(rows.Scan(&key, &uri, &state, &status))
		at, came := place[uri]
		switch {
		case state == "done" && !came:
			bad.are(w.book.history(uri), "%s is done, and never came", uri)
		case state != "done" && state != "cancelled":
			bad.are(w.book.history(uri), "%s is %s after status %d, want it delivered", uri, state, status.Int64)
		case came && last[key] != "" && place[last[key]] > at:
			bad.are(w.book.history(uri, last[key]), "%s came before %s, which was made before it", uri, last[key])
		}
		if came {
			last[key] = uri
		}
	}
	w.must(rows.Err())
}

// checkOwed looks for every post that stands in the hearth's group, and for the
// last that was said of it.
func (w *world) checkOwed(bad *wrongs, p *peer, rows map[string]row) {
	bad.Helper()
	heard := map[string]map[string]bool{}
	for _, a := range p.came {
		if heard[a.about] == nil {
			heard[a.about] = map[string]bool{}
		}
		heard[a.about][a.inner] = true
		heard[a.about][a.kind] = true
	}
	owed := 0
	for _, one := range w.said() {
		r, here := rows[one.uri]
		if !here || !w.isOwed(p, one) {
			continue
		}
		owed++
		got := heard[one.uri]
		switch {
		case r.state == "published" && !got["Create"] && !got["URI"] && !got["Update"] && !got["object"]:
			bad.are(w.book.of(one), "%s never came to %s", one.uri, p.speaks.Software)
		case r.state == "deleted" && got["Create"] && !got["Delete"]:
			bad.are(w.book.of(one), "%s came to %s, was taken back, and that never came", one.uri, p.speaks.Software)
		case r.state == "published" && got["Create"] && w.wasEdited(one) && !got["Update"]:
			bad.are(w.book.of(one), "%s was changed, and %s never heard", one.uri, p.speaks.Software)
		}
	}
	w.Logf("%s got %d activities, %d posts were owed", p.speaks.Software, len(p.came), owed)
}

// isOwed says whether a peer is to hear of a post: of all in the hearth's group,
// and of what members wrote in its own.
func (w *world) isOwed(p *peer, one *post) bool {
	return one.in == w.home && (one.parent == nil || !isMicroblog(p)) || one.in == p.group && one.by == nil
}

// isMicroblog is software whose people are told of threads alone.
func isMicroblog(p *peer) bool {
	return slices.Contains([]string{"mastodon", "gotosocial", "pleroma"}, p.speaks.Software)
}

// wasEdited says whether an edit was answered with 2xx and surely came after the
// post.
func (w *world) wasEdited(one *post) bool {
	f := w.book.fateOf(one)
	return len(f.versions) == 1 && f.versions[0] > 0 && f.here == present
}

// What a hearth may have in use more than before: a few workers that have just
// begun, and garbage.
const (
	moreGoroutines = 16
	moreHeap       = 24 << 20
)

// atRest is what the hearth has in use when nobody is connected to it and its
// goroutines have come down as far as they do.
func (w *world) atRest() (rest level) {
	w.Helper()
	w.leaves()
	calm := 0
	eventually(w.T, "the hearth is at rest", func() (bool, error) {
		now, err := w.hearth.level()
		if calm++; rest.goroutines == 0 || now.goroutines < rest.goroutines {
			rest, calm = now, 0
		}
		rest.heap = now.heap
		return calm >= 10, err
	})
	return rest
}

// checkLevel waits until memory and goroutines are back where they were before.
// What is garbage is not collected before there is more of it: pages are read.
func (w *world) checkLevel(before level) {
	w.Helper()
	var now level
	w.Cleanup(func() {
		if w.Failed() {
			w.Logf("before the load: %v; at last: %v", before, now)
		}
	})
	w.leaves()
	eventually(w.T, "memory and goroutines are back at their level", func() (bool, error) {
		var err error
		if now, err = w.hearth.level(); err != nil || now.goroutines <= before.goroutines+moreGoroutines && now.heap <= before.heap+moreHeap {
			return err == nil, err
		}
		defer w.people[0].client.CloseIdleConnections()
		return false, w.people[0].opens(w.home.page)
	})
	w.Logf("before the load: %v; after it: %v", before, now)
}
