package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
)

// farAway is somebody of a server elsewhere, as they are known here.
func (p *place) farAway(domain, name string) community.Account {
	p.t.Helper()
	home := "https://" + domain + "/u/" + name
	a := community.Account{Actor: community.Actor{ID: "far-" + name, URI: home, URL: home, Type: community.ActorPerson, Domain: domain,
		Name: name, Title: "Far " + name, CreatedAt: p.clock.Now()}}
	p.must(p.store.InsertAccount(context.Background(), a))
	return a
}

// Who may not write in a group elsewhere reads until when, and why, wherever they
// would write; nobody else reads anything of it.
func TestWhoIsBarredElsewhereReadsUntilWhenAndWhy(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		p.talksWith("far.example")
		ctx, day := context.Background(), p.clock.Now().Add(9*24*time.Hour)
		open, until := p.newGroup("open", community.ReadersAnyone, groupAt("far.example")), p.newGroup("until", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya, keeper := p.member("rowan", open, until), p.member("maya", open, until), p.admin()
		policies, err := p.service.Policies(ctx)
		p.must(err)
		for _, g := range []community.Group{open, until} {
			p.agree("maya", g)
			thread := p.seed(g, "maya", "", "words of maya")
			says := []string{"far.example says that you cannot write"}
			bar := community.Bar{GroupID: g.ID, AccountURI: "uri-rowan", Epoch: policies.Epoch()}
			if g.ID == until.ID {
				bar.Until, bar.Why = &day, "<p>No <b>doses</b>, please &amp; thank you</p>"
				says = append(says, "until 13 March 2026", "The reason it gave: “No doses, please &amp; thank you”")
			}
			p.must(p.service.ReceiveBar(ctx, bar))
			group := "/g/" + g.Handle()
			rowan.get(group).wants(http.StatusOK).says(append(says, "You take part as rowan", "You can go on reading", "words of maya")...).hides("Write something")
			rowan.get(group + "/new").wants(http.StatusForbidden).says(says...)
			rowan.get("/p/" + thread).wants(http.StatusOK).says("words of maya").hides(`action="/p/` + thread + `/reply"`)
			rowan.post("/p/"+thread+"/reply", "text", "Words of rowan.").wants(http.StatusForbidden).says(append(says, "Words of rowan.")...)
			if g.ID == open.ID {
				rowan.get(group).hides("The reason it gave", " until ")
				rowan.get(group+"/new").hides("The reason it gave", " until ")
			}
			for _, b := range []*browser{maya, keeper, p.browser()} {
				for _, page := range []string{group, "/p/" + thread, "/@rowan"} {
					b.get(page).wants(http.StatusOK).hides("cannot write", "13 March", "doses")
				}
			}
			maya.get(group+"/new").wants(http.StatusOK).hides("cannot write", "doses")
		}
		rowan.get("/notices").wants(http.StatusOK).says("You cannot write in The until for now").hides("doses")
		maya.get("/notices").hides("You cannot write in")
		p.clock.advance(10 * 24 * time.Hour)
		rowan = p.signedIn("login-rowan", roomPassword)
		rowan.get("/g/until@far.example").wants(http.StatusOK).says("Write something").hides("cannot write", "doses")
		rowan.get("/g/open@far.example").wants(http.StatusOK).says("cannot write")
	})
}

// Why a moderator elsewhere hid a post is for its author, who may change it.
func TestAuthorAloneReadsWhyAGroupElsewhereHidTheirWords(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		p.talksWith("far.example")
		ctx := context.Background()
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		p.agree("rowan", g)
		thread := p.seed(g, "rowan", "", "how it began")
		id := p.seed(g, "rowan", thread, "hidden words")
		now := p.clock.Now()
		p.reaches(federation.Reach{PostID: id, Host: "far.example", SentAt: &now})
		post, err := p.store.Post(ctx, id)
		p.must(err)
		policies, err := p.service.Policies(ctx)
		p.must(err)
		_, err = p.service.ReceiveDelete(ctx, community.Deletion{URI: post.URI, ActorURI: g.URI, ActivityID: g.URI + "/x/1", ByGroup: true, Epoch: policies.Epoch(),
			Why: "<p>It names <i>somebody</i>.</p>"})
		p.must(err)
		rowan.get("/p/"+thread).wants(http.StatusOK).says("how it began", "hidden words", "Hidden by a moderator", "In their words: “It names somebody.”", `href="/p/`+id+`/edit"`)
		for _, b := range []*browser{maya, p.browser()} {
			b.get("/p/"+thread).wants(http.StatusOK).says("how it began").hides("hidden words", "In their words", "names somebody")
		}
		rowan.get("/notices").wants(http.StatusOK).says("have hidden something that you wrote").hides("names somebody")
		maya.get("/notices").hides("have hidden")

		p.must(p.store.MarkHiddenThere(ctx, id, "far.example", "")) // they said nothing of why
		rowan.get("/p/" + thread).wants(http.StatusOK).says("Hidden by a moderator").hides("In their words")
	})
}

// What moderators elsewhere ask an author to think of again is for that author.
func TestAuthorAloneReadsThatAGroupElsewhereAsksThemToLookAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		p.talksWith("far.example")
		ctx := context.Background()
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		p.agree("rowan", g)
		thread := p.seed(g, "rowan", "", "how it began")
		now := p.clock.Now()
		p.reaches(federation.Reach{PostID: thread, Host: "far.example", SentAt: &now, ShownAt: &now})
		policies, err := p.service.Policies(ctx)
		p.must(err)
		warn := func(why string) {
			p.must(p.service.ReceiveWarning(ctx, community.Warning{PostID: thread, Why: why, Epoch: policies.Epoch()}))
		}
		const asked, said, told = "The moderators on far.example ask you to look at this again.", "In their words: “It names somebody.”", "ask you to look again at something that you wrote"
		warn("")
		rowan.get("/p/" + thread).wants(http.StatusOK).says("how it began").hides(asked)
		rowan.get("/notices").wants(http.StatusOK).says(told)
		warn("<p>It names <i>somebody</i>.</p>")
		rowan.get("/p/"+thread).wants(http.StatusOK).says("how it began", asked, said)
		rowan.get("/notices").wants(http.StatusOK).says(told).hides("names somebody")
		for _, b := range []*browser{maya, p.browser()} {
			b.get("/p/"+thread).wants(http.StatusOK).says("how it began").hides(asked, "In their words", "names somebody")
		}
		maya.get("/notices").hides(told)

		_, err = p.service.ModeratePost(ctx, p.viewer("warden"), thread, community.Measure{Kind: community.MeasureHide, Reason: "It names a ward.", Version: 1})
		p.must(err)
		rowan.get("/p/"+thread).wants(http.StatusOK).says("how it began").hides(asked, "In their words", "names somebody") // it is not why

		for i, name := range []string{"left", "removed"} {
			author, state := p.member(name, g), []string{community.MemberLeft, community.MemberRemoved}[i]
			p.agree(name, g)
			thread = p.seed(g, name, "", "what they leave")
			p.reaches(federation.Reach{PostID: thread, Host: "far.example", SentAt: &now, ShownAt: &now})
			p.put(name, g, state)
			warn("It names somebody.")
			author.get("/notices").wants(http.StatusOK).hides(told)
		}
	})
}

// That somebody elsewhere has moved is said to members, as they said it, as a link.
func TestPageOfSomebodyWhoMovedLeadsMembersOn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		p.talksWith("far.example")
		const moved, to = "They say that they have moved", "https://new.example/u/wren?a=1&b=2"
		wren, maya := p.farAway("far.example", "wren"), p.member("maya")
		maya.get("/@wren@far.example").wants(http.StatusOK).says("Far wren").hides(moved)
		p.must(p.service.ReceiveMove(context.Background(), wren.URI, to))
		maya.get("/@wren@far.example").wants(http.StatusOK).says("Far wren", moved, `href="https://new.example/u/wren?a=1&amp;b=2"`)
		p.browser().get("/@wren@far.example").wants(http.StatusOK).says("Far wren").hides(moved, "new.example")
		p.suspend("maya")
		maya.get("/@wren@far.example").wants(http.StatusOK).hides(moved, "new.example")
	})
}

// Who looks after a group elsewhere is shown by name to those who may read it, as far
// as they are known here, in the order that their server has them.
func TestWhoLooksAfterAGroupElsewhereIsShownToThoseWhoRead(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		p.talksWith("far.example")
		ctx := context.Background()
		open, closed := p.newGroup("open", community.ReadersAnyone, groupAt("far.example")), p.newGroup("closed", community.ReadersMembers, groupAt("far.example"))
		wren, tern, gone := p.farAway("far.example", "wren"), p.farAway("other.example", "tern"), p.farAway("far.example", "gone")
		p.farAway("far.example", "stranger")
		rowan, maya := p.member("rowan", open, closed), p.member("maya")
		for _, g := range []community.Group{open, closed} {
			p.must(p.store.ReplaceModeratorsThere(ctx, g.ID, []string{tern.URI, wren.URI, gone.URI, "https://far.example/u/unknown"}))
		}
		p.must(p.service.MarkActorGone(ctx, gone.URI))
		shown := []string{`href="/@tern@other.example"`, "Far tern", `href="/@wren@far.example"`, "Far wren", "Moderator"}
		for _, b := range []*browser{rowan, maya, p.browser()} {
			page := b.get("/g/open@far.example").wants(http.StatusOK).says(shown...).hides("Far gone", "Far stranger", "unknown", "Owner")
			if strings.Index(page.body, "Far tern") > strings.Index(page.body, "Far wren") {
				t.Error("they stand in another order than their server has them in")
			}
		}
		rowan.get("/g/closed@far.example").wants(http.StatusOK).says(shown...)
		for _, b := range []*browser{maya, p.browser()} {
			b.get("/g/closed@far.example").wants(http.StatusOK).hides("Far tern", "Far wren")
		}
	})
}
