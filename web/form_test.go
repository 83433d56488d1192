package web_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hearth/community"
)

// workplace is a place in which one person has something to do on every page
// that has a form.
type workplace struct {
	*federated
	admin *browser
	sent  map[string]string   // where the forms of a route are sent; empty where visitors may send them
	with  map[string][]string // what says which of several pages a form stands on
}

func newWorkplace(p *federated) *workplace {
	w := &workplace{federated: p, admin: p.admin()}
	rowan := p.member("rowan")
	own := p.place.group(w.admin, "title", "Carers")
	asked := p.place.group(w.admin, "title", "Asking", "joining", "asked", "question", "What brings you?", "readers", "members")
	rowans := p.newGroup("rowans", community.ReadersAnyone, func(g *community.Group) {
		g.Situation, g.Joining, g.Question = "caring", community.JoiningAsked, "Why?"
	})
	given := p.newGroup("given", community.ReadersAnyone, func(g *community.Group) { g.Situation = "caring" })
	p.admit("rowan", rowans, community.GroupOwner)
	p.admit("rowan", given, community.GroupOwner)
	p.enter(w.admin, "/g/given")
	rowan.post("/mod/g/given/offer", "name", "quiet-heron").leads()
	p.enter(rowan, own)
	p.enter(rowan, asked, "answer", "My mother.")
	rowan.post("/groups/new", newGroup(rowan.get("/groups/new?sensitive=no"), "title", "One more")...).leads()
	p.place.join(p.browser(), "/join", "login", "tomasz").leads()

	post := w.admin.write(community.Group{Actor: community.Actor{Name: "carers"}}, "text", "words of the admin")
	hers := rowan.write(community.Group{Actor: community.Actor{Name: "carers"}}, "text", "words of rowan")
	inside := w.admin.write(community.Group{Actor: community.Actor{Name: "asking"}}, "text", "words for members")
	p.report(p.browser(), hers, "reason", "unkind").leads()
	item := w.admin.item()
	p.report(p.browser(), p.farPost(p.view("warden", own).Group).ID, "reason", "unkind").leads()
	far := ""
	for _, found := range itemLink.FindAllStringSubmatch(w.admin.get("/mod").body, -1) {
		if found[1] != item {
			far = found[1]
		}
	}
	draft := draftOn(w.admin.get("/g/carers/new"))
	w.admin.post("/g/carers/new", "draft", draft, "text", "a draft", "do", "keep").leads()
	w.admin.post("/admin/invitations", "uses", "1", "days", "2").leads()
	w.with = map[string][]string{
		"/groups/new": {"sensitive", "no"}, "/mod/people/:account": {"group", "carers"}, "/admin/helplines": {"country", "DE"}, "/drafts": {"group", "carers"}, "/report": {"post", inside},
	}
	w.sent = map[string]string{
		"/sign-in": "", "/sign-out": "", "/exit": "", "/exit/understood": "", "/join": "", "/join/receipt": "", "/invitation": "", "/invitation/:code": "",
		"/reset/:token": "", "/setup/:token": "" /* below, before there is a place */, "/report/receipt": "", "/g/:name/elsewhere": "", "/talk": "", "/report": "/report",
		"/leave/receipt": "", "/left/back": "", "/left/now": "", "/me/leave": "/me/leave", "/me/export": "/me/export",
		"/g/:name/new": "/g/carers/new", "/g/:name/join": "/g/rowans/join", "/g/:name/leave": "/g/carers/leave", "/g/:name/hand-over": "/g/given/hand-over",
		"/p/:id/reply": "/p/" + hers + "/reply", "/p/:id/edit": "/p/" + post + "/edit", "/p/:id/delete": "/p/" + post + "/delete",
		"/p/:id/send": "/p/" + post + "/send", "/p/:id/keep": "/p/" + post + "/keep", "/p/:id/support": "/p/" + hers + "/support",
		"/p/:id/lock": "/p/" + hers + "/lock", "/p/:id/unlock": "/p/" + hers + "/unlock", "/p/:id/pin": "/p/" + hers + "/pin", "/p/:id/unpin": "/p/" + hers + "/unpin",
		"/drafts": "/drafts", "/drafts/:id/discard": "/drafts/" + draft + "/discard", "/groups/new": "/groups/new", "/home/order": "/home/order",
		"/me/settings": "/me/settings", "/me/about": "/me/about", "/me/password": "/me/password", "/me/devices/end": "/me/devices/end",
		"/me/devices/end-others": "/me/devices/end-others", "/me/blocks": "/me/blocks", "/me/blocks/lift": "/me/blocks/lift",
		"/me/consents/:id": w.find("/me/consents", "/me/consents/[a-z0-9]+"),
		"/mod/held":        "/mod/held", "/mod/item/:id": item, "/mod/item/:id/send": far + "/send", "/mod/post/:id": "/mod/post/" + hers, "/mod/people/:account": "/mod/people/account-rowan",
		"/mod/g/:name/texts": "/mod/g/carers/texts", "/mod/g/:name/rules": "/mod/g/carers/rules", "/mod/g/:name/audience": "/mod/g/carers/audience",
		"/mod/g/:name/offer": "/mod/g/carers/offer", "/mod/g/:name/close": "/mod/g/carers/close", "/mod/g/:name/reopen": "/mod/g/carers/reopen",
		"/mod/g/:name/members/:account/answer": "/mod/g/asking/members/account-rowan/answer", "/mod/g/:name/members/:account/role": "/mod/g/carers/members/account-rowan/role",
		"/admin/groups/:id": w.find("/admin/groups", "/admin/groups/[a-z0-9]+"), "/admin/site": "/admin/site",
		"/admin/registration": "/admin/registration", "/admin/registration/:id": w.find("/admin/registration", "/admin/registration/[a-z0-9]+"),
		"/admin/invitations": "/admin/invitations", "/admin/invitations/:id/revoke": w.find("/admin/invitations", "/admin/invitations/[a-z0-9]+/revoke"),
		"/admin/people/:id/role": "/admin/people/user-rowan/role", "/admin/people/:id/reset": "/admin/people/user-rowan/reset",
		"/admin/federation": "/admin/federation", "/admin/federation/lift": "/admin/federation/lift", "/admin/federation/instances/pause": "/admin/federation/instances/pause",
		"/admin/federation/instances/resume": "/admin/federation/instances/resume", "/admin/federation/instances/retry": "/admin/federation/instances/retry",
		"/admin/federation/instances/drop": "/admin/federation/instances/drop", "/admin/helplines": "/admin/helplines",
		"/admin/helplines/uncheck": "/admin/helplines/uncheck",
	}
	return w
}

// find is the first address of a form on a page of the admin's.
func (w *workplace) find(page, path string) string {
	w.t.Helper()
	found := regexp.MustCompile(`"(` + path + `)"`).FindStringSubmatch(w.admin.get(page).wants(http.StatusOK).body)
	if found == nil {
		w.t.Fatalf("%s has nothing like %s", page, path)
	}
	return found[1]
}

// forms are the routes of forms.
func (w *workplace) forms() (routes []string) {
	for _, r := range w.site.Routes() {
		if r.Method == http.MethodPost && !strings.HasSuffix(r.Path, "inbox") {
			routes = append(routes, r.Path)
		}
	}
	slices.Sort(routes)
	return routes
}

var toSignIn = regexp.MustCompile(`href="/sign-in\?next=([^"]+)"`)

// after is where signing in leads from an answer; empty where it is not asked for.
func (a *answer) after() string {
	next, asked := strings.CutPrefix(a.Header.Get("Location"), "/sign-in?next=")
	if found := toSignIn.FindStringSubmatch(a.body); a.StatusCode >= http.StatusBadRequest && found != nil {
		next, asked = html.UnescapeString(found[1]), true
	}
	if !asked {
		return ""
	}
	path, err := url.QueryUnescape(next)
	if err != nil {
		a.t.Fatalf("%s leads to %q: %v", a.what, next, err)
	}
	return path
}

func TestAFormThatMeetsAnEndedSignInLeadsBackToItsPageAndLosesNoWords(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		w, holding := newWorkplace(p), 0
		for _, route := range w.forms() {
			path, known := w.sent[route]
			if !known {
				t.Errorf("say in newWorkplace where the form of %s is sent", route)
			}
			if path == "" {
				continue
			}
			if fields := w.formPage(route, path).wordsOf(path); len(fields) > 0 {
				w.losesNothing(route, path, fields)
				holding++
			}
		}
		if holding < 15 {
			t.Errorf("%d forms hold words, want most of them", holding)
		}
	})
}

// formPage is the page of a form as it is after signing in, for somebody who sent
// the form when their sign-in had ended.
func (w *workplace) formPage(route, path string) *answer {
	w.t.Helper()
	a := w.browser().post(path, w.with[route]...)
	page := a.after()
	if page == "" {
		w.t.Fatalf("%s: got %d without a way to sign in", a.what, a.StatusCode)
	}
	got := w.admin.follow(w.admin.get(page))
	if got.StatusCode != http.StatusOK {
		w.t.Errorf("%s leads through signing in to %s: got %d", a.what, page, got.StatusCode)
	}
	return got
}

// losesNothing sends a form with words to a sign-in that has ended: they are on
// the page that answers, or on the one after signing in.
func (w *workplace) losesNothing(route, path string, fields []string) {
	w.t.Helper()
	form := slices.Clone(w.with[route])
	for _, f := range fields {
		form = append(form, f, "My "+f+" for <b>"+route)
	}
	b := w.browser()
	a := b.post(path, form...)
	if a.StatusCode == http.StatusSeeOther {
		next := a.after()
		b.post("/sign-in", "login", "warden", "password", adminPassword).leads()
		a = b.follow(b.get(next))
	} else if a.Header.Get("Cache-Control") != "no-store" {
		w.t.Errorf("%s: the words may be kept in a cache", a.what)
	}
	for _, f := range fields {
		if want := html.EscapeString("My " + f + " for <b>" + route); !strings.Contains(a.body, want) {
			w.t.Errorf("%s: got %d without what was typed as %q", a.what, a.StatusCode, f)
		}
	}
}

// Nobody is signed in yet when a place is set up: the form's words meet what is
// wrong with them, an address that a newer one replaced, and one that was used.
func TestTheFormOfSetupLosesNoWords(t *testing.T) {
	eachEmptyPlace(t, func(t *testing.T, p *place) {
		old, page := p.newSetup()
		fields := page.wordsOf(old)
		if want := []string{"purpose", "rules"}; !slices.Equal(fields, want) {
			t.Fatalf("setup has %q for words, want %q", fields, want)
		}
		fields = append(fields, "contact") // one line, and somebody thought about it
		typed, form := map[string]string{}, []string{"name", "Willow Lane", "login", "warden", "password", "sevenfold"}
		for _, f := range fields {
			typed[f] = "My " + f + " for <b>all"
			form = append(form, f, typed[f])
		}
		p.handsBack(old, form, typed, http.StatusUnprocessableEntity)
		path, _ := p.newSetup()
		p.handsBack(old, form, typed, http.StatusNotFound)
		p.browser().get(path).wants(http.StatusOK).hides("for &lt;b&gt;all", "for <b>all")
		p.browser().post(path, setupForm...).leads()
		p.handsBack(path, form, typed, http.StatusNotFound)
		p.browser().get(path).wants(http.StatusNotFound).hides("for &lt;b&gt;all", "for <b>all")
	})
}

// newSetup is a new address for setting a place up, with its page.
func (p *place) newSetup() (path string, page *answer) {
	p.t.Helper()
	token, err := p.service.NewSetupToken(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return "/setup/" + token, p.browser().get("/setup/" + token).wants(http.StatusOK)
}

// handsBack sends a form that is not taken: what was typed is on the page that
// says so, without the password, and in no cache.
func (p *place) handsBack(path string, form []string, typed map[string]string, status int) {
	p.t.Helper()
	a := p.browser().post(path, form...).wants(status).hides("sevenfold", "<b>all")
	for field, words := range typed {
		if !strings.Contains(a.body, html.EscapeString(words)) {
			p.t.Errorf("%s: got %d without what was typed as %q", a.what, a.StatusCode, field)
		}
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		p.t.Errorf("%s: the words may be kept in a cache: %q", a.what, a.Header.Get("Cache-Control"))
	}
}

var (
	wholeForm = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="([^"]*)".*?</form>`)
	wordField = regexp.MustCompile(`<textarea[^>]*name="([^"]+)"|<input(?: id="[^"]*")? name="(reason|note)"`) // no choice, which begins with its type
)

// wordsOf are the fields for words of the form on a page that is sent to a path.
func (a *answer) wordsOf(path string) (fields []string) {
	for _, form := range wholeForm.FindAllStringSubmatch(a.body, -1) {
		if to, _, _ := strings.Cut(html.UnescapeString(form[1]), "?"); to != path {
			continue
		}
		for _, f := range wordField.FindAllStringSubmatch(form[0], -1) {
			fields = append(fields, f[1]+f[2])
		}
	}
	return fields
}

func TestWordsOfAFormAreHandedBackToNobodyElse(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		path := p.group(p.admin(), "title", "Carers")
		b := p.browser()
		b.post("/mod/g/carers/rules", "rules", "a rule of mine", "version", "1").wants(http.StatusUnauthorized).
			says("You are signed out", "a rule of mine</textarea>", `href="/sign-in?next=%2Fmod%2Fg%2Fcarers"`)
		if got, want := b.post("/mod/people/account-rowan", "group", "carers", "reason", "Because.").after(), "/mod/people/account-rowan?group=carers"; got != want {
			t.Errorf("signing in leads to %s, want %s", got, want)
		}
		for _, page := range []string{"/sign-in", "/talk", path, "/mod/g/carers"} {
			b.get(page).hides("a rule of mine")
		}
		req, _ := http.NewRequest(http.MethodPost, b.base+"/me/about", strings.NewReader("about=Call+me+at+once"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(req).wants(http.StatusForbidden).hides("Call me at once") // words that another site put there
	})
}
