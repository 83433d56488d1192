package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
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

func TestSignInIsThrottledByNameAndPlace(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		for range 10 {
			b.post("/sign-in", "login", "warden", "password", "guess guess guess").wants(http.StatusForbidden)
		}
		b.post("/sign-in", "login", "warden", "password", adminPassword).wants(http.StatusTooManyRequests).says("reset link")
		p.clock.advance(16 * time.Minute)
		b.post("/sign-in", "login", "warden", "password", adminPassword).wants(http.StatusSeeOther)
	})
}

func TestAStrangerWhoGuessesDoesNotLockAMemberOut(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		try := func(source, known, password string) error {
			_, err := p.service.SignIn(ctx, community.Try{Login: "warden", Password: password, Source: source, Known: known})
			return err
		}
		before, err := p.service.SignIn(ctx, community.Try{Login: "warden", Password: adminPassword, Source: "home"})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.service.EndSignIn(ctx, p.viewer("warden"), before.ID); err != nil {
			t.Fatal(err)
		}
		for range 11 {
			_ = try("a stranger's", "", "guess guess guess")
		}
		if err := try("home", "", adminPassword); err != nil {
			t.Errorf("from another place: %v", err)
		}
		p.guessEverywhere("warden", 100)
		if err := try("home", "", adminPassword); !errors.Is(err, community.TooMany) {
			t.Errorf("a new device while many places guess: got %v, want TooMany", err)
		}
		if err := try("home", before.ID, adminPassword); err != nil {
			t.Errorf("a device that was signed in before: %v", err)
		}
		for range 11 {
			_ = try("home", before.ID, "guess guess guess")
		}
		if err := try("home", before.ID, adminPassword); !errors.Is(err, community.TooMany) {
			t.Errorf("a known device that guesses: got %v, want TooMany", err)
		}
		p.signedInByReset("warden")
	})
}

// guessEverywhere fills the count of tries at a name, as from many places.
func (p *place) guessEverywhere(login string, times int) {
	p.t.Helper()
	for range times {
		if _, err := p.store.CountTry(context.Background(), secret.HashToken("login:"+login), p.clock.Now(), 15*time.Minute); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *place) signedInByReset(login string) {
	p.t.Helper()
	p.browser().post(p.resetLink(login), "password", resetTo).wants(http.StatusSeeOther)
}

func TestADeviceIsKnownOnlyForItsOwnAccount(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.person("rowan", "slow-river")
		in, err := p.service.SignIn(ctx, community.Try{Login: "rowan", Password: memberPassword, Source: "home"})
		if err != nil {
			t.Fatal(err)
		}
		p.guessEverywhere("warden", 100)
		_, err = p.service.SignIn(ctx, community.Try{Login: "warden", Password: adminPassword, Source: "home", Known: in.ID})
		if !errors.Is(err, community.TooMany) {
			t.Errorf("got %v, want TooMany", err)
		}
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

func TestSigningInAnewEndsWhatTheBrowserHadBefore(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, b := context.Background(), p.person("rowan", "slow-river")
		b.post("/sign-in", "login", "warden", "password", adminPassword).wants(http.StatusSeeOther)
		b.get("/admin").wants(http.StatusOK)
		if list, err := p.service.SignIns(ctx, p.viewer("rowan")); err != nil || len(list) != 0 {
			t.Errorf("rowan is still signed in on %d devices, %v", len(list), err)
		}
	})
}
