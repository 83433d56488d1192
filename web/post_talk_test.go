package web_test

import (
	"net/http"
	"testing"

	"hearth/community"
)

func TestAVisitorTalksFirstAndJoinsAfter(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		b.get("/talk").wants(http.StatusOK).says("There is no group to write in yet.", `href="/groups"`)
		g := p.newGroup("carers", community.ReadersAnyone)
		b.get("/talk").says(`value="carers" checked`) // where there is nothing to choose
		p.newGroup("members-only", community.ReadersMembers)
		p.newGroup("full", community.ReadersAnyone, func(g *community.Group) { g.Joining = community.JoiningClosed })
		p.newGroup("over", community.ReadersAnyone, func(g *community.Group) { g.State = community.GroupClosed })
		p.newGroup("quiet", community.ReadersAnyone, func(g *community.Group) { g.Listed = false })
		b.get("/talk").says("The carers", "The members-only", "Only members of this group can read.").hides(" checked", "The full", "The over", "The quiet")

		b.post("/talk", "text", "my words").wants(http.StatusUnprocessableEntity).says("Please choose a group", "my words</textarea>")
		b.post("/talk", "group", "carers").wants(http.StatusUnprocessableEntity).says("There are no words yet", `value="carers" checked`)
		b.post("/talk", "group", "over", "text", "my words").wants(http.StatusUnprocessableEntity).says("my words</textarea>")
		if got := b.post("/talk", "group", "carers", "text", "my words").leads(); got != "/join?next=%2Fg%2Fcarers%2Fnew" {
			t.Fatalf("leads to %s", got)
		}
		b.get("/join?next=%2Fg%2Fcarers%2Fnew").says("Your words are kept", `/sign-in?next=%2Fg%2Fcarers%2Fnew`)
		b.get("/talk").says("my words</textarea>")

		p.member("ash", g)
		b.post("/sign-in", "login", "login-ash", "password", roomPassword).leads()
		b.get("/home").says("Words that you wrote and have not sent yet are kept.", `href="/g/carers/new"`)
		form := b.get("/g/carers/new").says("my words</textarea>", "Your words are back")
		b.follow(b.post("/g/carers/new", "draft", draftOn(form), "text", "my words")).says("my words", "Reply to ash")
		b.get("/home").hides("are kept")
		if got := b.post("/talk", "group", "carers", "text", "more words").leads(); got != "/g/carers/new" {
			t.Errorf("a member is led to %s, want the form", got)
		}
		b.get("/g/carers/new").says("more words</textarea>")
	})
}
