package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
	"hearth/web"
)

// federated is a place at oak.localhost, in a world of other servers.
type federated struct {
	*place
	world *fedtest.World
	meter *meter
	fed   *federation.Federation
	base  string // http://oak.localhost:port
}

// eachFederated runs fn on every engine with a place whose front door is open.
func eachFederated(t *testing.T, fn func(t *testing.T, p *federated)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) { fn(t, newFederated(t, store)) })
}

// lateHandler is put in place once its address is known.
type lateHandler struct{ atomic.Pointer[http.Handler] }

func (h *lateHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) { (*h.Load()).ServeHTTP(w, r) }

func newFederated(t *testing.T, store *storage.Store) *federated {
	t.Helper()
	return newFederatedLogging(t, store, io.Discard)
}

// newFederatedLogging is newFederated with its log lines, the least of them too.
func newFederatedLogging(t *testing.T, store *storage.Store, log io.Writer) *federated {
	t.Helper()
	p := &federated{world: fedtest.NewWorld(t), meter: &meter{received: map[string]int{}, labels: map[string]bool{}}, place: &place{
		t: t, store: store, clock: &clock{now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)},
	}}
	p.world.SetClock(p.clock.Now)
	var late lateHandler
	p.base, _ = p.world.MountPlain("oak.localhost", &late)
	host := strings.TrimPrefix(p.base, "http://")
	p.service = community.NewService(store, community.WithClock(p.clock.Now), community.WithPasswords(secret.NewTestPasswords()))
	p.fed = federation.New(store, p.service, federation.Config{
		Scheme: "http", Host: host, Development: true, SealKey: []byte(strings.Repeat("k", 32)),
		Guard: federation.Guard{Reach: p.world.Reach, Roots: p.world.Roots()}, Log: zerolog.New(log),
		Meter: p.meter,
	})
	site, err := web.NewServer(p.service, store, web.Config{
		Version: "1.0.0", Scheme: "http", Host: host, FormKey: []byte("a key for tests"), Dev: true, Log: zerolog.New(log), Federation: p.fed,
		Observe: p.meter.answered,
	})
	p.must(err)
	handler := site.Handler()
	late.Store(&handler)
	p.site, p.server = site, httptest.NewServer(handler)
	t.Cleanup(p.server.Close)
	_, err = p.service.SetUp(context.Background(), "http", host, community.Setup{
		Newcomer: community.Newcomer{Login: "warden", PublicName: "quiet-heron", Password: adminPassword}, Name: "Willow Lane",
		Purpose: "A place to talk for carers.", Contact: "hello@willow.example", MinimumAge: 18,
		Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorOpen, Country: "GB",
	})
	p.must(err)
	return p
}

// meter is told all that is measured. It counts what came to the inbox, by
// outcome and reason, and keeps every label there would be on /metrics.
type meter struct {
	mu       sync.Mutex
	received map[string]int
	labels   map[string]bool // "inbox accepted", "route /g/:name"
}

func (m *meter) Received(outcome, reason string) {
	m.note("inbox", outcome, reason)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.received[strings.TrimSpace(outcome+" "+reason)]++
}

func (m *meter) Handled(outcome, reason string)            { m.note("handled", outcome, reason) }
func (m *meter) Delivered(outcome string, _ time.Duration) { m.note("delivered", outcome) }
func (m *meter) answered(done web.RequestDone) {
	m.note("method", done.Method)
	m.note("route", done.Route)
}

func (m *meter) note(kind string, labels ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, label := range labels {
		m.labels[kind+" "+label] = true
	}
}

// counted is what was received since it was asked last.
func (m *meter) counted() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.received
	m.received = map[string]int{}
	return all
}

// far is another server of this world, of groups: each group takes it.
func (p *federated) far(host string) *fedtest.Server {
	return fedtest.NewServer(p.t, host, fedtest.In(p.world), fedtest.Speaking(fedtest.Lemmy))
}

// refuse ends all traffic with a domain.
func (p *federated) refuse(domain string) {
	p.t.Helper()
	_, err := p.service.SetPolicyAsOperator(context.Background(), community.PolicyDraft{Domain: domain, Severity: policy.Suspend})
	p.must(err)
}

// account is somebody of here, disclosed or not.
func (p *federated) account(name string, disclosed bool) community.Account {
	p.t.Helper()
	id, now := secret.NewActorID(), p.clock.Now()
	a := community.Account{Actor: community.Actor{
		ID: id, URI: p.base + "/u/" + id, Type: community.ActorPerson, Name: name, Title: strings.ToUpper(name), URL: p.base + "/@" + name,
		Inbox: p.base + "/u/" + id + "/inbox", SharedInbox: p.base + "/inbox", CreatedAt: now,
	}}
	if disclosed {
		a.DisclosedAt = &now
	}
	ctx := context.Background()
	p.must(p.store.InsertUser(ctx, community.User{ID: "user-" + name, Login: "login-" + name, PasswordHash: roomHash(),
		Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: now}))
	p.must(p.store.InsertAccount(ctx, a))
	p.must(p.store.InsertAccountOwner(ctx, id, "user-"+name, true, now))
	return a
}

// group is a group of here with an audience; servers are those it names.
func (p *federated) group(name, readers, reach string, servers ...string) community.Group {
	p.t.Helper()
	id, now := secret.NewActorID(), p.clock.Now()
	uri := p.base + "/g/" + id
	g := community.Group{
		Actor: community.Actor{
			ID: id, URI: uri, Type: community.ActorGroup, Name: name, Title: "The " + name, URL: p.base + "/g/" + name,
			Inbox: uri + "/inbox", SharedInbox: p.base + "/inbox", CreatedAt: now,
		},
		State: community.GroupActive, Purpose: "To talk.", PurposeHTML: "<p>To talk.</p>", Language: "en",
		Joining: community.JoiningOpen, Readers: readers, Reach: reach, Listed: true, LastActivityAt: now,
	}
	if reach != community.ReachNowhere {
		g.DisclosedAt = &now
	}
	p.must(p.store.InsertGroup(context.Background(), g))
	p.must(p.store.ReplaceGroupServers(context.Background(), id, servers))
	return g
}

// join lets an account into a group.
func (p *federated) join(g community.Group, a community.Account, role string) {
	p.t.Helper()
	now := p.clock.Now()
	p.must(p.store.InsertMembership(context.Background(), community.Membership{
		ID: secret.NewActorID(), GroupID: g.ID, AccountID: a.ID, Role: role, State: community.MemberActive, CreatedAt: now, ChangedAt: now,
	}))
}

// follower is an account elsewhere that a group here let in.
func (p *federated) follower(g community.Group, actor *fedtest.Actor) community.Account {
	p.t.Helper()
	a := p.known(actor)
	p.join(g, a, community.GroupMember)
	return a
}

// known is an account elsewhere as it is known here.
func (p *federated) known(actor *fedtest.Actor) community.Account {
	p.t.Helper()
	now := p.clock.Now()
	a := community.Account{Actor: community.Actor{
		ID: secret.NewActorID(), URI: actor.ID, Type: community.ActorPerson, Domain: actor.Server.Host, Name: actor.Name, Title: actor.Name,
		URL: actor.ID, Inbox: actor.Inbox, SharedInbox: actor.Server.URL + "/inbox", CreatedAt: now, FetchedAt: &now,
	}}
	p.must(p.store.InsertAccount(context.Background(), a))
	return a
}

// post is published in a group as its present audience has it.
func (p *federated) post(g community.Group, author community.Account, change ...func(*community.Post)) community.Post {
	p.t.Helper()
	p.clock.advance(time.Second)
	id, now := secret.NewID(p.clock.Now()), p.clock.Now()
	uri := p.base + "/p/" + id
	post := community.Post{
		ID: id, URI: uri, URL: uri, GroupID: g.ID, AuthorID: author.ID, ThreadID: id, State: community.PostPublished, Version: 1,
		Title: "Nights are long", Language: "en", Source: "They are.", HTML: "<p>They are.</p>", Readers: g.Readers, Reach: g.Reach, Listed: g.Listed,
		Verified: community.VerifiedLocal, PublishedAt: now, ReceivedAt: now, LastActivityAt: now,
	}
	for _, c := range change {
		c(&post)
	}
	p.must(p.store.InsertPost(context.Background(), post))
	return post
}

func answering(parent community.Post) func(*community.Post) {
	return func(p *community.Post) {
		p.ThreadID, p.ParentID, p.InReplyToURI, p.Title = parent.ThreadID, &parent.ID, parent.URI, ""
	}
}

// fetch asks for a document as a server would that signs nothing.
func (p *federated) fetch(address string) fedtest.Answer {
	p.t.Helper()
	return p.ask(address, "application/activity+json")
}

func (p *federated) ask(address, accept string) fedtest.Answer {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodGet, strings.Replace(address, p.base, p.server.URL, 1), nil)
	p.must(err)
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	p.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	p.must(err)
	return fedtest.Answer{Status: res.StatusCode, Header: res.Header, Body: body}
}
