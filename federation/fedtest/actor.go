package fedtest

import (
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Public is everyone, as an audience (ActivityPub 5.6).
const Public = "https://www.w3.org/ns/activitystreams#Public"

const instancePath = "/actor"

// Actor is one of a Server's: it has a document, a key, an outbox, and signs.
type Actor struct {
	ID, Name, Inbox string
	KeyID           string
	Key             *rsa.PrivateKey
	Server          *Server

	mu       sync.Mutex
	document map[string]any
	outbox   []any
}

// Person is the one of that name here, made when first asked for.
func (s *Server) Person(name string) *Actor { return s.actor(name, "/u/"+name, "Person") }

// Group is the one of that name here, made when first asked for.
func (s *Server) Group(name string) *Actor { return s.actor(name, "/c/"+name, "Group") }

// Instance is the server's own actor, which is named after it.
func (s *Server) Instance() *Actor { return s.actor(s.Host, instancePath, "Application") }

func (s *Server) actor(name, at, kind string) *Actor {
	s.mu.Lock()
	known := s.actors[strings.ToLower(name)]
	s.mu.Unlock()
	if known != nil {
		return known
	}
	a := s.newActor(kind, name, s.URL+at, s.World.nextKey())
	s.mu.Lock()
	s.actors[strings.ToLower(name)] = a
	s.mu.Unlock()
	s.Handle(at, a.serve)
	s.Handle(at+"/outbox", a.serveOutbox)
	s.Handle(at+"/followers", a.serveCollection("followers"))
	s.Handle(at+"/moderators", a.serveCollection("moderators"))
	if suffix := s.Dialect.KeySuffix; strings.HasPrefix(suffix, "/") {
		s.Handle(at+suffix, a.serve)
	}
	return a
}

// ActorAt is one of that type under an id of the test's own choosing, which may
// be as strange as those of real servers are. It signs with the instance actor's
// key, and WebFinger does not know it.
func (s *Server) ActorAt(kind, id string) *Actor {
	s.mu.Lock()
	known := s.placed[id]
	s.mu.Unlock()
	if known != nil {
		return known
	}
	bare, _, _ := strings.Cut(id, "#")
	a := s.newActor(kind, path.Base(bare), id, s.Instance().Key)
	if at, err := url.Parse(bare); err == nil {
		s.Handle(at.EscapedPath(), a.serve)
		if suffix := s.Dialect.KeySuffix; strings.HasPrefix(suffix, "/") {
			s.Handle(at.EscapedPath()+suffix, a.serve)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.placed[id] = a
	return a
}

func (s *Server) newActor(kind, name, id string, key *rsa.PrivateKey) *Actor {
	bare, _, _ := strings.Cut(id, "#")
	a := &Actor{
		ID: id, Name: name, Inbox: bare + "/inbox", KeyID: bare + s.Dialect.KeySuffix,
		Key: key, Server: s,
	}
	a.document = a.describe(kind)
	return a
}

func (a *Actor) describe(kind string) map[string]any {
	document := map[string]any{
		"@context":          []any{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":                a.ID,
		"type":              kind,
		"preferredUsername": a.Name,
		"name":              a.Name,
		"inbox":             a.Inbox,
		"outbox":            a.ID + "/outbox",
		"followers":         a.ID + "/followers",
		"url":               a.ID,
		"endpoints":         map[string]any{"sharedInbox": a.Server.URL + "/inbox"},
		"publicKey": map[string]any{
			"id": a.KeyID, "owner": a.ID, "publicKeyPem": PublicPEM(&a.Key.PublicKey),
		},
	}
	if kind == "Group" {
		document["attributedTo"] = a.ID + "/moderators"
		document["postingRestrictedToMods"] = false
	}
	return document
}

// Edit changes the document that is served.
func (a *Actor) Edit(change func(document map[string]any)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a.document)
}

// Rotate gives the actor another key under the same id.
func (a *Actor) Rotate() {
	key := a.Server.World.nextKey()
	a.Edit(func(document map[string]any) {
		a.Key = key
		document["publicKey"].(map[string]any)["publicKeyPem"] = PublicPEM(&key.PublicKey)
	})
}

// Rekey gives the actor another key under another id, which is its own with
// suffix: software that counts its keys.
func (a *Actor) Rekey(suffix string) {
	key := a.Server.World.nextKey()
	a.Edit(func(document map[string]any) {
		a.Key, a.KeyID = key, a.ID+suffix
		document["publicKey"] = map[string]any{"id": a.KeyID, "owner": a.ID, "publicKeyPem": PublicPEM(&key.PublicKey)}
	})
}

func (a *Actor) serve(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	body, err := json.Marshal(a.document)
	a.mu.Unlock()
	if err != nil {
		panic(err)
	}
	Body(mediaType, body)(w, nil)
}

func (a *Actor) serveOutbox(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	items := slices.Clone(a.outbox)
	a.mu.Unlock()
	answerJSON(w, mediaType, collection(a.ID+"/outbox", items))
}

func (a *Actor) serveCollection(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, mediaType, collection(a.ID+"/"+name, nil))
	}
}

func collection(id string, items []any) map[string]any {
	if items == nil {
		items = []any{}
	}
	return map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": id,
		"type": "OrderedCollection", "totalItems": len(items), "orderedItems": items,
	}
}

// Publish puts activities into the outbox, newest first.
func (a *Actor) Publish(activities ...map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, activity := range activities {
		a.outbox = append([]any{activity}, a.outbox...)
	}
}

// Activity is a new one by the actor, served under its id. more is put over
// what it has of itself: id, type, actor, object, to (Public) and cc (nobody).
func (a *Actor) Activity(kind string, object any, more ...map[string]any) map[string]any {
	activity := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams",
		"id":       a.Server.NewID("/x/"), "type": kind, "actor": a.ID, "object": object,
		"to": []any{Public}, "cc": []any{},
	}
	return a.served(activity, more)
}

// Note is a new post by the actor, served under its id: into a group by its id,
// or into none where that is empty.
func (a *Actor) Note(group, content string, more ...map[string]any) map[string]any {
	note := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams",
		"id":       a.Server.NewID("/p/"), "type": "Note", "attributedTo": a.ID,
		"content": content, "published": a.Server.World.Now().UTC().Format(time.RFC3339),
		"to": []any{Public}, "cc": []any{},
	}
	if group != "" {
		note["to"], note["audience"] = []any{group, Public}, group
	}
	return a.served(note, more)
}

func (a *Actor) served(object map[string]any, more []map[string]any) map[string]any {
	for _, properties := range more {
		maps.Copy(object, properties)
	}
	if path, here := strings.CutPrefix(object["id"].(string), a.Server.URL); here {
		a.Server.Serve(path, object)
	}
	return object
}
