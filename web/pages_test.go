package web_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
	"hearth/web"
)

// everyPage visits each GET route that the router knows, with made-up
// parameters, and a few addresses that it does not know. What there is at an
// address with a real id is held to the same by crawlPages.
func everyPage(p *place, b *browser, fn func(a *answer)) {
	param := regexp.MustCompile(`[:*][a-z_]+`)
	paths := []string{"/no-such-page", "/setup/used", "/g/nobody-here"}
	for _, r := range p.site.Routes() {
		if r.Method == http.MethodGet && r.Path != "/exit" {
			paths = append(paths, param.ReplaceAllString(r.Path, "x"))
		}
	}
	for _, path := range append(paths, "/exit") { // the exit last: it signs out
		fn(b.get(path))
	}
}

var helpStrip = regexp.MustCompile(`(?s)<section id="urgent-help".*?</section>`)

// isPage says whether an answer is there to be looked at.
func (a *answer) isPage() bool {
	return strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && a.StatusCode != http.StatusSeeOther
}

// holdStrip fails the test for a page without the help strip as it has to be, or
// with it in another place than before everything else (R01).
func (a *answer) holdStrip(who, want string) {
	a.t.Helper()
	if !a.isPage() {
		return
	}
	if got := helpStrip.FindString(a.body); got != want {
		a.t.Errorf("%s (%s): got strip %q, want %q", a.what, who, got, want)
	}
	if strings.Index(a.body, `id="urgent-help"`) > strings.Index(a.body, "<main") {
		a.t.Errorf("%s (%s): the strip comes after <main>", a.what, who)
	}
}

// holdExit fails the test for a page that cannot be left in a hurry (R04).
func (a *answer) holdExit(who string) {
	a.t.Helper()
	if a.isPage() && !strings.Contains(a.body, `href="/exit" rel="nofollow noreferrer"`) {
		a.t.Errorf("%s (%s) has no plain exit link", a.what, who)
	}
}

// safeHeaders are in every answer, with these parts.
var safeHeaders = [][2]string{
	{"Content-Security-Policy", "frame-ancestors 'none'"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Robots-Tag", "noindex, nofollow, noai"},
	{"X-Content-Type-Options", "nosniff"},
}

// inlineCode is what script and style in a page look like. Each begins with the
// same letters always, so that thousands of pages are soon looked through.
var inlineCode = []*regexp.Regexp{
	regexp.MustCompile(`<script[^>]*>[^<]`), regexp.MustCompile(`<style`), regexp.MustCompile(`style=`), regexp.MustCompile(` on[a-z]+="`),
}

// holdHeaders fails the test for an answer that lets others in, for one with
// script or style in it, and for a member's page that may be kept (R39).
func (a *answer) holdHeaders(who string, signedIn bool) {
	a.t.Helper()
	for _, header := range safeHeaders {
		if got := a.Header.Get(header[0]); !strings.Contains(got, header[1]) {
			a.t.Errorf("%s (%s): %s is %q, want %q in it", a.what, who, header[0], got, header[1])
		}
	}
	csp := a.Header.Get("Content-Security-Policy")
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.Contains(csp, "http") {
		a.t.Errorf("%s: the policy lets others in: %s", a.what, csp)
	}
	if signedIn && a.isPage() && !strings.Contains(a.what, " /help") && a.Header.Get("Cache-Control") != "no-store" {
		a.t.Errorf("%s (%s): a member's page may be kept: %q", a.what, who, a.Header.Get("Cache-Control"))
	}
	for _, code := range inlineCode {
		if inline := code.FindString(a.body); inline != "" {
			a.t.Errorf("%s has inline script or style: %q", a.what, inline)
		}
	}
}

// stripHere is the help strip of who has chosen no country.
func (p *place) stripHere() string {
	p.t.Helper()
	strip := helpStrip.FindString(p.browser().get("/").body)
	if !strings.Contains(strip, `href="tel:116123"`) {
		p.t.Fatalf("the strip on the first page has no number: %s", strip)
	}
	return strip
}

func TestR01HelpStripIsTheSameOnEveryPage(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		want := p.stripHere()
		for who, b := range map[string]*browser{"visitor": p.browser(), "admin": p.admin()} {
			everyPage(p, b, func(a *answer) { a.holdStrip(who, want) })
		}
	})
}

func TestR01ErrorsOfFormsHaveTheStripToo(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		b.post("/no-such-page").wants(http.StatusNotFound).says(`id="urgent-help"`)
		b.post("/help").wants(http.StatusMethodNotAllowed).says(`id="urgent-help"`)
		req, _ := http.NewRequest(http.MethodPost, b.base+"/sign-in", nil)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(req).wants(http.StatusForbidden).says(`id="urgent-help"`, "Another site tried")
	})
}

func TestR01AMembersOwnCountryStandsInTheStripOfEveryPage(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.person("rowan", "slow-river")
		b.post("/me/settings", "country", "DE", "home_order", "activity").wants(http.StatusSeeOther)
		want := helpStrip.FindString(p.browser().get("/help/de").wants(http.StatusOK).body)
		if !strings.Contains(want, `href="tel:08001110111"`) || !strings.Contains(want, `href="/help/de"`) {
			t.Fatalf("the strip of /help/de does not name its line and lead to it: %s", want)
		}
		for _, path := range []string{"/home", "/me/settings", "/help/de", "/no-such-page"} {
			if got := helpStrip.FindString(b.get(path).body); got != want {
				t.Errorf("%s: got strip %q, want %q", path, got, want)
			}
		}
		b.get("/home").says(`<li><a href="/help/de">Urgent help</a></li>`)
		p.browser().get("/").says(`href="tel:116123"`, `<li><a href="/help">Urgent help</a></li>`)
	})
}

func TestR02HelpNeedsNothingAndIsSmall(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		asset := regexp.MustCompile(`(?:src|<link[^>]*href)="([^"]+)"`)
		for _, path := range []string{"/help", "/help/de", "/help/in", "/help/atlantis"} {
			a := p.browser().get(path).wants(http.StatusOK)
			if got := a.Header["Set-Cookie"]; got != nil {
				t.Errorf("%s sets a cookie: %v", path, got)
			}
			if got := a.Header.Get("Cache-Control"); !strings.Contains(got, "public") {
				t.Errorf("%s: Cache-Control is %q, want public", path, got)
			}
			for _, m := range asset.FindAllStringSubmatch(a.body, -1) {
				if !strings.HasPrefix(m[1], "/static/") {
					t.Errorf("%s loads %s", path, m[1])
				}
			}
			weight := zipped(a.body)
			for _, file := range regexp.MustCompile(`/static/[^"]+\.(?:css|js)`).FindAllString(a.body, -1) {
				weight += zipped(p.browser().get(file).wants(http.StatusOK).body)
			}
			if weight > 30_000 {
				t.Errorf("%s weighs %d bytes compressed with its files, want at most 30000", path, weight)
			}
		}
		danger := between(p.browser().get("/help/de").body, `<div class="panel help">`, "</div>")
		if strings.Count(danger, "Not yet checked by this instance.") != strings.Count(danger, "<li>") || !strings.Contains(danger, `rel="nofollow noreferrer noopener"`) {
			t.Errorf("an emergency number does not say where it is from and whether it was checked: %s", danger)
		}
		p.browser().get("/help/de").says("not yet checked by this instance"[1:], "112", "2 June 2026").hides("2026-06-02", "not known here")
		p.browser().get("/help/gb").says("United Kingdom: people who are there").hides("(999)")
		p.browser().get("/help/atlantis").says("No lines of that country are known here", "United Kingdom: people who are there")
	})
}

func TestR02HelpIsTheSameForMembers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		if got, want := p.admin().get("/help").body, p.browser().get("/help").body; got != want {
			t.Error("a member's help page differs from a visitor's, so it cannot be kept for all")
		}
		p.admin().get("/help").hides(`href="/sign-in"`).says(`<a href="/">Home</a>`)
	})
}

func TestHelpLinesAreTickedByAdminsOnly(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.browser().post("/admin/helplines", "line", "gb-samaritans").wants(http.StatusSeeOther)
		p.browser().get("/help").hides("Checked by this instance")
		admin := p.admin()
		admin.post("/admin/helplines", "line", "gb-nobody", "country", "GB").wants(http.StatusNotFound)
		admin.post("/admin/helplines", "line", "gb-samaritans", "country", "GB").wants(http.StatusSeeOther)
		admin.get("/admin/helplines").says("Noted. Members see that it was checked.")
		p.browser().get("/help").says("Checked by this instance on 4 March 2026")
		p.browser().post("/admin/helplines/uncheck", "line", "gb-samaritans").wants(http.StatusSeeOther)
		p.browser().get("/help").says("Checked by this instance on 4 March 2026")
		admin.post("/admin/helplines/uncheck", "line", "gb-nobody", "country", "GB").wants(http.StatusNotFound)
		admin.follow(admin.post("/admin/helplines/uncheck", "line", "gb-samaritans", "country", "GB")).says("Taken back.").hides("Not checked after all")
		p.browser().get("/help").hides("Checked by this instance")
	})
}

func TestR04ExitLeavesAndEndsTheSession(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.admin()
		req, _ := http.NewRequest(http.MethodGet, b.base+"/exit", nil)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		a := b.do(req).wants(http.StatusSeeOther)
		if got := a.Header.Get("Location"); got != "https://www.bbc.co.uk/weather" {
			t.Errorf("exit leads to %q", got)
		}
		if got := a.Header.Get("Clear-Site-Data"); !strings.Contains(got, `"cookies"`) {
			t.Errorf("Clear-Site-Data is %q, want cookies in it", got)
		}
		if got := b.get("/admin/helplines").leads(); !strings.HasPrefix(got, "/sign-in") {
			t.Errorf("after the exit the admin page leads to %q, want /sign-in", got)
		}
	})
}

func TestR04AnotherSitesLinkToTheExitEndsNothing(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.admin()
		req, _ := http.NewRequest(http.MethodGet, b.base+"/exit", nil)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(req).wants(http.StatusSeeOther)
		b.get("/admin/helplines").wants(http.StatusOK)
	})
}

func TestR04EveryPageHasAnExit(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		everyPage(p, p.browser(), func(a *answer) { a.holdExit("visitor") })
	})
}

func TestR05WhatTheExitDoesIsSaidOnceToWhoComesToASensitiveGroup(t *testing.T) {
	const said, more = "It does not erase the history of your browser.", `href="/safety"`
	eachPlace(t, func(t *testing.T, p *place) {
		sensitive := p.newGroup("carers", community.ReadersAnyone, func(g *community.Group) { g.Sensitive = true })
		p.newGroup("plain", community.ReadersAnyone)
		for who, b := range map[string]*browser{"a visitor": p.browser(), "a member": p.member("rowan", sensitive)} {
			b.get("/g/plain").wants(http.StatusOK).hides(said)
			b.get("/g/carers").wants(http.StatusOK).says(said, more, `value="/g/carers"`)
			b.get("/g/carers").says(said) // until it is said to be read, not only shown
			if got := b.post("/exit/understood", "next", "/g/carers").leads(); got != "/g/carers" {
				t.Errorf("%s is led to %s, want back to the group", who, got)
			}
			if got := b.post("/exit/understood").leads(); got != "/safety" {
				t.Errorf("%s, who came from nowhere, is led to %s", who, got)
			}
			b.get("/g/carers").wants(http.StatusOK).says(`class="exit"`).hides(said)
		}
		p.browser().get("/g/carers").says(said)
		p.moderator("maya", sensitive).post("/mod/g/carers/rules", "version", "0", "rules", "").wants(http.StatusUnprocessableEntity).
			says(said, `name="next" value="/mod/g/carers"`) // and not where only forms are sent
		again := p.browser()
		again.post("/sign-in", "login", "login-rowan", "password", roomPassword).leads()
		again.get("/g/carers").hides(said) // it was the person who read it, not the device
		p.browser().get("/safety").wants(http.StatusOK).says("It does not erase your browser&#39;s history", "opens bbc.co.uk/weather instead")
	})
}

func TestTheSafetyPageNamesWhereTheExitLeads(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		p := newPlace(t, store, func(c *web.Config) { c.ExitTo = "https://news.example/" })
		p.browser().get("/safety").says("opens news.example instead")
	})
}

func TestWhatIsKeptIsSaid(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.browser().get("/about/privacy").wants(http.StatusOK).
			says("Those who run this place can see the name and the address", "Which groups you are in", "What somebody reported", "each server that ever had a copy")
	})
}

func TestR39HeadersOfEveryAnswer(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for who, b := range map[string]*browser{"visitor": p.browser(), "admin": p.admin()} {
			everyPage(p, b, func(a *answer) { a.holdHeaders(who, who == "admin") })
		}
	})
}

func TestAHearthThatIsNotSetUpSaysSo(t *testing.T) {
	eachEmptyPlace(t, func(t *testing.T, p *place) {
		p.browser().get("/").wants(http.StatusServiceUnavailable).says("has not been set up yet", "the server printed it as it started", `id="urgent-help"`)
		p.browser().get("/setup/guess").wants(http.StatusNotFound)
	})
}

func TestR02HelpIsThereBeforeAHearthIsSetUp(t *testing.T) {
	eachEmptyPlace(t, func(t *testing.T, p *place) {
		b := p.browser()
		b.get("/help").wants(http.StatusOK).says("Choose your country", `<option value="NZ"`, `id="urgent-help"`).hides("tel:999", "country.")
		b.get("/help/gb").wants(http.StatusOK).says("tel:116123", "United Kingdom: people who are there for you")
		b.get("/exit").wants(http.StatusSeeOther)
	})
}

func zipped(s string) int {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	w.Write([]byte(s))
	w.Close()
	return buf.Len()
}
