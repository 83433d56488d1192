package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/community/secret"
	"hearth/storage"
	"hearth/storage/storagetest"
	"hearth/web"
)

// place is a hearth that was set up, served over real HTTP, on one engine.
type place struct {
	t       *testing.T
	service *community.Service
	store   *storage.Store
	server  *httptest.Server
	site    *web.Server
	clock   *clock
}

// clock is the business clock of a place; it moves only when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const adminPassword = "lantern river kettle"

// eachPlace runs fn on every engine with a place whose admin is "warden",
// known to others as "quiet-heron".
func eachPlace(t *testing.T, fn func(t *testing.T, p *place)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) { fn(t, newPlace(t, store)) })
}

// eachEmptyPlace is eachPlace before anybody set it up.
func eachEmptyPlace(t *testing.T, fn func(t *testing.T, p *place)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) { fn(t, newEmptyPlace(t, store)) })
}

func newPlace(t *testing.T, store *storage.Store, change ...func(*web.Config)) *place {
	t.Helper()
	p := newEmptyPlace(t, store, change...)
	if _, err := p.service.SetUp(context.Background(), "http", p.host(), community.Setup{
		Newcomer: community.Newcomer{Login: "warden", PublicName: "quiet-heron", Password: adminPassword}, Name: "Willow Lane",
		Purpose: "A place to talk for carers.", Contact: "hello@willow.example", MinimumAge: 18,
		Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorChosen, Country: "GB",
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) host() string { return p.server.Listener.Addr().String() }

func newEmptyPlace(t *testing.T, store *storage.Store, change ...func(*web.Config)) *place {
	t.Helper()
	p := &place{t: t, store: store, clock: &clock{now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}}
	p.service = community.NewService(store, community.WithClock(p.clock.Now), community.WithPasswords(secret.NewTestPasswords()))
	p.server = httptest.NewUnstartedServer(nil)
	config := web.Config{
		Scheme: "http", Host: p.host(), FormKey: []byte("a key for tests"), Dev: true, Log: zerolog.New(io.Discard),
	}
	for _, c := range change {
		c(&config)
	}
	site, err := web.NewServer(p.service, store, config)
	if err != nil {
		t.Fatal(err)
	}
	p.site = site
	p.server.Config.Handler = site.Handler()
	p.server.Start()
	t.Cleanup(p.server.Close)
	return p
}

// browser is one person's browser: it keeps cookies, and follows a redirect
// only when told to.
type browser struct {
	t      *testing.T
	base   string
	client *http.Client
}

func (p *place) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &browser{p.t, p.server.URL, &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// admin is a browser in which the place's first admin is signed in.
func (p *place) admin() *browser { return p.signedIn("warden", adminPassword) }

const memberPassword = "meadow orchard cloud"

// person is a new member's browser, signed in. The sign-in name and the name
// that others see must differ.
func (p *place) person(login, publicName string) *browser {
	return p.personAs(login, publicName, community.RoleMember)
}

// personAs is a browser of somebody with a role of the instance.
func (p *place) personAs(login, publicName, role string) *browser {
	p.t.Helper()
	if _, err := p.service.AddUser(context.Background(), login, publicName, memberPassword, role); err != nil {
		p.t.Fatal(err)
	}
	return p.signedIn(login, memberPassword)
}

func (p *place) signedIn(login, password string) *browser {
	p.t.Helper()
	b := p.browser()
	b.post("/sign-in", "login", login, "password", password).wants(http.StatusSeeOther)
	return b
}

// answer is what a browser got.
type answer struct {
	t    *testing.T
	what string
	*http.Response
	body string
}

func (b *browser) get(path string) *answer {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req)
}

// post sends a form, its fields in pairs, as this site's own page would.
func (b *browser) post(path string, pairs ...string) *answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(req)
}

// do sends a request and reads the answer; every page is looked at as a whole.
func (b *browser) do(req *http.Request) *answer {
	b.t.Helper()
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return (&answer{b.t, req.Method + " " + req.URL.Path, res, string(body)}).isWhole().isUnkept(req.Method)
}

// isUnkept fails the test when what answers a form may stay in a cache (R39): it may
// hold what somebody typed, signed in or not.
func (a *answer) isUnkept(method string) *answer {
	a.t.Helper()
	if got := a.Header.Get("Cache-Control"); method == http.MethodPost && a.isPage() && got != "no-store" {
		a.t.Errorf("%s: the answer to a form may be kept: %q", a.what, got)
	}
	return a
}

// wants fails the test when the status is another.
func (a *answer) wants(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s: got %d, want %d\n%s", a.what, a.StatusCode, status, a.body)
	}
	return a
}

// leads is the path a redirect leads to; the test fails when it is none.
func (a *answer) leads() string {
	a.t.Helper()
	a.wants(http.StatusSeeOther)
	return a.Header.Get("Location")
}

// says fails the test when the page lacks any of the words.
func (a *answer) says(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			a.t.Fatalf("%s: %q is not on the page:\n%s", a.what, w, a.body)
		}
	}
	return a
}

// hides fails the test when the page has any of the words.
func (a *answer) hides(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.t.Fatalf("%s: %q must not be on the page:\n%s", a.what, w, a.body)
		}
	}
	return a
}
