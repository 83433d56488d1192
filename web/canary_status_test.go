package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"hearth/community"
)

// statusFile is the status of every route, as a table that can be read.
const statusFile = "testdata/statuses.txt"

// columns are who asks, in the order of the table, as the house calls them: a
// visitor, members of the groups, the moderator of another group, an admin who
// is in none, somebody who is suspended, somebody who was removed from the
// groups, and two servers, which sign what they ask.
var columns = []string{"outsider", "member", "moderator", "elsewhere", "admin", "paused", "removed", "stranger", "refused"}

// statuses is what was answered, by who asked, method and path.
type statuses struct {
	mu  sync.Mutex
	got map[string]string
}

func (s *statuses) note(who, method, path string, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.got == nil {
		s.got = map[string]string{}
	}
	status := fmt.Sprint(a.StatusCode)
	if strings.HasPrefix(a.Header.Get("Location"), "/sign-in?") {
		status = "sign-in"
	}
	s.got[who+" "+method+" "+path] = status
}

// cell is a status as the table has it: a dot where nobody of that kind asks
// that way, and what a visitor is shown holds.
func (s *statuses) cell(who, method, path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if status, ok := s.got[who+" "+method+" "+path]; ok {
		return status
	}
	return "."
}

// thing is what a row is about: one that stands for its kind.
type thing struct{ name, id string }

// things are what the rows of a kind are about. Of other kinds it is the first
// there is, or nothing that is there.
func (h *house) things(kind, route string) []thing {
	porch, cellar := h.rooms["porch"].ID, h.rooms["cellar"].ID
	switch kind {
	case "post":
		return []thing{{"porch", h.postIn("porch")}, {"cellar", h.postIn("cellar")}}
	case "group":
		if strings.HasPrefix(route, "/g/:id") {
			return []thing{{"porch", porch}, {"cellar", cellar}}
		}
		return []thing{{"porch", "porch"}, {"cellar", "cellar"}}
	case "report":
		return []thing{{"cellar", h.column("SELECT min(id) FROM reports")[0]}}
	case "decision":
		return []thing{{"cellar", h.column("SELECT max(id) FROM decisions WHERE scope = '" + cellar + "' AND kind = '" + community.DecidedRemove + "'")[0]}}
	case "application", "activity":
		query := map[string]string{"application": "SELECT min(id) FROM applications", "activity": "SELECT min(id) FROM activities WHERE direction = 'out'"}[kind]
		return []thing{{"first", h.column(query)[0]}}
	}
	if ids := h.ids[kind]; len(ids) > 0 {
		return []thing{{"first", ids[0].id}}
	}
	return []thing{{"none", strangers[kind]}}
}

// row is a route with one thing that it is about.
type row struct{ method, route, about, path string }

// rows are all routes in the order of the table. Of a second parameter the first
// id there is stands for all.
func (h *house) rows() (all []row) {
	for _, r := range h.site.Routes() {
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			continue
		}
		at := param.FindStringIndex(r.Path)
		if at == nil {
			all = append(all, row{r.Method, r.Path, "", r.Path})
			continue
		}
		for _, t := range h.things(kinds[r.Path[:at[1]]], r.Path) {
			path := r.Path[:at[0]] + url.PathEscape(t.id) + r.Path[at[1]:]
			if next := param.FindStringIndex(path); next != nil {
				kind := kinds[r.Path[:param.FindAllStringIndex(r.Path, 2)[1][1]]]
				id := strangers[kind]
				if ids := h.ids[kind]; len(ids) > 0 {
					id = ids[0].id
				}
				path = path[:next[0]] + url.PathEscape(id) + path[next[1]:]
			}
			all = append(all, row{r.Method, r.Path, t.name, path})
		}
	}
	slices.SortFunc(all, func(a, b row) int {
		return strings.Compare(a.method+a.route+" "+a.about, b.method+b.route+" "+b.about)
	})
	return slices.Compact(all)
}

// lastForms are sent when all others were: they end what the others need.
var lastForms = []string{"/mod/g/:name/close", "/mod/g/:name/reopen", "/g/:name/leave", "/me/password", "/me/devices", "/sign-out", "/exit"}

// sendEmptyForms has everybody of the table send every form with nothing in it,
// in the order of the columns: what that does to the house the next one finds. A
// form that is missing something is 422 for those who may send it.
func (h *house) sendEmptyForms(all []row) {
	var now, last []row
	for _, r := range all {
		switch {
		case r.method != http.MethodPost || strings.HasSuffix(r.route, "inbox"):
		case lastOf(r) >= 0:
			last = append(last, r)
		default:
			now = append(now, r)
		}
	}
	slices.SortStableFunc(last, func(a, b row) int { return lastOf(a) - lastOf(b) })
	for _, forms := range [][]row{now, last} {
		for _, who := range columns {
			b := h.people[who]
			if b == nil {
				continue
			}
			h.clock.advance(25 * time.Hour) // what is counted is counted anew
			for _, r := range forms {
				h.statuses.note(who, r.method, r.path, b.post(r.path))
			}
		}
	}
}

// lastOf is a row's place among the last forms.
func lastOf(r row) int {
	return slices.IndexFunc(lastForms, func(begins string) bool { return strings.HasPrefix(r.route, begins) })
}

// sendToInboxes has both servers post what nobody here follows up.
func (h *house) sendToInboxes(all []row) {
	for _, who := range []string{"stranger", "refused"} {
		from := h.stranger.Instance()
		if who == "refused" {
			from = h.refused.Instance()
		}
		for _, r := range all {
			if r.method == http.MethodPost && strings.HasSuffix(r.route, "inbox") {
				like := from.Activity("Like", h.base+"/p/"+strangers["post"])
				h.statuses.note(who, r.method, r.path, asAnswer(from.Send(h.base+r.path, like)))
			}
		}
	}
}

// holdStatuses compares what everybody was answered with the table.
func (h *house) holdStatuses() {
	all := h.rows()
	h.sendToInboxes(all)
	h.sendEmptyForms(all)
	file, err := os.ReadFile(statusFile)
	h.must(err)
	want := map[string]string{} // line by its route
	for line := range strings.Lines(string(file)) {
		if fields := strings.Fields(line); len(fields) > len(columns) && !strings.HasPrefix(line, "#") {
			want[strings.Join(fields[:len(fields)-len(columns)], " ")] = strings.TrimRight(line, "\n")
		}
	}
	for _, r := range all {
		line := fmt.Sprintf("%-4s  %-34s  %-6s", r.method, r.route, r.about)
		key := strings.Join(strings.Fields(line), " ")
		for _, who := range columns {
			line += fmt.Sprintf("  %9s", h.statuses.cell(who, r.method, r.path))
		}
		if want[key] != line {
			h.t.Errorf("%s has, and the router gives:\n%s\n%s", statusFile, want[key], line)
		}
		delete(want, key)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		h.t.Errorf("%s has a row of no route: %s", statusFile, key)
	}
}
