package web_test

import (
	"net/http"
	"testing"

	"hearth/community"
)

func TestWhoLooksAfterAGroupIsLedToTheDesk(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		mod, member, staff := p.moderator("maya", g), p.member("rowan", g), p.personAs("staff-login", "steady-otter", community.RoleModerator)
		for _, b := range []*browser{mod, staff} {
			b.get("/home").wants(http.StatusOK).says(`href="/mod"`)
			b.get("/mod").wants(http.StatusOK)
		}
		for _, b := range []*browser{member, p.browser()} {
			b.get("/groups").wants(http.StatusOK).hides(`href="/mod"`)
		}
		p.suspend("maya")
		mod.get("/home").hides(`href="/mod"`)
	})
}

func TestTheDeskSaysWhereSomebodyAsksToJoin(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g, other := p.newGroup("carers", community.ReadersMembers), p.newGroup("nights", community.ReadersMembers)
		mod, elsewhere := p.moderator("maya", g), p.moderator("ash", other)
		p.member("rowan", g)
		mod.get("/mod").wants(http.StatusOK).says("Nothing waits for you.").hides("asks to join")
		p.put("rowan", g, community.MemberAsked)
		mod.get("/mod").wants(http.StatusOK).says("No report waits for you.", `<a href="/mod/g/carers/members"><bdi>The carers</bdi></a> · One person asks to join.`)
		elsewhere.get("/mod").wants(http.StatusOK).says("Nothing waits for you.").hides("asks to join", "carers")
	})
}

func TestDeskThatNamesASensitiveGroupHasTheExit(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		const exit = `class="exit"`
		plain := p.newGroup("carers", community.ReadersMembers)
		quiet := p.newGroup("nights", community.ReadersMembers, func(g *community.Group) { g.Sensitive = true })
		mod := p.moderator("maya", plain)
		mod.get("/mod").wants(http.StatusOK).says("The carers").hides(exit)
		p.admit("maya", quiet, community.GroupModerator)
		mod.get("/mod").wants(http.StatusOK).says("The nights", exit)
	})
}
