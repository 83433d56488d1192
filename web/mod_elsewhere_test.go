package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

// Reasons never leave this server, so nobody is told that somebody elsewhere reads them.
func TestModeratorIsNotToldThatPeopleElsewhereReadTheirReasons(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, now := context.Background(), p.clock.Now()
		g := p.newGroup("carers", community.ReadersAnyone, func(g *community.Group) { g.Joining = community.JoiningAsked })
		far := community.Account{Actor: community.Actor{ID: "far", URI: "https://far.example/u/1", Type: community.ActorPerson, Domain: "far.example", Name: "far", Title: "Far", CreatedAt: now}}
		p.must(p.store.InsertAccount(ctx, far))
		p.must(p.store.InsertMembership(ctx, community.Membership{ID: "m", GroupID: g.ID, AccountID: far.ID, Role: community.GroupMember, State: community.MemberAsked, FollowURI: "https://far.example/x/1", CreatedAt: now, ChangedAt: now}))
		mod := p.moderator("maya", g)
		const members = "/mod/g/carers/members"
		mod.get(members).wants(http.StatusOK).says("Far", "far.example", "hears your yes or no, and no words").hides(`name="reason"`)
		mod.follow(mod.post(members+"/far/answer", "answer", "yes")).says("Their server is told")
		post := community.Post{ID: "post", URI: "https://far.example/p/1", GroupID: g.ID, AuthorID: far.ID, ThreadID: "post", State: community.PostPublished, Version: 1, Title: "From far",
			HTML: "<p>words</p>", Readers: g.Readers, Reach: g.Reach, Verified: community.VerifiedSigned, PublishedAt: now, ReceivedAt: now, LastActivityAt: now}
		p.must(p.store.InsertPost(ctx, post))
		mod.get("/mod/post/post").wants(http.StatusOK).says("Its author is on far.example and does not read why", "They are on far.example and do not read it").
			hides("See what they will read", "The author reads your reason", "They read it beside your reason")
		done := mod.follow(mod.post("/mod/post/post", "measure", "hide", "version", "1", "reason", "the dose", "do", "decide"))
		done.wants(http.StatusOK).says("does not read why").hides("can read why")
		mod.get("/mod/post/post").hides("its author has changed it")
		mod.follow(mod.post("/mod/post/post", "measure", "show", "version", "1", "do", "decide")).says("It is shown again. Its author is on far.example.")
	})
}

func TestReportAboutAGroupElsewhereSaysWhoReadsIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan := p.member("rowan", g)
		p.must(p.service.GiveFederateConsent(context.Background(), p.memberViewer("rowan"), g.ID, "Copies may go."))
		id := p.seed(g, "rowan", "", "words")
		maya := p.member("maya", g)
		maya.get("/report?post=" + id).wants(http.StatusOK).says("Those of the group, on far.example, do not").hides("The moderators of the group read it")
		if body := rowan.get("/g/garden@far.example/leave").body; !strings.Contains(body, "Its server is told") {
			t.Error("leaving does not say that the group's server hears of it")
		}
	})
}
