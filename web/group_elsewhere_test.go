package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation"
)

// groupAt is a group of far.example, as it is known here.
func groupAt(domain string) func(*community.Group) {
	return func(g *community.Group) {
		g.URI, g.URL = "https://"+domain+"/c/"+g.Name, "https://"+domain+"/c/"+g.Name
		g.Domain, g.Inbox, g.Reach = domain, "https://"+domain+"/inbox", community.ReachAnywhere
	}
}

// talksWith has the place talk with a server, as its operator would.
func (p *place) talksWith(domain string) {
	p.t.Helper()
	_, err := p.service.SetPolicyAsOperator(context.Background(), community.PolicyDraft{Domain: domain, Severity: policy.Allow})
	p.must(err)
}

func TestPageOfAGroupElsewhereSaysWhoDecides(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		open := p.newGroup("open", community.ReadersAnyone, groupAt("far.example"))
		asked := p.newGroup("asked", community.ReadersMembers, groupAt("far.example"), func(g *community.Group) { g.Joining = community.JoiningAsked })
		rowan := p.member("rowan")
		rowan.get("/g/open@far.example").wants(http.StatusOK).says("does not talk with far.example").hides("Follow it", "Write something", "What was written before")
		rowan.post("/g/open@far.example/join").wants(http.StatusForbidden).says("does not talk with far.example")
		p.talksWith("far.example")
		const before = "The rest is at far.example."
		rowan.get("/g/open@far.example").wants(http.StatusOK).says(before, `href="https://far.example/c/open"`)
		rowan.get("/g/open@far.example/join").wants(http.StatusOK).says(before, `href="https://far.example/c/open"`)
		rowan.get("/g/open@far.example").wants(http.StatusOK).
			says("far.example decides whom it lets in", "Follow it", "From this server:", "only far.example knows").hides("You are in at once", "with an account here can become one")
		rowan.get("/g/asked@far.example").says("The moderators on far.example decide", "Ask to join")
		rowan.get("/g/asked@far.example/join").wants(http.StatusOK).says("The moderators on far.example decide").hides(`name="answer"`)
		p.admit("rowan", asked, community.GroupMember)
		for state, says := range map[string]string{
			community.MemberAsked:   "You asked as rowan. far.example has not answered yet",
			community.MemberRefused: "far.example did not let you in, or let you go",
			community.MemberUnheard: "You asked as rowan, but it did not get through to far.example, and was given up on",
			community.MemberActive:  "You take part as rowan",
			community.MemberLeft:    "ask to be let in",
		} {
			p.put("rowan", asked, state)
			rowan.get("/g/asked@far.example").says(says)
		}
		p.admit("rowan", open, community.GroupMember)
		rowan.get("/g/open@far.example/leave").says("Its server is told that you left").hides("Nobody is told that you left")
	})
}

func TestDirectoryListsGroupsElsewhereThatSomebodyHereIsIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		known := p.newGroup("known", community.ReadersAnyone, groupAt("far.example"))
		p.newGroup("looked-at", community.ReadersAnyone, groupAt("far.example"))
		sensitive := p.newGroup("sensitive", community.ReadersAnyone, groupAt("far.example"), func(g *community.Group) { g.Sensitive = true })
		unlisted := p.newGroup("unlisted", community.ReadersAnyone, groupAt("far.example"), func(g *community.Group) { g.Listed = false })
		p.newGroup("of-here", community.ReadersAnyone)
		rowan, maya := p.member("rowan", known, sensitive, unlisted), p.member("maya")
		for who, c := range map[string]struct {
			b           *browser
			says, hides []string
		}{
			"a visitor":       {p.browser(), []string{"The of-here"}, []string{"The known", "The looked-at", "The sensitive", "The unlisted"}},
			"another member":  {maya, []string{"The of-here", "The known"}, []string{"The looked-at", "The sensitive", "The unlisted"}},
			"who is in them":  {rowan, []string{"The of-here", "The known", "The sensitive", "The unlisted"}, []string{"The looked-at"}},
			"who searches it": {p.browser(), nil, []string{"The known"}},
		} {
			path := "/groups"
			if who == "who searches it" {
				path = "/groups?q=known"
			}
			t.Log(who)
			c.b.get(path).wants(http.StatusOK).says(c.says...).hides(c.hides...)
		}
	})
}

func TestAuthorAnswersForWordsThatWereNotSent(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.talksWith("far.example")
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		p.must(p.service.GiveFederateConsent(ctx, p.memberViewer("rowan"), g.ID, "Copies may go."))
		id := p.seed(g, "rowan", "", "words that waited")
		unsent := []community.Unsent{{PostID: id, Host: "far.example", AskAfter: p.clock.Now().Add(-time.Hour)}}
		p.must(p.store.MarkUnsent(ctx, unsent, community.UnsentAsked))
		const question = "Nothing goes to far.example until you say"
		rowan.get("/p/"+id).wants(http.StatusOK).says("far.example could not be reached for a day", question, `action="/p/`+id+`/send"`, `action="/p/`+id+`/keep"`, `href="/p/`+id+`/delete"`)
		for _, b := range []*browser{maya, p.browser()} {
			b.get("/p/"+id).wants(http.StatusOK).hides("could not be reached", question)
			if status := b.post("/p/" + id + "/send").StatusCode; status == http.StatusOK || b.post("/p/"+id+"/keep").StatusCode == http.StatusOK {
				t.Errorf("somebody else answers: got %d", status)
			}
		}
		rowan.follow(rowan.post("/p/"+id+"/keep")).wants(http.StatusOK).says("It stays here.", "It was not sent to far.example", "Send it after all").hides(question)
		rowan.follow(rowan.post("/p/"+id+"/send")).wants(http.StatusOK).says("It is on its way as it is now.", "On its way to far.example")
		rowan.post("/p/" + id + "/send").wants(http.StatusConflict).says("nothing to decide")

		p.must(p.store.MarkUnsent(ctx, unsent, community.UnsentFailed)) // it was this server's own fault
		const here = "something went wrong on this server for a day"
		rowan.get("/p/"+id).wants(http.StatusOK).says("Not sent: "+here, question, `action="/p/`+id+`/send"`).hides("could not be reached", "On its way")
		for _, b := range []*browser{maya, p.browser()} {
			b.get("/p/"+id).wants(http.StatusOK).hides(here, question)
		}
		p.reaches(federation.Reach{PostID: id, Host: "far.example", SentAt: &unsent[0].AskAfter})
		rowan.get("/p/"+id).wants(http.StatusOK).says("Your change is not sent: "+here, "far.example keeps your earlier words")
	})
}

func TestServersElsewhereAreNamedAsPeopleReadThem(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		const kept, shown = "xn--bcher-kva.example", "bücher.example"
		ctx := context.Background()
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		g := p.newGroup("garden", community.ReadersAnyone, groupAt(kept))
		far := community.Account{Actor: community.Actor{ID: "far", URI: "https://" + kept + "/u/1", Type: community.ActorPerson, Domain: kept, Name: "far?away", Title: "Far", CreatedAt: p.clock.Now()}}
		p.must(p.store.InsertAccount(ctx, far))
		rowan := p.member("rowan", g)
		p.must(p.service.GiveFederateConsent(ctx, p.memberViewer("rowan"), g.ID, "Copies may go."))
		id := p.seed(g, "rowan", "", "words that waited")
		p.must(p.store.MarkUnsent(ctx, []community.Unsent{{PostID: id, Host: kept, AskAfter: p.clock.Now().Add(-time.Hour)}}, community.UnsentAsked))
		answer := p.seed(g, "rowan", id, "from far")
		post, err := p.store.Post(ctx, answer)
		p.must(err)
		post.AuthorID = far.ID
		p.must(p.store.UpdatePost(ctx, post))
		for path, says := range map[string][]string{
			"/p/" + id: {`href="/@far%3Faway@` + kept + `"`, `<bdi>` + shown + `</bdi>`, "Nothing goes to " + shown + " until you say", shown + " could not be reached"},
			"/groups":  {`<bdi>` + shown + `</bdi>`}, "/g/garden@" + kept: {`<bdi>` + shown + `</bdi>`},
		} {
			rowan.get(path).wants(http.StatusOK).says(says...)
		}
	})
}

func TestAGroupElsewhereInWhichModeratorsWriteInvitesNobodyToWrite(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		g := p.newGroup("news", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya := p.member("rowan", g), p.member("maya")
		p.must(p.service.GiveFederateConsent(context.Background(), p.memberViewer("rowan"), g.ID, "Copies may go."))
		thread := p.seed(g, "rowan", "", "from before")
		g.Joining = community.JoiningClosed
		p.must(p.store.UpdateGroup(context.Background(), g))
		maya.get("/g/news@far.example").wants(http.StatusOK).hides("Follow it", "/g/news@far.example/new")
		rowan.get("/g/news@far.example").wants(http.StatusOK).hides("/g/news@far.example/new")
		rowan.get("/g/news@far.example/new").wants(http.StatusForbidden).says("only the moderators of this group begin threads")
		rowan.get("/p/" + thread + "/reply").wants(http.StatusOK).hides("only the moderators")
	})
}

// reaches notes what became of a copy, as whoever sends it does.
func (p *place) reaches(r federation.Reach) {
	p.t.Helper()
	ctx := context.Background()
	p.must(p.store.InsertEvent(ctx, community.Event{ID: secret.NewID(p.clock.Now()), Kind: community.EventPostWritten, OrderKey: r.PostID, AboutID: r.PostID, CreatedAt: p.clock.Now()}))
	token, events, err := p.store.ClaimEvents(ctx, "", p.clock.Now(), 1)
	p.must(err)
	p.must(p.store.SaveOutgoing(ctx, token, events[0].Event, federation.Parcel{At: p.clock.Now(), Reach: []federation.Reach{r}}))
	p.must(p.store.ReleaseEvents(ctx, token))
}

// An author reads what is known of where their words stand, others nothing of it.
func TestAuthorReadsWhereTheirWordsStandElsewhere(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.talksWith("far.example")
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		p.must(p.service.GiveFederateConsent(context.Background(), p.memberViewer("rowan"), g.ID, "Copies may go."))
		ago := func(d time.Duration) *time.Time { at := p.clock.Now().Add(-d); return &at }
		for _, c := range []struct {
			sent    *time.Time
			refused string
			says    []string
		}{
			{nil, "403", []string{"far.example did not take it", "not from you in this group"}},
			{nil, "404", []string{"far.example did not take it", "does not know this group"}},
			{nil, "422", []string{"far.example did not take it", "cannot read"}},
			{nil, "500", []string{"far.example did not take it", "time and again"}},
			{nil, "0", []string{"far.example did not take it"}},
			{nil, community.RefusedHere, []string{"Not sent: this server does not talk with far.example"}},
			{ago(23 * time.Hour), "", []string{"far.example has it and does not show it yet"}},
			{ago(25 * time.Hour), "", []string{"for more than a day and does not show it", "may have decided not to show it"}},
		} {
			id := p.seed(g, "rowan", "", "words")
			p.reaches(federation.Reach{PostID: id, Host: "far.example", SentAt: c.sent, Refused: c.refused})
			rowan.get("/p/" + id).wants(http.StatusOK).says(c.says...)
			for _, b := range []*browser{maya, p.browser()} {
				b.get("/p/" + id).wants(http.StatusOK).hides(c.says...)
			}
		}
		for words, says := range map[string]string{"No <i>names</i>, please": "In their words: “No &lt;i&gt;names&lt;/i&gt;, please”", "": "It said no and gave no reason."} {
			id := p.seed(g, "rowan", "", "words")
			p.reaches(federation.Reach{PostID: id, Host: "far.example", SentAt: ago(time.Hour)})
			p.must(p.store.MarkRejected(context.Background(), id, "far.example", words, p.clock.Now()))
			rowan.get("/p/"+id).wants(http.StatusOK).says("far.example did not take it", says)
			for _, b := range []*browser{maya, p.browser()} {
				b.get("/p/"+id).wants(http.StatusOK).hides("did not take it", says)
			}
		}
	})
}
