//go:build chaos

package chaos

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"hearth/federation/fedtest"
)

// room is a group, of the hearth or of a peer.
type room struct {
	uri  string
	page string // at the hearth
	host *peer  // nil: the hearth's own
}

// post is what somebody said, as the book has it.
type post struct {
	serial    int
	uri       string
	id        string // at the hearth, of what its members wrote
	in        *room
	parent    *post
	author    string    // an actor's URI, or a member's name
	by        *peer     // nil: a member of the hearth
	published time.Time // zero: the hearth's own matter
	version   int       // the last that was said
	replies   int
	busy      bool // something said of it was not answered yet
	removed   bool // its author asked for it to go, whatever became of that
	creates   []*message
	changes   []*message // updates and deletions
}

// token is the one word that the nth version of a post says.
func (p *post) token(version int) string { return fmt.Sprintf("w%05dv%d", p.serial, version) }

func (p *post) root() *post {
	for p.parent != nil {
		p = p.parent
	}
	return p
}

// What a message is, as far as it matters what has to become of it.
type purpose int

const (
	creates purpose = iota
	updates
	removes
	repeated // an old one, caught on its way
	fact     // has no effect, or one that is not looked at
	intrudes // by somebody who may not
	forged   // in a name that is not its signer's
	farewell // of a person
	follows
)

// change is what a message says of one post.
type change struct {
	of      *post
	purpose purpose
	version int
}

// message is an activity that a peer sends to the hearth.
type message struct {
	id      string
	kind    string
	purpose purpose
	changes []change
	body    []byte
	signer  *fedtest.Actor
	forgery *forgery // where it is forged
	from    *sender
	tries   int

	accepted bool   // answered with 2xx
	exposed  bool   // its bytes were there at least once
	status   int    // of a no for good
	word     string // and its reason
	over     bool   // answered for good, or given up
	settled  func()
}

// book is all that was said in one world and what was answered.
type book struct {
	mu       sync.Mutex
	posts    []*post
	byURI    map[string]*post
	messages map[string]*message
	sent     map[*peer][]*message // all of them
	gone     map[string]*message  // the farewells of those who said that they are no more
	journal  map[string][]string
	begun    time.Time
	counted  map[string]int
}

func newBook() *book {
	return &book{
		byURI: map[string]*post{}, messages: map[string]*message{}, sent: map[*peer][]*message{}, gone: map[string]*message{}, journal: map[string][]string{},
		counted: map[string]int{}, begun: time.Now(),
	}
}

// note writes down what happened to some ids, and counts what kind of thing it was.
func (b *book) note(what, how string, ids ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counted[what]++
	line := fmt.Sprintf("%9s %s %s", time.Since(b.begun).Round(time.Millisecond), what, how)
	for _, id := range ids {
		b.journal[id] = append(b.journal[id], line)
	}
}

// history is all that happened to some ids.
func (b *book) history(ids ...string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var lines []string
	for _, id := range ids {
		lines = append(append(lines, id), b.journal[id]...)
	}
	return strings.Join(lines, "\n    ")
}

// of is the history of a post and of all that was said of it.
func (b *book) of(p *post) string {
	ids := []string{p.uri}
	for _, m := range slices.Concat(p.creates, p.changes) {
		ids = append(ids, m.id)
	}
	return b.history(ids...)
}

// newPost writes down what is about to be said. Its URI may come later.
func (b *book) newPost(p *post) *post {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.serial = len(b.posts) + 1
	b.posts = append(b.posts, p)
	if p.parent != nil {
		p.root().replies++
	}
	return p
}

// stands gives a post its URI, under which others may answer it from now on.
func (b *book) stands(p *post, uri string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.uri = uri
	b.byURI[uri] = p
}

// keep writes a message down.
func (b *book) keep(m *message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent[m.from.peer] = append(b.sent[m.from.peer], m)
	if m.purpose == repeated {
		return
	}
	b.messages[m.id] = m
	for _, c := range m.changes {
		if c.purpose == creates {
			c.of.creates = append(c.of.creates, m)
		} else {
			c.of.changes = append(c.of.changes, m)
		}
	}
}

// all are the messages of all peers.
func (b *book) all() []*message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Concat(slices.Collect(maps.Values(b.sent))...)
}

// maxReplies keeps a thread on one page.
const maxReplies = 12

// pick is a post that may be answered, or changed by its author: one that the
// hearth is known to have, in a room, and that nobody is just about to change.
func (b *book) pick(choose func(n int) int, fits func(*post) bool) *post {
	b.mu.Lock()
	defer b.mu.Unlock()
	const recent = 60
	from := max(0, len(b.posts)-recent)
	var found []*post
	for _, p := range b.posts[from:] {
		if p.uri != "" && !p.removed && b.isThere(p) && fits(p) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found[choose(len(found))]
}

// isThere says whether the hearth said that it has the post. Of what it takes from
// nobody some is answered too: people do not see what others do not have.
func (b *book) isThere(p *post) bool {
	return p.by == nil || slices.ContainsFunc(p.creates, func(m *message) bool {
		return m.accepted && (m.purpose != intrudes || p.serial%5 == 0)
	})
}

// take marks a post as about to be changed; false where it is already.
func (b *book) take(p *post) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.busy || p.removed {
		return false
	}
	p.busy = true
	return true
}

func (b *book) release(p *post) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.busy = false
}

// say is the next version of a post.
func (b *book) say(p *post) (version int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.version++
	return p.version
}

// remove notes that a post's author wants it gone.
func (b *book) remove(p *post) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.removed = true
}

// presence is what has to be of a post at the end.
type presence int

const (
	absent presence = iota
	present
	either
)

// fate is what has to be of a post at the end: whether it is there, which
// versions of its words it may have, and whether they are gone.
type fate struct {
	here     presence
	erased   presence
	versions []int
}

// fateOf is worked out from what was answered alone. A message that was never
// answered may have been taken; what answers a post that its author took back
// may have come too late.
func (b *book) fateOf(p *post) fate {
	f := fate{here: b.stood(p), versions: []int{0}}
	if p.by == nil {
		f.versions = []int{p.version}
		if f.erased = absent; p.removed {
			f.erased = present
		}
		return f
	}
	known := 0
	for _, m := range p.changes {
		c := m.changeOf(p)
		switch {
		case c.purpose == updates && m.accepted:
			known = max(known, c.version)
		case c.purpose == removes && m.accepted:
			f.erased = present
		}
	}
	if !b.isCertain(p) || f.here != present {
		known = 0 // it may wait for what may never come
	}
	// What was not heard of may have been asked for, or have been there unanswered.
	for f.versions = nil; known <= p.version; known++ {
		f.versions = append(f.versions, known)
	}
	if p.removed && f.erased == absent {
		f.erased = either
	}
	if bye := b.gone[p.author]; bye != nil && f.erased != present {
		if f.erased = either; bye.accepted {
			f.erased = present
		}
	}
	if f.erased != absent && f.here == present {
		f.here = either // its deletion may have come first
	}
	return f
}

// stood says whether a post was let in at all.
func (b *book) stood(p *post) presence {
	here := absent
	if p.by == nil {
		here = present
	}
	for _, m := range p.creates {
		switch {
		case m.purpose == intrudes || m.purpose == forged:
		case m.accepted:
			here = present
		case m.exposed && here == absent:
			here = either
		}
	}
	if here == present && p.by != nil && p.parent != nil && !b.isCertain(p.parent) {
		return either
	}
	return here
}

// isCertain says whether a post was there to be answered all the time.
func (b *book) isCertain(p *post) bool {
	return !p.removed && b.gone[p.author] == nil && b.stood(p) == present
}

func (m *message) changeOf(p *post) change {
	for _, c := range m.changes {
		if c.of == p {
			return c
		}
	}
	return change{}
}
