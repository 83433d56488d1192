package federation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// got is what became of an activity that came to the inbox, and what is left of its bytes.
type got struct {
	outcome, reason string
	bytes           int
}

// posts sends an activity to the inbox as its actor's server does, has it handled,
// and gives what became of it.
func (w *writers) posts(by *fedtest.Actor, activity map[string]any) got {
	w.Helper()
	body, err := json.Marshal(activity)
	w.must(err)
	req := by.Signed(http.MethodPost, "https://oak.example/inbox", body)
	req.Body = http.NoBody
	req.Host = "oak.example"
	in, err := http.NewRequest(req.Method, req.URL.String(), bytes.NewReader(body))
	w.must(err)
	in.Header, in.Host, in.RequestURI = req.Header, "oak.example", "/inbox"
	w.must(w.Receive(w.Context(), in))
	w.must(w.HandleDue(w.Context()))
	var g got
	var left []byte
	id, _ := activity["id"].(string)
	w.must(w.db.QueryRow("SELECT outcome, reason, raw FROM activities WHERE uri = '"+id+"'").Scan(&g.outcome, &g.reason, &left))
	g.bytes = len(left)
	return g
}

func (w *writers) becomes(what string, g got, outcome, reason string) {
	w.Helper()
	if g.outcome != outcome || g.reason != reason {
		w.Errorf("%s: got %s %q, want %s %q", what, g.outcome, g.reason, outcome, reason)
	}
}

// passes is an act that the group elsewhere passes on.
func (w *writers) passes(inner map[string]any) got {
	w.Helper()
	group := w.far.Group("quiet")
	return w.posts(group, group.Activity("Announce", inner))
}

// theirs is a post of somebody elsewhere in the group elsewhere.
func (w *writers) theirs(by *fedtest.Actor, more ...map[string]any) community.Post {
	w.Helper()
	note := by.Note(w.group.URI, "<p>words of "+by.Name+"</p>", more...)
	w.becomes("a post", w.passes(by.Activity("Create", note)), federation.Accepted, "")
	post, err := w.store.PostByURI(w.Context(), note["id"].(string))
	w.must(err)
	return post
}

func (w *writers) now(post community.Post) community.Post {
	w.Helper()
	p, err := w.store.Post(w.Context(), post.ID)
	w.must(err)
	return p
}

// lists has the group elsewhere say where its lists stand, and who looks after it.
func (w *writers) lists(moderators ...string) {
	w.Helper()
	g := w.knows()
	g.ModeratorsURI, g.FeaturedURI = g.URI+"/moderators", g.URI+"/featured"
	w.must(w.store.UpdateGroup(w.Context(), g))
	w.must(w.service.KeepModeratorsThere(w.Context(), g.ID, moderators))
}

// authority are those whose acts about the group elsewhere are followed or not.
type authority struct {
	name     string
	by       func(w *writers) *fedtest.Actor
	passedOn bool
	may      bool
}

func authorities(w *writers) []authority {
	elsewhere := fedtest.NewServer(w.T, "elsewhere.example", fedtest.In(w.world))
	kim, lee := elsewhere.Person("kim"), elsewhere.Person("lee")
	w.lists(kim.ID)
	return []authority{
		{"the group passes it on", func(w *writers) *fedtest.Actor { return lee }, true, true},
		{"a moderator of another server", func(w *writers) *fedtest.Actor { return kim }, false, true},
		{"the group itself", func(w *writers) *fedtest.Actor { return w.far.Group("quiet") }, false, true},
		{"somebody who does not look after it", func(w *writers) *fedtest.Actor { return lee }, false, false},
	}
}

// says has an authority do something, by itself or passed on.
func (w *writers) says(a authority, kind string, object any, more ...map[string]any) got {
	w.Helper()
	act := a.by(w).Activity(kind, object, more...)
	if a.passedOn {
		return w.passes(act)
	}
	return w.posts(a.by(w), act)
}

func TestAGroupsAuthorityDecidesAboutItsThreads(t *testing.T) {
	eachWriters(t, func(w *writers) {
		for _, a := range authorities(w) {
			post := w.theirs(w.far.Person("ash"))
			featured := map[string]any{"target": w.group.URI + "/featured"}
			for _, c := range []struct {
				what, kind string
				object     any
				more       map[string]any
				is         func(p community.Post) bool
			}{
				{"a lock", "Lock", post.URI, nil, func(p community.Post) bool { return p.LockedAt != nil }},
				{"its end", "Undo", map[string]any{"type": "Lock", "id": w.far.URL + "/made/anew", "actor": a.by(w).ID, "object": post.URI}, nil, func(p community.Post) bool { return p.LockedAt == nil }},
				{"pinning", "Add", post.URI, featured, func(p community.Post) bool { return p.PinnedAt != nil }},
				{"unpinning", "Remove", post.URI, featured, func(p community.Post) bool { return p.PinnedAt == nil }},
				{"hiding", "Delete", post.URI, map[string]any{"summary": "Not here."}, func(p community.Post) bool { return p.State == community.PostHidden }},
				{"showing", "Undo", map[string]any{"type": "Delete", "actor": a.by(w).ID, "object": post.URI}, nil, func(p community.Post) bool { return p.State == community.PostPublished }},
			} {
				if c.more == nil {
					c.more = map[string]any{}
				}
				c.more["audience"] = w.group.URI
				before := w.now(post)
				g := w.says(a, c.kind, c.object, c.more)
				if a.may {
					w.becomes(a.name+": "+c.what, g, federation.Accepted, "")
					if !c.is(w.now(post)) {
						t.Errorf("%s: %s was not done", a.name, c.what)
					}
					continue
				}
				w.becomes(a.name+": "+c.what, g, federation.Refused, "not_moderator")
				if after := w.now(post); after.State != before.State || (after.LockedAt != nil) != (before.LockedAt != nil) || (after.PinnedAt != nil) != (before.PinnedAt != nil) {
					t.Errorf("%s: %s was done", a.name, c.what)
				}
			}
		}
	})
}

// Somebody else of the group's own server is its neighbour, and decides nothing about
// it; the server's own actor closes and bars, and takes nobody's words away.
func TestNeighboursOfAGroupDecideNothingAboutIt(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.lists()
		post := w.theirs(w.far.Person("ash"))
		bot := w.far.ActorAt("Service", w.far.URL+"/u/bot")
		for _, other := range []*fedtest.Actor{w.far.Person("birch"), bot} {
			for what, act := range map[string]map[string]any{
				"a deletion":   other.Activity("Delete", post.URI),
				"a lock":       other.Activity("Lock", post.URI),
				"its end":      other.Activity("Undo", map[string]any{"type": "Lock", "actor": other.ID, "object": post.URI}),
				"pinning":      other.Activity("Add", post.URI, map[string]any{"target": w.group.URI + "/featured", "audience": w.group.URI}),
				"a bar":        other.Activity("Block", w.ada.Acting.URI, map[string]any{"target": w.group.URI}),
				"its end, too": other.Activity("Undo", map[string]any{"type": "Block", "actor": other.ID, "object": w.ada.Acting.URI, "target": w.group.URI}),
			} {
				w.becomes(what, w.posts(other, act), federation.Refused, "not_moderator")
			}
			w.becomes("a bar of all", w.posts(other, other.Activity("Block", w.ada.Acting.URI, map[string]any{"target": w.far.URL + "/"})), federation.Ignored, "target")
		}
		if p := w.now(post); p.State != community.PostPublished || p.LockedAt != nil || p.PinnedAt != nil {
			t.Errorf("the post is %s, locked %v, pinned %v", p.State, p.LockedAt, p.PinnedAt)
		}
		w.mayWrite(true)
		site := w.far.Instance()
		w.becomes("the server's deletion", w.posts(site, site.Activity("Delete", post.URI)), federation.Refused, "not_moderator")
		w.becomes("the server's lock", w.posts(site, site.Activity("Lock", post.URI)), federation.Accepted, "")
		if p := w.now(post); p.State != community.PostPublished || p.LockedAt == nil {
			t.Errorf("the post is %s, locked %v, by the server itself", p.State, p.LockedAt)
		}
		w.becomes("the server's bar of all", w.posts(site, site.Activity("Block", w.ada.Acting.URI, map[string]any{"target": w.far.URL + "/"})), federation.Accepted, "")
		w.mayWrite(false)
	})
}

// A group of ours is looked after here: no other server's moderators or admins count.
func TestNobodyElsewhereLooksAfterAGroupOfOurs(t *testing.T) {
	eachWriters(t, func(w *writers) {
		own := w.ownGroup("carers")
		kim := w.far.Person("kim")
		w.stranger("kim", own)
		post := w.writeIn(own)
		for what, c := range map[string]map[string]any{
			"a lock":        kim.Activity("Lock", post.URI),
			"its end":       kim.Activity("Undo", map[string]any{"type": "Lock", "actor": kim.ID, "object": post.URI}),
			"a deletion":    kim.Activity("Delete", post.URI, map[string]any{"summary": "Not here."}),
			"its end too":   kim.Activity("Undo", map[string]any{"type": "Delete", "actor": kim.ID, "object": post.URI}),
			"pinning":       kim.Activity("Add", post.URI, map[string]any{"target": own.URI + "/featured"}),
			"unpinning":     kim.Activity("Remove", post.URI, map[string]any{"target": own.URI + "/featured"}),
			"a moderator":   kim.Activity("Add", kim.ID, map[string]any{"target": own.URI + "/moderators"}),
			"one less":      kim.Activity("Remove", w.ada.Acting.URI, map[string]any{"target": own.URI + "/moderators"}),
			"a bar":         kim.Activity("Block", w.ada.Acting.URI, map[string]any{"target": own.URI, "removeData": true}),
			"a bar of all":  kim.Activity("Block", w.ada.Acting.URI, map[string]any{"target": "https://oak.example/", "removeData": true}),
			"an end of one": kim.Activity("Undo", map[string]any{"type": "Block", "actor": kim.ID, "object": w.ada.Acting.URI, "target": own.URI}),
		} {
			w.becomes(what, w.posts(kim, c), federation.Refused, "looked_after_here")
		}
		group := w.far.Group("quiet")
		for what, inner := range map[string]map[string]any{
			"a lock":     group.Activity("Lock", post.URI),
			"a deletion": group.Activity("Delete", post.URI),
			"a bar":      group.Activity("Block", w.ada.Acting.URI, map[string]any{"target": own.URI, "removeData": true}),
		} {
			w.becomes("passed on: "+what, w.passes(inner), federation.Refused, "looked_after_here")
		}
		if p := w.now(post); p.State != community.PostPublished || p.LockedAt != nil || p.PinnedAt != nil {
			t.Errorf("the post is %s, locked %v, pinned %v", p.State, p.LockedAt, p.PinnedAt)
		}
		if _, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: own.ID, Title: "Still", Text: "here", Language: "en"}); err != nil {
			t.Errorf("ada cannot write any more: %v", err)
		}
	})
}

// Another group does not decide about a group's threads, nor about who writes there.
func TestAGroupDecidesAboutItselfAlone(t *testing.T) {
	eachWriters(t, func(w *writers) {
		loud := w.far.Group("loud")
		other := w.group
		other.ID, other.Name, other.URI, other.Inbox = secret.NewActorID(), "loud", loud.ID, loud.Inbox
		w.must(w.store.InsertGroup(w.Context(), other))
		post := w.theirs(w.far.Person("ash"))
		for what, inner := range map[string]map[string]any{
			"a lock":     loud.Activity("Lock", post.URI),
			"a deletion": loud.Activity("Delete", post.URI),
			"a bar":      loud.Activity("Block", w.ada.Acting.URI, map[string]any{"target": w.group.URI}),
		} {
			w.becomes(what, w.posts(loud, loud.Activity("Announce", inner)), federation.Refused, "another_group")
		}
		if p := w.now(post); p.State != community.PostPublished || p.LockedAt != nil {
			t.Errorf("the post is %s, locked %v", p.State, p.LockedAt)
		}
		w.mayWrite(true)
	})
}

// mayWrite holds what ada is told to what she may do in the group elsewhere.
func (w *writers) mayWrite(want bool) community.GroupView {
	w.Helper()
	view, err := w.service.GroupView(w.Context(), w.ada, w.group.ID)
	w.must(err)
	_, err = w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: w.group.ID, Title: "May I?", Text: "words", Language: "en"})
	if view.MayWrite != want || (err == nil) != want || view.Barred == want {
		w.Errorf("she reads that she may write: %v, barred: %v, and writing gives %v; want %v", view.MayWrite, view.Barred, err, want)
	}
	return view
}

func TestWhoeverIsBarredThereReadsUntilWhen(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ada := w.ada.Acting.URI
		for _, a := range authorities(w) {
			for form, when := range map[string]string{"endTime": "Lemmy's", "expires": "Mbin's"} {
				end := w.clock.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
				more := map[string]any{"target": w.group.URI, form: end.Format(time.RFC3339), "summary": "Too <b>loud</b>.<script>x()</script>"}
				if form == "expires" {
					more["endTime"] = nil
				}
				block := a.by(w).Activity("Block", ada, more)
				g := w.says(a, "Block", ada, more, map[string]any{"id": block["id"]})
				if !a.may {
					w.becomes(a.name, g, federation.Refused, "not_moderator")
					w.mayWrite(true)
					continue
				}
				w.becomes(a.name+", "+when, g, federation.Accepted, "")
				view := w.mayWrite(false)
				if m := view.Membership; m.BarredUntil == nil || !m.BarredUntil.Equal(end) || m.BarredWhy != "Too loud." || m.AccountID != "ada" {
					t.Errorf("%s, %s: she reads %v until %v because %q", a.name, when, m.BarredAt, m.BarredUntil, m.BarredWhy)
				}
				if kinds := w.kinds(w.ada); len(kinds) == 0 || kinds[0] != community.NoticeBarredThere {
					t.Errorf("%s, %s: she was told %v", a.name, when, kinds)
				}
				if kinds := w.kinds(w.bela); slices.Contains(kinds, community.NoticeBarredThere) {
					t.Errorf("bela was told %v", kinds)
				}
				if other, err := w.service.GroupView(w.Context(), w.bela, w.group.ID); err != nil || other.Barred || other.Membership.BarredWhy != "" {
					t.Errorf("bela reads that she is barred: %+v, %v", other.Membership, err)
				}
				w.clock.pass(49 * time.Hour) // it ends by itself
				w.mayWrite(true)
			}
		}
	})
}

func TestABarThatIsTakenBackIsOver(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ada := w.ada.Acting.URI
		kim := w.far.Person("kim")
		w.lists(kim.ID)
		bar := func() map[string]any {
			act := kim.Activity("Block", ada, map[string]any{"target": w.group.URI, "endTime": nil, "expires": nil})
			w.becomes("a bar", w.posts(kim, act), federation.Accepted, "")
			if m := w.mayWrite(false).Membership; m.BarredUntil != nil {
				t.Errorf("it ends %v, want never", m.BarredUntil)
			}
			return act
		}
		for what, object := range map[string]func(act map[string]any) any{
			"as it was": func(act map[string]any) any { return act },
			"by its id": func(act map[string]any) any { return act["id"] },
			"under another id": func(act map[string]any) any {
				return map[string]any{"id": w.far.URL + "/made/anew", "type": "Block", "actor": kim.ID, "object": ada, "target": w.group.URI}
			},
			"by the id, in a list": func(act map[string]any) any { return []any{act["id"]} },
		} {
			undo := object(bar())
			w.becomes(what, w.posts(kim, kim.Activity("Undo", undo)), federation.Accepted, "")
			w.mayWrite(true)
			if kinds := w.kinds(w.ada); kinds[0] != community.NoticeUnbarredThere {
				t.Errorf("%s: she was told %v", what, kinds)
			}
		}
		act := bar()
		lee := w.far.Person("lee")
		w.becomes("somebody else's undo", w.posts(lee, lee.Activity("Undo", act)), federation.Refused, "not_author")
		w.mayWrite(false)
		act2 := kim.Activity("Block", ada, map[string]any{"target": w.group.URI, "endTime": w.clock.Now().Add(-time.Hour).Format(time.RFC3339)})
		w.becomes("one that is over", w.posts(kim, act2), federation.Ignored, "over")
	})
}

// What somebody elsewhere wrote is hidden with them where their group says so, and
// a whole server bars from all of its groups.
func TestABarHidesWhatSomebodyWroteWhereItSaysSo(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		w.lists(kim.ID)
		ash, birch := w.far.Person("ash"), w.far.Person("birch")
		kept, left := w.theirs(ash), w.theirs(birch)
		site := w.far.Instance()
		by := func(a *fedtest.Actor, who string, removeData bool, target string) {
			w.becomes("a bar of "+who, w.posts(a, a.Activity("Block", who, map[string]any{"target": target, "removeData": removeData})), federation.Accepted, "")
		}
		block := func(who string, removeData bool, target string) { by(kim, who, removeData, target) }
		block(ash.ID, false, w.group.URI)
		if p := w.now(kept); p.State != community.PostPublished {
			t.Errorf("a post is %s by a bar that keeps it", p.State)
		}
		block(ash.ID, true, w.group.URI)
		if p := w.now(kept); p.State != community.PostHidden {
			t.Errorf("a post is %s by a bar that removes it", p.State)
		}
		if p := w.now(left); p.State != community.PostPublished {
			t.Errorf("somebody else's post is %s", p.State)
		}
		own := w.ownGroup("carers")
		here := w.writeIn(own)
		there := w.write(w.ada, "", "words")
		by(site, w.ada.Acting.URI, true, w.far.URL+"/")
		if p := w.now(there); p.State != community.PostHidden {
			t.Errorf("a post in a group of the server is %s, as that bars from all of it", p.State)
		}
		if p := w.now(here); p.State != community.PostPublished {
			t.Errorf("a post in a group of ours is %s", p.State)
		}
		w.mayWrite(false)
		w.becomes("its end", w.posts(site, site.Activity("Undo", map[string]any{"type": "Block", "actor": site.ID, "object": w.ada.Acting.URI, "target": w.far.URL + "/"})), federation.Accepted, "")
		w.mayWrite(true)
	})
}

// Nor does to be of a group's server take words away by a bar, or make a moderator.
func TestWhoeverIsOfAGroupsServerTakesNobodysWordsAway(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.lists(w.far.Person("kim").ID)
		ash, mallory, site := w.far.Person("ash"), w.far.Person("mallory"), w.far.Instance()
		post := w.theirs(ash)
		removes := map[string]any{"target": w.group.URI, "removeData": true}
		w.becomes("a bar that removes", w.posts(mallory, mallory.Activity("Block", ash.ID, removes)), federation.Refused, "not_moderator")
		w.becomes("the server's", w.posts(site, site.Activity("Block", ash.ID, removes)), federation.Accepted, "")
		w.becomes("a deletion", w.posts(mallory, mallory.Activity("Delete", post.URI)), federation.Refused, "not_moderator")
		for _, kind := range []string{"Add", "Remove"} {
			w.becomes(kind, w.posts(mallory, mallory.Activity(kind, mallory.ID, map[string]any{"target": w.group.URI + "/moderators", "audience": w.group.URI})), federation.Refused, "not_moderator")
		}
		if p := w.now(post); p.State != community.PostPublished {
			t.Errorf("the post is %s", p.State)
		}
	})
}

// Somebody's own block, and one from where we know nothing, is nobody's to know.
func TestABlockOfNoGroupIsAFact(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		for what, target := range map[string]any{"none": nil, "a group that is not known": w.far.URL + "/c/unknown", "a person": w.far.Person("ash").ID, "another server": "https://elsewhere.example/"} {
			w.becomes(what, w.posts(kim, kim.Activity("Block", w.ada.Acting.URI, map[string]any{"target": target})), federation.Ignored, "target")
		}
		w.mayWrite(true)
		if kinds := w.kinds(w.ada); len(kinds) > 0 {
			t.Errorf("she was told %v", kinds)
		}
	})
}

// Why a moderator elsewhere took words away is for their author, as text.
func TestWhyWordsWereTakenAwayIsForTheirAuthor(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		w.lists(kim.ID)
		post := w.write(w.ada, "", "words")
		w.after(0)
		w.becomes("a removal", w.posts(kim, kim.Activity("Delete", post.URI, map[string]any{"summary": "Please <i>no</i> doses.<script>x()</script>" + strings.Repeat(" more", 200)})), federation.Accepted, "")
		seen := func(v community.Viewer) (why string) {
			view, err := w.service.Thread(w.Context(), v, post.ID, community.Paging{}, false)
			w.must(err)
			return view.Posts[0].HiddenWhy
		}
		if why := seen(w.ada); !strings.HasPrefix(why, "Please no doses. more") || len([]rune(why)) > 300 {
			t.Errorf("its author reads %q", why)
		}
		for name, v := range map[string]community.Viewer{"another member": w.bela, "a visitor": {}} {
			if why := seen(v); why != "" {
				t.Errorf("%s reads %q", name, why)
			}
		}
		w.becomes("its end", w.posts(kim, kim.Activity("Undo", map[string]any{"type": "Delete", "actor": kim.ID, "object": post.URI})), federation.Accepted, "")
		if why := seen(w.ada); why != "" {
			t.Errorf("it is shown again, and its author reads %q", why)
		}
	})
}

// What somebody barred wrote is hidden without end and piece by piece, wherever that
// is broken off; what they write later is not.
func TestAllThatSomebodyBarredWroteIsHiddenPieceByPiece(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim, ash := w.far.Person("kim"), w.far.Person("ash")
		w.lists(kim.ID)
		first := w.now(w.theirs(ash))
		var many []community.Post
		for i := range 230 {
			p := first
			p.ID = secret.NewID(w.clock.Now())
			p.URI, p.ThreadID = fmt.Sprint(w.far.URL, "/p/many-", i), p.ID
			many = append(many, p)
		}
		w.must(w.store.InsertPosts(w.Context(), many))
		w.clock.pass(time.Minute)
		hidden := func(want int) {
			t.Helper()
			if got := storagetest.Strings(t, w.db, "SELECT '' || count(*) FROM posts WHERE state = 'hidden'"); got[0] != fmt.Sprint(want) {
				t.Errorf("%s are hidden, want %d", got[0], want)
			}
		}
		bar := kim.Activity("Block", ash.ID, map[string]any{"target": w.group.URI, "audience": w.group.URI, "removeData": true})
		w.becomes("a bar with all they wrote", w.posts(kim, bar), federation.Accepted, "")
		hidden(100)
		w.clock.pass(time.Minute)
		w.theirs(ash)
		job, err := w.store.ClaimJob(w.Context(), w.clock.Now(), false)
		w.must(err)
		_, err = w.service.HideMore(w.Context(), job.Job)
		w.must(err)
		hidden(200)
		_, err = w.db.Exec("UPDATE jobs SET lease_token = NULL") // who worked on it was killed
		w.must(err)
		w.must(w.WorkJobs(w.Context(), nil))
		hidden(231)
		if got := storagetest.Strings(t, w.db, "SELECT state FROM jobs"); !slices.Equal(got, []string{community.JobDone}) {
			t.Errorf("the job is %q", got)
		}
		w.clock.pass(31 * 24 * time.Hour)
		w.must(w.Tidy(w.Context()))
		if got := storagetest.Strings(t, w.db, "SELECT state FROM jobs"); len(got) > 0 {
			t.Errorf("it is kept: %q", got)
		}
		policies, err := w.service.Policies(w.Context())
		w.must(err)
		// What is shown again is not hidden by what was left to be done.
		w.must(w.service.ReceiveUnbar(w.Context(), community.Bar{AccountURI: ash.ID, GroupID: w.group.ID, ShowPosts: true, Epoch: policies.Epoch()}))
		hidden(0)
		w.must(w.service.ReceiveBar(w.Context(), community.Bar{AccountURI: ash.ID, GroupID: w.group.ID, HidePosts: true, Epoch: policies.Epoch()}))
		hidden(100)
		w.must(w.service.ReceiveUnbar(w.Context(), community.Bar{AccountURI: ash.ID, GroupID: w.group.ID, ShowPosts: true, Epoch: policies.Epoch()}))
		w.must(w.WorkJobs(w.Context(), nil))
		hidden(0)
	})
}
