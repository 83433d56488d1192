package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
	"hearth/web"
)

// logged is what a server wrote to its log, a line at a time.
type logged struct {
	mu   sync.Mutex
	raw  bytes.Buffer
	more chan struct{} // closed by the next line, where somebody waits for one
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
	return l.raw.Write(p)
}

// awaitText waits until what was written has some words.
func (l *logged) awaitText(t *testing.T, words string) {
	t.Helper()
	late := time.After(time.Minute)
	for {
		l.mu.Lock()
		if strings.Contains(l.raw.String(), words) {
			l.mu.Unlock()
			return
		}
		if l.more == nil {
			l.more = make(chan struct{})
		}
		more := l.more
		l.mu.Unlock()
		select {
		case <-more:
		case <-late:
			t.Fatalf("no line with %q:\n%s", words, l.text())
		}
	}
}

func (l *logged) into(c *web.Config) { c.Log = zerolog.New(l) }

func (l *logged) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.raw.String()
}

// lines are all that were written, each of which has to be JSON.
func (l *logged) lines(t *testing.T) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(l.text()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%q is no line of JSON: %v", line, err)
		}
		all = append(all, fields)
	}
	return all
}

// await is the one line of an answer. It is written after the answer is.
func (l *logged) await(t *testing.T, a *answer) map[string]any {
	t.Helper()
	id := a.Header.Get("X-Request-Id")
	l.awaitText(t, id)
	var found []map[string]any
	for _, line := range l.lines(t) {
		if line["id"] == id {
			found = append(found, line)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s: got %d lines, want one", a.what, len(found))
	}
	return found[0]
}

func TestEveryRequestIsOneLineOfWhatIsNobodys(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		var log logged
		p := newPlace(t, store, log.into)
		const canary = "zwielicht"
		ask := func(method, path, body string) *answer {
			req, err := http.NewRequest(method, p.server.URL+path, strings.NewReader(body))
			p.must(err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Sec-Fetch-Site", "same-origin")
			for _, name := range []string{"User-Agent", "Referer", "X-Request-Id", "X-Forwarded-For", "Authorization", "Accept-Language"} {
				req.Header.Set(name, canary)
			}
			req.Header.Set("Cookie", "hearth="+canary+"; other="+canary)
			b := p.browser()
			b.client.Transport = &http.Transport{DisableCompression: true} // so that its bytes can be compared
			return b.do(req)
		}
		for _, c := range []struct {
			method, path, body, route string
			status                    float64
		}{
			{"GET", "/help?" + canary + "=" + canary, "", "/help", 200},
			{"GET", "/g/" + canary, "", "/g/:name", 404},
			{"GET", "/no/" + canary, "", "", 404},
			{"POST", "/sign-in", "login=" + canary + "&password=" + canary, "/sign-in", 403},
			{"GET", "/@" + canary, "", "/@:name", 404},
			{"GET", "/static/" + canary, "", "/static/", 404},
			{"HEAD", "/", "", "/", 200},
		} {
			a := ask(c.method, c.path, c.body)
			line := log.await(t, a)
			if line["route"] != c.route || line["method"] != c.method || line["status"] != c.status || line["message"] != "request" {
				t.Errorf("%s %s: got %v", c.method, c.path, line)
			}
			if bytes, _ := line["bytes"].(float64); int(bytes) < len(a.body) {
				t.Errorf("%s: got %v bytes, want %d at least", c.path, line["bytes"], len(a.body))
			}
			fields := slices.Sorted(maps.Keys(line))
			if want := []string{"bytes", "id", "level", "message", "method", "route", "status", "took"}; !slices.Equal(fields, want) {
				t.Errorf("%s: got the fields %v, want %v", c.path, fields, want)
			}
		}
		for _, secret := range []string{canary, "127.0.0.1", "::1"} {
			if strings.Contains(log.text(), secret) {
				t.Errorf("the log has %q:\n%s", secret, log.text())
			}
		}
	})
}

func TestHealthIsNoNoiseInTheLog(t *testing.T) {
	var log logged
	var seen atomic.Int32
	p := newEmptyPlace(t, storagetest.SQLite(t), log.into, func(c *web.Config) { c.Observe = func(web.RequestDone) { seen.Add(1) } })
	p.browser().get("/healthz").wants(http.StatusOK)
	p.browser().get("/readyz").wants(http.StatusOK)
	log.await(t, p.browser().get("/"))
	if n := len(log.lines(t)); n != 1 || seen.Load() != 1 {
		t.Errorf("got %d lines and %d measured, want one of each, of the page", n, seen.Load())
	}
}

func TestAProxyThatNobodyNamedIsRemarkedOnOnce(t *testing.T) {
	for name, c := range map[string]struct {
		trusted []string
		want    int
	}{
		"none named": {nil, 1}, "another": {[]string{"10.0.0.0/8"}, 1}, "this one": {[]string{"127.0.0.1"}, 0}, "its range": {[]string{"127.0.0.0/8"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var log logged
			p := newEmptyPlace(t, storagetest.SQLite(t), log.into, func(c2 *web.Config) { c2.TrustedProxies = c.trusted })
			for range 3 {
				req, err := http.NewRequest(http.MethodGet, p.server.URL+"/help", nil)
				p.must(err)
				req.Header.Set("X-Forwarded-For", "203.0.113.7")
				log.await(t, p.browser().do(req))
			}
			if got := strings.Count(log.text(), "--trusted-proxies"); got != c.want {
				t.Errorf("got %d remarks, want %d:\n%s", got, c.want, log.text())
			}
			if strings.Contains(log.text(), "203.0.113.7") {
				t.Errorf("the log has the visitor's address:\n%s", log.text())
			}
		})
	}
}

// faultyStore is a store with a programmer's mistake in it, once.
type faultyStore struct {
	community.Store
	armed atomic.Bool
}

func (s *faultyStore) Site(ctx context.Context) (community.Site, error) {
	if s.armed.CompareAndSwap(true, false) {
		panic("words of somebody")
	}
	return s.Store.Site(ctx)
}

func (s *faultyStore) Entry(ctx context.Context, signInID string) (community.Entry, error) {
	if s.armed.CompareAndSwap(true, false) {
		panic("words of somebody")
	}
	return s.Store.Entry(ctx, signInID)
}

// faultySessions fail outside of any router.
type faultySessions struct {
	web.SessionStore
	armed atomic.Bool
}

func (s *faultySessions) BrowserSession(ctx context.Context, hash string, now time.Time) ([]byte, bool, error) {
	if s.armed.Load() {
		panic("words of somebody")
	}
	return s.SessionStore.BrowserSession(ctx, hash, now)
}

func TestAPanicIsOneLineWithItsStackAndAPage(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		var log logged
		p := newPlace(t, store)
		faulty, sessions := &faultyStore{Store: store}, &faultySessions{SessionStore: store}
		site, err := web.NewServer(community.NewService(faulty), sessions, web.Config{
			Scheme: "http", Host: p.host(), FormKey: []byte("a key for tests"), Dev: true, Log: zerolog.New(&log),
		})
		p.must(err)
		p.server = httptest.NewServer(site.Handler())
		t.Cleanup(p.server.Close)
		b := p.admin()
		check := func(step string, arm func(), says string) {
			t.Helper()
			arm()
			a := b.get("/groups").wants(http.StatusInternalServerError).says(says).hides("words of somebody", "goroutine")
			line := log.await(t, a)
			stack, _ := line["stack"].(string)
			if line["level"] != "error" || !strings.Contains(stack, "request_log_test.go") {
				t.Errorf("%s: got %v, want an error with the stack", step, line)
			}
			if said, _ := line["error"].(string); said != "web: panic: string" {
				t.Errorf("%s: got %q, want what was thrown without its words", step, said)
			}
		}
		check("in a page", func() { faulty.armed.Store(true) }, `id="urgent-help"`)
		check("around it", func() { sessions.armed.Store(true) }, "went wrong")
		sessions.armed.Store(false)
		b.get("/groups").wants(http.StatusOK)
	})
}

// A peer that cuts its connection, or somebody who closes a page, is no trouble of the
// server's, and what else fails then is.
func TestWhoGoesAwayIsNoError(t *testing.T) {
	store := storagetest.SQLite(t)
	for _, c := range []struct{ name, level string }{{"nobody waits", "debug"}, {"a fault", "error"}} {
		t.Run(c.name, func(t *testing.T) {
			var log logged
			faulty := &faultyStore{Store: store}
			faulty.armed.Store(c.level == "error")
			site, err := web.NewServer(community.NewService(faulty), store, web.Config{
				Scheme: "http", Host: "hearth.example", FormKey: []byte("a key for tests"), Dev: true, Log: zerolog.New(&log),
			})
			if err != nil {
				t.Fatal(err)
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			req := httptest.NewRequestWithContext(gone, http.MethodGet, "http://hearth.example/groups", nil)
			site.Handler().ServeHTTP(httptest.NewRecorder(), req)
			lines := log.lines(t)
			if len(lines) != 1 || lines[0]["level"] != c.level || lines[0]["error"] == nil {
				t.Errorf("got %v, want one line of level %s with what failed", lines, c.level)
			}
		})
	}
}
