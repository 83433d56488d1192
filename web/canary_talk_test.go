package web_test

import (
	"context"
	"net/http"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// send fills in an editor as its page shows it. The author, and somebody who is
// paused later, agree to copies wherever the page asks.
func (h *house) send(who, path string, pairs ...string) string {
	h.t.Helper()
	h.clock.advance(time.Second)
	page := h.people[who].get(path).wants(http.StatusOK)
	form := append([]string{"draft", draftOn(page)}, pairs...)
	if hash := between(page.body, `name="federate" value="`, `"`); hash != "" && (who == "author" || who == "paused") {
		form = append(form, "federate", hash)
	}
	return postID(h.people[who].post(path, form...).leads())
}

// say is send, of a post that a crowd may know of.
func (h *house) say(who, path string, sees crowd, pairs ...string) string {
	h.t.Helper()
	id := h.send(who, path, pairs...)
	h.ids["post"] = append(h.ids["post"], known{id: id, sees: sees, by: who})
	return id
}

// mend changes a post through its form.
func (h *house) mend(who, id, version string, pairs ...string) {
	h.t.Helper()
	h.clock.advance(time.Second)
	h.people[who].post("/p/"+id+"/edit", append([]string{"draft", id, "version", version}, pairs...)...).leads()
}

// talkIn fills a room with a thread that was changed and words that were hidden,
// mended, and shown again; two rooms also with answers in every other state. What
// its author agreed to copy may have left before it was changed or taken back.
func (h *house) talkIn(name string) {
	r := roomOf(name)
	people := r.sees.but("unsigned", "friend", "named", "stranger")
	var doors []door
	switch name {
	case "porch", "bridge":
		doors = []door{{"to friend", those("friend")}, {"/x/", r.sees.but("paused")}} // copies, and what announced them
	case "cellar":
		doors = []door{{"/mod/item/", staff}} // somebody asks for help with it
	}
	in := func(what string, sees crowd) string { return h.plant(what+" in the "+name, sees, doors...) }
	root := h.say("author", "/g/"+name+"/new", r.sees, "title", "On "+in("an earlier title", people), "text", "First "+in("earlier words", people),
		"note_topics", "loss", "note_text", in("an earlier note", people))
	h.mend("author", root, "1", "title", "On "+in("a title", r.sees), "text", "Now "+in("words", r.sees), "note_topics", "loss", "note_text", in("a note", r.sees))
	reply := "/p/" + root + "/reply"
	doors = doors[:min(len(doors), 1)] // from here on nothing that was taken back is announced any more
	switch name {
	case "porch", "cellar", "bridge":
		h.mendIn(name, reply, r.sees, in)
	case "meadow":
		h.widenMeadow()
	}
	if name == "porch" || name == "cellar" {
		h.talkMoreIn(name, reply, r.sees, in)
	}
}

// mendIn hides an answer, has its author mend it, and shows it again.
func (h *house) mendIn(name, reply string, sees crowd, in func(string, crowd) string) {
	own := keepers.and(those("author"))
	mended := h.say("author", reply, sees, "text", "Her name is "+in("what was hidden before it was mended", own))
	h.hideAs("moderator", mended, "Please leave the name out.", "")
	h.mend("author", mended, "1", "text", "Without it: "+in("what was mended", sees))
	h.people["moderator"].decide("/mod/post/"+mended, "measure", "show", "reason", h.plant("why words are shown again in the "+name, own.and(staff))).leads()
}

// talkMoreIn answers a thread in every other state that words can be in.
func (h *house) talkMoreIn(name, reply string, sees crowd, in func(string, crowd) string) {
	people, own := sees.but("unsigned", "friend", "named", "stranger"), keepers.and(those("author"))
	h.send("member", reply, "text", "I agreed to no copies and say "+h.plant("an answer that stays here in the "+name, people))
	hidden := h.say("author", reply, people, "text", "Too much "+in("hidden words", own))
	h.hideAs("moderator", hidden, in("why words were hidden", own.and(staff)), h.plant("a note to moderators in the "+name, keepers.and(staff)))
	taken := in("deleted words", crowd{})
	h.birds[taken].buried = true
	gone := h.say("author", reply, sees, "text", "Never mind "+taken)
	h.people["author"].post("/p/" + gone + "/delete").leads()
	h.send("paused", reply, "text", "From one who is paused now: "+in("words of somebody paused", sees.and(those("paused"))))
	h.draftAt("/g/"+name+"/new", "title", "Of "+h.plant("the title of a draft in the "+name, those("author")), "note_text", h.plant("the note of a draft in the "+name, those("author")))
	if name == "cellar" {
		h.draftAt(reply)
	}
}

func (h *house) hideAs(who, id, reason, note string) {
	h.t.Helper()
	h.people[who].decide("/mod/post/"+id, "measure", "hide", "reason", reason, "note", note).leads()
}

// draftAt keeps words that nobody but their author has seen.
func (h *house) draftAt(path string, more ...string) {
	own := those("author")
	page := h.people["author"].get(path).wants(http.StatusOK)
	draft := h.know("draft", draftOn(page), own)
	h.people["author"].post(path, append([]string{"draft", draft, "do", "keep", "text", h.plant("the words of a draft at "+path, own)}, more...)...).leads()
	h.know("post", draft, own)
}

// widenMeadow opens a group to everybody. What was written before stays with its
// members (R15).
func (h *house) widenMeadow() {
	h.people["owner"].post("/mod/g/meadow/audience", "from_sensitive", "no", "from_readers", "members", "from_reach", "nowhere", "from_listed", "no", "from_microblogs", "yes",
		"sensitive", "no", "readers", "anyone", "reach", "nowhere", "listed", "no", "microblogs", "yes").leads()
	h.enter(h.people["author"], "/g/meadow")
	h.say("author", "/g/meadow/new", everyone, "title", "Wide open", "text", "For all: "+h.plant("new words in the meadow", everyone))
}

// talkElsewhere has the server that was let in say something in groups here, and
// a member of here in a group there.
func (h *house) talkElsewhere() {
	for _, name := range []string{"porch", "bridge"} {
		r := roomOf(name)
		note := h.ada.Note(h.rooms[name].URI, "<p>From afar: "+h.plant("words from afar in the "+name, r.sees)+"</p>")
		h.ada.Send(h.rooms[name].Inbox, h.ada.Activity("Create", note, map[string]any{"audience": h.rooms[name].URI, "to": []string{h.rooms[name].URI}}))
	}
	garden := h.friend.Group("garden")
	garden.Edit(func(d map[string]any) {
		d["manuallyApprovesFollowers"] = true
		d["summary"] = "<p>For " + h.plant("the purpose of a group elsewhere", everyone) + "</p>"
	})
	h.people["member"].get(searching("!garden@friend.example")).leads()
	g, err := h.store.GroupByName(context.Background(), "friend.example", "garden")
	h.must(err)
	h.rooms["garden@friend.example"] = g
	door := h.people["member"].get("/g/garden@friend.example/join").wants(http.StatusOK)
	h.people["member"].post("/g/garden@friend.example/join", "version", door.field("version"), "take_part", door.field("take_part"), "federate", door.field("federate"),
		"answer", h.bury("the answer to a group elsewhere")).leads()
	follow := h.friend.AwaitActivity("Follow").Activity()
	garden.Send(h.base+"/inbox", garden.Activity("Accept", follow))
	h.await("the garden lets a member in", "SELECT m.id FROM memberships m JOIN actors a ON a.id = m.group_id WHERE a.name = 'garden' AND m.state = 'active'")
	own := those("member", "friend")
	h.say("member", "/g/garden@friend.example/new", own, "title", "To the garden", "text", "Words "+h.plant("words in a group elsewhere", own))
	note := h.bo.Note(garden.ID, "<p>Grown: "+h.plant("words of somebody elsewhere in a group elsewhere", own)+"</p>")
	garden.Send(h.base+"/inbox", garden.Activity("Announce", h.bo.Activity("Create", note)))
	h.await("a post of the garden is here", "SELECT id FROM posts WHERE uri = '"+note["id"].(string)+"'")
}

// askForHelp sends reports: signed in, as a visitor, about a person, from
// another server. One is decided.
func (h *house) askForHelp() {
	root := h.postIn("porch")
	cellar := h.postIn("cellar")
	words := func(what string, sees crowd) string { return h.plant("the words of a report "+what, sees) }

	h.report(h.people["member"], cellar, "reason", "else", "words", words("in the cellar", keepers.and(staff)), "contact", h.plant("the contact in a report", keepers.and(staff))).leads()
	h.people["owner"].decide(h.people["owner"].item(), "measure", "leave", "note", h.plant("a note on a report", keepers.and(staff))).leads()
	h.report(h.people["member"], root, "reason", "unkind", "words", words("on the porch", keepers.and(staff))).leads()
	receipt := h.report(h.people["outsider"], root, "reason", "personal", "words", words("of a visitor", keepers.and(staff)), "contact", h.plant("a visitor's contact", keepers.and(staff))).leads()
	h.know("report code", receipt, nil)
	token := h.place.fill(h.people["member"], "/report?account="+h.accounts["paused"])
	h.people["member"].post("/report", "_token", token, "account", h.accounts["paused"], "reason", "worried", "words", words("about a person", staff)).leads()
	flag := h.friend.Instance()
	flag.Send(h.base+"/inbox", flag.Activity("Flag", []string{h.base + "/p/" + root}, map[string]any{"content": "It says " + words("from another server", keepers.and(staff))}))
	h.await("a report from another server", "SELECT id FROM reports WHERE reporter_domain = 'friend.example'")
}

// postIn is the first thread of a group.
func (h *house) postIn(name string) string {
	return h.column("SELECT id FROM posts WHERE group_id = '" + h.rooms[name].ID + "' AND parent_id IS NULL ORDER BY id")[0]
}

// decide is what moderators and admins decided about people, threads and groups.
func (h *house) decide() {
	for _, r := range rooms[:6] {
		own := keepers.and(staff, those("removed"))
		h.people["moderator"].decide("/mod/people/"+h.accounts["removed"]+"?group="+r.name, "measure", "remove",
			"reason", h.plant("why somebody was removed from the "+r.name, own), "note", h.noteOn(r.name)).leads()
	}
	h.people["moderator"].post("/p/"+h.postIn("cellar")+"/lock", "reason", h.plant("why a thread was closed", inside.and(staff))).leads()
	h.people["owner"].post("/mod/g/attic/close", "reason", h.plant("why a group was closed", inside.and(staff))).leads()
	h.people["staff"].decide("/mod/people/"+h.accounts["paused"], "measure", "suspend",
		"reason", h.plant("why somebody was paused", staff.and(those("paused"))), "note", h.plant("a note on a pause", staff)).leads()
	h.people["author"].post("/me/blocks", "server", h.plant("a server that somebody blocked", those("author"))+".example").leads()
	h.people["author"].post("/me/blocks", "account", h.accounts["loner"]).leads()
	h.people["member"].post("/p/"+h.postIn("cellar")+"/support", "give", community.SupportWithYou).leads()
}

// noteOn is a note to moderators, in the rooms whose decisions are looked at.
func (h *house) noteOn(room string) string {
	if room != "porch" && room != "cellar" {
		return ""
	}
	return h.plant("a note on a removal from the "+room, keepers.and(staff))
}

// holdIn has words of somebody elsewhere wait in a room until they are read, and others
// that were read and kept away. Moderators of the instance read them where more than
// members read the room.
func (h *house) holdIn(name string) {
	h.t.Helper()
	ctx, now, room := context.Background(), h.clock.Now(), h.rooms[name]
	ada, err := h.store.ActorByURI(ctx, h.ada.ID)
	h.must(err)
	var doors []door
	if room.Readers != community.ReadersMembers {
		doors = []door{{"/mod/held", staff}}
	}
	for _, refused := range []*time.Time{nil, &now} {
		id := h.know("post", secret.NewID(now), keepers)
		what := "words that nobody read in the " + name
		if refused != nil {
			what = "words that were kept away in the " + name
		}
		h.must(h.store.InsertPost(ctx, community.Post{
			ID: id, URI: h.ada.ID + "/" + id, GroupID: room.ID, AuthorID: ada.ID, ThreadID: id, State: community.PostHeld, Version: 1, Title: "Of " + h.plant("the title of "+what, keepers, doors...),
			HTML: "<p>" + h.plant(what, keepers, doors...) + "</p>", NoteText: h.plant("the note of "+what, keepers, doors...), Language: "en", Readers: room.Readers, Reach: room.Reach, Listed: room.Listed,
			Verified: community.VerifiedSigned, PublishedAt: now, ReceivedAt: now, LastActivityAt: now,
		}))
		h.must(h.store.InsertHeld(ctx, []community.Held{{PostID: id, GroupID: room.ID, AuthorID: ada.ID, Host: ada.Domain, Version: 1, HeldAt: now, RefusedAt: refused}}))
	}
}
