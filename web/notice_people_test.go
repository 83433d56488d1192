package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/community"
)

func TestPeopleAreToldInWordsWhatWasDecidedAboutThem(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.join(p.browser(), "/join").leads()
		p.admin().get("/notices").wants(http.StatusOK).says("Somebody asks to join this place", `href="/admin/registration"`)
		p.decide("rowan", true, "Welcome.")
		rowan := p.signedIn("rowan", memberPassword)
		if _, err := p.service.MakeResetLink(ctx, p.viewer("warden"), p.viewer("rowan").User.ID); err != nil {
			t.Fatal(err)
		}
		if err := p.service.ChangeRole(ctx, p.viewer("warden"), p.viewer("rowan").User.ID, community.RoleModerator); err != nil {
			t.Fatal(err)
		}
		rowan.get("/notices").wants(http.StatusOK).says("You were let in", "A link was made", "What you may do in Willow Lane has changed: you are a moderator there.")
		p.registers(community.RegistrationOpen)
		p.clock.advance(8 * 24 * time.Hour)
		p.tidy()
		p.admin().get("/notices").wants(http.StatusOK).says("Nobody looked in for a week")
	})
}
