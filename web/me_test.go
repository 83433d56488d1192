package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
)

func TestVisitorsAreAskedToSignInBeforeTheirOwnPages(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for _, path := range []string{"/me", "/me/settings", "/me/about", "/me/devices", "/me/password"} {
			if got, want := p.browser().get(path).leads(), "/sign-in?next="+strings.ReplaceAll(path, "/", "%2F"); got != want {
				t.Errorf("%s leads to %q, want %q", path, got, want)
			}
		}
		for _, path := range []string{"/me/settings", "/me/about", "/me/devices/end", "/me/devices/end-others", "/me/password"} {
			p.browser().post(path).wants(http.StatusSeeOther)
		}
	})
}

func TestSettingsAreKeptAndRead(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.person("rowan", "slow-river")
		b.get("/me").wants(http.StatusOK).says("slow-river", `href="/@slow-river"`, "/me/settings", "/sign-out").hides(`class="exit"`)
		b.post("/me/settings", "zone", "America/New_York", "country", "IE", "home_order", "newest", "quiet", "exit", "quiet", "discreet", "email", "r@mail.example").leads()
		page := b.get("/me/settings").wants(http.StatusOK)
		page.says("<title>Notes</title>", `class="exit"`, `value="America/New_York" selected`, `value="IE" selected`, `value="r@mail.example"`)
		if v := p.viewer("rowan"); v.User.HomeOrder != community.HomeByNewest {
			t.Errorf("home order: got %q", v.User.HomeOrder)
		}
		b.post("/me/settings", "home_order", "activity").leads()
		b.get("/me/settings").hides("<title>Notes</title>", `class="exit"`, "r@mail.example")
	})
}

func TestSettingsThatCannotBeAreShownAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.person("rowan", "slow-river")
		b.post("/me/settings", "zone", "Middle/Earth", "country", "XX", "home_order", "loudest", "email", "not an address").
			wants(http.StatusUnprocessableEntity).says("time zone is not known", "Please choose one", "does not look like an e-mail", "not an address", "Middle / Earth")
	})
}

func TestAboutIsForMembersAndNothingOfTheUserIsShown(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		rowan, hazel := p.person("rowan", "slow-river"), p.person("hazel", "soft-cloud")
		rowan.post("/me/settings", "home_order", "activity", "email", "r@mail.example").leads()
		if got := rowan.post("/me/about", "about", "I *garden*. <script>alert(1)</script>").leads(); got != "/@slow-river" {
			t.Errorf("leads to %q, want /@slow-river", got)
		}
		rowan.get("/@slow-river").wants(http.StatusOK).says("what other members see", "<em>garden</em>")
		hazel.get("/@Slow-River").wants(http.StatusOK).says("slow-river", "<em>garden</em>").hides("<script>alert", `"rowan"`, "mail.example", "what other members see")
		p.browser().get("/@slow-river").wants(http.StatusOK).says("slow-river").hides("garden", `"rowan"`, "mail.example")
		rowan.post("/me/about", "about", strings.Repeat("a", 1001)).wants(http.StatusUnprocessableEntity).says("1000 characters", strings.Repeat("a", 1001))
	})
}

func TestUnknownNamesAndThoseNotInYetAreTheSameNotFound(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.join(p.browser(), "/join").wants(http.StatusSeeOther)
		hazel := p.person("hazel", "soft-cloud")
		unknown, waiting := hazel.get("/@nobody").wants(http.StatusNotFound), hazel.get("/@slow-river").wants(http.StatusNotFound)
		strip := func(a *answer) string {
			return strings.ReplaceAll(strings.ReplaceAll(a.body, "nobody", ""), "slow-river", "")
		}
		if strip(unknown) != strip(waiting) {
			t.Error("a person who waits to be let in reads differently from nobody")
		}
	})
}

func TestSuspendedPeopleReadTheirPagesAndWriteNothingPublic(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.person("rowan", "slow-river")
		if err := p.store.SetUserState(context.Background(), p.viewer("rowan").User.ID, community.UserSuspended, nil); err != nil {
			t.Fatal(err)
		}
		b := p.signedIn("rowan", memberPassword)
		b.get("/me").wants(http.StatusOK).says("Your account is paused")
		b.post("/me/about", "about", "my words").wants(http.StatusForbidden).says("paused", "my words")
		b.get("/me/about").wants(http.StatusOK).says("paused", "You have written nothing about yourself.").hides(`action="/me/about"`)
		b.post("/me/settings", "home_order", "newest").wants(http.StatusSeeOther)
		b.get("/me/devices").wants(http.StatusOK)
		b.get("/@quiet-heron").wants(http.StatusOK).hides("when they are signed in")
		b.get("/talk").wants(http.StatusOK).says("read but not write").hides("no group to write in")
		p.browser().get("/@quiet-heron").says("Members of this place see more when they are signed in.")
	})
}

func TestASessionEndedElsewhereIsOver(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		phone := p.person("rowan", "slow-river")
		home := p.signedIn("rowan", memberPassword)
		p.clock.advance(2 * time.Hour)
		home.get("/me").wants(http.StatusOK)
		page := home.get("/me/devices").wants(http.StatusOK).says("this one", "Sign out everywhere else")
		if n := strings.Count(page.body, `name="id"`); n != 2 {
			t.Fatalf("got %d devices, want 2", n)
		}
		home.post("/me/devices/end-others").leads()
		phone.get("/me").wants(http.StatusSeeOther)
		home.get("/me/devices").wants(http.StatusOK).hides("Sign out everywhere else")
	})
}

func TestOneDeviceIsEndedByItself(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		phone := p.person("rowan", "slow-river")
		home, other := p.signedIn("rowan", memberPassword), p.person("hazel", "soft-cloud")
		ctx := context.Background()
		list, err := p.service.SignIns(ctx, p.viewer("rowan"))
		if err != nil || len(list) != 2 {
			t.Fatalf("got %d sign-ins, %v; want 2", len(list), err)
		}
		other.post("/me/devices/end", "id", list[0].ID).leads()
		other.post("/me/devices/end", "id", list[1].ID).leads()
		home.get("/me").wants(http.StatusOK)
		for _, in := range list {
			home.post("/me/devices/end", "id", in.ID)
		}
		home.get("/me").wants(http.StatusSeeOther)
		phone.get("/me").wants(http.StatusSeeOther)
	})
}

func TestIdleSignInsEnd(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.person("rowan", "slow-river")
		p.clock.advance(29 * 24 * time.Hour)
		b.get("/me").wants(http.StatusOK)
		p.clock.advance(30*24*time.Hour + time.Minute)
		b.get("/me").wants(http.StatusSeeOther)
		done, err := p.service.Tidy(context.Background())
		if err != nil || done.IdleSignIns != 1 {
			t.Errorf("tidying ended %d idle sign-ins, %v; want 1", done.IdleSignIns, err)
		}
	})
}

func TestANewPasswordEndsTheOtherDevices(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		phone := p.person("rowan", "slow-river")
		home := p.signedIn("rowan", memberPassword)
		const next = "orchard kettle harbour"
		home.post("/me/password", "old", "wrong", "password", "short").wants(http.StatusUnprocessableEntity).
			says("not your password now", "at least 10 characters").hides("Nothing is lost")
		home.post("/me/password", "old", memberPassword, "password", next).leads()
		home.get("/me").wants(http.StatusOK).says("Your new password holds")
		phone.get("/me").wants(http.StatusSeeOther)
		p.browser().post("/sign-in", "login", "rowan", "password", memberPassword).wants(http.StatusForbidden)
		p.signedIn("rowan", next)
	})
}

func TestGuessingTheOldPasswordIsSlowedDown(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.person("rowan", "slow-river")
		for range 10 {
			b.post("/me/password", "old", "guess", "password", "orchard kettle harbour").wants(http.StatusUnprocessableEntity)
		}
		b.post("/me/password", "old", memberPassword, "password", "orchard kettle harbour").wants(http.StatusTooManyRequests)
	})
}

// The library that keeps sessions knows only the machine's clock, so this place
// begins at the machine's hour.
func TestASessionInUseIsGivenAnotherMonthOnceADay(t *testing.T) {
	eachPlaceWithRows(t, func(t *testing.T, p *place, rows func(string) []string) {
		p.clock.advance(time.Since(p.clock.Now()))
		b := p.person("rowan", "slow-river")
		ends := func() string {
			b.get("/me").wants(http.StatusOK)
			return strings.Join(rows("SELECT CAST(expires_at AS TEXT) FROM browser_sessions"), ",")
		}
		first := ends()
		p.clock.advance(23 * time.Hour)
		if got := ends(); got != first {
			t.Errorf("within a day: the session's end moved from %s to %s", first, got)
		}
		p.clock.advance(2 * time.Hour)
		second := ends()
		if second <= first {
			t.Errorf("after a day: the session ends at %s, was %s before; want later", second, first)
		}
		if got := ends(); got != second {
			t.Errorf("at once again: the end moved from %s to %s", second, got)
		}
	})
}
