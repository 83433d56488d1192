package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"hearth/community"
	"hearth/federation/fedtest"
)

// wait is what waits for an answer, or was turned down: groups that were asked
// for, people who asked to come in, and what only a code or a link opens.
func (h *house) wait() {
	admin := h.people["admin"]
	admin.post("/admin/site", "name", "Willow Lane", "purpose", "A place to talk for carers.", "rules", "Listen first.", "contact", "hello@willow.example",
		"front_door", "open", "group_creation", "asked", "country", "GB", "zone", "UTC").leads()
	asker := those("loner", "admin")
	for _, name := range []string{"wished", "unwanted"} {
		form := h.people["loner"].get("/groups/new?sensitive=yes").wants(http.StatusOK)
		text := func(what string) string { return h.plant(what+" of a group that is "+name, asker) }
		h.people["loner"].post("/groups/new", newGroup(form, "handle", "own", "name", name, "readers", "members", "listed", "no", "title", "A "+text("the title"),
			"purpose", "To be "+text("the purpose"), "for_whom", text("for whom it is"), "rules", "No "+text("a rule"))...).leads()
		id := h.column("SELECT id FROM actors WHERE name = '" + name + "'")[0]
		h.know("group", id, asker)
		h.know("asked group", id, those("admin"))
		if name == "unwanted" {
			admin.post("/admin/groups/"+id, "answer", "no", "reason", h.plant("why a group was turned down", asker.and(staff))).leads()
		}
	}
	h.apply()
	h.letIn()
	h.keep()
}

// apply has two people ask to come in; one of them is turned down.
func (h *house) apply() {
	for _, who := range []string{"applicant", "unwelcome"} {
		b := h.browser()
		answer := h.plant("the answer of the "+who, those("admin"))
		receipt := h.place.join(b, "/join", "login", h.plant("the sign-in name of the "+who, those("admin")), "public_name", h.plant("the name of the "+who, those("admin")), "answer", answer).leads()
		h.know("join code", receipt, nil)
		if who == "unwelcome" {
			link := applicantLink.FindAllStringSubmatch(h.people["admin"].get("/admin/registration").body, -1)
			h.people["admin"].post(link[len(link)-1][1], "decision", "refuse", "reply", h.plant("why somebody was not let in", staff.and(those(who)))).leads()
			b.get(receipt).wants(http.StatusOK)
			h.birds[answer].buried = true // the page of who was answered leads back to the list
			h.look(who, "GET "+receipt, b.get(receipt).body)
		}
	}
}

// letIn makes an invitation and a reset link, each shown once to whoever made it.
func (h *house) letIn() {
	admin := h.people["admin"]
	admin.post("/admin/invitations", "uses", "3", "days", "9", "group", "cellar", "note", h.plant("the note on an invitation", those("admin"))).leads()
	page := admin.get("/admin/invitations").wants(http.StatusOK)
	h.know("invitation code", regexp.MustCompile(`/invitation/[a-z0-9-]+`).FindString(page.body), nil)
	to := "/admin/people/" + h.userID("loner")
	admin.post(to + "/reset").leads()
	h.know("reset link", regexp.MustCompile(`/reset/[\w-]+`).FindString(admin.get(to).wants(http.StatusOK).body), nil)
}

// keep is a visitor whose words wait in their browser for them to sign in.
func (h *house) keep() {
	own := those("outsider")
	h.people["outsider"].post("/g/porch/new", "title", h.plant("the title of words kept in a browser", own), "text", h.plant("words kept in a browser", own)).leads()
}

// gather finds the ids of what came to be on the way.
func (h *house) gather() {
	h.know("group", "cellar", nil)
	h.know("group", h.rooms["cellar"].ID, nil)
	h.know("group", h.rooms["porch"].ID, nil)
	for _, name := range slices.Sorted(maps.Keys(h.rooms)) {
		if name != "cellar" {
			h.know("group", name, nil)
		}
	}
	for _, name := range []string{"cellar", "porch"} {
		h.know("uri", h.rooms[name].URI, nil)
		h.know("room", name, nil)
	}
	for _, name := range []string{"porch", "cellar"} {
		post, err := h.store.Post(context.Background(), h.postIn(name))
		h.must(err)
		h.know("uri", post.URI, nil)
		if name == "cellar" {
			h.know("cursor", community.Cursor{At: post.PublishedAt, ID: post.ID}.String(), nil)
		}
	}
	for kind, query := range map[string]string{
		"post":        "SELECT id FROM posts WHERE verified <> 'local'",
		"report":      "SELECT id FROM reports",
		"decision":    "SELECT max(id) FROM decisions WHERE scope IN ('', '" + h.rooms["porch"].ID + "', '" + h.rooms["cellar"].ID + "') GROUP BY kind, scope",
		"application": "SELECT id FROM applications",
		"invitation":  "SELECT id FROM invitations",
		"consent":     "SELECT min(id) FROM consents WHERE account_id = '" + h.accounts["author"] + "'",
		"activity":    "SELECT id FROM activities WHERE direction = 'out'",
	} {
		for _, id := range slices.Sorted(slices.Values(h.column(query))) {
			h.know(kind, id, nil)
		}
	}
	for kind, query := range map[string]string{
		"post": "SELECT id FROM posts", "decision": "SELECT id FROM decisions", "consent": "SELECT id FROM consents",
		"account": "SELECT actor_id FROM accounts", "user": "SELECT id FROM users",
	} {
		h.knowRest(kind, slices.Sorted(slices.Values(h.column(query))))
	}
}

// knowRest is all there is of a kind, for those who ask for all.
func (h *house) knowRest(kind string, ids []string) {
	for _, id := range ids {
		if !slices.ContainsFunc(h.ids[kind], func(k known) bool { return k.id == id }) {
			h.ids[kind] = append(h.ids[kind], known{id: id, rest: true})
		}
	}
}

// lookAtWhatLeft reads all that ever left for another server: what was delivered,
// what was fetched, and the headers of both. Nobody outside hears of groups that
// are not for them, even from a no (R17).
func (h *house) lookAtWhatLeft() {
	here := h.column("SELECT g.actor_id FROM groups AS g JOIN actors AS a ON a.id = g.actor_id WHERE a.domain = '' AND g.reach = 'nowhere'")
	if len(here) == 0 {
		h.t.Error("no group's words stay on this server; want some")
	}
	left := 0
	for name, to := range map[string]*fedtest.Server{"friend": h.friend, "named": h.named, "stranger": h.stranger, "refused": h.refused} {
		for _, r := range to.Requests() {
			all := fmt.Sprint(r.Path, r.Header, string(r.Body))
			h.look(name, "sent to "+name, all)
			left++
			for _, id := range here {
				if strings.Contains(all, id) {
					h.t.Errorf("%s was told of group %s, whose words stay on this server: %s", to.Host, id, all)
				}
			}
			if r.Method == http.MethodPost && (to == h.named || to == h.stranger) {
				h.t.Errorf("%s, of which nobody is in a group, was sent %s", to.Host, r.Body)
			}
		}
	}
	if left == 0 {
		h.t.Error("nothing left for another server; want something to look at")
	}
}

// lookAtTheLog finds no word of anybody's in the log, and no address.
func (h *house) lookAtTheLog() {
	log := h.log.text()
	h.look("the log", "log", log)
	if address := regexp.MustCompile(`.*(127\.0\.0\.1|\[::1\]).*`).FindString(log); address != "" {
		h.t.Errorf("an address is in the log: %s", address)
	}
	if !strings.Contains(log, `"route":"/p/:id"`) {
		h.t.Error("the log has no line of any request; want one each")
	}
}

// lookAtTheMeasures finds, of all that was measured, no label that is anybody's
// word, name or server: a request is its route's pattern, and an activity one of
// the few words of the program (R17).
func (h *house) lookAtTheMeasures() {
	h.meter.mu.Lock()
	defer h.meter.mu.Unlock()
	routes, kinds := map[string]bool{"": true}, map[string]int{}
	for _, r := range h.site.Routes() {
		routes[r.Path] = true
	}
	theirs := those(h.column(`SELECT name FROM actors UNION SELECT domain FROM actors UNION SELECT id FROM actors UNION SELECT domain FROM instances
		UNION SELECT host FROM lanes UNION SELECT login FROM users UNION SELECT id FROM posts`)...).but("")
	for _, all := range slices.Sorted(maps.Keys(h.meter.labels)) {
		h.look("/metrics", "GET /metrics", all)
		kind, label, _ := strings.Cut(all, " ")
		kinds[kind]++
		if kind == "route" && !routes[label] {
			h.t.Errorf("a request was measured by %q, which is no route's pattern", label)
		}
		if kind != "route" && !measured.MatchString(label) || theirs[label] {
			h.t.Errorf("%s is measured by %q, which is no word of the program", kind, label)
		}
	}
	for _, kind := range []string{"route", "method", "inbox", "handled", "delivered"} {
		if kinds[kind] == 0 || len(theirs) < 50 {
			h.t.Errorf("%d labels of %s were measured in a house of %d names; that proves nothing", kinds[kind], kind, len(theirs))
		}
	}
}

var measured = regexp.MustCompile(`^(?:GET|POST|[a-z_]*)$`)
