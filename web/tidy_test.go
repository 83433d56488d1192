package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/community"
)

const answersKept = 30 * 24 * time.Hour

func (p *place) tidy() community.Tidied {
	p.t.Helper()
	done, err := p.service.Tidy(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return done
}

// decide answers the application of a sign-in name.
func (p *place) decide(login string, approve bool, reply string) {
	p.t.Helper()
	ctx := context.Background()
	list, _, err := p.service.Applicants(ctx, p.viewer("warden"), "")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, a := range list {
		if a.Login == login {
			if err := p.service.DecideApplication(ctx, p.viewer("warden"), a.ID, approve, reply); err != nil {
				p.t.Fatal(err)
			}
			return
		}
	}
	p.t.Fatalf("%s is not waiting", login)
}

func TestReceiptSaysThatTheAnswerIsGone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		receipt := p.join(b, "/join").leads()
		p.decide("rowan", false, "Not now.")
		b.get(receipt).wants(http.StatusOK).says("are deleted 30 days after")
		p.clock.advance(answersKept)
		p.tidy()
		b.get(receipt).wants(http.StatusOK).says("has been deleted", "Not now.")
	})
}

func TestR06AnOpenDoorThatNobodyWatchesBeginsToAsk(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		admin := p.admin()
		moderator := p.personAs("hazel", "soft-cloud", community.RoleModerator)
		p.registers(community.RegistrationOpen)
		p.clock.advance(7 * 24 * time.Hour)
		if done := p.tidy(); done.BeganToAsk {
			t.Error("the door began to ask on the seventh day")
		}
		moderator.get("/me").wants(http.StatusOK)
		p.clock.advance(7 * 24 * time.Hour)
		if done := p.tidy(); done.BeganToAsk {
			t.Error("the door began to ask although a moderator looked in")
		}
		p.clock.advance(24 * time.Hour)
		if done := p.tidy(); !done.BeganToAsk {
			t.Fatal("the door did not begin to ask on the eighth day")
		}
		site, err := p.service.Site(ctx)
		if err != nil || site.Registration != community.RegistrationApproval {
			t.Errorf("registration: got %q, %v, want approval", site.Registration, err)
		}
		d, err := p.store.LastDecision(ctx, "")
		if err != nil || d.Kind != community.DecidedSettings || d.DecidedBy != community.ByClock {
			t.Errorf("the decision: got %+v, %v", d, err)
		}
		if calls, err := p.service.Calls(ctx, p.viewer("warden")); err != nil || !calls.Unread {
			t.Errorf("the admin was not told: %v, %v", calls, err)
		}
		if done := p.tidy(); done.BeganToAsk {
			t.Error("it began to ask a second time")
		}
		admin.get("/admin/registration").wants(http.StatusOK)
	})
}

func TestR06AMemberWhoLooksInWatchesNoDoor(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		member := p.person("rowan", "slow-river")
		p.registers(community.RegistrationOpen)
		p.clock.advance(8 * 24 * time.Hour)
		member.get("/me").wants(http.StatusOK)
		if done := p.tidy(); !done.BeganToAsk {
			t.Error("the door stays open on a member's look alone")
		}
	})
}

func TestTidyingForgetsWhatIsOver(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.person("rowan", "slow-river")
		if _, err := p.service.NewResetLink(ctx, "rowan"); err != nil {
			t.Fatal(err)
		}
		if err := p.store.SaveBrowserSession(ctx, "x", []byte("y"), p.clock.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		p.browser().post("/sign-in", "login", "rowan", "password", "guess guess guess")
		if done := p.tidy(); done != (community.Tidied{}) {
			t.Errorf("tidied %+v before anything was over", done)
		}
		p.clock.advance(9 * 24 * time.Hour)
		done := p.tidy()
		if done.Sessions != 1 || done.ResetLinks != 1 || done.Tries == 0 {
			t.Errorf("after nine days: %+v, want a session, a reset link and tries forgotten", done)
		}
		p.clock.advance(22 * 24 * time.Hour)
		if done := p.tidy(); done.IdleSignIns != 1 {
			t.Errorf("after a month: %+v, want an idle sign-in ended", done)
		}
		p.clock.advance(31 * 24 * time.Hour)
		if done := p.tidy(); done.EndedSignIns != 1 {
			t.Errorf("after two months: %+v, want an ended sign-in forgotten", done)
		}
	})
}

// R44: what was reported is kept for a year from when somebody looked at it.
func TestR44ReportsAreForgottenAYearAfterTheyWereLookedAt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		post, mod := p.member("rowan", g).write(g, "title", "A title", "text", "Words."), p.moderator("maya", g)
		receipt := p.report(p.browser(), post, "reason", "spam").leads()
		mod.decide(mod.item(), "measure", "leave").leads()
		open := p.report(p.browser(), post, "reason", "unkind").leads()
		p.clock.advance(365*24*time.Hour - time.Minute)
		if done := p.tidy(); done.Reports != 0 {
			t.Errorf("within the year %d reports are gone, want none", done.Reports)
		}
		p.clock.advance(time.Minute)
		if done := p.tidy(); done.Reports != 1 {
			t.Errorf("after a year %d reports are gone, want the one that was looked at", done.Reports)
		}
		p.browser().get(receipt).wants(http.StatusNotFound)
		p.browser().get(open).wants(http.StatusOK)
	})
}
