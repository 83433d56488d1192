//go:build chaos

package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/federation/fedtest"
)

// world is one hearth and all whom it knows.
type world struct {
	*testing.T
	seed   uint64
	hearth *hearth
	net    *fedtest.World
	book   *book
	faults *faults
	calm   chan struct{} // closed when the faults are over
	behind atomic.Bool   // the hearth has much to do: nobody says more
	warden *member
	people []*member
	home   *room
	rooms  []*room // all, home first
	peers  []*peer
}

// newWorld has everybody know everybody, before anything goes wrong.
func newWorld(t *testing.T, seed uint64, database string) *world {
	t.Helper()
	w := &world{T: t, seed: seed, hearth: newHearth(t, database), net: fedtest.NewWorld(t), book: newBook(), faults: &faults{}, calm: make(chan struct{})}
	w.faults.ended.Store(true)
	w.net.Point(w.hearth.host, w.hearth.listen)
	w.net.RememberKeys()
	w.warden = w.hearth.member(t, "warden")
	w.must(w.warden.makesGroup("night-talk"))
	w.home = &room{page: "/g/night-talk"}
	w.must(w.hearth.sql.QueryRow("SELECT uri FROM actors WHERE type = 'Group'").Scan(&w.home.uri))
	w.rooms = []*room{w.home}
	for _, login := range members {
		m := w.hearth.member(t, login)
		_, err := m.joins("night-talk")
		w.must(err)
		w.people = append(w.people, m)
	}
	for i, speaks := range append(speeches(), speechesBeside()...) {
		w.peers = append(w.peers, newPeer(w, speaks, i))
	}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// chanceOf is a source of chance of its own for everybody who chooses, so that
// nobody's choices hang on who was first.
func (w *world) chanceOf(who string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(who))
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

// meet has people of every peer follow the hearth's group, and a member follow
// every peer's.
func (w *world) meet() {
	w.Helper()
	var asked []*message
	for _, p := range w.peers {
		for _, one := range p.people {
			asked = append(asked, p.tells(one, follows, map[string]any{
				"@context": "https://www.w3.org/ns/activitystreams", "id": p.NewID("/x/follow-"), "type": "Follow", "actor": one.ID, "object": w.home.uri,
			}, nil, nil))
		}
	}
	for _, m := range asked {
		eventually(w.T, m.id+" is accepted", func() (bool, error) { return m.from.peer.isMet(m.id), nil })
	}
	for _, p := range w.peers {
		if p.group == nil {
			continue
		}
		page, err := w.people[0].joins("!" + p.owner.Name + "@" + p.Host)
		w.must(err)
		p.group.page = page
		w.rooms = append(w.rooms, p.group)
	}
	eventually(w.T, "a member is in all groups", func() (bool, error) {
		n, err := w.hearth.count("SELECT count(*) FROM memberships AS m JOIN actors AS g ON g.id = m.group_id WHERE g.domain <> '' AND m.state = 'active'")
		return n == len(w.rooms)-1, err
	})
}

func (p *peer) isMet(follow string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.met[follow]
}

// sends starts the mail of all peers, until stop.
func (w *world) sends(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	for _, p := range w.peers {
		n := 3
		if p.speaks.ordered {
			n = 1
		}
		for range n {
			working.Go(func() { p.mail.run(ctx) })
		}
	}
	return func() {
		cancel()
		working.Wait()
	}
}

// quiet waits until nothing is under way any more, and has an admin hurry what
// waits for servers that failed.
func (w *world) quiet(what string) {
	w.Helper()
	var last time.Time
	left := ""
	w.Cleanup(func() {
		if w.Failed() {
			w.Logf("%s: what was left last: %s", what, left)
		}
	})
	eventually(w.T, what, func() (bool, error) {
		var err error
		if left, err = w.underWay(); err != nil || left == "" {
			return err == nil, err
		}
		if time.Since(last) > time.Second {
			last = time.Now()
			err = w.hurry("next_at IS NOT NULL")
		}
		pause(w.Context(), 200*time.Millisecond)
		return false, err
	})
}

// underWay says what is not done yet, or nothing.
func (w *world) underWay() (string, error) {
	mail := 0
	for _, p := range w.peers {
		mail += p.mail.left()
	}
	deliveries, err := w.hearth.count("SELECT count(*) FROM deliveries WHERE state = 'waiting'")
	if err != nil {
		return "", err
	}
	events, err := w.hearth.count("SELECT count(*) FROM events WHERE done_at IS NULL")
	if err != nil {
		return "", err
	}
	inbox, err := w.unread()
	if err != nil {
		return "", err
	}
	questions, err := w.asks()
	if err != nil || mail+deliveries+events+questions+len(inbox) == 0 {
		return "", err
	}
	left := append(w.book.unanswered(), inbox...)
	return fmt.Sprintf("%d to send to the hearth, %d in its inbox, %d events, %d deliveries, %d questions\n%s", mail, len(inbox), events, deliveries, questions, strings.Join(left, "\n")), nil
}

// asks has the hearth ask now for the posts that it would ask for at some time in
// the next minutes, and says how many there are. For what waits itself nobody is
// asked: it may wait for what never comes.
func (w *world) asks() (int, error) {
	if _, err := w.hearth.sql.Exec("UPDATE group_inquiries SET next_at = created_at WHERE next_at > created_at AND lease_token IS NULL"); err != nil {
		return 0, err
	}
	return w.hearth.count("SELECT count(*) FROM group_inquiries AS q WHERE NOT EXISTS (SELECT 1 FROM posts AS p WHERE p.uri = q.uri AND p.state = 'orphan')")
}

// unread is what waits in the inbox, but for what waits for something that may
// never come.
func (w *world) unread() (left []string, err error) {
	rows, err := w.hearth.sql.Query("SELECT uri, attempts, reason, next_at FROM activities WHERE direction = 'in' AND state = 'waiting'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var uri, reason string
		var attempts int
		var next sql.NullTime
		if err := rows.Scan(&uri, &attempts, &reason, &next); err != nil {
			return nil, err
		}
		if attempts == 0 && !next.Valid || !w.book.mayWait(uri) {
			left = append(left, fmt.Sprintf("tried %d times, %s, again at %s: %s", attempts, reason, next.Time.Sub(w.book.begun), w.book.told(uri)))
		}
	}
	return left, rows.Err()
}

// unanswered are the histories of some messages that the hearth did not answer for good.
func (b *book) unanswered() (all []string) {
	for _, m := range b.all() {
		m.from.mu.Lock()
		over := m.over
		m.from.mu.Unlock()
		if !over && len(all) < 3 {
			all = append(all, b.history(m.id))
		}
	}
	return all
}

// told is the history of a message and of what it speaks of.
func (b *book) told(id string) string {
	ids := []string{id}
	b.mu.Lock()
	if m := b.messages[id]; m != nil {
		ids = m.ids()
	}
	b.mu.Unlock()
	return b.history(ids...)
}

// mayWait says whether what a message speaks of may never come.
func (b *book) mayWait(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.messages[id]
	if m == nil || len(m.changes) == 0 {
		return false
	}
	for _, c := range m.changes {
		if b.isCertain(c.of) && b.fateOf(c.of).here == present {
			return false
		}
	}
	return true
}

// hurry has an admin try the lanes of a condition.
func (w *world) hurry(condition string) error {
	rows, err := w.hearth.sql.Query("SELECT host FROM lanes WHERE host LIKE '%localhost%' AND " + condition)
	if err != nil {
		return err
	}
	defer rows.Close()
	var hosts []string
	for rows.Next() {
		var host string
		if err := rows.Scan(&host); err != nil {
			return err
		}
		hosts = append(hosts, host)
	}
	for _, host := range hosts {
		if err := w.warden.hurries(host); err != nil {
			return err
		}
	}
	return rows.Err()
}
