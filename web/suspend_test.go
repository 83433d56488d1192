package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/community"
)

func TestASuspendedPersonReadsWhyWhereverTheyTryToWrite(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		author, staff := p.member("rowan", g), p.personAs("staff-login", "steady-otter", community.RoleModerator)
		post := author.write(g, "title", "A title", "text", "Words.")
		staff.get("/@rowan").says(`href="/mod/people/account-rowan"`)
		path := "/mod/people/account-rowan"
		staff.decide(path, "measure", "suspend").wants(http.StatusUnprocessableEntity).says("in a sentence why")
		staff.decide(path, "measure", "suspend", "reason", "Because of the adverts.", "until", "2026-03-10").leads()
		staff.get(path).says("paused until 10 March 2026", "End the pause")

		const line = "Your account is paused until 10 March 2026"
		for name, a := range map[string]*answer{
			"a new thread":      author.post("/g/carers/new", "text", "More."),
			"a reply":           author.post("/p/"+post+"/reply", "text", "More."),
			"an edit":           author.post("/p/"+post+"/edit", "version", "1", "title", "A title", "text", "More."),
			"support":           author.post("/p/"+post+"/support", "give", "with_you"),
			"the form to write": author.get("/g/carers/new"),
		} {
			if a.StatusCode != http.StatusForbidden {
				t.Errorf("%s: got %d, want 403", name, a.StatusCode)
			}
			a.says(line, `href="/me/paused"`)
		}
		author.follow(author.get("/me/paused")).wants(http.StatusOK).says("Because of the adverts.", "Until 10 March 2026.", "No machine was involved").hides("steady-otter")
		author.get("/notices").says("Your account has been paused.")
		author.get("/p/"+post).wants(http.StatusOK).says("Words.", line)
		author.get("/mod").wants(http.StatusNotFound)
		p.browser().get("/p/" + post).hides("paused")

		p.clock.advance(7 * 24 * time.Hour)
		author.reply(post, "I am back.")
		if _, err := p.service.Tidy(context.Background()); err != nil {
			t.Fatal(err)
		}
		user, err := p.store.User(context.Background(), "user-rowan")
		if err != nil || user.State != community.UserActive || user.SuspendedUntil != nil {
			t.Errorf("after its day the person is %s until %v, %v; want active", user.State, user.SuspendedUntil, err)
		}
		account, err := p.store.Account(context.Background(), "account-rowan")
		if err != nil || account.SuspendedAt != nil {
			t.Errorf("after its day the account is suspended since %v, %v", account.SuspendedAt, err)
		}
	})
}

func TestASuspensionIsLiftedByWhoMayAndTheyAreTold(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		author, admin, mod := p.member("rowan", g), p.admin(), p.moderator("maya", g)
		path := "/mod/people/account-rowan"
		admin.decide(path, "measure", "suspend", "reason", "Because.").leads()
		decision := author.toldOf()
		mod.get(path).wants(http.StatusNotFound)
		mod.get(decision).wants(http.StatusNotFound)
		admin.get(decision).says("Take this back")
		admin.decide(path, "measure", "lift", "reason", "Welcome back.").leads()
		author.get("/notices").says("Your account is no longer paused.").hides("You can read, and not write")
		author.get(decision).says("This was taken back")
		author.get("/me/paused").wants(http.StatusNotFound)
		author.write(g, "title", "A title", "text", "Words.")
		admin.post(path, "measure", "lift", "do", "decide").wants(http.StatusConflict)
	})
}

func TestNobodyPausesThemselvesAndOnlyAnAdminAnAdmin(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin, staff := p.admin(), p.personAs("staff-login", "steady-otter", community.RoleModerator)
		warden, err := p.store.AccountByName(context.Background(), "", "quiet-heron")
		p.must(err)
		otter, err := p.store.AccountByName(context.Background(), "", "steady-otter")
		p.must(err)
		staff.post("/mod/people/"+warden.ID, "measure", "suspend", "reason", "Because.", "do", "decide").wants(http.StatusForbidden).says("Only another admin", "Because.")
		staff.get("/mod/people/" + otter.ID).says("nothing to decide")
		staff.post("/mod/people/"+otter.ID, "measure", "suspend", "reason", "Because.", "do", "decide").wants(http.StatusForbidden).says("your own account")
		admin.post("/mod/people/"+warden.ID, "measure", "suspend", "reason", "Because.", "do", "decide").wants(http.StatusForbidden)
		admin.decide("/mod/people/"+otter.ID, "measure", "suspend", "reason", "Because.").leads()
		staff.get("/mod").wants(http.StatusNotFound)
	})
}

func TestAnAdminIsToldThatReportsWait(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.member("rowan")
		reader, admin := p.member("ash"), p.admin()
		admin.get("/admin").hides("waits for somebody to look at it")
		token := p.fill(reader, "/report?account=account-rowan")
		reader.post("/report", "_token", token, "account", "account-rowan", "reason", "spam", "words", "Adverts.").wants(http.StatusSeeOther)
		admin.get("/admin").says("A report waits for somebody to look at it", `href="/mod"`)
		admin.get(admin.item()).says("Sent by a member", "Adverts.", "Pause the account on this whole server").hides("Remove them from this group")
		admin.decide(admin.item(), "measure", "suspend", "reason", "Because of the adverts.").leads()
		admin.get("/admin").hides("waits for somebody to look at it")
		reader.get("/notices").says("A moderator has looked at what you reported")
	})
}
