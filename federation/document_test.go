package federation

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/wire"
)

var update = flag.Bool("update", false, "write testdata/documents anew")

const (
	testBase   = "https://oak.example"
	testGroup  = testBase + "/g/w3cz5u7hq2m4xk6rnb5vdtyeoa"
	testPerson = testBase + "/u/kq3vjhwz5e2m7xk4rnb6vdtyea"
	testPEM    = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"
)

var testTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func testActor(uri, kind, name string) community.Actor {
	path := "/@"
	if kind == community.ActorGroup {
		path = "/g/"
	}
	return community.Actor{
		ID: uri[strings.LastIndexByte(uri, '/')+1:], URI: uri, Type: kind, Name: name, Title: "The " + name, URL: testBase + path + name,
		Inbox: uri + "/inbox", SharedInbox: testBase + "/inbox", CreatedAt: testTime, DisclosedAt: &testTime,
	}
}

func testGroupOf(readers, reach string) community.Group {
	return community.Group{
		Actor: testActor(testGroup, community.ActorGroup, "quiet"), State: community.GroupActive,
		Purpose: "To talk, *quietly*.", PurposeHTML: "<p>To talk, <em>quietly</em>.</p>", Language: "en",
		Joining: community.JoiningOpen, Readers: readers, Reach: reach, Listed: true,
	}
}

var (
	openTestGroup = testGroupOf(community.ReadersAnyone, community.ReachAnywhere)
	remoteAda     = community.Actor{URI: "https://far.example/u/ada", Type: community.ActorPerson, Domain: "far.example", Name: "ada"}
)

func testPage() community.SharedPost {
	const id = "06f2tq8n3c5vb7xk9mdw1hyzga"
	return community.SharedPost{
		Post: community.Post{
			ID: id, URI: testBase + "/p/" + id, URL: testBase + "/p/" + id, ThreadID: id, Title: "Nights are long", Language: "en",
			NoteTopics: "self_harm,grief", NoteText: "at night", Source: "They are.", HTML: "<p>They are.</p>", Link: "https://example.com/?a=1&b=2",
			Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Verified: community.VerifiedLocal, PublishedAt: testTime,
		},
		Author: testActor(testPerson, community.ActorPerson, "kim"), ThreadURI: testBase + "/p/" + id, ThreadVerified: community.VerifiedLocal,
	}
}

func testNote() community.SharedPost {
	root, edited := testPage(), testTime.Add(time.Hour)
	p := root
	p.ID, p.ParentID, p.InReplyToURI, p.Title, p.Link = "06f2tr1m7d9xc4vn8kpw3hyzgb", &root.ID, root.URI, "", ""
	p.NoteTopics, p.NoteText = "", ""
	p.URI, p.URL, p.EditedAt, p.Parent = testBase+"/p/"+p.ID, testBase+"/p/"+p.ID, &edited, remoteAda
	return p
}

func updateOfGroup(g community.Group) wire.Message {
	return wire.Update(groupEnvelope(g, testBase+"/x/06f2tq8n3c5vb7xk9mdw1hyzga", testTime), groupDocument(g, nil, testPEM))
}

// Documents as other servers read them. Write them anew with -update, and read
// the difference: peers hold us to every byte.
func TestDocumentsAreAsPeersKnowThem(t *testing.T) {
	rules := []community.Rule{{Position: 1, Text: "Be kind & slow."}, {Position: 2, Text: "No <advice> unasked."}}
	site := community.Site{Scheme: "https", Host: "oak.example", Name: "Oak"}
	for name, document := range map[string]wire.Document{
		"group":    groupDocument(openTestGroup, rules, testPEM),
		"person":   personDocument(community.Account{Actor: testActor(testPerson, community.ActorPerson, "kim"), AboutHTML: "<p>Here to listen.</p>", Indexable: true}, testPEM),
		"instance": instanceDocument(site, testPEM),
		"page":     postDocument(testPage(), openTestGroup, []community.Actor{remoteAda}),
		"note":     postDocument(testNote(), openTestGroup, nil),
		// What a group says of itself goes to everybody only where all of it may.
		"update_open":    updateOfGroup(openTestGroup),
		"update_named":   updateOfGroup(testGroupOf(community.ReadersAnyone, community.ReachNamed)),
		"update_members": updateOfGroup(testGroupOf(community.ReadersMembers, community.ReachAnywhere)),
	} {
		raw, err := wire.Encode(document)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var pretty strings.Builder
		encoder := json.NewEncoder(&pretty)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(raw); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "documents", name+".json")
		if *update {
			if err := os.WriteFile(path, []byte(pretty.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || pretty.String() != string(want) {
			t.Errorf("%s: got %s\nwant %s %v", name, pretty.String(), want, err)
		}
	}
}

func TestAGroupElsewhereInWhichModeratorsWriteTakesNobodyIn(t *testing.T) {
	for _, c := range []struct {
		name                 string
		restricted, approves bool
		joining              string
	}{
		{"open", false, false, community.JoiningOpen},
		{"by asking", false, true, community.JoiningAsked},
		{"restricted", true, false, community.JoiningClosed},
		{"restricted, by asking", true, true, community.JoiningClosed},
	} {
		doc := &wire.Actor{ID: "https://far.example/c/g", PostingRestrictedToMods: c.restricted, ManuallyApprovesFollowers: c.approves}
		if got := groupOfDocument(doc, "far.example").Joining; got != c.joining {
			t.Errorf("%s: got joining %s, want %s", c.name, got, c.joining)
		}
	}
}

func TestGroupSaysWhomItLetsInAndShows(t *testing.T) {
	for _, c := range []struct {
		name                             string
		change                           func(*community.Group)
		approves, restricted, discovered bool
	}{
		{"open and listed", func(*community.Group) {}, false, false, true},
		{"joined by asking, read by anyone", func(g *community.Group) { g.Joining = community.JoiningAsked }, false, false, true},
		{"joined by nobody, read by anyone", func(g *community.Group) { g.Joining = community.JoiningClosed }, false, false, true},
		{"read by members", func(g *community.Group) { g.Readers = community.ReadersMembers }, true, false, true},
		{"read by people of this server", func(g *community.Group) { g.Readers = community.ReadersInstance }, true, false, true},
		{"unlisted", func(g *community.Group) { g.Listed = false }, false, false, false},
		{"for named servers", func(g *community.Group) { g.Reach = community.ReachNamed }, true, false, false},
		{"closed", func(g *community.Group) { g.State = community.GroupClosed }, false, true, true},
	} {
		g := openTestGroup
		c.change(&g)
		got := groupDocument(g, nil, testPEM)
		if got.ApprovesFollowers != c.approves || got.PostingRestrictedToMods != c.restricted || got.Discoverable != c.discovered {
			t.Errorf("%s: got approves %v, restricted %v, discoverable %v; want %v, %v, %v", c.name,
				got.ApprovesFollowers, got.PostingRestrictedToMods, got.Discoverable, c.approves, c.restricted, c.discovered)
		}
		if got.Indexable {
			t.Errorf("%s: indexable, and nobody asked for it", c.name)
		}
	}
}

// What is not for everyone is never addressed to everyone.
func TestPostIsAddressedToPublicOnlyWhereEveryoneMayRead(t *testing.T) {
	for _, c := range []struct {
		groupReaders, groupReach, readers, reach string
		public                                   bool
	}{
		{community.ReadersAnyone, community.ReachAnywhere, community.ReadersAnyone, community.ReachAnywhere, true},
		{community.ReadersAnyone, community.ReachAnywhere, community.ReadersMembers, community.ReachAnywhere, false},
		{community.ReadersAnyone, community.ReachAnywhere, community.ReadersAnyone, community.ReachNamed, false},
		{community.ReadersInstance, community.ReachAnywhere, community.ReadersAnyone, community.ReachAnywhere, false},
		{community.ReadersMembers, community.ReachNamed, community.ReadersAnyone, community.ReachAnywhere, false},
	} {
		p := testPage()
		p.Readers, p.Reach = c.readers, c.reach
		raw, err := wire.Encode(postDocument(p, testGroupOf(c.groupReaders, c.groupReach), nil))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(raw), wire.Public+`"`); got != c.public {
			t.Errorf("%s/%s in %s/%s: Public is %v, want %v\n%s", c.readers, c.reach, c.groupReaders, c.groupReach, got, c.public, raw)
		}
	}
}

func TestAReplyInAThreadElsewhereHasNoCollectionOfOurs(t *testing.T) {
	p := testNote()
	p.ThreadURI, p.ThreadVerified = "https://far.example/p/1", community.VerifiedSigned
	raw, err := wire.Encode(postDocument(p, openTestGroup, nil))
	if err != nil || strings.Contains(string(raw), "/context") {
		t.Errorf("got %s, %v; want no context", raw, err)
	}
}

func TestAWriterWhoIsNotKnownElsewhereIsNotMentioned(t *testing.T) {
	p := testNote()
	p.Parent = testActor(testBase+"/u/aaaaaaaaaaaaaaaaaaaaaaaaaa", community.ActorPerson, "shy")
	p.Parent.DisclosedAt = nil
	raw, err := wire.Encode(postDocument(p, openTestGroup, nil))
	if err != nil || strings.Contains(string(raw), p.Parent.ID) {
		t.Errorf("got %s, %v; want nothing of who is answered", raw, err)
	}
}
