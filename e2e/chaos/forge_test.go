//go:build chaos

package chaos

import (
	"bytes"
	"crypto/rsa"
	"fmt"
	"net/http"
	"strings"
	"time"

	"hearth/federation/fedtest"
)

// forgery is one way of saying something in somebody's name, and how the hearth
// has to answer it.
type forgery struct {
	name, word string
	status     int
	activity   func(p *peer, create map[string]any) // before it is signed; nil where that is not it
	request    func(p *peer, m *message) *http.Request
}

// forgeries are each aimed at one thing that a signature has to hold.
var forgeries = []forgery{
	{name: "by another key", word: "bad_signature", status: http.StatusUnauthorized, request: byAnotherKey},
	{name: "with other words", word: "digest_mismatch", status: http.StatusUnauthorized, request: withOtherWords},
	{name: "to another host", word: "wrong_host", status: http.StatusUnauthorized, request: toAnotherHost},
	{name: "long ago", word: "date_out_of_window", status: http.StatusUnauthorized, request: longAgo},
	{name: "by nobody", word: "no_signature", status: http.StatusUnauthorized, request: byNobody},
	{name: "by a neighbour", word: "signer_is_not_actor", status: http.StatusForbidden, request: byANeighbour},
	{name: "under a stranger's id", word: "id_of_another_origin", status: http.StatusForbidden, request: asItIs,
		activity: func(p *peer, create map[string]any) {
			other := p.peers[(p.place+1)%len(p.peers)]
			create["id"] = other.NewID("/x/Create-")
		}},
	{name: "as the hearth", word: "own_actor", status: http.StatusForbidden, request: asItIs,
		activity: func(p *peer, create map[string]any) { create["actor"] = p.home.uri }},
}

// forges says something in a member's name that they did not say.
func (p *peer) forges(one *fedtest.Actor) {
	how := &forgeries[p.talk.IntN(len(forgeries))]
	said := said{p.book.newPost(&post{in: p.home, author: one.ID, by: p, published: time.Now().UTC().Truncate(time.Microsecond)}), one, 0}
	p.book.stands(said.post, p.NewID("/p/"))
	create := said.activity("Create", said.object())
	if how.activity != nil {
		how.activity(p, create)
	}
	p.mail.send(&message{
		id: create["id"].(string), kind: p.speaks.Software + " forgery " + how.name, purpose: forged, forgery: how,
		changes: []change{{said.post, creates, 0}}, body: encoded(create), signer: one,
	})
}

func asItIs(p *peer, m *message) *http.Request {
	return m.signer.Signed(http.MethodPost, p.inbox(), m.body)
}

// byAnotherKey says that it is signed by the author's key.
func byAnotherKey(p *peer, m *message) *http.Request {
	keyID, _ := p.keyOf(m.signer)
	req := blank(p, m)
	p.Dialect.Sign(req, m.body, keyID, p.unknown.Key, p.World.Now())
	return req
}

// withOtherWords is sent with a body of the same length as the one that was signed.
func withOtherWords(p *peer, m *message) *http.Request {
	req := m.signer.Signed(http.MethodPost, p.inbox(), m.body)
	return carrying(req, otherWords(m.body))
}

// otherWords are a body that says what nobody said, in as many bytes.
func otherWords(body []byte) []byte {
	return token.ReplaceAllFunc(body, func(word []byte) []byte {
		last := len(word) - 1
		return append(bytes.Clone(word[:last]), '0'+(word[last]-'0'+5)%10)
	})
}

func carrying(req *http.Request, body []byte) *http.Request {
	other := req.Clone(req.Context())
	fresh, err := http.NewRequest(req.Method, req.URL.String(), bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	other.Body, other.ContentLength, other.GetBody = fresh.Body, fresh.ContentLength, fresh.GetBody
	return other
}

// toAnotherHost was meant for another hearth, and is passed on as it is.
func toAnotherHost(p *peer, m *message) *http.Request {
	keyID, key := p.keyOf(m.signer)
	req := blank(p, m)
	req.Host = "elm.localhost"
	p.Dialect.Sign(req, m.body, keyID, key, p.World.Now())
	return req
}

// longAgo was caught on its way a day ago.
func longAgo(p *peer, m *message) *http.Request {
	keyID, key := p.keyOf(m.signer)
	req := blank(p, m)
	p.Dialect.Sign(req, m.body, keyID, key, p.World.Now().Add(-24*time.Hour))
	return req
}

func byNobody(p *peer, m *message) *http.Request { return blank(p, m) }

// byANeighbour is signed well, by somebody else of the same server.
func byANeighbour(p *peer, m *message) *http.Request {
	return p.unknown.Signed(http.MethodPost, p.inbox(), m.body)
}

func blank(p *peer, m *message) *http.Request {
	req, err := http.NewRequest(http.MethodPost, p.inbox(), bytes.NewReader(m.body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/activity+json")
	return req
}

func (p *peer) inbox() string { return p.hearth.address() + "/inbox" }

// keyOf is somebody's key of this moment, with its id.
func (p *peer) keyOf(one *fedtest.Actor) (id string, key *rsa.PrivateKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return one.KeyID, one.Key
}

// repeats sends again what the hearth took before, as whoever listened might, with
// the same words or with others under the same id.
func (p *peer) repeats() {
	old := p.book.taken(p)
	if old == nil {
		return
	}
	body, how := old.body, "repeated"
	if p.talk.IntN(2) == 0 {
		body, how = otherWords(body), "repeated with other words"
	}
	p.mail.send(&message{id: old.id, kind: p.speaks.Software + " " + how, purpose: repeated, body: body, signer: old.signer})
}

// taken is something that a peer said lately in the name of somebody who is there
// still, and that was surely taken.
func (b *book) taken(p *peer) *message {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sent[p]) == 0 {
		return nil
	}
	m := b.sent[p][p.talk.IntN(len(b.sent[p]))]
	if !m.accepted || m.purpose != creates || m.signer == p.people[1] {
		return nil
	}
	return m
}

// checkForged holds each forgery to its answer, and the hearth's own figures to
// what was forged.
func (w *world) checkForged() {
	w.Helper()
	bad := w.wrongs("forgeries")
	defer bad.end()
	answered, owed, repeats := map[string]int{}, map[string]int{}, 0
	for _, m := range w.book.all() {
		switch {
		case m.purpose == repeated && m.status != 0:
			bad.are(w.book.history(m.id), "%s came again, and was answered %d %s, want 202", m.id, m.status, m.word)
		case m.purpose == repeated:
			repeats++
		case m.purpose != forged || !m.over:
		case m.accepted:
			bad.are(w.book.history(m.ids()...), "%s is forged (%s), and was taken", m.id, m.forgery.name)
		case m.status != 0 && (m.status != m.forgery.status || m.word != m.forgery.word):
			bad.are(w.book.history(m.ids()...), "%s is forged (%s), and was answered %d %q, want %d %q", m.id, m.forgery.name, m.status, m.word, m.forgery.status, m.forgery.word)
		case m.status != 0:
			answered[m.word]++
			owed[measured(m.word)]++
		}
	}
	counted, err := w.hearth.refusals()
	w.must(err)
	for reason, n := range owed {
		if got := counted[reason]; got < n {
			bad.are("", "%d forgeries were refused as %s, and the metrics have %d: %v", n, reason, got, counted)
		}
	}
	w.Logf("forgeries were answered with %v; %d came again", answered, repeats)
}

// measured is the reason that the metrics have for a word.
func measured(word string) string {
	switch word {
	case "signer_is_not_actor", "id_of_another_origin", "own_actor":
		return "identity"
	}
	return word
}

// refusals are how many requests the hearth counted that it refused at the door,
// by their reasons.
func (h *hearth) refusals() (map[string]int, error) {
	all, err := h.figures()
	counted := map[string]int{}
	for name, value := range all {
		if rest, found := strings.CutPrefix(name, `hearth_inbox_requests_total{outcome="refused",reason="`); found {
			counted[strings.TrimSuffix(rest, `"}`)] = int(value)
		}
	}
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("the metrics are empty")
	}
	return counted, err
}
