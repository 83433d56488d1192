package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"hearth/federation/fedtest"
)

// kinds says of what kind the ids are that a route's parameter takes, by the
// route up to there. A parameter that is not here fails the test.
var kinds = map[string]string{
	"/p/:id": "post", "/mod/post/:id": "post", "/drafts/:id": "draft", "/p/:id/context/:from": "place", "/p/:id/replies/:from": "place",
	"/g/:name": "group", "/g/:id": "group", "/mod/g/:name": "group", "/g/:id/outbox/:from": "place", "/admin/groups/:id": "asked group",
	"/u/:id": "account", "/mod/people/:account": "account", "/mod/g/:name/members/:account": "account", "/@:name": "name", "/@:id": "name",
	"/admin/people/:id": "user", "/admin/registration/:id": "application", "/admin/invitations/:id": "invitation",
	"/mod/item/:id": "report", "/me/reports/:id": "report", "/decisions/:id": "decision", "/me/consents/:id": "consent", "/x/:id": "activity",
	"/join/receipt/:code": "code", "/leave/receipt/:code": "code", "/report/receipt/:code": "code", "/invitation/:code": "code", "/reset/:token": "code", "/setup/:token": "code",
	"/help/:country": "country", "/admin/federation/instances/:domain": "server",
}

// strangers are ids of each kind that nothing has.
var strangers = map[string]string{
	"post": strings.Repeat("0", 26), "draft": strings.Repeat("0", 26), "group": "nobody-here", "account": strings.Repeat("a", 26), "name": "nobody-here",
	"user": strings.Repeat("0", 26), "application": strings.Repeat("0", 26), "invitation": strings.Repeat("0", 26), "report": strings.Repeat("0", 26),
	"decision": strings.Repeat("0", 26), "consent": strings.Repeat("0", 26), "activity": strings.Repeat("0", 26), "asked group": strings.Repeat("a", 26),
	"code": "aaaa-aaaa", "word": "canaryzzzx", "country": "atlantis", "place": "first",
	"server": "nowhere.example",
}

// address is a route with its parameters filled in.
type address struct {
	route, path string
	nth         int // of the ids of its kind
	id          known
	unknown     string // the same with the id of nothing, where it has an id
}

var param = regexp.MustCompile(`[:*][a-z_]+`)

// addresses are all there are of a route: with every id of the kind of its first
// parameter, and everything else that it takes.
func (h *house) addresses(route string) []address {
	all := []address{{route: route, path: route}}
	for {
		at := param.FindStringIndex(all[0].path)
		if at == nil {
			return h.asking(all)
		}
		all = h.filled(all)
	}
}

// filled puts ids in the place of the first parameter that is left.
func (h *house) filled(all []address) (next []address) {
	for _, a := range all {
		at := param.FindStringIndex(a.path)
		rest := a.path[at[1]:]
		prefix := strings.TrimSuffix(a.route, rest)
		kind, ok := kinds[prefix]
		if !ok {
			h.t.Fatalf("the crawl has no ids for the parameter of %s: say in kinds what it takes", prefix)
		}
		ids := h.ids[kind]
		if len(ids) == 0 {
			ids = []known{{id: strangers[kind]}}
		}
		if a.unknown != "" {
			ids = ids[:1] // of a second parameter one is enough
		}
		for i, id := range ids {
			b := a
			b.nth = max(a.nth, i)
			b.path = a.path[:at[0]] + url.PathEscape(id.id) + rest
			if a.unknown == "" {
				b.id, b.unknown = id, a.path[:at[0]]+url.PathEscape(unlike(kind, id.id))+rest
			} else {
				b.unknown = param.ReplaceAllString(a.unknown, url.PathEscape(id.id))
			}
			next = append(next, b)
		}
	}
	return next
}

// unlike is an id of nothing, of the same form as another.
func unlike(kind, id string) string {
	if kind == "group" && len(id) == 26 {
		return strangers["account"]
	}
	return strangers[kind]
}

// queries are what is asked of routes in their address, with "{kind}" for every
// id of a kind.
var queries = map[string][]string{
	"/admin/federation/instances": {"after=a", "q=e&only=talking", "only=refused"},

	"/report":                {"post={post}", "account={account}"},
	"/mod/people/:account":   {"group={room}"},
	"/mod/log":               {"group={group}", "group=cellar&before=3", "before=9"},
	"/groups":                {"q=talk", "q={word}", "situation=caring", "language=en", "after={cursor}"},
	"/groups/new":            {"sensitive=yes", "sensitive=no"},
	"/p/:id":                 {"from={cursor}", "older={cursor}", "newer={cursor}"},
	"/g/:name":               {"order=newest", "older={cursor}", "newer={cursor}"},
	"/g/:name/join":          {"next=/drafts/x"},
	"/home":                  {"older={cursor}", "newer={cursor}"},
	"/notices":               {"older={cursor}", "newer={cursor}"},
	"/mod":                   {"older={cursor}", "newer={cursor}"},
	"/mod/held":              {"refused=yes", "host=elm.example", "older={cursor}", "newer={cursor}"},
	"/@:name":                {"older={cursor}", "newer={cursor}"},
	"/admin/people":          {"q=finch", "before=" + strings.Repeat("v", 26)},
	"/admin/invitations":     {"before=" + strings.Repeat("v", 26)},
	"/admin/registration":    {"after=" + strings.Repeat("0", 26)},
	"/admin/groups":          {"after=" + strings.Repeat("0", 26)},
	"/admin/federation":      {"after=a"},
	"/admin/federation/why":  {"domain=elm.example"},
	"/about/federation":      {"after=a"},
	"/mod/g/:name/members":   {"after={cursor}"},
	"/mod/g/:name/audience":  {"sensitive=no&readers=anyone&reach=named&servers=friend.example&listed=yes"},
	"/talk":                  {"group={group}"},
	"/help":                  {"country=de"},
	"/search":                {"q=talk", "q={uri}", "q={word}", "q=!{room}@{host}", "q=@{name}@{host}"},
	"/authorize_interaction": {"uri={uri}"},
	"/sign-in":               {"next=/g/cellar"},
	"/join":                  {"next=/g/cellar"},
	"/.well-known/webfinger": {"resource=acct:{group}@{host}", "resource=acct:{name}@{host}", "resource={uri}"},
}

// asking adds to addresses what can be asked of their routes.
func (h *house) asking(all []address) []address {
	if len(all) == 0 {
		return nil
	}
	plain := all
	for _, q := range queries[all[0].route] {
		some := plain
		if strings.Contains(q, "{cursor}") {
			some = plain[:1] // a place in a list is read before it is known whose
		}
		for _, a := range some {
			all = append(all, h.withQuery(a, q)...)
		}
	}
	return all
}

var blank = regexp.MustCompile(`\{([a-z ]+)\}`)

func (h *house) withQuery(a address, q string) (all []address) {
	q = strings.ReplaceAll(q, "{host}", strings.TrimPrefix(h.base, "http://"))
	slot := blank.FindStringSubmatch(q)
	if slot == nil {
		a.path += "?" + q
		if a.unknown != "" {
			a.unknown += "?" + q
		}
		return []address{a}
	}
	for i, id := range h.ids[slot[1]] {
		b := a
		b.nth = max(a.nth, i)
		b.path += "?" + strings.ReplaceAll(q, slot[0], url.QueryEscape(id.id))
		switch {
		case a.unknown != "":
			b.unknown += "?" + strings.ReplaceAll(q, slot[0], url.QueryEscape(id.id))
		case strangers[slot[1]] != "":
			b.id, b.unknown = id, a.path+"?"+strings.ReplaceAll(q, slot[0], url.QueryEscape(unlike(slot[1], id.id)))
		}
		all = append(all, b)
	}
	return all
}

// everywhere are all addresses of the routes of a method.
func (h *house) everywhere(method string) (all []address) {
	seen := map[string]bool{}
	for _, r := range h.site.Routes() {
		if r.Method == method && !seen[r.Path] {
			seen[r.Path] = true
			all = append(all, h.addresses(r.Path)...)
		}
	}
	for route := range queries {
		if method == http.MethodGet && !seen[route] {
			h.t.Errorf("the crawl asks something of %s, which is no route", route)
		}
	}
	return all
}

// takesEveryQuery fails the test for a name that a handler reads from an address
// and that the crawl never asks.
func (h *house) takesEveryQuery() {
	asked := fmt.Sprint(queries) + "rel="
	files, err := filepath.Glob("*.go")
	h.must(err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		h.must(err)
		for _, m := range regexp.MustCompile(`Query(?:Array)?\("([a-z_]+)"\)`).FindAllStringSubmatch(string(source), -1) {
			if !strings.Contains(asked, m[1]+"=") {
				h.t.Errorf("%s reads %q from the address; say in queries of which route, and what it takes", file, m[1])
			}
		}
	}
}

// crawlPages has everybody ask for every address but the way out, which ends
// what a browser knows: leave is for that.
func (h *house) crawlPages() {
	h.takesEveryQuery()
	var all []address
	for _, a := range h.everywhere(http.MethodGet) {
		if a.route != "/exit" {
			all = append(all, a)
		}
	}
	h.strip = h.stripHere()
	var group sync.WaitGroup
	for _, who := range slices.Sorted(maps.Keys(h.people)) {
		h.people[who].client.Transport = throughDoor{h, who}
		group.Go(func() { h.walk(who, all) })
	}
	group.Wait()
	if n := h.counted.Load(); n < 1000 {
		h.t.Errorf("counted the queries of %d pages, want thousands", n)
	}
	invited := h.browser()
	link := h.ids["invitation code"][0].id
	h.look("invited", "GET "+link, invited.get(link).wants(http.StatusOK).body)
}

// leave has everybody take the way out, at the end of all.
func (h *house) leave() {
	for _, who := range slices.Sorted(maps.Keys(h.people)) {
		h.walk(who, []address{{route: "/exit", path: "/exit"}})
	}
}

// throughDoor asks the site without a network between, which the race detector
// makes the most of a page's time. It counts what each page asks of the database.
type throughDoor struct {
	*house
	who string
}

func (d throughDoor) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	req.RequestURI, req.RemoteAddr = req.URL.RequestURI(), "127.0.0.1:1"
	if req.Body == nil {
		req.Body = http.NoBody
	}
	var a errand
	d.site.Handler().ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), errandKey{}, &a)))
	d.hold(d.who, req.Method, req.URL.RequestURI(), &a)
	return w.Result(), nil
}

// alike are those who may do what somebody else may too: to them every route is
// shown, with the first id of each kind.
var alike = those("loner", "asking", "owner", "staff")

// thorough are those who ask for all there is, known of or not.
var thorough = those("member", "removed")

func (h *house) walk(who string, all []address) {
	b, unknown := h.people[who], map[string]string{}
	for _, a := range all {
		if who != "outsider" && isDocumentAlone(a.route) || alike[who] && a.nth > 0 || a.id.rest && !thorough[who] {
			continue // nobody asks there who is signed in
		}
		got := b.get(a.path)
		h.look(who, "GET "+a.path, got.body+fmt.Sprint(got.Header))
		h.statuses.note(who, http.MethodGet, a.path, got)
		h.holdFrame(who, got)
		if got.StatusCode >= http.StatusInternalServerError {
			h.t.Errorf("%s gets %d for %s", who, got.StatusCode, a.path)
		}
		if !a.hides(who, got.StatusCode) {
			continue
		}
		if unknown[a.unknown] == "" {
			unknown[a.unknown] = likeness(b.get(a.unknown), a.unknown)
		}
		if likeness(got, a.path) != unknown[a.unknown] { // something may have been told once in between
			if want, again := likeness(b.get(a.unknown), a.unknown), likeness(b.get(a.path), a.path); want != again {
				h.t.Errorf("%s can tell that %s is there:\n%s\nand for what never was:\n%s", who, a.path, again, want)
			}
		}
	}
}

// holdFrame holds an answer with whatever there is at its address to what is so
// of every answer (R01, R04, R39).
func (h *house) holdFrame(who string, a *answer) {
	a.holdStrip(who, h.strip)
	a.holdExit(who)
	a.holdHeaders(who, who != "outsider")
}

// hides says whether an answer has to be the one for what never was.
func (a address) hides(who string, status int) bool {
	return a.unknown != "" && (status == http.StatusNotFound || a.id.sees != nil && !a.id.sees[who])
}

var changing = regexp.MustCompile(`name="(_token|draft)" value="[^"]*"`)

// likeness is an answer without the id that was asked for, and without what is
// another in each: two are alike if nobody can tell which of them is something.
func likeness(a *answer, path string) string {
	header := a.Header.Clone()
	header.Del("Date")
	header.Del("X-Request-Id")
	for i, cookie := range header["Set-Cookie"] {
		header["Set-Cookie"][i], _, _ = strings.Cut(cookie, "=")
	}
	all := fmt.Sprint(a.StatusCode, header, changing.ReplaceAllString(a.body, ""))
	parts := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/?=&", r) })
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) }) // the longest first: one may stand in another
	for _, part := range parts {
		if len(part) >= 5 {
			all = strings.ReplaceAll(strings.ReplaceAll(all, url.QueryEscape(part), "…"), part, "…")
		}
	}
	return regexp.MustCompile(`Content-Length:\[\d+\]`).ReplaceAllString(all, "")
}

// crawlDocuments has servers ask for every address as servers do.
func (h *house) crawlDocuments() {
	askers := map[string]func(string) fedtest.Answer{
		"unsigned": h.fetch, "friend": h.ada.Get,
		"named": h.named.Instance().Get, "stranger": h.stranger.Instance().Get, "refused": h.refused.Instance().Get,
	}
	all := h.everywhere(http.MethodGet)
	var group sync.WaitGroup
	for name, get := range askers {
		group.Go(func() { h.ask(name, get, all) })
	}
	group.Wait()
}

func (h *house) ask(who string, get func(string) fedtest.Answer, all []address) {
	unknown := map[string]string{}
	for _, a := range all {
		if !isDocument(a.route) && (who != "unsigned" || a.nth > 0) {
			continue // a page, that visitors were shown already
		}
		if a.id.rest {
			continue
		}
		got := asAnswer(get(h.base + a.path))
		got.t, got.what = h.t, "GET "+a.path
		as := who
		if !isDocument(a.route) {
			as = "outsider" // it is a page
		}
		h.look(as, "GET "+a.path, got.body+fmt.Sprint(got.Header))
		got.holdHeaders(who, false)
		if as == who {
			h.statuses.note(who, http.MethodGet, a.path, got)
		}
		if got.StatusCode >= http.StatusInternalServerError {
			h.t.Errorf("%s gets %d for %s", who, got.StatusCode, a.path)
		}
		if who == "refused" && got.StatusCode == http.StatusOK && param.MatchString(a.route) {
			h.t.Errorf("a refused server gets %s", a.path)
		}
		if !isDocument(a.route) || !a.hides(who, got.StatusCode) {
			continue
		}
		if unknown[a.unknown] == "" {
			unknown[a.unknown] = likeness(asAnswer(get(h.base+a.unknown)), a.unknown)
		}
		if have := likeness(got, a.path); have != unknown[a.unknown] {
			h.t.Errorf("%s can tell that %s is there:\n%s\nand for what never was:\n%s", who, a.path, have, unknown[a.unknown])
		}
	}
}

func asAnswer(a fedtest.Answer) *answer {
	return &answer{Response: &http.Response{StatusCode: a.Status, Header: a.Header}, body: string(a.Body)}
}

// isDocument says whether a route has something for servers.
func isDocument(route string) bool {
	switch route {
	case "/g/:name", "/g/:id", "/p/:id", "/u/:id", "/@:name", "/@:id":
		return true
	}
	return isDocumentAlone(route)
}

// isDocumentAlone says whether a route has nothing for people.
func isDocumentAlone(route string) bool {
	below := []string{"/inbox", "/outbox", "/followers", "/moderators", "/featured", "/context", "/replies", "/:from"}
	return strings.HasPrefix(route, "/actor") || strings.HasPrefix(route, "/x/") || strings.HasPrefix(route, "/nodeinfo") || strings.HasPrefix(route, "/.well-known") ||
		slices.ContainsFunc(below, func(last string) bool { return strings.HasSuffix(route, last) })
}
