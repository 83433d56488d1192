package web_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/web"
)

// newestEntry is the newest entry of a record as somebody reads it, and where
// its page is.
func newestEntry(log *answer) (entry *answer, path string) {
	log.t.Helper()
	log.wants(http.StatusOK)
	_, rest, _ := strings.Cut(log.body, `<li class="card">`)
	card, _, _ := strings.Cut(rest, "</li>\n<li class=\"card\">")
	card, _, _ = strings.Cut(card, "</ol>")
	link := regexp.MustCompile(`href="(/decisions/[^"]+)"`).FindStringSubmatch(card)
	if link == nil {
		log.t.Fatalf("%s: no entry in the record:\n%s", log.what, log.body)
	}
	return &answer{t: log.t, what: "the newest entry of " + log.what, body: card}, link[1]
}

// toldStep is what a record has to say of the step before it.
type toldStep struct {
	kind string
	do   func()
	says []string // in the record and on the decision's own page
}

// tells walks through steps and reads what the record says of each, and gives
// the kinds that it saw.
func (p *place) tells(reader *browser, log string, steps []toldStep) (kinds []string) {
	p.t.Helper()
	for _, s := range steps {
		s.do()
		entry, path := newestEntry(reader.get(log))
		entry.says(s.says...)
		reader.get(path).wants(http.StatusOK).says(s.says...).hides("Something that concerns you")
		kinds = append(kinds, s.kind)
	}
	return kinds
}

// wordsWait has words of a post wait to be sent to a server.
func (p *place) wordsWait(host, postID string) {
	p.t.Helper()
	ctx, now, id := context.Background(), p.clock.Now(), secret.NewID(p.clock.Now())
	p.must(p.store.InsertEvent(ctx, community.Event{ID: secret.NewID(now), Kind: "test", OrderKey: "test", CreatedAt: now}))
	token, events, err := p.store.ClaimEvents(ctx, "", now, 1)
	p.must(err)
	p.must(p.store.SaveOutgoing(ctx, token, events[0].Event, federation.Parcel{
		At:         now,
		Activities: []federation.Activity{{ID: id, URI: "https://" + p.host() + "/x/" + id, Type: "Create", PostID: &postID, Raw: []byte("{}"), ReceivedAt: now}},
		Deliveries: []federation.Delivery{{ActivityID: id, ActorID: "somebody", Inbox: "https://" + host + "/inbox", Host: host, OrderKey: "key", PostID: &postID, CreatedAt: now}},
	}))
	p.must(p.store.ReleaseEvents(ctx, token))
}

func TestR28TheRecordSaysWhatWasDecidedAboutWhom(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		admin, staff := p.admin(), p.personAs("hazel", "soft-cloud", community.RoleModerator)
		p.person("ash", "slow-river")
		ash := p.viewer("ash")
		seen := p.tells(admin, "/mod/log", []toldStep{
			{community.DecidedPolicy, func() {
				admin.post("/admin/federation", "domain", "elm.example", "severity", "suspend").leads()
			}, []string{"Decided about a server", "about elm.example", "No contact"}},
			{community.DecidedPolicyLift, func() { admin.post("/admin/federation/lift", "domain", "elm.example").leads() },
				[]string{"Took a decision about a server back", "about elm.example"}},
			{community.DecidedPolicy, func() {
				admin.post("/admin/federation", "domain", "xn--bcher-kva.example", "severity", "allow").leads()
			}, []string{"about bücher.example", "Talk freely"}},
			{community.DecidedPause, func() { p.must(p.service.PauseServerAsOperator(ctx, "oak.example")) },
				[]string{"Stopped sending to a server", "about oak.example", "by whoever runs the machine"}},
			{community.DecidedResume, func() { p.must(p.service.ResumeServerAsOperator(ctx, "oak.example")) },
				[]string{"Sent to a server again", "about oak.example"}},
			{community.DecidedDrop, func() {
				g := p.newGroup("ashes", community.ReadersAnyone)
				p.member("drew", g)
				p.wordsWait("ash.example", p.seed(g, "drew", "", "words"))
				_, err := p.service.DropWaitingAsOperator(ctx, "ash.example")
				p.must(err)
			}, []string{"Dropped what waited to be sent to a server", "about ash.example"}},
			{community.DecidedRole, func() { p.must(p.service.ChangeRole(ctx, p.viewer("warden"), ash.User.ID, community.RoleModerator)) },
				[]string{"Changed what somebody may do", "about slow-river", "what moderators do"}},
			{community.DecidedResetLink, func() {
				_, err := p.service.MakeResetLink(ctx, p.viewer("warden"), ash.User.ID)
				p.must(err)
			}, []string{"Made a link for a new password", "about slow-river"}},
			{community.DecidedApplication, func() {
				p.join(p.browser(), "/join", "login", "rowan-signs", "public_name", "still-lake").leads()
				p.decide("rowan-signs", true, "")
			}, []string{"Let somebody join this place", "about still-lake"}},
			{community.DecidedApplicationNot, func() {
				p.join(p.browser(), "/join", "login", "maya-signs", "public_name", "soft-rain").leads()
				p.decide("maya-signs", false, "We are full.")
			}, []string{"Did not let somebody join this place", "about soft-rain", "We are full."}},
			{community.DecidedInvitation, func() { admin.post("/admin/invitations", "uses", "3", "days", "2").leads() },
				[]string{"Made an invitation", "People it still let in: 3", "Its last day: 6 March 2026"}},
			{community.DecidedInvitationEnd, func() {
				list, _, err := p.service.Invitations(ctx, p.viewer("warden"), "")
				p.must(err)
				p.must(p.service.RevokeInvitation(ctx, p.viewer("warden"), list[0].ID))
			}, []string{"Ended an invitation", "People it still let in: 3"}},
			{community.DecidedSettings, func() {
				p.must(p.service.SaveRegistration(ctx, p.viewer("warden"), community.RegistrationDraft{
					Mode: community.RegistrationOpen, Question: "Who are you?", MinimumAge: 16, NewcomersPerDay: 7, ApplicationsWaiting: 9}))
			}, []string{"Changed settings", "How people come in: Anyone, at once (before: They ask, and you answer)", "Minimum age: 16 (before: 18)", "The question to those who ask", "New people in a day: 7"}},
			{community.DecidedGroup, func() {
				rowan := p.signedIn("rowan-signs", memberPassword)
				rowan.post("/groups/new", newGroup(rowan.get("/groups/new?sensitive=no").wants(http.StatusOK))...).leads()
				asked, _, err := p.service.GroupsAsked(ctx, p.viewer("warden"))
				p.must(err)
				_, err = p.service.AnswerGroup(ctx, p.viewer("warden"), asked[0].ID, community.GroupAnswer{Approve: true})
				p.must(err)
			}, []string{"Agreed to a group", "about still-lake", "about Carers at night"}},
			{community.DecidedGroupRefuse, func() {
				rowan := p.signedIn("rowan-signs", memberPassword)
				form := rowan.get("/groups/new?sensitive=no").wants(http.StatusOK)
				rowan.post("/groups/new", newGroup(form, "title", "Early birds", "handle", "own", "name", "birds")...).leads()
				asked, _, err := p.service.GroupsAsked(ctx, p.viewer("warden"))
				p.must(err)
				_, err = p.service.AnswerGroup(ctx, p.viewer("warden"), asked[0].ID, community.GroupAnswer{Reason: "There is one."})
				p.must(err)
			}, []string{"Did not agree to a group", "about still-lake", "about Early birds", "There is one."}},
			{community.DecidedSuspend, func() {
				admin.decide("/mod/people/"+p.account("slow-river"), "measure", "suspend", "days", "7", "reason", "A pause.").leads()
			}, []string{"Paused an account", "about slow-river", "A pause."}},
			{community.DecidedLift, func() {
				admin.decide("/mod/people/"+p.account("slow-river"), "measure", "lift", "reason", "It is over.").leads()
			}, []string{"Ended a pause", "about slow-river"}},
			{community.DecidedRestore, func() { p.must(p.service.WakeUp(ctx, p.clock.Now())) }, []string{"Put everything back", "2026-03-04"}},
		})
		staff.get("/mod/log").wants(http.StatusOK).
			says("about elm.example", "No contact", "Let somebody join this place", "about Carers at night").
			hides("about soft-rain", "about Early birds")
		for _, kind := range []string{community.DecidedApplicationNot, community.DecidedResetLink} {
			d := p.newestOf("", kind)
			staff.get("/decisions/"+d.ID).wants(http.StatusOK).hides("soft-rain", "slow-river")
		}
		p.hidesWhoAskedInVain("ash")
		p.signedIn("ash", memberPassword).get("/decisions/"+p.newestOf("", community.DecidedRole).ID).wants(http.StatusOK).
			says("What you may do in Willow Lane has changed", "what moderators do").hides("quiet-heron", "about slow-river")
		p.signedIn("rowan-signs", memberPassword).get("/decisions/"+p.newestOf("", community.DecidedGroupRefuse).ID).wants(http.StatusOK).
			says("The group that you asked for was not agreed to", "There is one.").hides("quiet-heron")
		p.person("tomasz", "north-gate").get("/decisions/" + p.newestOf("", community.DecidedPolicy).ID).wants(http.StatusNotFound)
		p.browser().get("/mod/log").hides("elm.example")
		p.sawEveryKind(append(seen, p.groupTells()...))
	})
}

// hidesWhoAskedInVain checks that a moderator of the instance reads that a group was
// refused, and nowhere whose it was to be.
func (p *place) hidesWhoAskedInVain(login string) {
	p.t.Helper()
	ctx, v, refused := context.Background(), p.viewer(login), p.newestOf("", community.DecidedGroupRefuse)
	if refused.AccountID == nil || refused.AccountTitle == "" {
		p.t.Fatal("the decision names nobody: there is nothing to hide")
	}
	p.signedIn(login, memberPassword).get("/decisions/"+refused.ID).wants(http.StatusOK).hides(refused.AccountTitle, *refused.AccountID)
	view, err := p.service.Decision(ctx, v, refused.ID)
	p.must(err)
	if view.Account != nil || view.Decision.AccountID != nil || view.Decision.SubjectID != "" {
		p.t.Errorf("the decision is handed out with %v of %v, about %q", view.Account, view.Decision.AccountID, view.Decision.SubjectID)
	}
	asker, err := p.service.AccountToModerate(ctx, v, *refused.AccountID)
	p.must(err)
	if slices.ContainsFunc(asker.Past, func(step community.PastStep) bool { return step.ID == refused.ID }) {
		p.t.Error("the asker's own page says what was refused to them")
	}
	record, err := p.service.Record(ctx, v, "", 0)
	p.must(err)
	for _, e := range record.Entries {
		if e.ID == refused.ID && (e.AccountID != nil || e.AccountTitle != "" || e.SubjectID != "" || e.Payload.Payload != "") {
			p.t.Errorf("the record has %q of %v, about %q, with %q", e.AccountTitle, e.AccountID, e.SubjectID, e.Payload.Payload)
		}
	}
}

// newestOf is the newest decision of a kind in a scope.
func (p *place) newestOf(scope, kind string) community.RecordRow {
	p.t.Helper()
	rows, err := p.store.RecordRows(context.Background(), scope, 0, 100)
	p.must(err)
	i := slices.IndexFunc(rows, func(r community.RecordRow) bool { return r.Kind == kind })
	if i < 0 {
		p.t.Fatalf("nothing of kind %q was decided in %q", kind, scope)
	}
	return rows[i]
}

// groupTells is TestR28TheRecordSaysWhatWasDecidedAboutWhom in a group.
func (p *place) groupTells() []string {
	p.t.Helper()
	ctx := context.Background()
	g := p.newGroup("carers", community.ReadersMembers, func(g *community.Group) { g.Joining, g.Reach = community.JoiningAsked, community.ReachAnywhere })
	mod := p.moderator("maya", g)
	p.memberAs("olive", community.GroupOwner, g)
	rowan := p.member("rowan", g)
	post := rowan.write(g, "title", "A title", "text", "Words.")
	lead, at := p.memberViewer("olive"), g.Name
	asks := func(name string) {
		p.member(name)
		p.must(p.store.InsertMembership(ctx, community.Membership{ID: "ask-" + name, GroupID: g.ID, AccountID: "account-" + name, Role: community.GroupMember,
			State: community.MemberAsked, CreatedAt: p.clock.Now(), ChangedAt: p.clock.Now()}))
	}
	measure := func(b *browser, path string, fields ...string) func() {
		return func() { p.t.Helper(); b.decide(path, fields...).leads() }
	}
	person, unread := "/mod/people/account-rowan?group=carers", ""
	return p.tells(mod, "/mod/log?group=carers", []toldStep{
		{community.DecidedRefuse, func() {
			p.farMember(g, "wren", "wren.example")
			id := p.arrives(g, "wren", "https://wren.example/p/1", "words")
			unread = mod.get("/mod/held").heldChoice(id)
			mod.post("/mod/held", "post", unread, "do", "refuse", "note", "It sells.").leads()
		}, []string{"Kept words away", "about Wren"}},
		{community.DecidedApprove, func() { mod.post("/mod/held", "post", unread, "do", "show").leads() }, []string{"Showed words that were read first", "about Wren"}},
		{community.DecidedHide, measure(mod, "/mod/post/"+post, "measure", "hide", "reason", "Too sharp."), []string{"Hid a post", "about rowan", "Too sharp."}},
		{community.DecidedShow, measure(mod, "/mod/post/"+post, "measure", "show", "reason", "It was mended."), []string{"Showed a post again", "about rowan"}},
		{community.DecidedLock, func() { mod.post("/p/"+post+"/lock", "reason", "It goes round.").leads() }, []string{"Closed a thread", "about rowan"}},
		{community.DecidedUnlock, func() { mod.post("/p/" + post + "/unlock").leads() }, []string{"Opened a thread again", "about rowan"}},
		{community.DecidedPin, func() { mod.post("/p/" + post + "/pin").leads() }, []string{"Put a thread first", "about rowan"}},
		{community.DecidedUnpin, func() { mod.post("/p/" + post + "/unpin").leads() }, []string{"among the others again", "about rowan"}},
		{community.DecidedRemove, measure(mod, person, "measure", "remove", "days", "7", "reason", "Enough."), []string{"Removed somebody", "about rowan", "Enough."}},
		{community.DecidedReadmit, measure(mod, person, "measure", "readmit", "reason", "Come back."), []string{"Let somebody come back", "about rowan"}},
		{community.DecidedJoin, func() {
			asks("ash")
			_, err := p.service.AnswerJoin(ctx, lead, at, "account-ash", community.JoinAnswer{Accept: true})
			p.must(err)
		}, []string{"Let somebody in", "about ash"}},
		{community.DecidedJoinRefuse, func() {
			asks("birch")
			_, err := p.service.AnswerJoin(ctx, lead, at, "account-birch", community.JoinAnswer{Reason: "It is for carers."})
			p.must(err)
		}, []string{"Did not let somebody in", "about birch", "It is for carers."}},
		{community.DecidedRole, func() { p.must(p.service.SetModerator(ctx, lead, at, "account-ash", true)) }, []string{"about ash", "what moderators do"}},
		{community.DecidedRules, func() { p.must(p.service.ChangeRules(ctx, lead, at, 0, []string{"Listen first."})) }, []string{"Changed the rules", "Version 1 of the rules"}},
		{community.DecidedSettings, func() {
			p.must(p.service.ChangeGroupTexts(ctx, lead, at, community.GroupTexts{Title: "The carers", Purpose: "To talk, and to listen.", ForWhom: "People who care.",
				Situation: "caring", Language: "en", Joining: community.JoiningOpen}))
		}, []string{"Changed settings", "Who it is for", "Who can join"}},
		{community.DecidedSettings, func() {
			now := p.view(lead.User.Login, "/g/"+at).Group.Audience()
			to := now
			to.Listed, to.Reach = false, community.ReachNowhere
			p.must(p.service.ChangeAudience(ctx, lead, at, now, to))
		}, []string{"Changed settings", "It is no longer in the list"}},
		{community.DecidedSettings, func() { p.must(p.service.CloseGroup(ctx, lead, at, "For a while.")) }, []string{"Closed the group", "For a while."}},
		{community.DecidedSettings, func() { p.must(p.service.ReopenGroup(ctx, lead, at, "")) }, []string{"Opened the group again"}},
		{community.DecidedHandOver, func() { p.must(p.service.OfferGroup(ctx, lead, at, "ash")) }, []string{"Asked somebody to look after the group", "about ash"}},
		{community.DecidedHandOver, func() { p.must(p.service.AnswerOffer(ctx, p.memberViewer("ash"), at, true)) }, []string{"Took the group over", "by ash"}},
		{community.DecidedReport, func() {
			p.report(p.signedIn("login-ash", roomPassword), post, "reason", "unkind", "words", "It hurts.").wants(http.StatusSeeOther)
			mod.decide(mod.item(), "measure", "leave", "reason", "It is all right.").leads()
		}, []string{"Looked at a report and left it"}},
	})
}

// sawEveryKind fails for a kind of decision that no step above stands for.
// Sending a report on is read in TestR19ModeratorSeesExactlyWhatAnotherServerIsSent.
func (p *place) sawEveryKind(seen []string) {
	p.t.Helper()
	source, err := os.ReadFile("../community/decision.go")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, named := range regexp.MustCompile(`(?m)^\tDecided\w+ += "(\w+)"`).FindAllSubmatch(source, -1) {
		if !slices.Contains(web.KindsTold, string(named[1])) {
			p.t.Errorf("a decision of kind %q is told in no words of its own", named[1])
		}
	}
	for _, kind := range web.KindsTold {
		if !slices.Contains(seen, kind) && kind != community.DecidedForward {
			p.t.Errorf("no step tells of %q", kind)
		}
	}
}
