package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/community"
)

func TestHomeShowsWhatIsNewAndLeadsThere(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g, other := p.newGroup("carers", community.ReadersMembers), p.newGroup("elsewhere", community.ReadersAnyone)
		rowan, maya, ash := p.member("rowan", g), p.member("maya", g, other), p.member("ash")
		ash.get("/home").wants(http.StatusOK).says("You are not in any group yet.", `href="/groups"`)
		if got := p.browser().get("/home").leads(); got != "/sign-in?next=%2Fhome" {
			t.Errorf("a visitor is led to %s", got)
		}
		p.seed(other, "maya", "", "not for rowan")
		root := p.seed(g, "rowan", "", "A thread")
		const dot = `<span class="new">new</span>`
		rowan.get("/home").says("A thread", "The carers").hides(dot, "First unread", "not for rowan")
		maya.get("/home").says(dot, "First unread", "/p/"+root+"/unread")
		maya.get("/p/" + root).hides(dot)
		maya.get("/home").hides("/p/" + root + "/unread")
		reply := p.seed(g, "rowan", root, "a reply")
		maya.get("/home").says(dot, "/p/"+root+"/unread")
		if got := maya.get("/p/" + root + "/unread").leads(); got != "/p/"+root+"#p-"+reply {
			t.Errorf("first unread leads to %s, want the reply", got)
		}
		page := maya.get("/p/"+root).says("First unread", `href="#p-`+reply+`"`)
		if !strings.Contains(page.article(reply), dot) || strings.Contains(page.article(root), dot) {
			t.Error("the reply, and it alone, is new")
		}
		maya.get("/p/"+root).hides(dot, "First unread")
	})
}

func TestSuspendedPeopleReadTheirNoticesAndWhatAnybodyMay(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		open, closed := p.newGroup("open", community.ReadersAnyone), p.newGroup("closed", community.ReadersMembers)
		rowan := p.member("rowan", open, closed)
		p.member("maya", open, closed)
		public, inside := p.seed(open, "rowan", "", "for anybody"), p.seed(closed, "rowan", "", "for members")
		p.seed(open, "maya", public, "an answer")
		p.suspend("rowan")
		rowan.get("/home").wants(http.StatusOK).says("Your account is paused", "/notices").hides("for members", "not in any group")
		rowan.get("/notices").wants(http.StatusOK).says("maya answered you in The open.")
		rowan.get("/p/"+public).wants(http.StatusOK).says("for anybody", "Your account is paused").hides("Your reply", `name="give"`, "/edit")
		rowan.get("/p/" + inside).wants(http.StatusNotFound)
		rowan.post("/p/"+public+"/reply", "text", "kept words").wants(http.StatusForbidden).says("kept words")
		rowan.post("/p/"+public+"/edit", "text", "kept words", "version", "1").wants(http.StatusForbidden).says("kept words")
		rowan.post("/drafts", "group", "open", "text", "kept words", "do", "keep").wants(http.StatusForbidden).says("kept words")
		rowan.post("/p/"+public+"/support", "give", "with_you").wants(http.StatusForbidden)
		rowan.post("/p/" + public + "/delete").leads()
	})
}

func TestFetchingAheadMarksNothingRead(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		root := p.seed(g, "rowan", "", "root, for @maya")
		p.seed(g, "maya", root, "reply")
		for _, path := range []string{"/p/" + root, "/notices"} {
			for _, change := range []func(*http.Request){
				func(r *http.Request) { r.Method = http.MethodHead },
				func(r *http.Request) { r.Header.Set("Sec-Purpose", "prefetch;prerender") },
			} {
				for _, b := range []*browser{rowan, maya} {
					req, _ := http.NewRequest(http.MethodGet, b.base+path, nil)
					change(req)
					b.do(req).wants(http.StatusOK)
				}
			}
		}
		const dot = `<span class="new">new</span>`
		if got := strings.Count(maya.get("/home").body, dot); got != 2 {
			t.Errorf("got %d marks of something new, want the notice's and the thread's", got)
		}
	})
}

func TestTheOrderOfHomeIsRemembered(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan := p.member("rowan", g)
		old := p.seed(g, "rowan", "", "the older")
		p.seed(g, "rowan", "", "the newer")
		p.seed(g, "rowan", old, "a late reply")
		first := func(a *answer) string {
			if strings.Index(a.body, "the older") < strings.Index(a.body, "the newer") {
				return "older"
			}
			return "newer"
		}
		if got := first(rowan.get("/home")); got != "older" {
			t.Errorf("by activity: got the %s first", got)
		}
		rowan.post("/home/order", "order", "newest").leads()
		if got := first(p.signedIn("login-rowan", roomPassword).get("/home")); got != "newer" {
			t.Errorf("by newest, in another browser: got the %s first", got)
		}
		rowan.post("/home/order", "order", "sideways").wants(http.StatusUnprocessableEntity)
		if got := first(rowan.get("/g/carers?order=newest")); got != "newer" {
			t.Errorf("in the group by newest: got the %s first", got)
		}
	})
}

func TestPagesOfAListLeadOnAndBack(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan := p.member("rowan", g)
		var ids []string
		for i := range 2*community.ThreadsPage + 1 {
			ids = append(ids, p.seed(g, "rowan", "", fmt.Sprintf("thread %02d", i)))
		}
		slices.Reverse(ids)
		for _, path := range []string{"/home", "/g/carers", "/g/carers?order=newest"} {
			page := rowan.get(path).says(ids[0], ids[24]).hides(ids[25], "Newer")
			page = rowan.get(nextOf(page)).says(ids[25], ids[49], "Newer").hides(ids[24], ids[50])
			back := prevOf(page)
			page = rowan.get(nextOf(page)).says(ids[50]).hides(ids[49], "Earlier threads")
			rowan.get(prevOf(page)).says(ids[25], ids[49]).hides(ids[24], ids[50])
			if got := rowan.get(back).leads(); got != path {
				t.Errorf("back at the beginning of %s leads to %s", path, got)
			}
		}
		rowan.get("/home?older=nonsense").wants(http.StatusOK).says(ids[0])
	})
}

func TestAGroupPageSaysWhatToDo(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan, ash := p.member("rowan", g), p.member("ash")
		rowan.get("/g/carers").says("You can be the first", `href="/g/carers/new"`)
		ash.get("/g/carers").says("Nothing has been written here yet.", `href="/g/carers/join"`).hides("You can be the first")
		p.browser().get("/g/carers").wants(http.StatusOK).says("Nothing has been written here yet.")
		if got := p.browser().get("/g/" + g.ID).leads(); got != "/g/carers" {
			t.Errorf("the id leads to %s, want the name", got)
		}
		p.newGroup("inside", community.ReadersInstance)
		p.browser().get("/g/inside").wants(http.StatusOK).says("people who have an account on this server", "/sign-in?next=/g/inside")
		ash.get("/g/inside").says("Nothing has been written here yet.")
		p.newGroup("wished", community.ReadersAnyone, func(g *community.Group) { g.State = community.GroupAsked })
		ash.get("/g/wished").wants(http.StatusNotFound)
		ash.get("/g/nobody").wants(http.StatusNotFound)
	})
}

func TestNoticesSayWhoAndWhereAndNoWords(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, _, tomasz := p.member("rowan", g), p.member("maya", g), p.member("tomasz", g)
		rowan.get("/notices").wants(http.StatusOK).says("Nothing to hear about.")
		root := p.seed(g, "rowan", "", "canary root, @tomasz")
		reply := p.seed(g, "maya", root, "canary reply")
		p.seed(g, "tomasz", reply, "canary answer")
		const dot = `<span class="new">new</span>`
		rowan.get("/home").says(`href="/notices">Notices ` + dot)
		rowan.get("/notices").says("maya answered you in The carers.", "tomasz wrote in a thread that you began in The carers.", "/p/"+reply, dot).hides("canary")
		rowan.get("/notices").says("maya answered you").hides(dot)
		tomasz.get("/notices").says("rowan named you in The carers.").hides("canary")
		p.browser().get("/notices").wants(http.StatusSeeOther)
	})
}

func TestEveryKindOfNoticeHasASentenceAndAnUnknownOneBreaksNothing(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan := p.member("rowan", g)
		kinds := []string{
			community.NoticeReply, community.NoticeMention, community.NoticeAnswer, community.NoticeSupport, community.NoticeJoinAsked,
			community.NoticeJoined, community.NoticeJoinRefused, community.NoticeGroupAsked, community.NoticeGroupDecided, community.NoticeDecision,
			community.NoticeReport, community.NoticeReportDone, community.NoticeApplication, community.NoticeHandOver, community.NoticeUnheard, "of a later version",
		}
		var notices []community.Notice
		for i, kind := range kinds {
			notices = append(notices, community.Notice{ID: fmt.Sprintf("%026d", i), UserID: "user-rowan", Kind: kind, GroupID: &g.ID, AboutID: kind, CreatedAt: p.clock.Now()})
		}
		p.must(p.store.InsertNotices(t.Context(), notices))
		page := rowan.get("/notices").wants(http.StatusOK).says("Something is new, in The carers.", "Somebody asks to join The carers.", "You are in The carers now.")
		if got := strings.Count(page.body, `<li class="card">`); got != len(kinds) {
			t.Errorf("got %d lines, want %d", got, len(kinds))
		}
	})
}

func TestPostsOfBlockedPeopleAreFoldedAway(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		root := p.seed(g, "rowan", "", "a thread of mine")
		theirs := p.seed(g, "maya", "", "a thread of theirs")
		reply := p.seed(g, "maya", root, "an answer of theirs")
		rowan.post("/me/blocks", "account", "account-maya").leads()
		const folded = `<details class="note"><summary>From somebody you blocked.`
		if got := rowan.get("/p/" + root).article(reply); !strings.Contains(got, folded) || strings.Index(got, "an answer of theirs") < strings.Index(got, folded) {
			t.Errorf("the answer is not folded away:\n%s", got)
		}
		if got := rowan.get("/p/" + theirs).article(theirs); !strings.Contains(got, folded) {
			t.Errorf("the first post is not folded away:\n%s", got)
		}
		rowan.get("/home").says("From somebody you blocked.").hides("a thread of theirs", ">maya<")
		maya.get("/p/" + root).hides(folded)
		rowan.get("/notices").hides("maya")
	})
}

func TestAnEmptyHomeSaysWhyItIsEmpty(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ash, rowan := p.member("ash"), p.member("rowan", p.newGroup("carers", community.ReadersMembers))
		ash.get("/home").wants(http.StatusOK).says("You are not in any group yet.").hides("written in your groups")
		rowan.get("/home").wants(http.StatusOK).says("Nothing has been written in your groups yet.", `href="/talk"`).hides("not in any group")
	})
}

func TestTheExitIsInReachWhereOnesOwnSensitiveGroupsAreListed(t *testing.T) {
	const exit = `class="exit"`
	eachPlace(t, func(t *testing.T, p *place) {
		rowan, maya := p.person("rowan-signs", "rowan"), p.person("maya-signs", "maya")
		form := rowan.get("/groups/new?sensitive=yes").wants(http.StatusOK)
		rowan.post("/groups/new", newGroup(form, "title", "After the storm", "readers", "members", "reach", "nowhere", "listed", "no")...).leads()
		for _, path := range []string{"/groups/asked", "/me/consents"} {
			rowan.get(path).wants(http.StatusOK).says("After the storm", exit)
			maya.get(path).wants(http.StatusOK).hides(exit)
		}
	})
}

func TestTheExitIsInReachWhereverASensitiveGroupIsNamed(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		plain, sensitive := p.newGroup("plain", community.ReadersMembers), p.newGroup("carers", community.ReadersMembers, func(g *community.Group) { g.Sensitive = true })
		rowan, maya := p.member("rowan", plain), p.member("maya", sensitive)
		p.member("ash", plain, sensitive)
		const exit = `class="exit"`
		for name, b := range map[string]*browser{"rowan": rowan, "maya": maya} {
			g := map[string]community.Group{"rowan": plain, "maya": sensitive}[name]
			root := p.seed(g, name, "", "root")
			p.seed(g, "ash", root, "reply")
			b.post("/drafts", "group", g.ID, "draft", "0000000000000000000000000"+name[:1], "text", "draft", "do", "keep").leads()
			for _, path := range []string{"/home", "/notices", "/drafts", "/groups", "/g/" + g.Name, "/p/" + root, "/p/" + root + "/reply", "/p/" + root + "/versions", "/p/" + root + "/edit", "/p/" + root + "/delete", "/g/" + g.Name + "/new"} {
				if got := strings.Contains(b.get(path).wants(http.StatusOK).body, exit); got != g.Sensitive {
					t.Errorf("%s: the exit button is there: %v, want %v", path, got, g.Sensitive)
				}
			}
		}
	})
}
