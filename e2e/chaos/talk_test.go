//go:build chaos

package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"hearth/federation/fedtest"
)

// Paces bound the load by a rate, so that what is tried is the hearth and not the
// machine.
const (
	peerPace   = 400 * time.Millisecond
	memberPace = 500 * time.Millisecond
	adminPace  = 2 * time.Second
	watchPace  = 500 * time.Millisecond
)

// What may wait while the load lasts: at the hearth, and with each peer for it. So
// that on a slow machine less is said, and what was said is heard soon after.
const (
	mayWaitThere = 200
	mayWaitHere  = 12
)

// load has everybody talk, with all that goes wrong, for as long as told.
func (w *world) load(lasts time.Duration) {
	w.faults.ended.Store(false)
	ctx, stop := context.WithTimeout(w.Context(), lasts)
	defer stop()
	var talking sync.WaitGroup
	for _, p := range w.peers {
		talking.Go(func() { every(ctx, peerPace, w.unlessBehind(p.mayDo)) })
		talking.Go(func() { p.grows(ctx, lasts) })
	}
	for i, m := range w.people {
		chance := w.chanceOf(m.name)
		talking.Go(func() { every(ctx, memberPace, w.unlessBehind(func() { w.writes(m, i == 0, chance) })) })
	}
	talking.Go(func() {
		every(ctx, adminPace, func() {
			_, err := w.asks()
			if err = errors.Join(err, w.hurry("failing_since IS NOT NULL")); err != nil {
				w.Error(err)
			}
		})
	})
	talking.Go(func() { every(ctx, watchPace, w.watches) })
	talking.Wait()
	w.faults.ended.Store(true)
	close(w.calm)
}

// watches notes whether the hearth is behind.
func (w *world) watches() {
	waiting, err := w.hearth.count(`SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting') +
		(SELECT count(*) FROM activities WHERE direction = 'in' AND state = 'waiting')`)
	if err != nil {
		w.Error(err)
	}
	w.behind.Store(waiting > mayWaitThere)
}

func (w *world) unlessBehind(do func()) func() {
	return func() {
		if w.behind.Load() {
			w.book.note("kept quiet", "")
			return
		}
		do()
	}
}

func every(ctx context.Context, pace time.Duration, do func()) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			do()
		case <-ctx.Done():
			return
		}
	}
}

// grows changes the peer's keys when two fifths are over, and at three quarters
// every other peer loses somebody for good.
func (p *peer) grows(ctx context.Context, lasts time.Duration) {
	if pause(ctx, lasts*2/5); ctx.Err() != nil {
		return
	}
	p.mu.Lock()
	p.people[0].Rekey("#second-key")
	p.mu.Unlock()
	p.book.note("changes a key", "", p.people[0].ID)
	if pause(ctx, lasts*7/20); ctx.Err() != nil || p.mail.from[len(p.mail.from)-1]%2 == 0 {
		return
	}
	p.loses(p.people[1])
}

// loses has somebody be no more: their document says so, and the last that is
// heard of them.
func (p *peer) loses(one *fedtest.Actor) {
	p.mu.Lock()
	p.left[one.ID] = true
	p.mu.Unlock()
	p.Handle(one.ID[len(p.URL):], fedtest.Status(http.StatusGone))
	bye := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": one.ID + "#delete", "type": "Delete", "actor": one.ID, "object": one.ID,
		"to": []any{fedtest.Public},
	}
	m := p.tells(one, farewell, bye, nil, nil)
	p.book.mu.Lock()
	p.book.gone[one.ID] = m
	p.book.mu.Unlock()
}

// mayDo does the next thing, unless much of what was said did not arrive yet.
func (p *peer) mayDo() {
	if p.mail.left() > mayWaitHere {
		p.book.note("kept quiet", "")
		return
	}
	p.does()
}

// does is the next thing that somebody of the peer does.
func (p *peer) does() {
	one := p.somebody()
	switch pickOne(p.talk, []int{42, 14, 13, 7, 8, 3, 3, 5, 2, 3}) {
	case 0:
		p.replies(one)
	case 1:
		p.begins(one, p.in(), creates)
	case 2:
		p.edits(one)
	case 3:
		p.takesBack(one)
	case 4:
		p.reacts(one, "Like")
	case 5:
		p.flags(one)
	case 6:
		p.begins(p.unknown, p.hearthRoom(), intrudes)
	case 7:
		p.forges(one)
	case 8:
		p.asksTwice(one)
	case 9:
		p.repeats()
	}
}

func (p *peer) somebody() *fedtest.Actor {
	one := p.people[p.talk.IntN(len(p.people))]
	if p.hasLeft(one) {
		return p.people[0]
	}
	return one
}

func (p *peer) hasLeft(one *fedtest.Actor) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left[one.ID]
}

func (p *peer) hearthRoom() *room { return p.world.home }

// in is a room to begin a thread in.
func (p *peer) in() *room {
	if p.talk.IntN(5) < 3 {
		return p.world.home
	}
	return p.rooms[p.talk.IntN(len(p.rooms))]
}

func (p *peer) begins(one *fedtest.Actor, in *room, why purpose) {
	p.publishes(one, p.book.newPost(&post{in: in, author: one.ID, by: p, published: time.Now().UTC().Truncate(time.Microsecond)}), why)
}

func (p *peer) replies(one *fedtest.Actor) {
	parent := p.book.pick(p.talk.IntN, func(t *post) bool { return t.root().replies < maxReplies })
	if parent == nil {
		p.begins(one, p.in(), creates)
		return
	}
	answer := p.book.newPost(&post{in: parent.in, parent: parent, author: one.ID, by: p, published: time.Now().UTC().Truncate(time.Microsecond)})
	p.publishes(one, answer, creates)
}

// publishes sends a new post where it belongs: to the hearth's group itself, or
// by the group of a peer, which tells its followers; and now and then both ways.
func (p *peer) publishes(one *fedtest.Actor, new *post, why purpose) {
	p.book.stands(new, p.NewID("/p/"))
	s := said{new, one, 0}
	create := s.activity("Create", s.object())
	changes := []change{{new, creates, 0}}
	host := new.in.host
	if host == nil {
		p.tells(one, why, create, changes, nil)
	} else {
		host.passesOn(create, s, changes)
	}
	if why == creates && p.talk.IntN(8) == 0 && !p.hostOf(new).speaks.ordered && p.book.take(new) {
		p.mends(one, new) // at once: it may come first
	}
	if host == nil {
		return
	}
	if p.talk.IntN(5) == 0 {
		p.tells(one, fact, create, nil, nil)
	}
}

func (p *peer) edits(one *fedtest.Actor) {
	if own := p.own(one); own != nil {
		p.mends(one, own)
		return
	}
	p.replies(one)
}

// hostOf is the peer that tells the hearth of a post of somebody here.
func (p *peer) hostOf(of *post) *peer {
	if of.in.host != nil {
		return of.in.host
	}
	return p
}

func (p *peer) mends(one *fedtest.Actor, own *post) {
	s := said{own, one, p.book.say(own)}
	update := s.activity("Update", s.object())
	p.changes(one, s, update, change{own, updates, s.version})
}

func (p *peer) takesBack(one *fedtest.Actor) {
	own := p.own(one)
	if own == nil {
		p.replies(one)
		return
	}
	p.book.remove(own)
	s := said{own, one, 0}
	p.Handle(own.uri[len(p.URL):], fedtest.Status(http.StatusGone))
	p.changes(one, s, s.activity("Delete", p.speaks.erased(own.uri)), change{own, removes, 0})
}

// own is a post of somebody that nobody is about to change. Whoever gets it lets
// go of it again when what they say of it was answered.
func (p *peer) own(one *fedtest.Actor) *post {
	own := p.book.pick(p.talk.IntN, func(t *post) bool { return t.author == one.ID && !t.busy })
	if own == nil || !p.book.take(own) {
		return nil
	}
	return own
}

func (p *peer) changes(one *fedtest.Actor, s said, activity map[string]any, c change) {
	done := func() { p.book.release(s.post) }
	host := s.in.host
	if host == nil {
		p.tells(one, c.purpose, activity, []change{c}, done)
		return
	}
	for _, m := range host.passesOn(activity, s, []change{c}) {
		m.settles(done)
	}
}

// settles has something done when the message is answered for good, or at once
// where it is already.
func (m *message) settles(do func()) {
	m.from.mu.Lock()
	over := m.over
	m.settled = do
	m.from.mu.Unlock()
	if over {
		do()
	}
}

func (p *peer) reacts(one *fedtest.Actor, kind string) {
	if liked := p.book.pick(p.talk.IntN, func(t *post) bool { return t.in.host == nil }); liked != nil {
		p.says(one, fact, kind, liked.uri, nil)
	}
}

// flags asks for help with a post: in a person's name, or their server's with the
// author beside the post (Mastodon).
func (p *peer) flags(one *fedtest.Actor) {
	about := p.book.pick(p.talk.IntN, func(t *post) bool { return t.in.host == nil && t.by != nil })
	if about == nil {
		return
	}
	if p.speaks.titled {
		p.says(one, fact, "Flag", about.uri, nil)
		return
	}
	p.says(p.Instance(), fact, "Flag", []any{about.author, about.uri}, nil)
}

// asksTwice has somebody follow the group again, under another id.
func (p *peer) asksTwice(one *fedtest.Actor) { p.says(one, follows, "Follow", p.home.uri, nil) }

// writes is the next thing that a member does on the hearth's pages.
func (w *world) writes(m *member, everywhere bool, chance *rand.Rand) {
	switch pickOne(chance, []int{60, 14, 16, 6}) {
	case 0:
		w.answers(m, everywhere, chance)
	case 1:
		in := w.home
		if everywhere && chance.IntN(2) == 0 {
			in = w.rooms[chance.IntN(len(w.rooms))]
		}
		new := w.book.newPost(&post{in: in, author: m.name})
		id, err := m.begins(in.page, fmt.Sprintf("talk %d", new.serial), new.token(0))
		w.wrote(new, id, err)
	case 2:
		if own := w.ownOf(m, chance); own != nil {
			w.edits(m, own)
		}
	case 3:
		if own := w.ownOf(m, chance); own != nil {
			w.book.remove(own)
			if err := m.deletes(own.id); err != nil {
				w.Errorf("%s deletes %s: %v", m.name, own.uri, err)
			}
			w.book.release(own)
		}
	}
}

func (w *world) ownOf(m *member, chance *rand.Rand) *post {
	own := w.book.pick(chance.IntN, func(t *post) bool { return t.author == m.name && t.by == nil && !t.busy })
	if own == nil || !w.book.take(own) {
		return nil
	}
	return own
}

func (w *world) edits(m *member, own *post) {
	w.book.mu.Lock()
	next := own.version + 1
	w.book.mu.Unlock()
	if err := m.edits(own.id, own.token(next)); err != nil {
		w.Errorf("%s edits %s: %v", m.name, own.uri, err)
	}
	w.book.say(own)
	w.book.release(own)
}

// answers has a member answer something that is there; what is taken back at that
// moment is not answered.
func (w *world) answers(m *member, everywhere bool, chance *rand.Rand) {
	parent := w.book.pick(chance.IntN, func(t *post) bool {
		return (everywhere || t.in.host == nil) && t.root().replies < maxReplies
	})
	if parent == nil {
		return
	}
	var at string
	if err := w.hearth.sql.QueryRow("SELECT id FROM posts WHERE uri = '" + parent.uri + "' AND state = 'published'").Scan(&at); err != nil {
		return // taken, and not there yet
	}
	new := w.book.newPost(&post{in: parent.in, parent: parent, author: m.name})
	id, err := m.answers(at, new.token(0))
	if err != nil && !w.book.isRemoved(parent) {
		w.Errorf("%s answers %s: %v\n%s", m.name, parent.uri, err, w.book.of(parent))
	}
	w.wrote(new, id, err)
}

func (b *book) isRemoved(p *post) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return p.removed || b.gone[p.author] != nil || b.stood(p) != present
}

// wrote notes what a member wrote under its address; nothing where that failed.
func (w *world) wrote(new *post, id string, err error) {
	if err != nil {
		w.book.note("not written", err.Error())
		return
	}
	new.id = id
	w.book.stands(new, w.hearth.address()+"/p/"+id)
	w.book.note("written", "by "+new.author, new.uri)
}
