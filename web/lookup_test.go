package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
)

// insider is a browser of somebody of here.
func (p *federated) insider() *browser {
	p.t.Helper()
	p.account("rowan", false)
	return p.signedIn("login-rowan", roomPassword)
}

func searching(text string) string { return "/search?" + url.Values{"q": {text}}.Encode() }

func asked(far *fedtest.Server) int { return len(far.Requests()) }

func TestAddressOfAGroupElsewhereLeadsToItsPage(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		garden := far.Group("garden")
		garden.Edit(func(d map[string]any) {
			d["name"], d["summary"] = "The garden", `<p>Dig in.</p><script>alert(1)</script>`
			d["url"] = far.URL + "/garden"
		})
		rowan := p.insider()
		for _, text := range []string{"!garden@far.example", "@Garden@FAR.example", "acct:garden@far.example", " " + garden.ID + " "} {
			if got := rowan.get(searching(text)).leads(); got != "/g/garden@far.example" {
				t.Errorf("%q leads to %q, want the group's page here", text, got)
			}
		}
		if got := rowan.get("/groups?" + url.Values{"q": {garden.ID}}.Encode()).leads(); got != searching(garden.ID) {
			t.Errorf("the directory leads to %q, want it to look the address up", got)
		}
		before := asked(far)
		rowan.get("/g/garden@far.example").wants(http.StatusOK).
			says("The garden", "Dig in.", "far.example", far.URL+"/garden", "You can follow it from here").hides("alert(1)")
		if n := asked(far) - before; n != 0 {
			t.Errorf("showing the page asked its server %d times, want not at all (R12)", n)
		}
		g, err := p.store.GroupByName(context.Background(), "far.example", "garden")
		p.must(err)
		if g.URI != garden.ID || g.State != community.GroupActive || g.Joining != community.JoiningOpen || g.FollowersURI == "" || g.OutboxURI == "" {
			t.Errorf("got %+v, want the group with its collections", g)
		}
	})
}

func TestAPostElsewhereLeadsToItsGroup(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		note := far.Person("ada").Note(far.Group("garden").ID, "<p>Hello.</p>")
		rowan := p.insider()
		if got := rowan.get(searching(note["id"].(string))).leads(); got != "/g/garden@far.example" {
			t.Errorf("the post leads to %q, want its group", got)
		}
		alone := far.Person("ada").Note("", "<p>Hello.</p>")
		rowan.get(searching(alone["id"].(string))).wants(http.StatusUnprocessableEntity).says("no group or person that can be shown here")
		if got := rowan.get(searching("@ada@far.example")).leads(); got != "/@ada@far.example" {
			t.Errorf("a person leads to %q, want their page here", got)
		}
		rowan.get("/@ada@far.example").wants(http.StatusOK).says("far.example", "Its home is far.example")
	})
}

func TestAddressesOfHereAreReadWithoutAnyNetwork(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		kim := p.account("kim", false)
		g := p.group("quiet", community.ReadersAnyone, community.ReachNowhere)
		post := p.post(g, kim)
		rowan := p.insider()
		host := strings.TrimPrefix(p.base, "http://")
		for text, want := range map[string]string{
			"!quiet@" + host: "/g/quiet", g.URI: "/g/quiet", g.URL: "/g/quiet", kim.URI: "/@kim", "@kim@" + host: "/@kim", post.URI: "/p/" + post.ID,
		} {
			if got := rowan.get(searching(text)).leads(); got != want {
				t.Errorf("%q leads to %q, want %q", text, got, want)
			}
		}
		rowan.get(searching("!nobody@" + host)).wants(http.StatusNotFound)
		rowan.get(searching(p.base + "/rules")).wants(http.StatusNotFound)
		if got := rowan.get(searching("quiet words")).leads(); got != "/groups?q=quiet+words" {
			t.Errorf("words lead to %q, want the directory", got)
		}
		if got := rowan.get(searching("kim@mail.example")).leads(); !strings.HasPrefix(got, "/groups?") {
			t.Errorf("a mail address leads to %q, want the directory and no question elsewhere", got)
		}
	})
}

func TestWhatCannotBeFoundIsSaidInASentence(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far, refused, dead := p.far("far.example"), p.far("refused.example"), p.far("dead.example")
		p.refuse("refused.example")
		dead.Unplug()
		far.Group("shut").Server.Handle("/c/shut", fedtest.Status(http.StatusForbidden))
		far.Handle("/page", fedtest.Body("text/html", []byte("<p>Hello.</p>")))
		posing := far.Group("posing")
		posing.Edit(func(d map[string]any) { d["id"] = "https://else.example/c/posing" })
		nameless := far.Group("nameless")
		nameless.Edit(func(d map[string]any) { d["preferredUsername"] = "somebody-else" })
		mailing := far.Group("mailing")
		mailing.Edit(func(d map[string]any) { d["inbox"] = "https://victim.example/inbox" })
		rowan := p.insider()
		for _, c := range []struct {
			text   string
			status int
			says   string
		}{
			{"!garden@refused.example", 403, "does not talk with refused.example"},
			{"https://sub.refused.example/c/garden", 403, "does not talk with sub.refused.example"},
			{"!nobody@far.example", 404, "knows nothing by this address"},
			{"https://far.example/nothing", 404, "knows nothing by this address"},
			{"!garden@dead.example", 503, "does not answer"},
			{"!shut@far.example", 403, "only to people it knows"},
			{"https://far.example/page", 422, "no group or person"},
			{posing.ID, 422, "no group or person"},
			{nameless.ID, 404, "knows nothing"},
			{mailing.ID, 422, "no group or person"},
		} {
			rowan.get(searching(c.text)).wants(c.status).says(c.says, `value="`+c.text+`"`)
		}
		if asked(refused) != 0 {
			t.Errorf("the refused server was asked %d times, want not at all", asked(refused))
		}
	})
}

func TestAVisitorMakesThisServerAskNobody(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		far.Group("garden")
		p.browser().get(searching("!garden@far.example")).wants(http.StatusForbidden).says("sign in", "/sign-in?next=%2Fsearch")
		rowan := p.insider()
		req, err := http.NewRequest(http.MethodGet, rowan.base+searching("!garden@far.example"), nil)
		p.must(err)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		rowan.do(req).wants(http.StatusForbidden).says("A page elsewhere led here")
		p.suspend("rowan")
		rowan.get(searching("!garden@far.example")).wants(http.StatusForbidden)
		if asked(far) != 0 {
			t.Errorf("its server was asked %v, want nothing", far.Requests())
		}
	})
}

func TestLookingUpIsBoundedForEachPerson(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		p.far("far.example").Group("garden")
		rowan := p.insider()
		for range 30 {
			rowan.get(searching("!garden@far.example")).wants(http.StatusSeeOther)
		}
		rowan.get(searching("!garden@far.example")).wants(http.StatusTooManyRequests).says("quarter of an hour")
		p.clock.advance(16 * time.Minute)
		rowan.get(searching("!garden@far.example")).wants(http.StatusSeeOther)
	})
}

func TestWhatIsKnownIsAskedForOnceADayAndOutlivesItsServer(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		garden := far.Group("garden")
		rowan := p.insider()
		find := func() { t.Helper(); rowan.get(searching("!garden@far.example")).wants(http.StatusSeeOther) }
		find()
		first := asked(far)
		find()
		if n := asked(far); n != first {
			t.Errorf("asked %d times more within the day, want not again", n-first)
		}
		if first > 3 {
			t.Errorf("asked %d times for one group, want at most 3", first)
		}
		garden.Edit(func(d map[string]any) { d["name"] = "The new garden" })
		p.clock.advance(25 * time.Hour)
		rowan = p.signedIn("login-rowan", roomPassword)
		find()
		rowan.get("/g/garden@far.example").says("The new garden")
		p.clock.advance(25 * time.Hour)
		rowan = p.signedIn("login-rowan", roomPassword)
		far.Unplug()
		find()
	})
}

// R16: a group that names servers can be followed from those, by its name.
func TestANamedServersGroupIsFoundFromAnotherHearth(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		far.Group("garden")
		rowan := p.insider()
		rowan.get(searching("!garden@far.example")).wants(http.StatusSeeOther)
		for _, r := range far.Requests() {
			if r.Err != nil && !strings.Contains(r.Path, "nodeinfo") {
				t.Errorf("%s was asked for unsigned: %v; a hearth would have said that it is not there", r.Path, r.Err)
			}
		}
	})
}

func TestPagesOfElsewhereSayHowThingsStand(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		garden := far.Group("garden")
		garden.Edit(func(d map[string]any) { d["manuallyApprovesFollowers"] = true })
		rowan := p.insider()
		rowan.get(searching("!garden@far.example")).wants(http.StatusSeeOther)
		page := func() *answer { return rowan.get("/g/garden@far.example").wants(http.StatusOK) }
		page().says("ask from here", "Nothing has come from its server yet")
		p.must(p.store.NoteHeard(context.Background(), "far.example", p.clock.Now()))
		page().says("Last heard from its server")
		p.refuse("far.example")
		page().says("does not talk with far.example, so it cannot be followed")
	})
}

func TestSomebodyWithAnAccountElsewhereIsLedHome(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far := p.far("far.example")
		far.Person("ada")
		p.refuse("refused.example")
		g := p.group("quiet", community.ReadersAnyone, community.ReachAnywhere)
		here := p.group("here", community.ReadersAnyone, community.ReachNowhere)
		visitor := p.browser()
		visitor.get("/g/quiet").wants(http.StatusOK).says("/g/quiet/elsewhere", "I have an account elsewhere")
		visitor.get("/g/here").wants(http.StatusOK).hides("I have an account elsewhere")
		visitor.get("/g/here/elsewhere").wants(http.StatusNotFound)
		visitor.get("/g/quiet/elsewhere").wants(http.StatusOK).says("!quiet@"+strings.TrimPrefix(p.base, "http://"), g.URI)
		usual := "https://far.example/authorize_interaction?uri=" + url.QueryEscape(g.URI)
		for _, in := range []string{"far.example", "https://far.example/home", "@ada@far.example"} {
			visitor.post("/g/quiet/elsewhere", "server", in).wants(http.StatusOK).says(strings.ReplaceAll(usual, "&", "&amp;"), "Go on to far.example")
		}
		visitor.post("/g/quiet/elsewhere", "server", "refused.example").wants(http.StatusForbidden).says("does not talk with refused.example")
		visitor.post("/g/quiet/elsewhere", "server", "10.0.0.1").wants(http.StatusUnprocessableEntity).says("no name of a server", `value="10.0.0.1"`)
		for template, want := range map[string]string{
			"https://far.example/follow?to={uri}":   "https://far.example/follow?to=" + url.QueryEscape(g.URI),
			"https://other.example/follow?to={uri}": usual,
			"javascript:alert({uri})":               usual,
		} {
			far.Handle("/.well-known/webfinger", fedtest.Body("application/jrd+json", []byte(`{"subject":"acct:ada@far.example","links":[
				{"rel":"self","type":"application/activity+json","href":"https://far.example/u/ada"},
				{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"`+template+`"}]}`)))
			visitor.post("/g/quiet/elsewhere", "server", "@ada@far.example").wants(http.StatusOK).says(want)
		}
		_ = here
	})
}

func TestVisitorsSentHereFromElsewhereAreLedOn(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		garden := p.far("far.example").Group("garden")
		rowan := p.insider()
		to := func(uri string) string { return "/authorize_interaction?" + url.Values{"uri": {uri}}.Encode() }
		if got := p.browser().get(to(garden.ID)).leads(); got != "/sign-in?next="+url.QueryEscape(to(garden.ID)) {
			t.Errorf("a visitor is led to %q, want to sign in and come back", got)
		}
		req, err := http.NewRequest(http.MethodGet, rowan.base+to(garden.ID), nil)
		p.must(err)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if got := rowan.do(req).leads(); got != "/g/garden@far.example" {
			t.Errorf("a member is led to %q, want the group's page", got)
		}
		rowan.get(to("acct:nobody@far.example")).wants(http.StatusNotFound).says("knows nothing")
		for _, uri := range []string{"", "hello", "javascript:alert(1)", fmt.Sprintf("https://%s/", "10.0.0.1")} {
			rowan.get(to(uri)).wants(http.StatusUnprocessableEntity)
		}
	})
}
