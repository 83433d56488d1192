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

// report sends the form about a post, taking the time that a person takes.
func (p *place) report(b *browser, post string, fields ...string) *answer {
	b.t.Helper()
	token := p.fill(b, "/report?post="+post)
	return b.post("/report", append([]string{"_token", token, "post", post}, fields...)...)
}

// item is the newest report in somebody's list.
func (b *browser) item() string {
	b.t.Helper()
	return itemPath(b.get("/mod").wants(http.StatusOK))
}

var itemLink = regexp.MustCompile(`href="(/mod/item/[^"]+)"`)

func itemPath(a *answer) string {
	a.t.Helper()
	found := itemLink.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatalf("%s: no report in the list:\n%s", a.what, a.body)
	}
	return found[1]
}

// decide sends the ladder of a page as it was shown.
func (b *browser) decide(path string, fields ...string) *answer {
	b.t.Helper()
	page := b.get(path).wants(http.StatusOK)
	form := []string{"do", "decide", "version", page.hidden("version"), "up_to", page.hidden("up_to"), "group", page.hidden("group")}
	return b.post(strings.Split(path, "?")[0], append(form, fields...)...)
}

// hidden is the value of a page's hidden field; empty where there is none.
func (a *answer) hidden(name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.body)
	if found == nil {
		return ""
	}
	return found[1]
}

func TestR20AnybodyReportsWhatTheyCanReadAndSeesLaterWhatBecameOfIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		author, mod, visitor := p.member("rowan", g), p.moderator("maya", g), p.browser()
		post := author.write(g, "title", "A title", "text", "Some words.")
		visitor.get("/p/" + post).says(`href="/report?post=` + post + `"`)
		page := visitor.get("/report?post="+post).wants(http.StatusOK).
			says("I am worried about this person", "It says who somebody is", "against the law", "a way to self-harm", "It sells or repeats", "It is unkind", "Something else",
				"Your name is not shown to them, and never leaves this server.", "rowan")
		if worried, unkind := strings.Index(page.body, `value="worried"`), strings.Index(page.body, `value="unkind"`); worried > unkind {
			t.Error("worry does not come first")
		}
		receipt := p.report(visitor, post, "reason", "method", "words", "It names an amount.", "contact", "me@elm.example").leads()
		shown := visitor.get(receipt).wants(http.StatusOK).says("Nobody has decided yet", "Your code").hides("It names an amount.")
		code := regexp.MustCompile(`<code>([^<]+)</code>`).FindStringSubmatch(shown.body)[1]
		if got := p.browser().post("/report/receipt", "code", strings.ToUpper(strings.ReplaceAll(code, "-", " "))).leads(); got != receipt {
			t.Errorf("the typed code leads to %q, want %q", got, receipt)
		}
		p.browser().post("/report/receipt", "code", "k7pm-3fqt").wants(http.StatusUnprocessableEntity).says("No report has this code", "k7pm-3fqt")

		item := mod.item()
		mod.get(item).wants(http.StatusOK).says("Sent by a visitor", "It names an amount.", "me@elm.example", "Some words.", "rowan", `<details class="note"`)
		mod.decide(item, "measure", "leave").leads()
		visitor.get(receipt).says("we left it as it is").hides("maya")
		mod.get("/mod").says("Nothing waits for you.")
	})
}

func TestReportsNeedAReasonAndKeepEveryWord(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		post := p.member("rowan", g).write(g, "title", "A title", "text", "Some words.")
		p.report(p.browser(), post, "words", "Kept <words>.", "contact", "me@elm.example").
			wants(http.StatusUnprocessableEntity).says("choose what comes closest", "Kept &lt;words&gt;.", "me@elm.example", `href="#f-reason"`)
		p.report(p.browser(), post, "reason", "else").wants(http.StatusUnprocessableEntity).says("in a few words what it is")
		p.report(p.browser(), post, "reason", "spam", "words", strings.Repeat("a", community.MaxReportWords+1)).wants(http.StatusUnprocessableEntity).says("4000 characters")
		b := p.browser()
		b.post("/report", "post", post, "reason", "spam", "words", "Kept.", "_token", b.get("/report?post="+post).token()).
			wants(http.StatusUnprocessableEntity).says("Kept.")
	})
}

func TestReportsAreThrottledWithTheirWordsKept(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		post, visitor := p.member("rowan", g).write(g, "title", "A title", "text", "Some words."), p.browser()
		for range 10 {
			p.report(visitor, post, "reason", "spam").wants(http.StatusSeeOther)
		}
		p.report(visitor, post, "reason", "unkind", "words", "Kept.").wants(http.StatusTooManyRequests).says("Kept.", "still below")
		p.clock.advance(time.Hour)
		p.report(visitor, post, "reason", "spam").wants(http.StatusSeeOther)
	})
}

func TestAFilledTrapIsReadByAPersonAllTheSame(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		post, mod := p.member("rowan", g).write(g, "title", "A title", "text", "Some words."), p.moderator("maya", g)
		p.report(p.browser(), post, "reason", "spam", "website", "https://x.example").wants(http.StatusSeeOther)
		mod.get("/mod").says("perhaps from a machine")
		mod.get("/notices").hides("asks for help")
	})
}

func TestWhatCannotBeReadCannotBeReported(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, mod := p.member("rowan", g), p.moderator("maya", g)
		post := author.write(g, "title", "A title", "text", "Some words.")
		shown, hidden := p.newGroup("open", community.ReadersAnyone), ""
		p.admit("rowan", shown, community.GroupMember)
		hidden = author.write(shown, "title", "Another", "text", "More words.")
		p.hide(hidden)
		unknown := strings.Repeat("0", 26)
		for name, b := range map[string]*browser{"a visitor": p.browser(), "somebody of another group": p.member("ashley", shown), "an admin": p.admin()} {
			want := b.get("/report?post=" + unknown).wants(http.StatusNotFound).body
			for _, id := range []string{post, hidden} {
				got := b.get("/report?post=" + id).wants(http.StatusNotFound).body
				if strings.ReplaceAll(got, id, unknown) != want {
					t.Errorf("%s: the page for what is not theirs is another than for what never was", name)
				}
				b.post("/report", "post", id, "reason", "spam").wants(http.StatusNotFound)
			}
			b.get("/report?account=" + unknown).wants(http.StatusNotFound)
			b.get("/report").wants(http.StatusOK)
		}
		mod.get("/report?post=" + post).wants(http.StatusOK)
		mod.get("/mod").says("Nothing waits for you.")
	})
}

func TestR21WorryMessagesTheModeratorsAndNeverTheAuthor(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, reader, mod := p.member("rowan", g), p.member("ashley", g), p.moderator("maya", g)
		post := author.write(g, "title", "A title", "text", "Some words.")
		before := author.get("/notices").body
		p.report(reader, post, "reason", "worried", "words", "Please look.").wants(http.StatusSeeOther)
		if after := author.get("/notices").body; after != before {
			t.Error("the author's notices changed")
		}
		mod.get("/notices").says("asks for help with something")
		mod.get(mod.item()).says("I am worried about this person", "Sent by a member", "Please look.").hides("ashley")
		mod.decide(mod.item(), "measure", "leave").wants(http.StatusSeeOther)
		if after := author.get("/notices").body; after != before {
			t.Error("the author's notices changed when the report was closed")
		}
		reader.get("/notices").says("A moderator has looked at what you reported")
		done := regexp.MustCompile(`/me/reports/[0-9a-v]{26}`).FindString(reader.get("/notices").body)
		reader.get(done).wants(http.StatusOK).says("we left it as it is").hides("maya")
		author.get(done).wants(http.StatusNotFound)
	})
}

func TestASecondReportAddsItsWords(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, reader, mod := p.member("rowan", g), p.member("ashley", g), p.moderator("maya", g)
		post := author.write(g, "title", "A title", "text", "Some words.")
		p.report(reader, post, "reason", "unkind", "words", "First words.").wants(http.StatusSeeOther)
		reader.follow(p.report(reader, post, "reason", "spam", "words", "Second words.")).says("added to what you sent")
		for range 2 {
			p.report(reader, post, "reason", "spam", "words", strings.Repeat("w", community.MaxReportWords)).leads()
		}
		p.report(reader, post, "reason", "spam", "words", strings.Repeat("v", community.MaxReportWords)).wants(http.StatusUnprocessableEntity).
			says("With what you sent before", strings.Repeat("v", community.MaxReportWords)+"</textarea>")
		list := mod.get("/mod")
		if n := len(itemLink.FindAllString(list.body, -1)); n != 1 {
			t.Fatalf("got %d reports in the list, want 1", n)
		}
		mod.get(itemPath(list)).says("First words.", "Second words.")
	})
}

func TestAMoreUrgentReasonOfASecondReportIsToldOfAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, reader, mod := p.member("rowan", g), p.member("ashley", g), p.moderator("maya", g)
		post := author.write(g, "title", "A title", "text", "Some words.")
		for _, step := range []struct {
			reason, shown string
			told          bool
		}{
			{"unkind", "It is unkind", true}, {"spam", "It sells or repeats something", true}, {"worried", "I am worried about this person", true},
			{"spam", "I am worried about this person", false}, {"worried", "I am worried about this person", false},
		} {
			p.report(reader, post, "reason", step.reason, "words", "More.").wants(http.StatusSeeOther)
			if got := strings.Contains(mod.get("/groups").body, `>Notices <span class="new">`); got != step.told {
				t.Errorf("after %q the moderator is called: %v, want %v", step.reason, got, step.told)
			}
			mod.get(mod.item()).says(step.shown)
			mod.get("/notices").says("asks for help with something")
		}
	})
}

func TestTheSnapshotStaysAsItWasReported(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		author, mod := p.member("rowan", g), p.moderator("maya", g)
		post := author.write(g, "title", "A title", "text", "The reported words.", "note_text", "a hard thing")
		p.report(p.member("ashley", g), post, "reason", "unkind").wants(http.StatusSeeOther)
		author.post("/p/"+post+"/edit", "draft", post, "version", "1", "title", "A title", "text", "Mild words.").wants(http.StatusSeeOther)
		mod.get(mod.item()).says("The reported words.", "a hard thing", "changed it since").hides("Mild words.")
	})
}

func TestModeratorsSeeOnlyTheirGroupsAndNeverReportsAboutThemselves(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g, other := p.newGroup("carers", community.ReadersMembers), p.newGroup("others", community.ReadersMembers)
		mod, second, stranger, staff := p.moderator("maya", g), p.moderator("noor", g), p.moderator("tomasz", other), p.personAs("staff-login", "steady-otter", community.RoleModerator)
		post := p.member("rowan", g).write(g, "title", "A title", "text", "Members' words.")
		p.report(p.member("ashley", g), post, "reason", "unkind").wants(http.StatusSeeOther)
		item := mod.item()
		for name, b := range map[string]*browser{"an outsider": p.browser(), "a member": p.member("wren", g), "a moderator of another group": stranger} {
			if a := b.get(item); a.StatusCode == http.StatusOK {
				t.Errorf("%s reads the report", name)
			}
			b.post(item, "measure", "hide", "reason", "Because.", "do", "decide", "version", "1")
		}
		stranger.get("/mod").wants(http.StatusOK).says("Nothing waits for you.").hides("unkind")
		p.browser().get("/mod").wants(http.StatusSeeOther)
		p.member("finch", g).get("/mod").wants(http.StatusNotFound)
		staff.get(staff.item()).wants(http.StatusOK).says("Members&#39; words.").hides(`href="/p/` + post)
		staff.get("/p/" + post).wants(http.StatusNotFound)

		mine := mod.write(g, "title", "Mine", "text", "The moderator's own words.")
		p.report(p.member("birch", g), mine, "reason", "unkind", "words", "About a moderator.").wants(http.StatusSeeOther)
		for _, path := range itemLink.FindAllStringSubmatch(second.get("/mod").body, -1) {
			if path[1] != item {
				second.get(path[1]).wants(http.StatusOK).says("The moderator&#39;s own words.")
				mod.get(path[1]).wants(http.StatusNotFound)
				mod.post(path[1], "measure", "leave", "do", "decide").wants(http.StatusNotFound)
			}
		}
		if n := len(itemLink.FindAllString(mod.get("/mod").body, -1)); n != 1 {
			t.Errorf("a moderator sees %d reports, want 1: none about themselves", n)
		}
		if got, err := p.store.Post(context.Background(), post); err != nil || got.State != community.PostPublished {
			t.Errorf("the post is %s, %v; want published", got.State, err)
		}
	})
}
