package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

func TestAThreadIsWrittenAnsweredAndRead(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		root := rowan.write(g, "title", "A long night", "text", "He asked *who* I was.", "wants", "heard")
		first := maya.reply(root, "You were kind.")
		second := rowan.reply(first, "Thank you, @maya.")
		maya.reply(second, "Any time.")

		page := maya.get("/p/"+root).wants(http.StatusOK).says(
			"<h1", "A long night", "He asked <em>who</em> I was.", "just wants to be heard", "Reply to rowan",
			`<ol class="replies">`, "You were kind.", "Any time.", "Your reply", "Only members of this group can read.")
		if got := page.article(root); !strings.Contains(got, `<h2 id="p-`+root+`-by"><a href="/@rowan"><bdi>rowan</bdi></a></h2>`) {
			t.Errorf("the first post has no heading with its author:\n%s", got)
		}
		if got := strings.Count(page.body, `<ol class="replies">`); got != 2 {
			t.Errorf("got %d steps of replies, want one, and one step in", got)
		}
		if got := page.article(second); strings.Contains(got, "in reply to") {
			t.Errorf("a reply that stands beneath what it answers says so again:\n%s", got)
		}
		deeper := page.body[strings.Index(page.body, "Any time.")-1200 : strings.Index(page.body, "Any time.")]
		if !strings.Contains(deeper, `<a href="/p/`+second+`">in reply to rowan</a>`) {
			t.Errorf("a deeper reply does not say what it answers:\n%s", deeper)
		}
		if got := maya.get("/p/" + first).leads(); got != "/p/"+root+"#p-"+first {
			t.Errorf("a reply leads to %s, want its place in the thread", got)
		}
		if title := page.body[strings.Index(page.body, "<title>"):strings.Index(page.body, "</title>")]; strings.Contains(title, "night") || strings.Contains(title, "carers") {
			t.Errorf("the tab tells: %s", title)
		}
	})
}

func TestWhoSeesAMembersThread(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers, func(g *community.Group) { g.Sensitive = true })
		rowan := p.member("rowan", g)
		root := rowan.write(g, "title", "Canary title", "text", "canary words")
		reply := rowan.reply(root, "canary reply")
		removed, left, paused, outsider := p.member("ash", g), p.member("birch", g), p.member("cedar", g), p.member("dune")
		p.put("ash", g, community.MemberRemoved)
		p.put("birch", g, community.MemberLeft)
		p.suspend("cedar")

		unknown := map[string]*answer{}
		for name, b := range map[string]*browser{"visitor": p.browser(), "removed": removed, "left": left, "suspended": paused, "outsider": outsider, "admin": p.admin()} {
			unknown[name] = b.get("/p/00000000000000000000000000").wants(http.StatusNotFound)
			for _, path := range []string{"/p/" + root, "/p/" + reply, "/p/" + root + "/versions", "/p/" + root + "/unread", "/p/" + root + "/reply"} {
				a := b.get(path).wants(http.StatusNotFound).hides("canary", "Canary", "rowan")
				if got, want := mainOf(a, path), mainOf(unknown[name], "/p/00000000000000000000000000"); got != want {
					t.Errorf("%s opens %s: got\n%s\nwant the page of an unknown id:\n%s", name, path, got, want)
				}
			}
			b.get("/g/carers").wants(http.StatusOK).hides("canary", "Canary", "rowan").says("is for its members")
			for _, path := range []string{"/home", "/notices", "/drafts"} {
				b.get(path).hides("canary", "Canary")
			}
		}
		for _, path := range []string{"/p/" + root + "/reply", "/p/" + root + "/edit"} {
			outsider.post(path, "text", "my words to keep").wants(http.StatusNotFound).says("my words to keep").hides("canary")
		}
		outsider.post("/p/"+root+"/support", "give", "with_you").wants(http.StatusNotFound)
		outsider.post("/p/" + root + "/delete").wants(http.StatusNotFound)
		outsider.post("/p/" + root + "/pin").wants(http.StatusNotFound)
		rowan.get("/p/"+root).wants(http.StatusOK).says("Canary title", "Exit this page", "<title>Notes · Willow Lane</title>")
	})
}

// mainOf is what a page says, without what repeats its own address.
func mainOf(a *answer, path string) string {
	_, main, _ := strings.Cut(a.body, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	return strings.NewReplacer(path, "", strings.ReplaceAll(path, "/", "%2F"), "").Replace(main)
}

func TestR15VisitorsNeverSeeWhatWasWrittenForMembers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, visitor := p.member("rowan", g), p.browser()
		old := rowan.write(g, "title", "Old", "text", "old words")
		g.Readers = community.ReadersAnyone
		p.must(p.store.UpdateGroup(t.Context(), g))
		late := rowan.reply(old, "late words")
		fresh := rowan.write(g, "title", "Fresh", "text", "fresh words")
		visitor.get("/g/carers").wants(http.StatusOK).says("Fresh").hides("Old", "old words", "late words")
		visitor.get("/p/"+fresh).wants(http.StatusOK).
			says("fresh words", "To answer, sign in", `href="/sign-in?next=/p/`+fresh, `href="/join?next=/p/`+fresh)
		visitor.get("/p/" + old).wants(http.StatusNotFound)
		visitor.get("/p/" + late).wants(http.StatusNotFound)
		rowan.get("/p/"+old).says("Only members of this group can read.", "late words")
	})
}

func TestR48NotesComeBeforeTheWordsAndOpenWithoutScripts(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan := p.member("rowan", g)
		root := rowan.write(g, "title", "Title", "text", "the words", "note_topics", "grief", "note_topics", "suicide", "note_text", "my brother")
		article := p.browser().get("/p/" + root).article(root)
		const note = `<details class="note"><summary>Note: suicide, death and grief, my brother `
		at := strings.Index(article, note)
		if at < 0 || strings.Index(article, "the words") < at || strings.Index(article, "</details>") < strings.Index(article, "the words") {
			t.Errorf("the words do not stand folded behind their note:\n%s", article)
		}
		p.browser().get("/g/carers").says("Note: suicide, death and grief, my brother").hides("the words")
	})
}

func TestHiddenPostsAreSeenByTheirAuthorAndModeratorsAlone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya, mod := p.member("rowan", g), p.member("maya", g), p.moderator("tomasz", g)
		root := maya.write(g, "title", "Thread", "text", "root words")
		reply := rowan.reply(root, "hidden words")
		p.hide(reply)
		for name, b := range map[string]*browser{"its author": rowan, "a moderator": mod} {
			if got := b.get("/p/" + root).article(reply); !strings.Contains(got, "hidden words") || !strings.Contains(got, "Hidden by a moderator") {
				t.Errorf("%s does not see the words and that they are hidden:\n%s", name, got)
			}
		}
		if got := maya.get("/p/" + root).article(reply); strings.Contains(got, "hidden words") || strings.Contains(got, "rowan") || !strings.Contains(got, "Hidden by a moderator") {
			t.Errorf("a member sees more than that something was hidden:\n%s", got)
		}
		maya.get("/p/" + reply + "/versions").wants(http.StatusNotFound)
		p.hide(root)
		maya.get("/p/" + root).says("root words")
		rowan.get("/p/"+root).wants(http.StatusOK).says("<h1", "Hidden by a moderator").hides("root words", ">Thread<")
		rowan.get("/p/" + root + "/reply").wants(http.StatusConflict).says("has been hidden by a moderator")
	})
}

func TestADeletedThreadCanStillBeRead(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya, outsider := p.member("rowan", g), p.member("maya", g), p.member("ash")
		root := rowan.write(g, "title", "Secret title", "text", "secret words")
		reply := maya.reply(root, "an answer that stays")
		last := maya.reply(reply, "another")
		rowan.get("/p/"+root+"/delete").wants(http.StatusOK).says("Delete these words?", "secret words")
		maya.get("/p/" + root + "/delete").wants(http.StatusNotFound)
		if got := rowan.post("/p/" + root + "/delete").leads(); got != "/p/"+root {
			t.Errorf("deleting leads to %s, want the thread", got)
		}
		for _, b := range []*browser{rowan, maya} {
			b.get("/p/"+root).wants(http.StatusGone).says("Deleted by its author", "an answer that stays").hides("Secret title", "secret words", ">rowan<")
		}
		maya.get("/g/carers").says("Deleted by its author").hides("Secret title")
		outsider.get("/p/" + root).wants(http.StatusNotFound)
		maya.post("/p/" + last + "/delete").leads()
		rowan.get("/p/"+last).wants(http.StatusGone).says("deleted by its author", "/p/"+root)
		outsider.get("/p/" + last).wants(http.StatusNotFound)
		alone := rowan.write(g, "text", "nobody answered")
		rowan.post("/p/" + alone + "/delete").leads()
		rowan.get("/p/" + alone).wants(http.StatusGone).hides("nobody answered")
		rowan.get("/g/carers").hides("nobody answered")
	})
}

func TestModeratorsCloseAndPinFromTheThread(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, mod := p.member("rowan", g), p.moderator("tomasz", g)
		root := rowan.write(g, "title", "Thread", "text", "words")
		rowan.get("/p/"+root).hides("/lock", "/pin")
		rowan.post("/p/"+root+"/lock", "reason", "x").wants(http.StatusForbidden)
		mod.get("/p/"+root).says("/p/"+root+"/lock", "/p/"+root+"/pin")
		mod.get("/p/" + root + "/lock").wants(http.StatusOK).says("Close this thread")
		mod.post("/p/"+root+"/lock", "reason", " ").wants(http.StatusUnprocessableEntity).says("Please say why")
		mod.post("/p/"+root+"/lock", "reason", "It goes round.").leads()
		rowan.get("/p/"+root).says("Closed to new replies", "has been closed to new replies").hides("Your reply", "Reply to rowan")
		rowan.post("/p/"+root+"/reply", "text", "but wait").wants(http.StatusConflict).says("but wait", "has been closed")
		rowan.get("/notices").says("A moderator has closed a thread that you began in The carers.").hides("tomasz")
		mod.post("/p/" + root + "/unlock").leads()
		rowan.reply(root, "thank you")
		mod.post("/p/" + root + "/pin").leads()
		rowan.get("/g/carers").says("Pinned")
		mod.post("/p/" + root + "/unpin").leads()
		rowan.get("/g/carers").hides("Pinned")
	})
}

func TestSupportIsWordsWithoutNumbers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya, tomasz := p.member("rowan", g), p.member("maya", g), p.member("tomasz", g)
		root := rowan.write(g, "title", "Thread", "text", "words")
		for _, b := range []*browser{maya, tomasz} {
			b.get("/p/"+root).says(`name="give" value="with_you" aria-pressed="false"`, "With you", "Same here", "Thank you")
			if got := b.post("/p/"+root+"/support", "give", "with_you").leads(); got != "/p/"+root {
				t.Errorf("pressing leads to %s", got)
			}
			b.get("/p/" + root).says(`name="take" value="with_you" aria-pressed="true"`).hides("With you: ")
		}
		rowan.get("/p/" + root).says("With you: maya, tomasz").hides(`name="give"`)
		maya.post("/p/"+root+"/support", "take", "with_you").leads()
		rowan.get("/p/" + root).says("With you: tomasz")
		rowan.get("/notices").says("Somebody is with you, in The carers.").hides("maya", "tomasz")
		maya.post("/p/"+root+"/support", "give", "likes").wants(http.StatusUnprocessableEntity)
		rowan.post("/p/"+root+"/support", "give", "with_you").wants(http.StatusForbidden)
	})
}

func TestALongThreadHasPagesAndAWayToEachReply(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		p.member("rowan", g)
		root := p.seed(g, "rowan", "", "root")
		var last string
		for i := range community.ThreadPage + 5 {
			last = p.seed(g, "rowan", root, fmt.Sprintf("reply %03d", i))
		}
		visitor := p.browser()
		first := visitor.get("/p/"+root).wants(http.StatusOK).says("reply 000", "reply 198", "Later in this thread").hides("reply 199")
		next := nextOf(first)
		visitor.get(next).wants(http.StatusOK).says("reply 199", "reply 204", "Earlier in this thread", "To the beginning").hides("reply 198")
		place := visitor.get("/p/" + last)
		visitor.follow(place).wants(http.StatusOK).says("reply 204").hides("reply 203")
		if !strings.HasSuffix(place.leads(), "#p-"+last) {
			t.Errorf("the last reply leads to %s", place.leads())
		}
	})
}
