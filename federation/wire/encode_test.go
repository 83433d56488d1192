package wire

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/hearth anew")

const (
	base      = "https://hearth.example"
	ourPerson = base + "/u/w3cz5u7hq2m4xk6rnb5vdtyeoa"
	ourPage   = base + "/p/06f2tq8n3c5vb7xk9mdw1hyzga"
	ourNote   = base + "/p/06f2tr1m7d9xc4vn8kpw3hyzgb"
	ourServer = base + "/actor"
	theirs    = "https://lemmy.example.org/u/wren"
)

var (
	written = time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.UTC)
	edited  = time.Date(2026, 3, 4, 7, 8, 9, 0, time.FixedZone("", 3600))
)

func keyOf(actor string) PublicKey {
	return PublicKey{ID: actor + "#main-key", PEM: "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"}
}

func aGroup() GroupActor {
	return GroupActor{
		ID: ourGroup, URL: base + "/g/quiet", Username: "quiet", Name: "Quiet & <slow>",
		Description: "For who needs quiet", Summary: "<p>Be kind.</p>", Source: "Be kind.",
		Inbox: ourGroup + "/inbox", Outbox: ourGroup + "/outbox", SharedInbox: base + "/inbox",
		Followers: ourGroup + "/followers", Featured: ourGroup + "/featured", Moderators: ourGroup + "/moderators",
		Key: keyOf(ourGroup), Icon: &Image{URL: base + "/media/1.png", MediaType: "image/png", Name: "a leaf"},
		Languages: []Language{{"en", "English"}, {"de", "Deutsch"}},
		Published: written, Updated: edited,
	}
}

func aPerson() PersonActor {
	return PersonActor{
		ID: ourPerson, URL: base + "/@kim", Username: "kim", Name: "Kim", Summary: "<p>Here to listen.</p>",
		Inbox: ourPerson + "/inbox", Outbox: ourPerson + "/outbox", SharedInbox: base + "/inbox",
		Key: keyOf(ourPerson), Published: written,
	}
}

func aServer() InstanceActor {
	return InstanceActor{
		ID: ourServer, URL: base + "/about", Username: "hearth.example", Name: "A hearth",
		Inbox: ourServer + "/inbox", Outbox: ourServer + "/outbox", SharedInbox: base + "/inbox", Key: keyOf(ourServer),
	}
}

func aPage() Page {
	return Page{Name: "Nights are long", Writing: Writing{
		ID: ourPage, URL: ourPage, Author: ourPerson,
		Content: `<p>How do you get through "them"? <a href="https://example.com/?a=1&b=2">this</a> helps.</p>`, Source: "How do you…",
		ContentNote: "insomnia", Language: Language{"en", "English"},
		To: []string{ourGroup, Public}, CC: []string{ourGroup + "/followers"}, Audience: ourGroup,
		Context: ourPage + "/context", Replies: ourPage + "/replies",
		Attachments: []Attachment{
			{Type: "Link", URL: "https://example.com/?a=1&b=2"},
			{Type: "Image", URL: base + "/media/2.png", MediaType: "image/png", Name: "a lamp"},
		},
		Tags:      []Tag{{Type: "Hashtag", Href: base + "/tags/sleep", Name: "#sleep"}},
		Published: written,
	}}
}

func aNote() Note {
	return Note{InReplyTo: ourPage, Writing: Writing{
		ID: ourNote, URL: ourPage + "#06f2tr1m", Author: ourPerson, Content: "<p>Tea.</p>", Source: "Tea.",
		To: []string{ourGroup, Public}, CC: []string{theirs}, Audience: ourGroup, Context: ourPage + "/context",
		Tags:      []Tag{{Type: "Mention", Href: theirs, Name: "@wren@lemmy.example.org"}},
		Published: written, Updated: edited,
	}}
}

// by is an envelope to everybody and the group.
func by(actor, id string) Envelope {
	return Envelope{ID: base + "/x/" + id, Actor: actor, To: []string{ourGroup, Public}, CC: []string{ourGroup + "/followers"}, Audience: ourGroup}
}

func count(n int64) *int64 { return &n }

var theirFollow = Follow(Envelope{ID: "https://lemmy.example.org/activities/follow/1", Actor: theirs}, ourGroup)

func ourDocuments() map[string]Document {
	return map[string]Document{
		"group":              aGroup(),
		"person":             aPerson(),
		"server":             aServer(),
		"page":               aPage(),
		"note":               aNote(),
		"tombstone":          Tombstone{ID: ourPage, FormerType: "Page", Deleted: written},
		"create":             Create(by(ourPerson, "1"), aPage()),
		"update-note":        Update(by(ourPerson, "2"), aNote()),
		"update-group":       Update(by(ourGroup, "3"), aGroup()),
		"delete":             Delete(by(ourPerson, "4"), Tombstone{ID: ourPage}),
		"delete-account":     Delete(by(ourPerson, "5"), URI(ourPerson)),
		"removal":            Removal(by(ourPerson, "6"), Tombstone{ID: "https://lemmy.example.org/post/6"}),
		"undo-delete":        Undo(by(ourPerson, "7"), Delete(by(ourPerson, "4"), Tombstone{ID: ourPage})),
		"follow":             Follow(Envelope{ID: base + "/x/8", Actor: ourPerson}, "https://lemmy.example.org/c/garden"),
		"undo-follow":        Undo(Envelope{ID: base + "/x/9", Actor: ourPerson}, Follow(Envelope{ID: base + "/x/8", Actor: ourPerson}, "https://lemmy.example.org/c/garden")),
		"accept":             Accept(Envelope{ID: base + "/x/10", Actor: ourGroup}, theirFollow),
		"reject":             Reject(Envelope{ID: base + "/x/11", Actor: ourGroup}, theirFollow),
		"add":                Add(by(ourPerson, "12"), ourPage, ourGroup+"/featured"),
		"remove":             Remove(by(ourPerson, "13"), theirs, ourGroup+"/moderators"),
		"lock":               Lock(by(ourPerson, "14"), ourPage),
		"flag":               Flag(Envelope{ID: base + "/x/15", Actor: ourServer, To: []string{theirs}}, []string{theirs, "https://lemmy.example.org/post/6"}, "please look"),
		"announce":           Announce(by(ourGroup, "16"), json.RawMessage(`{ "type":"Like", "id":"https://lemmy.example.org/activities/like/1","actor":"`+theirs+`","object":"`+ourPage+`" }`)),
		"announce-uri":       AnnounceURI(by(ourGroup, "17"), ourPage),
		"outbox":             OrderedCollection{ID: ourGroup + "/outbox", Total: count(2), First: ourGroup + "/outbox/1", Items: []Document{AnnounceURI(by(ourGroup, "17"), ourPage), Verbatim(`{"type":"Announce", "id":"` + base + `/x/16"}`)}},
		"outbox-page":        OrderedCollectionPage{ID: ourGroup + "/outbox/1", PartOf: ourGroup + "/outbox", Next: ourGroup + "/outbox/2", Items: URIs([]string{ourPage})},
		"featured":           OrderedCollection{ID: ourGroup + "/featured", Items: []Document{aPage()}},
		"moderators":         Moderators(ourGroup+"/moderators", []string{ourPerson, theirs}),
		"moderators-none":    Moderators(ourGroup+"/moderators", nil),
		"followers":          Followers{ID: ourGroup + "/followers", Total: count(37)},
		"followers-unsaid":   Followers{ID: ourGroup + "/followers"},
		"conversation":       Conversation(ourPage+"/context", ourGroup, []string{ourPage, ourNote}),
		"webfinger":          WebFinger(Handle{"quiet", "hearth.example"}, "Group", ourGroup, base+"/g/quiet", base+"/authorize_interaction?uri={uri}"),
		"nodeinfo-links":     NodeInfoLinks(base+"/nodeinfo/2.0", base+"/nodeinfo/2.1", ourServer),
		"nodeinfo-2.0":       nodeInfo("2.0"),
		"nodeinfo-2.1":       nodeInfo("2.1"),
		"group-without-more": bareGroup(),
	}
}

func nodeInfo(version string) NodeInfo {
	return NodeInfo{
		Version: version, Software: Software{"hearth", "0.1.0"}, Repository: "https://example.org/hearth", Homepage: "https://example.org",
		Users: 137, ActiveMonth: 49, ActiveHalf: 50, Posts: 1999, Replies: 9, NodeName: "A hearth",
	}
}

func bareGroup() GroupActor {
	g := aGroup()
	return GroupActor{ID: g.ID, Username: g.Username, Inbox: g.Inbox, Outbox: g.Outbox, SharedInbox: g.SharedInbox,
		Followers: g.Followers, Featured: g.Featured, Moderators: g.Moderators, Key: g.Key}
}

func encoded(t testing.TB, d Document) json.RawMessage {
	t.Helper()
	b, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parsed(t testing.TB, raw json.RawMessage) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return m
}

func TestOurDocumentsAreAsTheyWere(t *testing.T) {
	for name, d := range ourDocuments() {
		t.Run(name, func(t *testing.T) {
			got := append(encoded(t, d), '\n')
			path := filepath.Join("testdata", "hearth", name+".json")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got  %swant %s", got, want)
			}
		})
	}
}

func TestOurDocumentsBeginWithTheirContext(t *testing.T) {
	notActivityStreams := []string{"webfinger", "nodeinfo-links", "nodeinfo-2.0", "nodeinfo-2.1"}
	for name, d := range ourDocuments() {
		got := string(encoded(t, d))
		if slices.Contains(notActivityStreams, name) {
			if strings.Contains(got, "@context") {
				t.Errorf("%s has a @context", name)
			}
			continue
		}
		if !strings.HasPrefix(got, `{"@context":["https://www.w3.org/ns/activitystreams",`) {
			t.Errorf("%s begins with %.80s", name, got)
		}
		if n := strings.Count(got, "@context"); n != 1 {
			t.Errorf("%s has @context %d times, want once", name, n)
		}
	}
}

func TestOurDocumentsHaveNoHTMLEscapes(t *testing.T) {
	for name, d := range ourDocuments() {
		if got := string(encoded(t, d)); strings.Contains(got, `\u00`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What we write we must read, whole.
func TestOurDocumentsAreUnderstoodHere(t *testing.T) {
	for name, d := range ourDocuments() {
		t.Run(name, func(t *testing.T) {
			raw := encoded(t, d)
			_, kind, err := Peek(raw)
			switch {
			case strings.HasPrefix(name, "nodeinfo-2"):
				_, err = DecodeNodeInfo(raw)
			case name == "webfinger" || name == "nodeinfo-links":
				_, err = DecodeJRD(raw)
			case IsActivityType(kind):
				_, err = Decode(raw)
			case IsCollectionType(kind):
				_, err = DecodeCollection(raw)
			case IsActorType(kind):
				var a *Actor
				if a, err = DecodeActor(raw); err == nil {
					err = a.Refusal()
				}
			case err == nil:
				_, err = DecodePost(raw)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatLacksSomethingIsNotWritten(t *testing.T) {
	without := func(change func(*Writing)) Page {
		p := aPage()
		change(&p.Writing)
		return p
	}
	elsewhere := by(ourPerson, "1")
	elsewhere.ID = "https://evil.example/x/1"
	toNobody := by(ourPerson, "1")
	toNobody.To = nil
	strangeKey, noModerators, noKey := aGroup(), aGroup(), aPerson()
	strangeKey.Key.ID = "https://hearth.example/keys/1"
	noModerators.Moderators = ""
	noKey.Key = PublicKey{}
	tests := map[string]Document{
		"group with a strange key":      strangeKey,
		"group without moderators":      noModerators,
		"person without key":            noKey,
		"person of nothing":             PersonActor{},
		"page without title":            Page{Writing: aPage().Writing},
		"page to nobody":                without(func(w *Writing) { w.To = nil }),
		"page without time":             without(func(w *Writing) { w.Published = time.Time{} }),
		"page by somebody elsewhere":    without(func(w *Writing) { w.Author = theirs }),
		"page with a strange file":      without(func(w *Writing) { w.Attachments = []Attachment{{Type: "Video", URL: base}} }),
		"page with a strange tag":       without(func(w *Writing) { w.Tags = []Tag{{Type: "Emoji"}} }),
		"note without parent":           Note{Writing: aNote().Writing},
		"note without words":            Note{InReplyTo: ourPage, Writing: Writing{ID: ourNote, Author: ourPerson, To: []string{Public}, Published: written}},
		"tombstone of nothing":          Tombstone{},
		"activity of another origin":    Create(elsewhere, aPage()),
		"activity to nobody":            Create(toNobody, aPage()),
		"activity without id":           Create(Envelope{Actor: ourPerson, To: []string{Public}}, aPage()),
		"message of no type":            Message{},
		"create of a page that lacks":   Create(by(ourPerson, "1"), Page{}),
		"follow of no group":            Follow(Envelope{ID: base + "/x/1", Actor: ourPerson}, ""),
		"follow of a handle":            Follow(Envelope{ID: base + "/x/1", Actor: ourPerson}, "quiet@hearth.example"),
		"accept of nothing":             Accept(Envelope{ID: base + "/x/1", Actor: ourGroup}, Message{}),
		"add to no collection":          Add(by(ourPerson, "1"), ourPage, ""),
		"flag of nobody":                Flag(by(ourServer, "1"), nil, ""),
		"flag of a path":                Flag(by(ourServer, "1"), []string{theirs, "/p/1"}, ""),
		"announce of nothing":           Announce(by(ourGroup, "1"), nil),
		"announce of an array":          Announce(by(ourGroup, "1"), json.RawMessage(`[{}]`)),
		"announce of a broken object":   Announce(by(ourGroup, "1"), json.RawMessage(`{"a":1},"actor":"https://evil.example"`)),
		"announce of a key twice":       Announce(by(ourGroup, "1"), json.RawMessage(`{"id":1,"id":2}`)),
		"announce of a graph":           Announce(by(ourGroup, "1"), json.RawMessage(`{"@graph":[]}`)),
		"announce too deep":             Announce(by(ourGroup, "1"), json.RawMessage(nested(MaxDepth, `{"x":`, "1", "}"))),
		"announce too large":            Announce(by(ourGroup, "1"), json.RawMessage(`{"x":"`+strings.Repeat("y", MaxBytes)+`"}`)),
		"collection of too many":        Moderators(ourGroup+"/moderators", slices.Repeat([]string{theirs}, MaxItems+1)),
		"collection of paths":           Moderators(ourGroup+"/moderators", []string{"/u/1"}),
		"collection without id":         OrderedCollection{},
		"page of no collection":         OrderedCollectionPage{ID: ourGroup + "/outbox/1"},
		"followers of nobody":           Followers{},
		"webfinger that leads nowhere":  WebFinger(Handle{"quiet", "hearth.example"}, "Group", "", "", ""),
		"nodeinfo of an unknown schema": nodeInfo("1.0"),
		"nodeinfo without software":     NodeInfo{Version: "2.1"},
		"an id alone":                   URI(ourPage),
	}
	for name, d := range tests {
		if raw, err := Encode(d); err == nil {
			t.Errorf("%s was written: %s", name, raw)
		}
	}
}
