package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// BenchmarkThreadPage measures a thread of fifty replies as a member reads it,
// through the whole server, beside its template alone.
func BenchmarkThreadPage(b *testing.B) {
	storagetest.EachMeasured(b, func(b *testing.B, store *storage.Store, _ *storagetest.CPU) {
		var queries atomic.Int64
		r := newReadingRoom(b, store.Observed(func(string) { queries.Add(1) }))
		template := r.template(b)
		queries.Store(0)
		plain := r.page(b, "identity")
		asked := queries.Load()
		var zipped int
		var zippedTook []time.Duration
		took, templateTook := storagetest.Turns(b, func() time.Duration {
			began := time.Now()
			r.page(b, "identity")
			took := time.Since(began)
			began = time.Now()
			zipped = r.page(b, "gzip")
			zippedTook = append(zippedTook, time.Since(began))
			return took
		}, func() time.Duration {
			began := time.Now()
			template()
			return time.Since(began)
		})
		b.ReportMetric(float64(storagetest.Median(took).Microseconds())/1000, "ms")
		b.ReportMetric(storagetest.Ratio(took, templateTook), "of-template(<=2)")
		b.ReportMetric(storagetest.Ratio(zippedTook, templateTook), "zipped-of-template")
		b.ReportMetric(float64(asked), "queries(<=8)")
		b.ReportMetric(float64(plain)/1000, "kB")
		b.ReportMetric(float64(zipped)/1000, "kB-zipped(<=30)")
	})
}

// readingRoom is a server with a long thread, and a member's browser.
type readingRoom struct {
	server *Server
	viewer community.Viewer
	thread string
	cookie *http.Cookie
}

func newReadingRoom(b *testing.B, store *storage.Store) *readingRoom {
	b.Helper()
	ctx, now := context.Background(), time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	service := community.NewService(store, community.WithClock(func() time.Time { return now }))
	const login, password = "warden", "lantern river kettle"
	_, err := service.SetUp(ctx, "http", "willow.localhost", community.Setup{
		Newcomer: community.Newcomer{Login: login, PublicName: "quiet-heron", Password: password}, Name: "Willow Lane",
		Purpose: "A place to talk for carers.", Contact: "hello@willow.example", MinimumAge: 18,
		Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorChosen, Country: "GB",
	})
	must(err)
	server, err := NewServer(service, store, Config{Scheme: "http", Host: "willow.localhost", FormKey: []byte("a key for tests"), Log: zerolog.New(io.Discard)})
	must(err)
	r := &readingRoom{server: server, cookie: signInFor(b, server, login, password)}
	in, err := service.SignIn(ctx, community.Try{Login: login, Password: password})
	must(err)
	r.viewer, err = service.Viewer(ctx, in.ID, "")
	must(err)
	group := community.Group{Actor: community.Actor{ID: "g", URI: "g", Type: community.ActorGroup, Name: "carers", Title: "Carers", CreatedAt: now},
		State: community.GroupActive, Language: "en", Readers: community.ReadersMembers, Reach: community.ReachNowhere, LastActivityAt: now}
	must(store.InsertGroup(ctx, group))
	must(store.InsertMembership(ctx, community.Membership{ID: "m", GroupID: "g", AccountID: r.viewer.ActingID(), Role: community.GroupMember,
		State: community.MemberActive, CreatedAt: now, ChangedAt: now}))
	words := "You said yes because he needed somebody to. That was *kind*, and it must have cost you.\n\nI have been crying since I read this."
	write := func(parent string) string {
		now = now.Add(time.Minute)
		p, err := service.WritePost(ctx, r.viewer, community.Draft{GroupID: "carers", ParentID: parent, Text: words})
		must(err)
		return p.ID
	}
	r.thread = write("")
	parent := r.thread
	for i := range 50 {
		if reply := write(parent); i%5 == 0 {
			parent = reply
		}
	}
	return r
}

// signInFor is the cookie of somebody who signed in.
func signInFor(b *testing.B, server *Server, login, password string) *http.Cookie {
	b.Helper()
	form := url.Values{"login": {login}, "password": {password}}
	req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res := httptest.NewRecorder()
	server.Handler().ServeHTTP(res, req)
	cookies := res.Result().Cookies()
	if len(cookies) == 0 {
		b.Fatalf("signing in: got %d", res.Code)
	}
	return cookies[0]
}

// page is the whole way of a request, and how many bytes it answers.
func (r *readingRoom) page(b *testing.B, encoding string) int {
	b.Helper()
	req := httptest.NewRequest(http.MethodGet, "/p/"+r.thread, nil)
	req.AddCookie(r.cookie)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept-Encoding", encoding)
	res := httptest.NewRecorder()
	r.server.Handler().ServeHTTP(res, req)
	if res.Code != http.StatusOK {
		b.Fatalf("got %d: %s", res.Code, res.Body)
	}
	return res.Body.Len()
}

// template renders the same page from what was read once.
func (r *readingRoom) template(b *testing.B) func() {
	b.Helper()
	ctx, _ := gin.CreateTestContext(httptest.NewRecorder())
	ctx.Request = httptest.NewRequest(http.MethodGet, "/p/"+r.thread, nil)
	site, err := r.server.service.Site(ctx)
	if err != nil {
		b.Fatal(err)
	}
	v := &visit{Context: ctx, server: r.server, site: site, viewer: r.viewer, lang: fallback}
	view, err := r.server.service.Thread(ctx, r.viewer, r.thread, community.Paging{}, false)
	if err != nil {
		b.Fatal(err)
	}
	frame := Frame{Now: r.server.service.Now(), Instance: site.Name, SignedIn: true, Main: v.threadPage(view)}
	var page bytes.Buffer
	return func() {
		page.Reset()
		if err := r.server.pages.Page(&page, "thread_show", frame); err != nil {
			b.Fatal(err)
		}
	}
}
