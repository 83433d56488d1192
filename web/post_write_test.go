package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

func TestSendingAFormTwiceLeadsToOnePost(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan := p.member("rowan", g)
		draft := draftOn(rowan.get("/g/carers/new"))
		for _, text := range []string{"first", "again, from a page left open"} {
			if got := rowan.post("/g/carers/new", "draft", draft, "text", text).leads(); got != "/p/"+draft {
				t.Errorf("sending %q leads to %s, want /p/%s", text, got, draft)
			}
		}
		rowan.get("/g/carers").says("first").hides("again")
		p.member("maya", g).post("/g/carers/new", "draft", draft, "text", "with another's id").wants(http.StatusNotFound).says("with another&#39;s id")
		rowan.post("/g/carers/new", "draft", "<made up>", "text", "no id of ours").leads()
	})
}

func TestWhatHasToBeMendedComesBackWithEveryWord(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan := p.member("rowan", g)
		rowan.post("/g/carers/new", "title", "Only a title", "text", " ").wants(http.StatusUnprocessableEntity).
			says("There are no words yet", `value="Only a title"`, "Something here needs another look")
		long := strings.Repeat("ä", community.MaxText+3)
		rowan.post("/g/carers/new", "text", long, "note_text", "my <note>", "note_topics", "grief", "wants", "ideas").wants(http.StatusUnprocessableEntity).
			says("3 characters more than fit", long, `value="my &lt;note&gt;"`, `value="grief" checked`, `value="ideas" checked`, `<details class="rest" open>`)
		root := rowan.write(g, "text", "root")
		rowan.post("/p/"+root+"/reply", "text", "![]()").wants(http.StatusUnprocessableEntity).says("There are no words yet", "![]()")
	})
}

func TestAPreviewShowsTheWordsAndKeepsTheForm(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan := p.member("rowan", g)
		draft := draftOn(rowan.get("/g/carers/new"))
		rowan.post("/g/carers/new", "draft", draft, "text", "*soft* words", "note_text", "hospital", "do", "preview").wants(http.StatusOK).
			says("<em>soft</em>", "Note: hospital", "*soft* words</textarea>", `value="`+draft+`"`, "Anyone can read")
		rowan.get("/g/carers").hides("soft</em>", "soft words")
	})
}

func TestATitleIsOptional(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan := p.member("rowan", g)
		rowan.write(g, "text", "It was a **long** night.\n\nMore of it.")
		rowan.get("/g/carers").says(">It was a long night.</a>")
	})
}

func TestAnExpiredSessionLosesNoWord(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan := p.member("rowan", g)
		root := rowan.write(g, "title", "Thread", "text", "root")
		mine := rowan.reply(root, "mine")
		for _, path := range []string{"/g/carers/new", "/p/" + root + "/reply", "/p/" + mine + "/edit"} {
			rowan.get(path).wants(http.StatusOK)
			p.must(p.store.EndSignIns(t.Context(), "user-rowan", "", p.clock.Now()))
			a := rowan.post(path, "draft", secret.NewID(p.clock.Now()), "title", "My title", "text", "words of an hour", "note_topics", "grief", "version", "1")
			if got := a.leads(); !strings.HasPrefix(got, "/sign-in?next=") {
				t.Fatalf("%s leads to %s, want to sign in", path, got)
			}
			rowan.get(a.leads()).wants(http.StatusOK).says("Your words are kept")
			back := rowan.post("/sign-in", "login", "login-rowan", "password", roomPassword, "next", path)
			form := rowan.get(back.leads()).wants(http.StatusOK).says("words of an hour", `value="grief" checked`, "Your words are back")
			if path == "/g/carers/new" {
				form.says(`value="My title"`)
			}
			got := rowan.post(path, "draft", draftOn(form), "text", "words of an hour", "version", "1")
			rowan.follow(got).says("words of an hour")
			rowan.get(path).hides("Your words are back")
		}
	})
}

func TestWordsKeptForSigningInAreBounded(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.newGroup("carers", community.ReadersAnyone)
		b := p.browser()
		b.post("/g/carers/new", "text", strings.Repeat("x", community.MaxText+1)).wants(http.StatusUnprocessableEntity).says("were not sent", "xxxxx")
		b.post("/g/carers/new", "text", strings.Repeat("x", 300<<10)).wants(http.StatusRequestEntityTooLarge).says("Go back")
		var last *answer
		for i := range 31 {
			last = b.post("/g/carers/new", "text", fmt.Sprint("try ", i))
		}
		last.wants(http.StatusTooManyRequests).says("try 30")
		p.clock.advance(2 * time.Hour)
		b.post("/g/carers/new", "text", "an hour later").leads()
	})
}

func TestVisitorsWriteFirstAndJoinAfter(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		p.member("ash")
		b := p.browser()
		b.get("/g/carers/new").wants(http.StatusOK).says("Signing in comes after").hides("Keep as a draft")
		b.post("/g/carers/new", "text", "my first words").leads()
		b.post("/sign-in", "login", "login-ash", "password", roomPassword).leads()
		form := b.get("/g/carers/new").says("my first words", "Joining comes after")
		a := b.post("/g/carers/new", "draft", draftOn(form), "text", "my first words")
		if got, want := a.leads(), "/g/carers/join?next=/drafts/"+draftOn(form); got != want {
			t.Fatalf("leads to %s, want %s", got, want)
		}
		p.admit("ash", g, community.GroupMember)
		form = b.get("/drafts/" + draftOn(form)).wants(http.StatusOK).says("my first words")
		b.follow(b.post("/g/carers/new", "draft", draftOn(form), "text", "my first words")).says("my first words", "<bdi>ash</bdi>")
	})
}

func TestWordsThatCannotBeSentAreThereToCopy(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya, mod := p.member("rowan", g), p.member("maya", g), p.moderator("tomasz", g)
		root := rowan.write(g, "text", "root")
		reply := rowan.reply(root, "reply")
		send := func(b *browser, path string, status int, sentence string) {
			t.Helper()
			b.post(path, "text", "an hour's words").wants(status).says("an hour&#39;s words", sentence, "were not sent")
		}
		rowan.post("/p/" + reply + "/delete").leads()
		send(maya, "/p/"+reply+"/reply", http.StatusConflict, "has been deleted by its author")
		p.hide(root)
		send(maya, "/p/"+root+"/reply", http.StatusConflict, "has been hidden by a moderator")
		p.put("maya", g, community.MemberRemoved)
		send(maya, "/g/carers/new", http.StatusForbidden, "A moderator has removed you")
		send(maya, "/p/"+root+"/reply", http.StatusNotFound, "There is nothing here that you can see.")
		p.suspend("rowan")
		send(rowan, "/g/carers/new", http.StatusForbidden, "Your account is paused")
		g.State = community.GroupClosed
		p.must(p.store.UpdateGroup(t.Context(), g))
		send(mod, "/g/carers/new", http.StatusConflict, "This group has been closed")
		mod.get("/g/carers/new").wants(http.StatusConflict).says("This group has been closed")
		p.browser().get("/g/carers/new").wants(http.StatusConflict)
	})
}

func TestAnEditIsSeenWithWhatWasSaidBefore(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya, mod, outsider := p.member("rowan", g), p.member("maya", g), p.moderator("tomasz", g), p.member("ash")
		root := rowan.write(g, "title", "Title", "text", "first words")
		edit := "/p/" + root + "/edit"
		rowan.get(edit).wants(http.StatusOK).says("first words</textarea>", `name="version" value="1"`, "Save the change").hides("data-draft")
		rowan.post(edit, "title", "Title", "text", "second words", "version", "1").leads()
		maya.get("/p/"+root).says("second words", `<a href="/p/`+root+`/versions">edited</a>`).hides("first words")
		maya.get("/p/"+root+"/versions").wants(http.StatusOK).says("second words", "first words", "As it stands now")
		outsider.get("/p/" + root + "/versions").wants(http.StatusNotFound)
		mod.get(edit).wants(http.StatusForbidden)
		mod.post(edit, "text", "theirs", "version", "2").wants(http.StatusForbidden)
		a := rowan.post(edit, "title", "Title", "text", "from another window", "version", "1").wants(http.StatusConflict).
			says("was changed in another window", "from another window</textarea>", `name="version" value="2"`)
		rowan.post(edit, "title", "Title", "text", "from another window", "version", "2", "draft", draftOn(a)).leads()
		rowan.get("/p/" + root).says("from another window")
		rowan.post(edit, "text", " ", "version", "3").wants(http.StatusUnprocessableEntity).says("There are no words yet")
		p.put("rowan", g, community.MemberRemoved)
		rowan.post(edit, "text", "after removal", "version", "3").wants(http.StatusNotFound).says("after removal")
		rowan.post("/p/" + root + "/delete").leads()
	})
}

func TestDraftsAreKeptWithAndWithoutScripts(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		rowan.get("/drafts").wants(http.StatusOK).says("No drafts.")
		page := rowan.get("/g/carers/new").says(`data-draft="/drafts"`, "Keep as a draft")
		draft := draftOn(page)
		group := g.ID
		rowan.post("/drafts", "draft", draft, "group", group, "text", "").wants(http.StatusNoContent)
		rowan.get("/drafts").says("No drafts.")
		rowan.post("/drafts", "draft", draft, "group", group, "text", "half a sent").wants(http.StatusNoContent)
		rowan.post("/drafts", "draft", draft, "group", group, "text", "half a sentence").wants(http.StatusNoContent)
		rowan.get("/drafts").says("half a sentence", "The carers", "Go on writing").hides("half a sent<")
		rowan.get("/g/carers").hides("half a")
		rowan.get("/p/" + draft).wants(http.StatusSeeOther)
		maya.get("/p/" + draft).wants(http.StatusNotFound)
		maya.get("/drafts/" + draft).wants(http.StatusNotFound)
		maya.post("/drafts/" + draft + "/discard").wants(http.StatusNotFound)
		rowan.get("/drafts/"+draft).wants(http.StatusOK).says("half a sentence</textarea>", `value="`+draft+`"`)
		rowan.follow(rowan.post("/g/carers/new", "draft", draft, "text", "a whole sentence")).says("a whole sentence")
		rowan.get("/drafts").says("No drafts.")
		rowan.post("/drafts", "draft", draft, "group", group, "text", "too late").wants(http.StatusConflict)

		second := draftOn(rowan.get("/p/" + draft + "/reply"))
		a := rowan.post("/p/"+draft+"/reply", "draft", second, "text", "an answer for later", "do", "keep")
		rowan.follow(a).says("Kept as a draft", "an answer for later", "an answer to rowan")
		rowan.get("/p/"+draft).says("/drafts/"+second, "unfinished answer")
		rowan.get("/drafts/"+second).says("an answer for later</textarea>", "a whole sentence")
		rowan.follow(rowan.post("/drafts/"+second+"/discard")).says("The draft is gone", "No drafts.")

		visitor := p.browser()
		visitor.post("/drafts", "group", "carers", "text", "kept without a session").leads()
		visitor.get("/g/carers/new").says("kept without a session")
	})
}

func TestTheReadersOfAPostStandBesideItsButton(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		open := p.newGroup("open", community.ReadersAnyone, func(g *community.Group) { g.Reach = community.ReachAnywhere })
		closed := p.newGroup("closed", community.ReadersMembers)
		rowan := p.member("rowan", open, closed)
		p.member("maya")
		const stays = "Until you agree to copies, your words stay on this server."
		rowan.get("/g/open/new").says("Anyone can read", stays, "As rowan.").hides("Copies go to every server")
		before := rowan.write(open, "text", "written before agreeing")
		p.admit("maya", open, community.GroupMember)
		p.agree("maya", open)
		other := p.seed(open, "maya", "", "a thread of somebody who agreed")
		rowan.get("/p/"+other).says(stays, `href="/p/`+other+`/reply">Say where copies may go`)
		p.agree("rowan", open)
		rowan.get("/g/open/new").says("Anyone can read", "Copies go to every server").hides(stays)
		rowan.get("/p/" + other).says("Copies go to every server").hides(stays)
		rowan.get("/p/" + before + "/reply").says("What is written here stays on this server.").hides("Copies go to every server")
		rowan.get("/g/closed/new").says("Only members of this group can read.", "stays on this server")
	})
}
