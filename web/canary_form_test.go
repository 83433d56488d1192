package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// doers says who may send the form of a route, by how it begins; the longest
// beginning counts. Nil is everybody who may know of what it is about. A form
// that begins like none of these fails the test.
var doers = map[string]crowd{
	"/":       nil,
	"/admin/": those("admin"), "/me/": everyone.but("outsider"), "/me/consents/:id": those("author"), "/home/": everyone.but("outsider"),
	"/drafts": nil, "/drafts/:id/discard": those("author"), "/groups/new": everyone.but("outsider"),
	"/mod/": keepers.and(staff, those("elsewhere")), "/mod/g/:name/": keepers.and(those("admin", "elsewhere")),
	"/g/:name/new": inside.and(around, those("outsider", "paused")), "/g/:name/join": everyone.but("outsider"), "/g/:name/leave": everyone.but("outsider"),
	"/g/:name/hand-over": {}, "/g/:name/elsewhere": nil,
	"/p/:id/edit": those("author"), "/p/:id/delete": those("author", "paused", "member"), "/p/:id/reply": nil, "/p/:id/support": inside,
	"/p/:id/lock": keepers, "/p/:id/unlock": keepers, "/p/:id/pin": keepers, "/p/:id/unpin": keepers,
}

// sendable are the fields of every form at once.
var sendable = url.Values{
	"text": {"Planted."}, "title": {"Planted"}, "reason": {"Because."}, "measure": {"hide"}, "do": {"decide"}, "version": {"1"}, "role": {"admin"}, "answer": {"yes"},
	"decision": {"approve"}, "reply": {"Yes."}, "name": {"loner-finch"}, "severity": {"suspend"}, "domain": {"friend.example"}, "rules": {"None."}, "purpose": {"To be changed."},
	"give": {"with_you"}, "uses": {"3"}, "days": {"3"}, "registration": {"open"}, "line": {"gb-samaritans"}, "country": {"GB"}, "old": {memberPassword},
	"password": {"another orchard cloud"}, "code": {"aaaa-aaaa"}, "order": {"newest"}, "kind": {"account"}, "server": {"elm.example"}, "about": {"Planted."},
}

// sendForms has everybody send every form that is not theirs to send. Nothing is
// changed, the answer has no word in it that is not theirs, and of what they may
// not know it is the answer for what never was.
func (h *house) sendForms() {
	for _, who := range slices.Sorted(maps.Keys(h.people)) { // or all of it proves nothing
		if status := h.people[who].get("/home").StatusCode; (status == http.StatusOK) != (who != "outsider") {
			h.t.Fatalf("%s is not signed in as they should be: /home is %d", who, status)
		}
	}
	h.rest() // it would ask for groups elsewhere anew, if this takes minutes
	before, sent := h.everything(), 0
	all := h.everywhere(http.MethodPost)
	for _, who := range slices.Sorted(maps.Keys(h.people)) {
		unknown := map[string]string{}
		h.clock.advance(25 * time.Hour) // what is counted is counted anew
		for _, a := range all {
			if !strings.HasSuffix(a.route, "inbox") && h.mayNot(who, a) && (a.nth == 0 || !alike[who]) && !a.id.rest {
				h.sendForm(who, a, unknown)
				sent++
			}
		}
	}
	if len(before) < 500 || sent < 500 {
		h.t.Errorf("sent %d forms in a house of %d rows, want hundreds", sent, len(before))
	}
	for line := range h.everything() {
		if !before[line] {
			h.t.Errorf("a form of somebody who may not send it left this behind: %.300s", line)
		}
	}
}

func (h *house) mayNot(who string, a address) bool {
	if a.id.sees != nil && !a.id.sees[who] {
		return true
	}
	if a.id.by == who && a.route == "/p/:id/edit" {
		return false
	}
	longest := ""
	for begins := range doers {
		if strings.HasPrefix(a.route, begins) && len(begins) > len(longest) {
			longest = begins
		}
	}
	may := doers[longest]
	return may != nil && !may[who]
}

func (h *house) sendForm(who string, a address, unknown map[string]string) {
	got := h.people[who].send(a.path)
	h.look(who, "POST "+a.path, got.body+fmt.Sprint(got.Header))
	led := strings.HasPrefix(got.Header.Get("Location"), "/sign-in?")
	if got.StatusCode < 400 && !led || got.StatusCode >= http.StatusInternalServerError {
		h.t.Errorf("%s sends %s: got %d to %q, want it refused", who, a.path, got.StatusCode, got.Header.Get("Location"))
	}
	if !a.hides(who, got.StatusCode) {
		return
	}
	if unknown[a.unknown] == "" {
		unknown[a.unknown] = likeness(h.people[who].send(a.unknown), a.unknown)
	}
	if likeness(got, a.path) == unknown[a.unknown] {
		return
	}
	// Something may have been told once in between.
	if want, have := likeness(h.people[who].send(a.unknown), a.unknown), likeness(h.people[who].send(a.path), a.path); want != have {
		h.t.Errorf("%s can tell by sending %s that it is there:\n%s\nand for what never was:\n%s", who, a.path, have, want)
	}
}

func (b *browser) send(path string) *answer {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(sendable)) {
		pairs = append(pairs, name, sendable.Get(name))
	}
	return b.post(path, pairs...)
}

// passing are the tables that say who was here and how often, and nothing else.
// Keys are made ahead, whenever there are few. What servers were given is noted
// down a while after they asked: no form brings a post to anybody without an event.
var passing = []string{"browser_sessions", "sign_ins", "throttles", "instances", "lanes", "actor_keys", "reach"}

// everything is every row there is, but for what is passing.
func (h *house) everything() map[string]bool {
	names := h.tables()
	all := map[string]bool{}
	for _, name := range names {
		if slices.Contains(passing, name) || strings.HasPrefix(name, "bun_") || strings.HasPrefix(name, "sqlite_") {
			continue
		}
		rows, err := tableOf(h.db, name)
		h.must(err)
		maps.Copy(all, rows)
	}
	return all
}

// tables are the names of all tables, on either engine.
func (h *house) tables() []string {
	if _, err := h.db.Exec("SELECT 1 FROM sqlite_master"); err == nil {
		return h.column("SELECT name FROM sqlite_master WHERE type = 'table'")
	}
	return h.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
}
