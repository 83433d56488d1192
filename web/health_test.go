package web_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"hearth/storage/storagetest"
	"hearth/web"
)

func TestHealthzTouchesNothing(t *testing.T) {
	p := newPlace(t, storagetest.SQLite(t))
	b := p.admin()
	p.must(p.store.Close())
	a := b.get("/healthz").wants(http.StatusOK)
	if a.body != "ok\n" || a.Header.Get("Cache-Control") != "no-store" || a.Header["Set-Cookie"] != nil {
		t.Errorf("got %q, %v; want ok, kept by nobody, without a cookie", a.body, a.Header)
	}
	b.get("/help").wants(http.StatusInternalServerError) // the database is really gone
}

func TestReadyzSaysInPlainWordsWhatFails(t *testing.T) {
	var failing atomic.Pointer[[]string]
	failing.Store(new([]string))
	p := newEmptyPlace(t, storagetest.SQLite(t), func(c *web.Config) {
		c.Ready = func(context.Context) []string { return *failing.Load() }
	})
	b := p.browser()
	if a := b.get("/readyz").wants(http.StatusOK); a.body != "ok\n" {
		t.Errorf("before setup: got %q, want ok: it waits for people to set it up", a.body)
	}
	failing.Store(&[]string{"database", "stopping"})
	a := b.get("/readyz").wants(http.StatusServiceUnavailable)
	if a.body != "database\nstopping\n" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Robots-Tag") == "" {
		t.Errorf("got %q, %v; want the two words, kept by nobody", a.body, a.Header)
	}
	b.get("/healthz").wants(http.StatusOK)
}

func TestHealthIsOnlyRead(t *testing.T) {
	p := newEmptyPlace(t, storagetest.SQLite(t))
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := p.browser().post(path).wants(http.StatusMethodNotAllowed); a.Header.Get("Allow") != "GET, HEAD" || a.body != "" {
			t.Errorf("%s: got %q, %q; want it only read", path, a.Header.Get("Allow"), a.body)
		}
	}
}
