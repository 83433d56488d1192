package web_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/community"
)

var decisionLink = regexp.MustCompile(`href="(/decisions/[^"]+)"`)

// toldOf is the decision that somebody's newest notice leads to.
func (b *browser) toldOf() string {
	b.t.Helper()
	a := b.get("/notices").wants(http.StatusOK)
	found := decisionLink.FindStringSubmatch(a.body)
	if found == nil {
		b.t.Fatalf("no notice leads to a decision:\n%s", a.body)
	}
	return found[1]
}

func TestR25HidingNeedsAReasonThatTheAuthorReadsAndCanAnswer(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		site, err := p.store.Site(context.Background())
		p.must(err)
		site.Rules = "Listen first."
		p.must(p.store.UpdateSite(context.Background(), site))
		author, reader, mod := p.member("rowan", g), p.member("ashley", g), p.moderator("maya", g)
		post := author.write(g, "title", "A title", "text", "A name that should not be here.")
		p.report(reader, post, "reason", "personal").wants(http.StatusSeeOther)
		item := mod.item()
		mod.decide(item, "measure", "hide", "note", "Kept note.").wants(http.StatusUnprocessableEntity).says("in a sentence why", "Kept note.", `value="hide" checked`)
		reader.get("/p/" + post).says("A name that should not be here.")

		preview := mod.post(item, "measure", "hide", "reason", "Without the name it is fine.", "do", "preview", "version", "1").wants(http.StatusOK)
		preview.says("This is what they will read", "A moderator has hidden something that you wrote in The carers.", "Without the name it is fine.", "No machine was involved")

		mod.decide(item, "measure", "hide", "reason", "Without the name it is fine.", "note", "Only for us.", "rule", "site 1").leads()
		reader.get("/p/" + post).hides("A name that should not be here.")
		decision := author.toldOf()
		page := author.get(decision).wants(http.StatusOK).says(
			"A moderator has hidden something that you wrote in The carers.", "Without the name it is fine.", "Rule 1 of this place: Listen first.", "In The carers.",
			"Until it is shown again.", "No machine was involved", "hello@willow.example", `href="/p/`+post+`/edit"`, "version 1")
		page.hides("maya", "Only for us.", "ashley")
		mod.get(decision).wants(http.StatusOK).says("maya", "Only for us.")
		reader.get(decision).wants(http.StatusNotFound)
		p.browser().get(decision).wants(http.StatusSeeOther)

		p.clock.advance(time.Minute)
		author.post("/p/"+post+"/edit", "draft", post, "version", "1", "title", "A title", "text", "Without the name.").wants(http.StatusSeeOther)
		reader.get("/p/" + post).hides("Without the name.")
		mod.get("/mod").says("Hidden, and changed since", "/mod/post/"+post)
		mod.get("/mod/post/"+post).says("Without the name.", "its author has changed it")
		mod.decide("/mod/post/"+post, "measure", "show", "reason", "Thank you.").leads()
		reader.get("/p/" + post).says("Without the name.")
		author.get("/notices").says("is shown again")
		author.get(decision).says("This was taken back").hides(`/p/` + post + `/edit"`)
		mod.get("/mod").hides("Hidden, and changed since")
	})
}

func TestR26EveryStepAgainstSomebodyIsStatedInFull(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, g := context.Background(), p.newGroup("carers", community.ReadersMembers)
		author, mod := p.member("rowan", g), p.moderator("maya", g)
		staff := p.personAs("staff-login", "steady-otter", community.RoleModerator)
		post := author.write(g, "title", "A title", "text", "Words.")
		mod.decide("/mod/post/"+post, "measure", "hide", "reason", "Because of the words.").leads()
		mod.decide("/mod/people/account-rowan?group=carers", "measure", "remove", "reason", "Because it went on.", "until", "2026-03-20").leads()
		staff.decide("/mod/people/account-rowan", "measure", "suspend", "reason", "Because of all of it.").leads()
		rows, err := p.store.PastSteps(ctx, "account-rowan", g.ID, 10)
		p.must(err)
		whole, err := p.store.PastSteps(ctx, "account-rowan", "", 10)
		p.must(err)
		rows = append(rows, whole...)
		if len(rows) != 3 {
			t.Fatalf("got %d decisions, want 3", len(rows))
		}
		for _, d := range rows {
			if d.Words.Reason == "" || d.DecidedBy == "" || d.SubjectID == "" || d.AccountID == nil || d.DecidedAt.IsZero() {
				t.Errorf("%s lacks a part: %+v", d.Kind, d)
			}
			author.get("/decisions/"+d.ID).wants(http.StatusOK).says(d.Words.Reason, "Which rule", "Where it holds", "How long", "No machine was involved", "What you can do").
				hides("maya", "steady-otter")
		}
	})
}

func TestADecisionMadeInTheMeantimeIsAConflictWithTheWordsKept(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, mod, second := p.member("rowan", g), p.moderator("maya", g), p.moderator("noor", g)
		post := author.write(g, "title", "A title", "text", "Words.")
		p.report(p.member("ashley", g), post, "reason", "unkind").wants(http.StatusSeeOther)
		item := mod.item()
		form := []string{"do", "decide", "measure", "hide", "reason", "Words that took a while.", "note", "A note.", "version", "1"}
		mod.post(item, "do", "decide", "measure", "leave").leads()
		second.post(item, append([]string{"do", "preview"}, form[2:]...)...).wants(http.StatusConflict).says("Words that took a while.")
		second.post(item, form...).wants(http.StatusConflict).says("Somebody has decided this in the meantime", "Words that took a while.", "A note.")
		author.get("/p/" + post).says("Words.")

		p.clock.advance(time.Minute)
		p.report(p.member("wren", g), post, "reason", "unkind").wants(http.StatusSeeOther)
		item = mod.item()
		author.post("/p/"+post+"/edit", "draft", post, "version", "1", "title", "A title", "text", "Other words.").wants(http.StatusSeeOther)
		again := mod.post(item, form...).wants(http.StatusConflict).says("changed the words while you were reading", "Words that took a while.")
		if got := again.hidden("version"); got != "2" {
			t.Errorf("the form shown again is over version %s, want 2", got)
		}
		mod.decide(item, "measure", "hide", "reason", "Words that took a while.").leads()
		author.get(author.toldOf()).says("Words that took a while.")
	})
}

func TestOneDecisionClosesAllReportsThatWereShown(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		post, mod := p.member("rowan", g).write(g, "title", "A title", "text", "Words."), p.moderator("maya", g)
		first, second := p.member("ashley", g), p.member("wren", g)
		p.report(first, post, "reason", "unkind").wants(http.StatusSeeOther)
		p.report(second, post, "reason", "spam", "words", "Also this.").wants(http.StatusSeeOther)
		mod.get(mod.item()).says("Others report the same", "Also this.")
		mod.decide(mod.item(), "measure", "hide", "reason", "Because.").leads()
		mod.get("/mod").says("Nothing waits for you.")
		for _, b := range []*browser{first, second} {
			b.get("/notices").says("A moderator has looked at what you reported")
		}
	})
}

func TestRemovingHoldsForThePersonUntilItsDay(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, mod := p.member("rowan", g), p.moderator("maya", g)
		path := "/mod/people/account-rowan?group=carers"
		mod.decide(path, "measure", "remove", "reason", "Because.", "until", "2026-02-01").wants(http.StatusUnprocessableEntity).says("That day is over", "2026-02-01")
		mod.decide(path, "measure", "remove", "reason", "Because.", "until", "soon").wants(http.StatusUnprocessableEntity).says("not a date")
		mod.decide(path, "measure", "remove", "reason", "Because.", "until", "2026-03-20").leads()
		author.get(author.toldOf()).says("removed you from The carers", "Until 20 March 2026.")
		author.get("/g/carers/new").wants(http.StatusForbidden)
		mod.get(path).says("removed until 20 March 2026", "Let them come back")
		mod.decide(path, "measure", "readmit").leads()
		author.get("/notices").says("You can come back to The carers.")
		m, err := p.store.Membership(context.Background(), g.ID, "account-rowan")
		if err != nil || m.State != community.MemberLeft || m.RemovedUntil != nil {
			t.Errorf("got %s until %v, %v; want left", m.State, m.RemovedUntil, err)
		}
		mod.post("/mod/people/account-rowan", "group", "carers", "measure", "readmit", "do", "decide").wants(http.StatusConflict)
	})
}

func TestWhoMayModerateWhom(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g, other := p.newGroup("carers", community.ReadersAnyone), p.newGroup("others", community.ReadersAnyone)
		post := p.member("rowan", g).write(g, "title", "A title", "text", "Words.")
		owner, mod := p.memberAs("owner", community.GroupOwner, g), p.moderator("maya", g)
		p.moderator("noor", g)
		paths := []string{"/mod/post/" + post, "/mod/people/account-rowan?group=carers", "/mod/people/account-rowan", "/mod/log?group=carers", "/mod/log"}
		for name, b := range map[string]*browser{"a member": p.member("ashley", g), "a moderator of another group": p.moderator("tomasz", other)} {
			for _, path := range paths {
				if a := b.get(path); a.StatusCode != http.StatusNotFound {
					t.Errorf("%s gets %d for %s, want 404", name, a.StatusCode, path)
				}
				if a := b.post(strings.Split(path, "?")[0], "group", "carers", "measure", "remove", "reason", "Because.", "do", "decide"); a.StatusCode < 400 {
					t.Errorf("%s may post to %s", name, path)
				}
			}
		}
		for _, path := range paths {
			p.browser().get(path).wants(http.StatusSeeOther)
		}
		mod.get("/mod/people/account-owner?group=carers").wants(http.StatusOK).says("nothing to decide")
		mod.get("/mod/people/account-noor?group=carers").says("nothing to decide")
		mod.get("/mod/people/account-maya?group=carers").says("nothing to decide")
		mod.post("/mod/people/account-owner", "group", "carers", "measure", "remove", "reason", "Because.", "do", "decide").wants(http.StatusConflict)
		owner.decide("/mod/people/account-noor?group=carers", "measure", "remove", "reason", "Because.").leads()
		mod.get("/mod/people/account-rowan").wants(http.StatusNotFound)
		mine := mod.write(g, "title", "Mine", "text", "My own words.")
		mod.get("/mod/post/" + mine).wants(http.StatusNotFound)
	})
}
