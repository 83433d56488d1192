package web_test

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// house is a hearth that was filled through its doors, with everybody in it and
// around it.
type house struct {
	*federated
	*aviary
	statuses statuses
	db       *sql.DB
	log      *logged

	people   map[string]*browser // who goes along the pages, by what they are
	accounts map[string]string   // their accounts' ids
	friend   *fedtest.Server     // of which somebody was let into groups here
	named    *fedtest.Server     // that groups name, and nobody of which is in one
	stranger *fedtest.Server
	refused  *fedtest.Server
	ada, bo  *fedtest.Actor // of friend: one in groups here, and one who is not

	rest    func()       // ends what the house does without being asked
	counted atomic.Int64 // pages whose statements were counted
	strip   string       // the help strip of every page

	rooms map[string]community.Group // by handle
	ids   map[string][]known         // by kind of thing
}

// known is the id of a thing, and who may know that there is such a thing. For
// everybody else it has to be as if there were not.
type known struct {
	id   string
	sees crowd
	by   string // whose post it is
	rest bool   // only those ask for it who ask for all there is
}

func (h *house) know(kind, id string, sees crowd) string {
	h.ids[kind] = append(h.ids[kind], known{id: id, sees: sees})
	return id
}

// Who goes along the pages, by what they may read.
var (
	inside   = those("member", "author", "owner", "moderator")                    // of every group but one
	around   = those("loner", "removed", "asking", "elsewhere", "admin", "staff") // of the place, in none of those groups
	everyone = inside.and(around, those("outsider", "paused"))
	keepers  = those("owner", "moderator")
	staff    = those("staff", "admin")
	servers  = those("unsigned", "friend", "named", "stranger")
)

func newHouse(t *testing.T, store *storage.Store, db *sql.DB) *house {
	t.Helper()
	log := &logged{}
	h := &house{
		db: db, log: log,
		aviary: &aviary{birds: map[string]*canary{}, shown: map[string]map[string]string{}},
		people: map[string]*browser{}, accounts: map[string]string{}, rooms: map[string]community.Group{}, ids: map[string][]known{},
	}
	h.federated = newFederatedLogging(t, store.ObservedFor(h.note), log)
	h.friend, h.named, h.stranger, h.refused = h.far("friend.example"), h.far("named.example"), h.far("stranger.example"), h.far("refused.example")
	h.ada, h.bo = h.friend.Person("ada"), h.friend.Person("bo")
	h.work()
	return h
}

// work has the house do what it does without being asked, until rest is called.
func (h *house) work() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.fed.Run(ctx) }()
	h.rest = sync.OnceFunc(func() { stop(); <-done })
	h.t.Cleanup(h.rest)
}

// fill is a life of the house.
func (h *house) fill() {
	h.comeIn()
	h.beginGroups()
	h.enterGroups()
	h.followFromAfar()
	for _, room := range []string{"cellar", "porch", "bridge", "lounge", "meadow", "attic"} {
		h.talkIn(room)
	}
	h.talkElsewhere()
	for _, room := range []string{"porch", "bridge"} {
		h.holdIn(room)
	}
	h.askForHelp()
	h.decide()
	h.wait()
	h.gather()
}

// comeIn brings people into the place, each with a sign-in name that is a
// canary, two with an e-mail address.
func (h *house) comeIn() {
	h.people["outsider"] = h.browser()
	h.people["admin"] = h.admin()
	h.people["admin"].post("/admin/site", "name", "Willow Lane", "purpose", "A place to talk for carers.", "rules", "Listen first.", "contact", "hello@willow.example",
		"front_door", "open", "group_creation", "open", "country", "GB", "zone", "UTC").leads()
	h.accounts["admin"] = h.viewer("warden").ActingID()
	for _, who := range slices.Sorted(maps.Keys(everyone.but("outsider", "admin"))) {
		role := community.RoleMember
		if who == "staff" {
			role = community.RoleModerator
		}
		login := h.plant("the sign-in name of "+who, those(who, "admin"))
		h.people[who] = h.personAs(login, who+"-finch", role)
		v := h.viewer(login)
		h.accounts[who] = v.ActingID()
		if who == "author" || who == "removed" {
			h.know("name", who+"-finch", nil)
			h.know("account", h.accounts[who], nil)
			h.know("user", v.User.ID, those("admin"))
		}
	}
	for _, who := range []string{"author", "member"} {
		h.people[who].post("/me/settings", "home_order", "activity", "email", h.plant("the e-mail address of "+who, those(who, "admin"))+"@mail.example").leads()
	}
	h.people["author"].post("/me/about", "about", "I am "+h.plant("what the author says about themselves", inside.and(around))).leads()
}

// room is what a group of the house is like.
type room struct {
	name, readers, reach, listed, sensitive, joining string
	sees                                             crowd // its words
	known                                            crowd // that it is there, in lists
}

var rooms = []room{
	{"porch", "anyone", "anywhere", "yes", "no", "open", everyone.and(servers), everyone.and(servers)},
	{"lounge", "instance", "nowhere", "yes", "no", "asked", inside.and(around), everyone},
	{"cellar", "members", "nowhere", "no", "yes", "asked", inside, inside.and(those("paused"))},
	{"bridge", "members", "named", "no", "yes", "asked", inside.and(those("friend")), inside.and(those("friend", "named", "paused"))},
	{"meadow", "members", "nowhere", "no", "no", "open", inside, inside.and(those("paused"))}, // and opened later
	{"attic", "members", "nowhere", "yes", "no", "open", inside, everyone},
	{"harbour", "members", "nowhere", "no", "yes", "open", those("elsewhere"), those("elsewhere")},
}

func roomOf(name string) room {
	return rooms[slices.IndexFunc(rooms, func(r room) bool { return r.name == name })]
}

// beginGroups makes the groups. What a group says of itself stands in lists for
// those who may know it, and at its own address for whoever has that.
func (h *house) beginGroups() {
	for _, r := range rooms {
		owner := h.people["owner"]
		if r.name == "harbour" {
			owner = h.people["elsewhere"]
		}
		var said []string
		about := func(what string) string {
			said = append(said, h.plant(what+" of the "+r.name, r.known))
			return said[len(said)-1]
		}
		form := []string{"handle", "own", "name", r.name, "sensitive", r.sensitive, "readers", r.readers, "reach", r.reach, "listed", r.listed, "joining", r.joining,
			"title", "The " + r.name + " " + about("the title"), "purpose", "To talk of " + about("the purpose"), "for_whom", about("for whom it is"),
			"not_for", about("for whom it is not"), "rules", "Keep to " + about("a rule"), "advised", "sensitive_readers sensitive_reach asked_anyone members_named"}
		if r.joining == "asked" {
			form = append(form, "question", "Why "+about("the question")+"?")
		}
		if r.reach == "named" {
			form = append(form, "servers", "friend.example named.example "+about("a named server")+".example")
		}
		h.place.group(owner, form...)
		g, err := h.store.GroupByName(context.Background(), "", r.name)
		h.must(err)
		h.rooms[r.name] = g
		h.know("word", said[0], r.known.and(those("asking"))) // of its title
		for _, word := range said {
			h.birds[word].doors = []door{{"/g/" + r.name, everyone}, {"/g/" + g.ID, everyone}, {"/mod/g/" + r.name, those("admin")}, {"/admin/groups", those("admin")},
				{"/mod", staff}, {"/admin/invitations", those("admin")}, {"/invitation/", those("invited")}, {"/me/consents", those("asking", "removed")}, {"/decisions/", staff.and(those("removed", "asking"))},
				{"/notices", those("removed", "asking")}, {"/groups", those("asking")}, {"/talk", those("asking")}}
			if r.name == "meadow" {
				h.birds[word].doors = append(h.birds[word].doors, door{"/p/", everyone}, door{"/report?post=", everyone}) // above its new words
			}
		}
	}
}

// enterGroups brings people in by the groups' doors: some are asked and let in,
// one is still waiting, one was turned down.
func (h *house) enterGroups() {
	for _, r := range rooms[:6] {
		for _, who := range []string{"member", "author", "moderator", "removed", "paused"} {
			h.enterAs(who, r)
		}
		h.enterAs("asking", r)
		if r.joining != "asked" {
			h.people["asking"].post("/g/" + r.name + "/leave").leads()
		}
		h.people["owner"].post("/mod/g/"+r.name+"/members/"+h.accounts["moderator"]+"/role", "role", "moderator").leads()
	}
}

func (h *house) enterAs(who string, r room) {
	if r.joining != "asked" {
		h.enter(h.people[who], "/g/"+r.name)
		return
	}
	answer := h.bury("the answer of " + who + " to the question of the " + r.name)
	h.enter(h.people[who], "/g/"+r.name, "answer", answer)
	to := "/mod/g/" + r.name + "/members/" + h.accounts[who] + "/answer"
	if who != "asking" {
		h.people["owner"].post(to, "answer", "yes").leads()
		return
	}
	h.birds[answer].buried, h.birds[answer].sees = false, keepers
	if r.name == "lounge" {
		h.people["owner"].post(to, "answer", "no", "reason", h.plant("why the lounge turned somebody down", keepers.and(staff, those("asking")))).leads()
		h.birds[answer].buried, h.birds[answer].sees = true, crowd{} // erased with the decision
	}
}

// followFromAfar lets somebody of another server into two groups, and makes one
// group name a server nobody of which is let in.
func (h *house) followFromAfar() {
	h.ada.Send(h.rooms["porch"].Inbox, h.ada.Activity("Follow", h.rooms["porch"].URI))
	h.friend.AwaitActivity("Accept")
	gone := h.refused.Person("gone")
	gone.Send(h.rooms["porch"].Inbox, gone.Activity("Follow", h.rooms["porch"].URI))
	h.refused.AwaitActivity("Accept")
	h.people["admin"].post("/admin/federation", "domain", "refused.example", "severity", policy.Suspend,
		"public_reason", h.plant("the public reason of a policy", everyone), "private_note", h.plant("the private note of a policy", those("admin"))).leads()
	h.ada.Send(h.rooms["bridge"].Inbox, h.ada.Activity("Follow", h.rooms["bridge"].URI))
	h.await("ada asks to be in the bridge", "SELECT m.id FROM memberships m JOIN actors a ON a.id = m.account_id WHERE a.name = 'ada' AND m.state = 'asked'")
	ada, err := h.store.ActorByURI(context.Background(), h.ada.ID)
	h.must(err)
	h.people["owner"].post("/mod/g/bridge/members/"+ada.ID+"/answer", "answer", "yes").leads()
	h.friend.Await("the yes of the bridge", func(r fedtest.Request) bool { return r.Type() == "Accept" }) // its key is for servers that sign
	h.know("account", ada.ID, nil)
	h.know("name", "ada@friend.example", nil)
	// Asked for what they may not have, the house says nothing at all.
	eve := h.stranger.Person("eve")
	for _, name := range []string{"cellar", "bridge", "lounge"} {
		eve.Send(h.base+"/inbox", eve.Activity("Follow", h.rooms[name].URI))
	}
}

// await waits until a query finds something.
func (h *house) await(what, query string) {
	h.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; {
		if len(h.column(query)) > 0 {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// awaitQuiet waits until nothing is left to send, to publish, or to take in.
func (h *house) awaitQuiet() {
	h.t.Helper()
	h.await("nothing left to do", `SELECT 'quiet' FROM site WHERE NOT EXISTS (SELECT 1 FROM events WHERE done_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM activities WHERE state = 'waiting') AND NOT EXISTS (SELECT 1 FROM deliveries WHERE state = 'waiting')`)
}

// column is the first column of a query's rows.
func (h *house) column(query string) []string {
	h.t.Helper()
	return storagetest.Strings(h.t, h.db, query)
}

// userID is the person behind somebody who goes along the pages.
func (h *house) userID(who string) string {
	h.t.Helper()
	id, err := h.store.AccountOwner(context.Background(), h.accounts[who])
	h.must(err)
	return id
}
