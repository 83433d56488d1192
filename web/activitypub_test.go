package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation/fedtest"
)

// asker is one of those who ask for documents.
type asker struct {
	name string
	get  func(address string) fedtest.Answer
}

// askers are nobody, a server whose member was let into the groups, a server
// that only signs, one that is named without a member, and one that is refused.
func (p *federated) askers(groups []community.Group) []asker {
	friend, stranger, named, refused := p.far("friend.example"), p.far("stranger.example"), p.far("named.example"), p.far("refused.example")
	ada := p.known(friend.Person("ada"))
	for _, g := range groups {
		p.join(g, ada, community.GroupMember)
	}
	p.refuse("refused.example")
	return []asker{
		{"outsider", p.fetch},
		{"friend", friend.Instance().Get},
		{"stranger", stranger.Instance().Get},
		{"named", named.Instance().Get},
		{"refused", refused.Instance().Get},
	}
}

// R16, R17: who gets what of a group, by how far it reaches. What somebody may
// not have is answered with the bytes of what never was.
func TestR16R17DocumentsAreForThoseTheirGroupReaches(t *testing.T) {
	everyone := []string{"outsider", "friend", "stranger", "named"}
	audiences := []struct {
		name, readers, reach string
		known, read          []string // who gets the group's document, and what stands in it
	}{
		{"anyone-anywhere", community.ReadersAnyone, community.ReachAnywhere, everyone, everyone},
		{"anyone-nowhere", community.ReadersAnyone, community.ReachNowhere, nil, nil},
		{"anyone-named", community.ReadersAnyone, community.ReachNamed, []string{"friend", "named"}, []string{"friend"}},
		{"members-named", community.ReadersMembers, community.ReachNamed, []string{"friend", "named"}, []string{"friend"}},
		{"members-nowhere", community.ReadersMembers, community.ReachNowhere, nil, nil},
		{"instance-anywhere", community.ReadersInstance, community.ReachAnywhere, everyone, []string{"friend"}},
	}
	eachFederated(t, func(t *testing.T, p *federated) {
		author := p.account("kim", true)
		var groups []community.Group
		for _, a := range audiences {
			groups = append(groups, p.group(a.name, a.readers, a.reach, "friend.example", "named.example"))
		}
		askers := p.askers(groups)
		for i, a := range audiences {
			g := groups[i]
			root := p.post(g, author)
			reply := p.post(g, author, answering(root))
			for _, who := range askers {
				p.wantsOf(who, g.URI, slices.Contains(a.known, who.name))
				for _, address := range []string{
					g.URI + "/followers", g.URI + "/moderators", g.URI + "/featured", g.URI + "/outbox", g.URI + "/outbox/first",
					root.URI, root.URI + "/context", root.URI + "/replies", reply.URI,
				} {
					p.wantsOf(who, address, slices.Contains(a.read, who.name))
				}
			}
		}
	})
}

// wantsOf holds one asker to getting a document, or else to learning nothing.
func (p *federated) wantsOf(who asker, address string, gets bool) {
	p.t.Helper()
	got := who.get(address)
	path := strings.TrimPrefix(address, p.base)
	switch {
	case who.name == "refused":
		if got.Status != http.StatusForbidden {
			p.t.Errorf("refused asks %s: got %d, want 403", path, got.Status)
		}
	case gets:
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/activity+json" {
			p.t.Errorf("%s asks %s: got %d of %q, want 200 of application/activity+json exactly\n%s", who.name, path, got.Status, got.Header.Get("Content-Type"), got.Body)
		}
	default:
		unknown := who.get(p.base + "/p/" + secret.NewID(p.clock.Now()))
		if got.Status != http.StatusNotFound || string(got.Body) != string(unknown.Body) {
			p.t.Errorf("%s asks %s: got %d %q, want 404 %q as for what never was", who.name, path, got.Status, got.Body, unknown.Body)
		}
	}
	if vary := strings.Join(got.Header.Values("Vary"), ", "); !strings.Contains(vary, "Signature") {
		p.t.Errorf("%s asks %s: got Vary %q, want Signature in it", who.name, path, vary)
	}
}

// R15: a post keeps the reach it was written with when its group is widened.
func TestR15AWidenedGroupDoesNotShareItsOldPosts(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachNowhere)
		author := p.account("kim", true)
		old := p.post(g, author)
		g.Reach, g.DisclosedAt = community.ReachAnywhere, &old.ReceivedAt
		p.must(p.store.UpdateGroup(context.Background(), g))
		young := p.post(g, author)
		if got := p.fetch(old.URI).Status; got != http.StatusNotFound {
			t.Errorf("a post from before: got %d, want 404", got)
		}
		if got := p.fetch(young.URI).Status; got != http.StatusOK {
			t.Errorf("a post from after: got %d, want 200", got)
		}
		if got := string(p.fetch(g.URI + "/outbox").Body); strings.Contains(got, old.ID) || !strings.Contains(got, young.ID) {
			t.Errorf("the outbox has %s; want the younger post alone", got)
		}
	})
}

func TestAccountIsUnknownUntilItsPersonAgreed(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		shy, known := p.account("shy", false), p.account("kim", true)
		post := p.post(g, shy)
		p.join(g, shy, community.GroupModerator)
		p.join(g, known, community.GroupModerator)
		finger := p.base + "/.well-known/webfinger?resource=acct:shy@" + strings.TrimPrefix(p.base, "http://")
		for _, address := range []string{shy.URI, shy.URI + "/outbox", shy.URL, finger, post.URI} {
			if got := p.fetch(address).Status; got != http.StatusNotFound {
				t.Errorf("%s: got %d, want 404", address, got)
			}
		}
		moderators := string(p.fetch(g.URI + "/moderators").Body)
		if strings.Contains(moderators, shy.ID) || !strings.Contains(moderators, known.ID) {
			t.Errorf("the moderators are %s; want only who agreed to be known", moderators)
		}
		p.must(p.store.DiscloseActor(context.Background(), shy.ID, p.clock.Now()))
		for _, address := range []string{shy.URI, finger, post.URI} {
			if got := p.fetch(address).Status; got != http.StatusOK {
				t.Errorf("%s after agreeing: got %d, want 200", address, got)
			}
		}
	})
}

// R14: the collections of people have no items and no exact number.
func TestR14FollowersCarryNoItems(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		far := p.far("far.example")
		for i := range 13 {
			p.follower(g, far.Person(fmt.Sprintf("member-%d", i)))
		}
		got := p.read(g.URI + "/followers")
		if got["items"] != nil || got["orderedItems"] != nil || got["totalItems"] != float64(10) {
			t.Errorf("got %v, want no items and a total of 10 for 13 members", got)
		}
		g.Sensitive = true
		p.must(p.store.UpdateGroup(context.Background(), g))
		if got := p.read(g.URI + "/followers"); got["totalItems"] != nil || got["orderedItems"] != nil {
			t.Errorf("of a sensitive group: got %v, want not even a total", got)
		}
		person := p.account("kim", true)
		p.post(g, person)
		if got := p.read(person.URI + "/outbox"); len(got["orderedItems"].([]any)) != 0 {
			t.Errorf("a person's outbox is %v, want it empty to strangers", got)
		}
	})
}

// R40: nobody is offered to indexes who did not ask for it.
func TestR40AccountsAreNotForIndexes(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		got := p.read(p.account("kim", true).URI)
		if got["discoverable"] != false || got["indexable"] != false {
			t.Errorf("got discoverable %v and indexable %v, want neither", got["discoverable"], got["indexable"])
		}
		if text, _ := json.Marshal(got); strings.Contains(string(text), `"followers"`) || strings.Contains(string(text), `"following"`) {
			t.Errorf("got %s, want no collections of people", text)
		}
	})
}

// R40: there is no index of people or of what they write, whatever they or their
// server said (docs/decisions/0045).
func TestR40NobodyIsFoundByTheirNameOrTheirWords(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.newGroup("garden", community.ReadersAnyone)
		rowan := p.member("rowan", g)
		rowan.write(g, "text", "the kingfisher came back")
		ada := p.follower(g, p.far("far.example").Person("ada"))
		indexed, err := p.store.Account(t.Context(), ada.ID)
		p.must(err)
		indexed.Indexable, indexed.About = true, "a kingfisher too"
		p.must(p.store.UpdateAccount(t.Context(), indexed))
		rowan.get("/groups?q=garden").wants(http.StatusOK).says("/g/garden")
		for _, reader := range []*browser{rowan, p.admin(), p.browser()} {
			for _, word := range []string{"kingfisher", "rowan", "ada"} {
				if to := reader.get("/search?q=" + word).leads(); to != "/groups?q="+word {
					t.Errorf("a search for %s leads to %s", word, to)
				}
				reader.get("/groups?q="+word).wants(http.StatusOK).hides("/p/", "/u/", "/@", "/g/garden")
			}
		}
	})
}

// read is a document that nobody in particular may have.
func (p *federated) read(address string) map[string]any {
	p.t.Helper()
	got := p.fetch(address)
	var document map[string]any
	if err := json.Unmarshal(got.Body, &document); err != nil || got.Status != http.StatusOK {
		p.t.Fatalf("%s: got %d, %v: %s", address, got.Status, err, got.Body)
	}
	return document
}

func TestWhatIsDeletedIsGoneToThoseWhoMayHaveSeenIt(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		deleted := func(post *community.Post) {
			at := p.clock.Now()
			post.State, post.DeletedAt = community.PostDeleted, &at
		}
		hidden := func(post *community.Post) { post.State = community.PostHidden }
		draft := func(post *community.Post) { post.State = community.PostDraft }
		author := p.account("kim", true)
		open, shut := p.group("open", community.ReadersAnyone, community.ReachAnywhere), p.group("shut", community.ReadersAnyone, community.ReachNamed, "friend.example")
		friend := p.far("friend.example")
		p.follower(shut, friend.Person("ada"))
		gone, goneShut := p.post(open, author, deleted), p.post(shut, author, deleted)
		for _, c := range []struct {
			name, address string
			get           func(string) fedtest.Answer
			status        int
		}{
			{"a deleted post", gone.URI, p.fetch, http.StatusGone},
			{"a hidden post", p.post(open, author, hidden).URI, p.fetch, http.StatusNotFound},
			{"a draft", p.post(open, author, draft).URI, p.fetch, http.StatusNotFound},
			{"a deleted post of a named server's group, by a stranger", goneShut.URI, p.fetch, http.StatusNotFound},
			{"the same, by the named server", goneShut.URI, friend.Instance().Get, http.StatusGone},
		} {
			if got := c.get(c.address); got.Status != c.status {
				t.Errorf("%s: got %d, want %d", c.name, got.Status, c.status)
			}
		}
		var tombstone map[string]any
		p.must(json.Unmarshal(p.fetch(gone.URI).Body, &tombstone))
		if tombstone["type"] != "Tombstone" || tombstone["id"] != gone.URI || tombstone["formerType"] != "Page" {
			t.Errorf("got %v, want a Tombstone of the post", tombstone)
		}
		at := p.clock.Now()
		author.GoneAt = &at
		p.must(p.store.UpdateAccount(context.Background(), author))
		if got := p.fetch(author.URI); got.Status != http.StatusGone || got.Header.Get("Content-Type") != "application/activity+json" {
			t.Errorf("an account that is gone: got %d, want 410 and its Tombstone", got.Status)
		}
	})
}

func TestSignatureThatDoesNotHoldGetsNothing(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		far := p.far("far.example")
		for name, spoil := range map[string]func(*http.Request){
			"another path":    func(r *http.Request) { r.URL.Path += "/outbox" },
			"half of it":      func(r *http.Request) { r.Header.Set("Signature", r.Header.Get("Signature")[:40]) },
			"RFC 9421":        func(r *http.Request) { r.Header.Set("Signature-Input", `sig1=("@method");created=1`) },
			"our own key":     func(r *http.Request) { replaceKey(r, far.Instance().KeyID, p.base+"/actor#main-key") },
			"somebody else's": func(r *http.Request) { replaceKey(r, far.Instance().KeyID, far.Person("ada").KeyID) },
		} {
			req := far.Instance().Signed(http.MethodGet, g.URI, nil)
			spoil(req)
			if got := far.Do(req); got.Status != http.StatusUnauthorized {
				t.Errorf("%s: got %d %s, want 401", name, got.Status, got.Body)
			}
		}
		far.Unplug()
		stranger := p.far("stranger.example")
		req := stranger.Instance().Signed(http.MethodGet, g.URI, nil)
		replaceKey(req, stranger.Instance().KeyID, "https://far.example/u/bo#main-key")
		if got := stranger.Do(req); got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("a key that cannot be had now: got %d, want 503 and Retry-After", got.Status)
		}
	})
}

func replaceKey(r *http.Request, from, to string) {
	r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), from, to, 1))
}

func TestInstanceActorIsServedWhateverTheSignature(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		p.refuse("refused.example")
		refused := p.far("refused.example")
		for name, get := range map[string]func(string) fedtest.Answer{"unsigned": p.fetch, "signed by the refused": refused.Instance().Get} {
			got := get(p.base + "/actor")
			if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "application/activity+json" {
				t.Errorf("%s: got %d of %q, want 200", name, got.Status, got.Header.Get("Content-Type"))
			}
		}
		if len(refused.Requests()) != 0 {
			t.Errorf("the refused was asked %v, want nothing", refused.Requests())
		}
		if got := p.read(p.base + "/actor/outbox"); got["totalItems"] != float64(0) {
			t.Errorf("got outbox %v, want an empty one", got)
		}
	})
}

func TestOnePathHasTwoFaces(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		person := p.account("kim", true)
		post := p.post(g, person)
		const document, page = "application/activity+json", "text/html; charset=utf-8"
		for _, c := range []struct{ accept, want string }{
			{"", page},
			{"*/*", page},
			{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", page},
			{"application/activity+json", document},
			{"application/activity+json, application/ld+json", document},
			{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, document},
			{"application/ld+json", document},
			{`application/ld+json; profile="https://example.org/other"`, page},
			{"application/json", page},
			{"text/html, application/activity+json", page},
			{"text/html;q=0.5, application/activity+json", document},
			{"text/html, application/activity+json;q=0.9", page},
			{"application/activity+json;q=0, */*", page},
			{"application/activity+json, text/html;q=0.1", document},
			{"application/*, text/html;q=0.2", document},
		} {
			got := p.ask(post.URI, c.accept)
			if got.Status != http.StatusOK || got.Header.Get("Content-Type") != c.want {
				t.Errorf("Accept %q: got %d of %q, want 200 of %q", c.accept, got.Status, got.Header.Get("Content-Type"), c.want)
			}
			if !strings.Contains(strings.Join(got.Header.Values("Vary"), ","), "Accept") {
				t.Errorf("Accept %q: got Vary %q, want Accept", c.accept, got.Header.Values("Vary"))
			}
		}
		for address, uri := range map[string]string{g.URL: g.URI, person.URL: person.URI, p.base + "/g/QUIET": g.URI} {
			if got := p.ask(address, document); got.Status != http.StatusFound || got.Header.Get("Location") != uri {
				t.Errorf("the document of %s: got %d to %q, want 302 to %q", address, got.Status, got.Header.Get("Location"), uri)
			}
		}
		for address, page := range map[string]string{g.URI: "/g/quiet", person.URI: "/@kim"} {
			if got := p.ask(address, "text/html"); got.Status != http.StatusSeeOther || got.Header.Get("Location") != page {
				t.Errorf("the page of %s: got %d to %q, want 303 to %q", address, got.Status, got.Header.Get("Location"), page)
			}
		}
	})
}

func TestOutboxHasTheNewestThreadsAndLeadsOn(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		kim := p.account("kim", true)
		ada := p.follower(g, p.far("far.example").Person("ada"))
		var uris []string
		for i := range 53 {
			post := p.post(g, kim)
			if i == 52 {
				post = p.post(g, ada, func(post *community.Post) {
					post.URI, post.Verified = "https://far.example/p/1", community.VerifiedSigned
				})
			}
			uris = append([]string{post.URI}, uris...)
		}
		whole := p.read(g.URI + "/outbox")
		items := whole["orderedItems"].([]any)
		if len(items) != 50 || whole["totalItems"] != nil || whole["first"] != g.URI+"/outbox/first" {
			t.Fatalf("got %d items, total %v and first %v; want 50, none said, and the first page", len(items), whole["totalItems"], whole["first"])
		}
		if first := items[0].(map[string]any); first["type"] != "Announce" || first["object"] != "https://far.example/p/1" || first["actor"] != g.URI {
			t.Errorf("somebody else's post: got %v, want it announced by its id", first)
		}
		create := items[2].(map[string]any)["object"].(map[string]any)
		page := create["object"].(map[string]any)
		if create["type"] != "Create" || create["actor"] != kim.URI || page["type"] != "Page" || page["id"] != uris[1] && page["id"] != uris[2] {
			t.Errorf("a post of here: got %v, want its Create announced", create)
		}
		seen := 0
		for next := whole["first"].(string); next != ""; {
			part := p.read(next)
			seen += len(part["orderedItems"].([]any))
			if part["type"] != "OrderedCollectionPage" || part["partOf"] != g.URI+"/outbox" || part["id"] != next {
				t.Fatalf("got page %v, want one of the outbox", part["id"])
			}
			next, _ = part["next"].(string)
		}
		if seen != 54 {
			t.Errorf("the pages have %d, want all 54", seen)
		}
		if got := p.fetch(g.URI + "/outbox/elsewhere").Status; got != http.StatusNotFound {
			t.Errorf("no place: got %d, want 404", got)
		}
	})
}

func TestConversationIsItsPostsInOrder(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		kim, shy := p.account("kim", true), p.account("shy", false)
		root := p.post(g, kim)
		first := p.post(g, kim, answering(root))
		p.post(g, shy, answering(root))
		second := p.post(g, kim, answering(first))
		got := p.read(root.URI + "/context")
		if want := fmt.Sprint([]any{root.URI, first.URI, second.URI}); fmt.Sprint(got["orderedItems"]) != want || got["attributedTo"] != g.URI {
			t.Errorf("got %v of %v, want %v of the group", got["orderedItems"], got["attributedTo"], want)
		}
		if got := p.read(root.URI + "/replies")["orderedItems"]; fmt.Sprint(got) != fmt.Sprint([]any{first.URI}) {
			t.Errorf("the answers to the root are %v, want the first alone", got)
		}
		note := p.read(second.URI)
		if note["type"] != "Note" || note["inReplyTo"] != first.URI || note["context"] != root.URI+"/context" {
			t.Errorf("got %v, want a Note that answers the first in the root's thread", note)
		}
		if got := p.fetch(first.URI + "/context").Status; got != http.StatusNotFound {
			t.Errorf("the thread of a reply: got %d, want 404", got)
		}
	})
}

// R14, R16: what was sent is served by its id to those whom it is about. Who
// follows whom is between the two servers.
func TestR14ActivitiesAreServedToThoseTheyAreFor(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); p.fed.Run(ctx) }()
		t.Cleanup(func() { stop(); <-done })
		g := p.group("open", community.ReadersAnyone, community.ReachAnywhere)
		kim := p.account("kim", true)
		p.join(g, kim, community.GroupOwner)
		far, stranger := p.far("far.example"), p.far("stranger.example")
		ada := far.Person("ada")
		ada.Send(g.Inbox, ada.Activity("Follow", g.URI))
		accept := far.AwaitActivity("Accept").Activity()["id"].(string)
		p.must(p.store.InsertConsent(ctx, community.Consent{ID: secret.NewActorID(), UserID: "user-kim", AccountID: kim.ID, GroupID: &g.ID,
			Scope: community.ConsentFederate, Text: "yes", TextHash: community.ConsentHash("yes"), GivenAt: p.clock.Now()}))
		viewer := community.Viewer{User: &community.User{ID: "user-kim", State: community.UserActive}, Accounts: []community.Account{kim}, Acting: &kim}
		written, err := p.service.WritePost(ctx, viewer, community.Draft{GroupID: g.ID, Title: "Nights", Text: "They are long."})
		p.must(err)
		announce := far.AwaitActivity("Announce").Activity()
		create := announce["object"].(map[string]any)["id"].(string)
		for _, c := range []struct {
			name, address string
			get           func(string) fedtest.Answer
			status        int
		}{
			{"an Accept, by whom it answers", accept, far.Instance().Get, 200},
			{"an Accept, by a stranger", accept, stranger.Instance().Get, 404},
			{"an Accept, by nobody", accept, p.fetch, 404},
			{"an Announce, by anybody", announce["id"].(string), p.fetch, 200},
			{"the Create that it carries", create, p.fetch, 200},
			{"one that never was", p.base + "/x/" + secret.NewID(p.clock.Now()), p.fetch, 404},
		} {
			got := c.get(c.address)
			if got.Status != c.status {
				t.Errorf("%s: got %d, want %d", c.name, got.Status, c.status)
			}
			if got.Status == 200 && got.Header.Get("Content-Type") != "application/activity+json" {
				t.Errorf("%s: got %q, want application/activity+json", c.name, got.Header.Get("Content-Type"))
			}
		}
		if !strings.Contains(string(p.fetch(create).Body), written.URI) {
			t.Errorf("the Create is %s, want it of the post", p.fetch(create).Body)
		}
		p.hide(written.ID)
		if got := p.fetch(create).Status; got != http.StatusNotFound {
			t.Errorf("the Create of a hidden post: got %d, want 404", got)
		}
	})
}

// The page where it is written says that only members of this place read it.
func TestR09WhatSomebodySaysOfThemselvesDoesNotLeave(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		kim := p.account("kim", true)
		p.must(p.store.SetAbout(context.Background(), kim.ID, "I care for Linnet.", "<p>I care for Linnet.</p>"))
		got := p.read(kim.URI)
		if text, err := json.Marshal(got); err != nil || strings.Contains(string(text), "Linnet") || got["summary"] != nil {
			t.Errorf("got %s, %v; want nothing of what members alone read", text, err)
		}
	})
}

func TestCollectionsOfADeletedPostAreGone(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g, kim := p.group("open", community.ReadersAnyone, community.ReachAnywhere), p.account("kim", true)
		deleted := p.post(g, kim, func(post *community.Post) {
			at := p.clock.Now()
			post.State, post.DeletedAt = community.PostDeleted, &at
		})
		for _, list := range []string{"/context", "/replies", "/context/first", "/replies/first"} {
			if got := p.fetch(deleted.URI + list); got.Status != http.StatusGone || got.Header.Get("Retry-After") != "" {
				t.Errorf("%s: got %d %s, want 410 for good", list, got.Status, got.Body)
			}
		}
	})
}
