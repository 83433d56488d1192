package web_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// roomPassword is everybody's in these tests; it is hashed once.
const roomPassword = "willow meadow pebble"

var roomHash = sync.OnceValue(func() string {
	hash, err := secret.NewTestPasswords().Hash(roomPassword)
	if err != nil {
		panic(err)
	}
	return hash
})

func (p *place) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// newGroup is a group of the place, as somebody made it and an admin agreed.
func (p *place) newGroup(name, readers string, change ...func(*community.Group)) community.Group {
	p.t.Helper()
	g := community.Group{
		Actor: community.Actor{ID: secret.NewActorID(), URI: "uri-" + name, Type: community.ActorGroup, Name: name,
			Title: "The " + name, CreatedAt: p.clock.Now()},
		State: community.GroupActive, Purpose: "To talk.", PurposeHTML: "<p>To talk.</p>", Language: "en",
		Joining: community.JoiningOpen, Readers: readers, Reach: community.ReachNowhere, Listed: true, LastActivityAt: p.clock.Now(),
	}
	for _, c := range change {
		c(&g)
	}
	p.must(p.store.InsertGroup(context.Background(), g))
	return g
}

// member is the browser of somebody of here, signed in, who is in some groups.
func (p *place) member(name string, groups ...community.Group) *browser {
	p.t.Helper()
	return p.memberAs(name, community.GroupMember, groups...)
}

func (p *place) moderator(name string, groups ...community.Group) *browser {
	p.t.Helper()
	return p.memberAs(name, community.GroupModerator, groups...)
}

func (p *place) memberAs(name, role string, groups ...community.Group) *browser {
	p.t.Helper()
	ctx, now := context.Background(), p.clock.Now()
	p.must(p.store.InsertUser(ctx, community.User{ID: "user-" + name, Login: "login-" + name, PasswordHash: roomHash(),
		Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: now}))
	p.must(p.store.InsertAccount(ctx, community.Account{Actor: community.Actor{ID: "account-" + name, URI: "uri-" + name,
		Type: community.ActorPerson, Name: name, Title: name, URL: p.server.URL + "/@" + name, CreatedAt: now}}))
	p.must(p.store.InsertAccountOwner(ctx, "account-"+name, "user-"+name, true, now))
	for _, g := range groups {
		p.admit(name, g, role)
	}
	return p.signedIn("login-"+name, roomPassword)
}

func (p *place) admit(name string, g community.Group, role string) {
	p.t.Helper()
	p.must(p.store.InsertMembership(context.Background(), community.Membership{ID: g.ID + name, GroupID: g.ID, AccountID: "account-" + name,
		Role: role, State: community.MemberActive, CreatedAt: p.clock.Now(), ChangedAt: p.clock.Now()}))
}

// put changes somebody's membership, as a moderator or they themselves would.
func (p *place) put(name string, g community.Group, state string) {
	p.t.Helper()
	ctx := context.Background()
	m, err := p.store.Membership(ctx, g.ID, "account-"+name)
	p.must(err)
	m.State = state
	p.must(p.store.UpdateMembership(ctx, m))
}

// suspend pauses a person.
func (p *place) suspend(name string) {
	p.t.Helper()
	p.must(p.store.SetUserState(context.Background(), "user-"+name, community.UserSuspended, nil))
}

// hide hides a post, as a moderator would.
func (p *place) hide(id string) {
	p.t.Helper()
	ctx := context.Background()
	post, err := p.store.Post(ctx, id)
	p.must(err)
	post.State = community.PostHidden
	p.must(p.store.UpdatePost(ctx, post))
}

// write begins a thread through its form and returns its id.
func (b *browser) write(g community.Group, pairs ...string) string {
	b.t.Helper()
	path := "/g/" + g.Name + "/new"
	form := append([]string{"draft", draftOn(b.get(path).wants(http.StatusOK))}, pairs...)
	return postID(b.post(path, form...).leads())
}

// reply answers a post through its form and returns the reply's id.
func (b *browser) reply(to, text string) string {
	b.t.Helper()
	path := "/p/" + to + "/reply"
	return postID(b.post(path, "draft", draftOn(b.get(path).wants(http.StatusOK)), "text", text).leads())
}

var draftField = regexp.MustCompile(`name="draft" value="([^"]+)"`)

// draftOn is the id that the form on a page carries.
func draftOn(a *answer) string {
	a.t.Helper()
	found := draftField.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s: no form with a draft:\n%s", a.what, a.body)
	}
	return found[1]
}

// postID is the post that a path leads to.
func postID(path string) string {
	_, id, _ := strings.Cut(path, "/p/")
	id, _, _ = strings.Cut(id, "#")
	id, _, _ = strings.Cut(id, "?")
	return id
}

// follow opens where an answer leads, as often as it leads on.
func (b *browser) follow(a *answer) *answer {
	b.t.Helper()
	for range 5 {
		if a.StatusCode != http.StatusSeeOther {
			return a
		}
		a = b.get(a.leads())
	}
	b.t.Fatalf("%s leads on for ever", a.what)
	return nil
}

// article is the part of a page that shows one post.
func (a *answer) article(id string) string {
	a.t.Helper()
	_, rest, found := strings.Cut(a.body, `id="p-`+id+`"`)
	if !found {
		a.t.Fatalf("%s: post %s is not on the page:\n%s", a.what, id, a.body)
	}
	part, _, _ := strings.Cut(rest, "</article>")
	return part
}

// agree is somebody agreeing to copies of their words in a group.
func (p *place) agree(name string, g community.Group) {
	p.t.Helper()
	p.must(p.service.GiveFederateConsent(context.Background(), p.memberViewer(name), g.Handle(), "Copies may go."))
}

// memberViewer is somebody as the Service sees them.
func (p *place) memberViewer(name string) community.Viewer {
	p.t.Helper()
	u, err := p.store.User(context.Background(), "user-"+name)
	p.must(err)
	accounts, err := p.store.OwnedAccounts(context.Background(), u.ID)
	p.must(err)
	return community.Viewer{User: &u, Accounts: accounts, Acting: &accounts[0]}
}

// seed writes a post through the Service, for tests that need many; without a
// parent it begins a thread.
func (p *place) seed(g community.Group, author, parent, text string) string {
	p.t.Helper()
	p.clock.advance(time.Second)
	post, err := p.service.WritePost(context.Background(), p.memberViewer(author), community.Draft{GroupID: g.ID, ParentID: parent, Text: text})
	p.must(err)
	return post.ID
}

var nextLink = regexp.MustCompile(`rel="next" href="([^"]+)"`)

// nextOf is where a list goes on.
func nextOf(a *answer) string {
	a.t.Helper()
	found := nextLink.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s: the list ends here:\n%s", a.what, a.body)
	}
	return html.UnescapeString(found[1])
}

var prevLink = regexp.MustCompile(`rel="prev" href="([^"]+)"`)

// prevOf is where a list came from.
func prevOf(a *answer) string {
	a.t.Helper()
	found := prevLink.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s: the list begins here:\n%s", a.what, a.body)
	}
	return html.UnescapeString(found[1])
}
