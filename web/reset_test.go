package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"hearth/community"
)

const resetTo = "orchard kettle harbour"

func (p *place) resetLink(login string) string {
	p.t.Helper()
	token, err := p.service.NewResetLink(context.Background(), login)
	if err != nil {
		p.t.Fatal(err)
	}
	return "/reset/" + token
}

func TestAResetLinkWorksOnce(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		old := p.person("rowan", "slow-river")
		link := p.resetLink("Rowan")
		b := p.browser()
		b.get(link).wants(http.StatusOK)
		b.get(link).wants(http.StatusOK).says("Choose a new password")
		b.post(link, "password", "short").wants(http.StatusUnprocessableEntity).says("at least 10 characters")
		if got := b.post(link, "password", resetTo).leads(); got != "/home" {
			t.Errorf("leads to %q, want /home", got)
		}
		b.get("/me").wants(http.StatusOK).says("Your new password holds")
		old.get("/me").wants(http.StatusSeeOther)
		b.get(link).wants(http.StatusGone).says("used or is too old")
		b.post(link, "password", "another orchard cloud").wants(http.StatusGone)
		p.signedIn("rowan", resetTo)
	})
}

func TestAResetLinkUsedTwiceAtOnceWorksOnce(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.person("rowan", "slow-river")
		link := p.resetLink("rowan")
		got := atOnce(3, func(int) int { return p.browser().post(link, "password", resetTo).StatusCode })
		if got[http.StatusSeeOther] != 1 || got[http.StatusGone] != 2 {
			t.Errorf("got %v, want one 303 and two 410", got)
		}
	})
}

func TestAResetLinkEndsAfterADayOrWithAnother(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.person("rowan", "slow-river")
		first := p.resetLink("rowan")
		second := p.resetLink("rowan")
		p.browser().get(first).wants(http.StatusNotFound)
		p.browser().get(second).wants(http.StatusOK)
		p.clock.advance(24*time.Hour + time.Second)
		p.browser().get(second).wants(http.StatusGone)
		p.browser().post(second, "password", resetTo).wants(http.StatusGone)
	})
}

func TestResetLinksAreForThoseWhoAreIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.join(p.browser(), "/join").wants(http.StatusSeeOther)
		for login, want := range map[string]community.Kind{"nobody": community.NotFound, "rowan": community.Forbidden} {
			if _, err := p.service.NewResetLink(context.Background(), login); !errors.Is(err, want) {
				t.Errorf("%s: got %v, want %v", login, err, want)
			}
		}
	})
}

func TestAResetLinkIsARecordedDecisionOfWhichItsPersonIsTold(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.person("rowan", "slow-river")
		rowan, warden := p.viewer("rowan"), p.viewer("warden")
		if _, err := p.service.MakeResetLink(ctx, rowan, warden.User.ID); !errors.Is(err, community.NotFound) {
			t.Errorf("a member makes a link for an admin: got %v, want NotFound", err)
		}
		if _, err := p.service.MakeResetLink(ctx, warden, rowan.User.ID); err != nil {
			t.Fatal(err)
		}
		d, err := p.store.LastDecision(ctx, "")
		if err != nil || d.Kind != community.DecidedResetLink || d.SubjectID != rowan.User.ID || d.DecidedBy != warden.ActingID() {
			t.Errorf("got %+v, %v", d, err)
		}
		if calls, err := p.service.Calls(ctx, rowan); err != nil || !calls.Unread {
			t.Errorf("the person has an unread notice: got %v, %v", calls, err)
		}
	})
}
