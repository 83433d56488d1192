//go:build chaos

package chaos

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"hearth/federation/fedtest"
)

// faults are what goes wrong, until all is to be well.
type faults struct{ ended atomic.Bool }

func (f *faults) over() bool { return f.ended.Load() }

// peer is one server of other software.
type peer struct {
	*world
	*fedtest.Server
	speaks  speech
	place   int // among all
	people  []*fedtest.Actor
	unknown *fedtest.Actor // follows nothing, and writes all the same
	group   *room          // of its own; nil where its software has none
	owner   *fedtest.Actor // the group, as an actor
	mail    *sender

	mu     sync.Mutex
	chance *rand.Rand // of what goes wrong in its inboxes
	came   []*arrival
	byID   map[string]*arrival
	lines  map[any]*arrival // what was answered last on each connection
	met    map[string]bool  // Follows that were accepted
	wrong  []string         // what was not right about what came
	again  []string         // ids that came again after their answer was read
	left   map[string]bool  // people here who are no more
	talk   *rand.Rand       // of what is said
}

// complains notes that something came as it may not.
func (p *peer) complains(id, how string, args ...any) {
	p.wrong = append(p.wrong, fmt.Sprintf("%s: %s %s", p.speaks.Software, id, fmt.Sprintf(how, args...)))
}

// arrival is an activity of the hearth that a peer took.
type arrival struct {
	id, kind string
	inner    string // the type of what is announced; "URI" or "object" where that is no activity
	carries  string // the id of what is announced
	about    string // the post
	hash     [32]byte
	answered time.Time // with 202, which surely was read; zero where that is not known
}

func newPeer(w *world, speaks speech, place int) *peer {
	p := &peer{
		world: w, speaks: speaks, place: place, byID: map[string]*arrival{}, lines: map[any]*arrival{}, met: map[string]bool{}, left: map[string]bool{},
		talk: w.chanceOf("talk of " + speaks.Software), chance: w.chanceOf("inbox of " + speaks.Software),
		Server: fedtest.NewServer(w.T, speaks.Software+".localhost", fedtest.In(w.net), fedtest.Speaking(speaks.Dialect), fedtest.Plain()),
	}
	for _, name := range []string{"ada", "bela"} {
		p.people = append(p.people, p.Person(name))
	}
	p.unknown = p.Person("stray")
	if speaks.hosts {
		p.owner = p.Group(speaks.Software + "-talk")
		p.group = &room{uri: p.owner.ID, host: p}
	}
	p.mail = newSender(p, net.IPv4(127, 0, 1, byte(place+1)), w.chanceOf("mail of "+speaks.Software))
	p.AnswerDeliveries(p.take)
	return p
}

// What can go wrong in an inbox.
const (
	wellTaken = iota
	failing
	busy
	slow
	lostBefore
	lostAfter
	hanging
)

var waysTaken = []string{"taken", "answered 500", "answered 503", "taken slowly", "lost before it was taken", "lost after it was taken", "left hanging"}

func (p *peer) fault() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults.over() {
		return wellTaken
	}
	return pickOne(p.chance, []int{900, 20, 12, 40, 12, 12, 4})
}

// take is all of the peer's inboxes.
func (p *peer) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	line := r.Context().Value(http.LocalAddrContextKey) // one value for each connection
	p.hears(line)
	a := read(body)
	fault := p.fault()
	p.book.note(waysTaken[fault], fmt.Sprintf("%s %s %s by %s", a.kind, a.inner, a.id, p.speaks.Software), a.id, a.about)
	switch fault {
	case failing:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case busy:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case hanging:
		select {
		case <-r.Context().Done():
		case <-p.calm:
		}
		cut(w)
		return
	case lostBefore:
		cut(w)
		return
	case slow:
		pause(r.Context(), 300*time.Millisecond)
	}
	kept := p.keep(a, body)
	if fault == lostAfter {
		cut(w)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	p.mu.Lock()
	p.lines[line] = kept
	p.mu.Unlock()
}

// hears takes another request on a connection for the proof that what was answered
// on it before was read. That it was written proves nothing: whoever asked may have
// given up waiting.
func (p *peer) hears(line any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := p.lines[line]; last != nil && last.answered.IsZero() {
		last.answered = time.Now()
	}
	delete(p.lines, line)
}

// cut ends a connection without an answer.
func cut(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.Close()
	}
}

// read is what of an activity matters here.
func read(body []byte) *arrival {
	var outer struct {
		ID, Type string
		Object   json.RawMessage
	}
	json.Unmarshal(body, &outer)
	a := &arrival{id: outer.ID, kind: outer.Type, hash: sha256.Sum256(body)}
	kind, id, object := opened(outer.Object)
	if a.about = id; a.kind != "Announce" {
		return a
	}
	a.carries = id
	switch a.inner = kind; kind {
	case "":
		a.inner = "URI"
	case "Create", "Update", "Delete", "Undo", "Lock", "Add", "Remove":
		_, a.about, _ = opened(object)
	default:
		a.inner = "object"
	}
	return a
}

// opened is what a property holds: an object by its type and id, or an id alone.
func opened(raw json.RawMessage) (kind, id string, object json.RawMessage) {
	if json.Unmarshal(raw, &id) == nil {
		return "", id, nil
	}
	var o struct {
		ID, Type string
		Object   json.RawMessage
	}
	json.Unmarshal(raw, &o)
	return o.Type, o.ID, o.Object
}

// keep takes an activity as servers do, once by its id, and complains where it is
// not the one that had that id before, or comes again after it was taken.
func (p *peer) keep(a *arrival, body []byte) *arrival {
	p.mu.Lock()
	before := p.byID[a.id]
	if before == nil {
		p.byID[a.id] = a
		p.came = append(p.came, a)
	}
	p.mu.Unlock()
	if before == nil {
		p.heeds(a, body)
		return a
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case before.hash != a.hash:
		p.complains(a.id, "came with two bodies")
	case !before.answered.IsZero():
		p.again = append(p.again, a.id)
	}
	return before
}

// heeds does what the software does with what it took.
func (p *peer) heeds(a *arrival, body []byte) {
	var act map[string]any
	json.Unmarshal(body, &act)
	switch a.kind {
	case "Accept":
		p.mu.Lock()
		p.met[a.about] = true
		p.mu.Unlock()
	case "Follow":
		if p.owner != nil && a.about == p.owner.ID {
			p.says(p.owner, follows, "Accept", act, nil)
		}
	case "Create", "Update", "Delete":
		if p.owner != nil {
			p.passesOn(act, said{post: &post{}, author: p.owner}, nil)
		}
	}
}

// says sends an activity of an actor here to the hearth.
func (p *peer) says(by *fedtest.Actor, why purpose, kind string, object any, changes []change) *message {
	activity := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": p.NewID("/x/" + kind + "-"), "type": kind, "actor": by.ID, "object": object,
		"to": []any{fedtest.Public}, "cc": []any{by.ID + "/followers"},
	}
	return p.tells(by, why, activity, changes, nil)
}

// tells sends an activity as it is.
func (p *peer) tells(by *fedtest.Actor, why purpose, activity map[string]any, changes []change, settled func()) *message {
	m := &message{
		id: activity["id"].(string), kind: p.speaks.Software + " " + activity["type"].(string), purpose: why, changes: changes,
		signer: by, body: encoded(activity), settled: settled,
	}
	p.mail.send(m)
	return m
}

// passesOn has the group here tell its followers of an activity, in the forms that
// its software has for that.
func (p *peer) passesOn(inner map[string]any, s said, changes []change) (all []*message) {
	why := fact
	if len(changes) > 0 {
		why = changes[0].purpose
	}
	for _, object := range p.speaks.announces(inner, s) {
		all = append(all, p.says(p.owner, why, "Announce", object, changes))
	}
	return all
}
