package web_test

import (
	"net/http"
	"testing"
)

func TestSignInLeadsBackToThePage(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		b.get("/sign-in?next=/groups").wants(http.StatusOK).says(`value="/groups"`)
		got := b.post("/sign-in", "login", "Warden ", "password", adminPassword, "next", "/groups").leads()
		if got != "/groups" {
			t.Errorf("got %q, want /groups", got)
		}
	})
}

func TestSignInNeverLeadsElsewhere(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", ""} {
			if got := p.browser().post("/sign-in", "login", "warden", "password", adminPassword, "next", next).leads(); got != "/home" {
				t.Errorf("next %q leads to %q, want /home", next, got)
			}
		}
	})
}

func TestWrongNameAndWrongPasswordReadTheSame(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		name := b.post("/sign-in", "login", "nobody-here", "password", adminPassword).wants(http.StatusForbidden)
		word := b.post("/sign-in", "login", "warden", "password", "something else").wants(http.StatusForbidden)
		for _, a := range []*answer{name, word} {
			a.says("do not go together")
		}
	})
}

func TestSignInIsThrottledByName(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		for range 10 {
			b.post("/sign-in", "login", "warden", "password", "guess guess guess").wants(http.StatusForbidden)
		}
		b.post("/sign-in", "login", "warden", "password", adminPassword).wants(http.StatusTooManyRequests)
	})
}

func TestAnotherSiteCannotSignSomebodyOut(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.admin()
		req, _ := http.NewRequest(http.MethodPost, b.base+"/sign-out", nil)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(req).wants(http.StatusForbidden)
	})
}
