package federation_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// stand holds posts to the states they are in.
func (w *writers) stand(when string, want string, posts ...community.Post) {
	w.Helper()
	for i, p := range posts {
		if got := w.now(p).State; got != want {
			w.Errorf("%s: post %d is %s, want %s", when, i, got, want)
		}
	}
}

// A moderator of Lemmy's removes an answer with all that answers it, and shows it
// again so. What authors say is about their own words alone.
func TestARemovalWithRepliesHidesWhatHangsBelow(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		kim, ash, birch := elsewhere.Person("kim"), w.far.Person("ash"), w.far.Person("birch")
		w.lists(kim.ID)
		root := w.theirs(ash, map[string]any{"name": "A thread"})
		top := w.theirs(birch, map[string]any{"inReplyTo": root.URI})
		ours := w.write(w.ada, top.ID, "an answer of ours")
		w.after(0)
		deep := w.theirs(ash, map[string]any{"inReplyTo": ours.URI})
		beside := w.theirs(ash, map[string]any{"inReplyTo": root.URI})
		removal := func(by *fedtest.Actor, more ...map[string]any) map[string]any {
			return by.Activity("Delete", top.URI, append(more, map[string]any{"withReplies": true})...)
		}
		for what, g := range map[string]got{
			"somebody else":                    w.posts(elsewhere.Person("lee"), removal(elsewhere.Person("lee"), map[string]any{"summary": "x"})),
			"somebody else of the same server": w.posts(ash, removal(ash, map[string]any{"summary": "x"})),
		} {
			w.becomes(what, g, federation.Refused, "not_moderator")
		}
		w.stand("not theirs to say", community.PostPublished, root, top, ours, deep, beside)

		act := removal(kim, map[string]any{"summary": "It went astray."})
		w.becomes("a removal", w.posts(kim, act), federation.Accepted, "")
		w.stand("a removal with replies", community.PostHidden, top, ours, deep)
		w.stand("what is not below", community.PostPublished, root, beside)
		if kinds := w.kinds(w.ada); kinds[0] != community.NoticeHiddenThere {
			t.Errorf("the author of a reply was told %v", kinds)
		}
		w.becomes("its end", w.posts(kim, kim.Activity("Undo", act)), federation.Accepted, "")
		w.stand("its end", community.PostPublished, root, top, ours, deep, beside)
		if kinds := w.kinds(w.ada); kinds[0] != community.NoticeShownThere {
			t.Errorf("the author of a reply was told %v", kinds)
		}

		w.becomes("a removal without", w.posts(kim, kim.Activity("Delete", top.URI, map[string]any{"summary": ""})), federation.Accepted, "")
		w.stand("a removal without replies", community.PostPublished, ours, deep)
		w.becomes("its end", w.posts(kim, kim.Activity("Undo", map[string]any{"type": "Delete", "actor": kim.ID, "object": top.URI})), federation.Accepted, "")

		w.becomes("a removal", w.posts(kim, removal(kim, map[string]any{"summary": "It went astray."})), federation.Accepted, "")
		w.becomes("its end by its author", w.passes(birch.Activity("Undo", removal(birch, map[string]any{"summary": "x"}))), federation.Accepted, "")
		w.stand("its end by its author", community.PostHidden, ours, deep)
		w.becomes("its end", w.posts(kim, kim.Activity("Undo", act)), federation.Accepted, "")
		w.stand("its end", community.PostPublished, ours, deep)

		for _, summary := range []map[string]any{nil, {"summary": "x"}} {
			post := w.theirs(birch, map[string]any{"inReplyTo": root.URI})
			below := w.theirs(ash, map[string]any{"inReplyTo": post.URI})
			w.becomes("its author, as the group passes it on", w.passes(birch.Activity("Delete", post.URI, map[string]any{"withReplies": true}, summary)), federation.Accepted, "")
			w.stand("its author's deletion", community.PostPublished, below)
		}
		w.becomes("its author", w.posts(birch, removal(birch)), federation.Accepted, "")
		w.stand("its author's deletion", community.PostPublished, ours, deep)
	})
}

// The end of a bar shows what it had hidden where the authority says so, but for
// what moderators of here hid.
func TestTheEndOfABarShowsWhatItHidWhereItSaysSo(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		kim, lee, ash := elsewhere.Person("kim"), elsewhere.Person("lee"), w.far.Person("ash")
		w.lists(kim.ID)
		theirs, hiddenHere := w.theirs(ash), w.theirs(ash)
		ours := w.write(w.ada, "", "words of ours")
		w.after(0)
		w.hidesHere(hiddenHere)
		bar := func(who string) map[string]any {
			act := kim.Activity("Block", who, map[string]any{"target": w.group.URI, "removeData": true})
			w.becomes("a bar", w.posts(kim, act), federation.Accepted, "")
			return act
		}
		ends := func(by *fedtest.Actor, act map[string]any, restore bool) got {
			return w.posts(by, by.Activity("Undo", act, map[string]any{"restoreData": restore}))
		}
		act := bar(ash.ID)
		w.stand("barred", community.PostHidden, theirs, hiddenHere)
		w.becomes("an end", ends(kim, act, false), federation.Accepted, "")
		w.stand("an end that does not say so", community.PostHidden, theirs)
		act = bar(ash.ID)
		w.becomes("by somebody else", ends(lee, map[string]any{"type": "Block", "actor": lee.ID, "object": ash.ID, "target": w.group.URI}, true), federation.Refused, "not_moderator")
		w.stand("by somebody else", community.PostHidden, theirs)
		same := w.far.Person("birch")
		w.becomes("by somebody of the same server", ends(same, map[string]any{"type": "Block", "actor": same.ID, "object": ash.ID, "target": w.group.URI}, true), federation.Refused, "not_moderator")
		w.stand("by somebody of the same server", community.PostHidden, theirs)
		w.becomes("an end that does", ends(kim, act, true), federation.Accepted, "")
		w.stand("an end that says so", community.PostPublished, theirs)
		w.stand("what moderators of here hid", community.PostHidden, hiddenHere)

		act = bar(w.ada.Acting.URI)
		w.stand("barred", community.PostHidden, ours)
		w.becomes("an end that does", ends(kim, act, true), federation.Accepted, "")
		w.stand("of somebody here", community.PostPublished, ours)
		w.mayWrite(true)
	})
}

// hidesHere notes that a moderator of this server hid a post.
func (w *writers) hidesHere(post community.Post) {
	w.Helper()
	p := w.now(post)
	p.State = community.PostHidden
	w.must(w.store.UpdatePost(w.Context(), p))
	w.must(w.store.InsertDecision(w.Context(), community.Decision{
		ID: "hid-" + p.ID, Seq: 1, Scope: w.group.ID, Kind: community.DecidedHide, SubjectKind: community.SubjectPost, SubjectID: p.ID, DecidedAt: w.clock.Now(), DecidedBy: "bela",
	}, community.DecisionPayload{DecisionID: "hid-" + p.ID}))
}

// Whoever looks after a group elsewhere may ask an author of here to look at their
// words again. The author alone reads why, until the words are others.
func TestAWarningIsForTheAuthorAlone(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		kim, lee, ash := elsewhere.Person("kim"), elsewhere.Person("lee"), w.far.Person("ash")
		w.lists(kim.ID)
		post := w.write(w.ada, "", "words")
		w.after(0)
		theirs, own := w.theirs(ash), w.writeIn(w.ownGroup("carers"))
		warns := func(by *fedtest.Actor, object any) got {
			return w.posts(by, by.Activity("Warn", object, map[string]any{"summary": "Please <b>mind</b> rule 2.<script>x()</script>", "to": []any{w.ada.Acting.URI}}))
		}
		w.becomes("by somebody", warns(lee, post.URI), federation.Refused, "not_moderator")
		w.becomes("by somebody of the group's server", warns(ash, post.URI), federation.Refused, "not_moderator")
		w.becomes("about a post in a group of ours", warns(kim, own.URI), federation.Refused, "looked_after_here")
		w.becomes("about somebody elsewhere", warns(kim, theirs.URI), federation.Ignored, "another_servers")
		w.becomes("about nothing known", warns(kim, w.far.URL+"/p/none"), federation.Ignored, "unknown")
		w.becomes("about nothing", warns(kim, nil), federation.Ignored, "unknown")
		if kinds := w.kinds(w.ada); slices.Contains(kinds, community.NoticeWarnedThere) {
			t.Errorf("she was told %v", kinds)
		}
		read := func(v community.Viewer) string {
			view, err := w.service.Thread(w.Context(), v, post.ID, community.Paging{}, false)
			w.must(err)
			return view.Posts[0].HiddenWhy
		}
		for range 3 {
			w.becomes("by a moderator", warns(kim, post.URI), federation.Accepted, "")
		}
		w.becomes("as the group passes it on", w.passes(w.far.Person("mod").Activity("Warn", post.URI, map[string]any{"summary": "Rule 3."})), federation.Accepted, "")
		told := 0
		for _, kind := range w.kinds(w.ada) {
			if kind == community.NoticeWarnedThere {
				told++
			}
		}
		if told != 1 || slices.Contains(w.kinds(w.bela), community.NoticeWarnedThere) {
			t.Errorf("she was told %d times on one day, and others %v", told, w.kinds(w.bela))
		}
		if why := read(w.ada); why != "Rule 3." {
			t.Errorf("its author reads %q", why)
		}
		for who, v := range map[string]community.Viewer{"another member": w.bela, "a visitor": {}} {
			if why := read(v); why != "" {
				t.Errorf("%s reads %q", who, why)
			}
		}
		w.stand("warned of", community.PostPublished, post)
		w.edit(w.ada, w.now(post), "other words")
		if why := read(w.ada); why != "" {
			t.Errorf("of what she changed she reads %q", why)
		}
	})
}

// A report of another server stays until somebody here has looked at it, whoever
// there is done with it.
func TestAReportIsLookedAtHereWhateverTheySayThere(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		w.lists(kim.ID)
		post := w.write(w.ada, "", "words")
		w.after(0)
		flag := kim.Activity("Flag", post.URI, map[string]any{"summary": "Please look."})
		w.becomes("as the group passes it on", w.passes(flag), federation.Accepted, "")
		open := func() string {
			return strings.Join(storagetest.Strings(t, w.db, "SELECT reporter_domain || ' ' || words || ' ' || state FROM reports"), ", ")
		}
		if got := open(); got != "far.example Please look. open" {
			t.Errorf("there is %q", got)
		}
		w.becomes("that it is resolved there", w.passes(kim.Activity("Resolve", flag)), federation.Ignored, "looked_at_here")
		w.becomes("by itself", w.posts(kim, kim.Activity("Resolve", flag)), federation.Ignored, "looked_at_here")
		if got := open(); got != "far.example Please look. open" {
			t.Errorf("there is %q", got)
		}
	})
}

// What a moderator changes of a group elsewhere is told by an Update of theirs: its
// own server says what it is now. A new name counts where that confirms it.
func TestAGroupIsWhatItsServerSaysAfterAModeratorChangedIt(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		kim, lee := elsewhere.Person("kim"), elsewhere.Person("lee")
		w.lists(kim.ID)
		group := w.far.Group("quiet")
		forged := func() map[string]any {
			return map[string]any{"type": "Group", "id": group.ID, "preferredUsername": "forged", "name": "Forged", "inbox": group.Inbox}
		}
		named := func(when, want string) {
			t.Helper()
			w.must(w.AskDoubted(w.Context()))
			g := w.knows()
			if got := g.Title + " " + g.Handle(); got != want {
				t.Errorf("%s: it is %s, want %s", when, got, want)
			}
			w.clock.pass(2 * time.Hour)
		}
		w.lookedUp(group)
		named("at first", "quiet quiet@far.example")
		saying(group, map[string]any{"name": "Quiet Gardens"})
		w.becomes("by somebody else", w.posts(lee, lee.Activity("Update", forged())), federation.Refused, "not_moderator")
		named("by somebody else", "quiet quiet@far.example")
		w.lists(kim.ID)
		w.becomes("by a moderator", w.posts(kim, kim.Activity("Update", forged())), federation.Accepted, "")
		named("by a moderator", "Quiet Gardens quiet@far.example")

		saying(group, map[string]any{"name": "Gardens", "preferredUsername": "gardens"})
		w.renamed(group, "quiet")
		w.becomes("a name that nobody confirms", w.passes(lee.Activity("Update", forged())), federation.Accepted, "")
		named("a name that nobody confirms", "Gardens quiet@far.example")
		w.renamed(group, "gardens", "quiet")
		w.becomes("one that is confirmed", w.posts(group, group.Activity("Update", saying(group, nil))), federation.Accepted, "")
		named("one that is confirmed", "Gardens gardens@far.example")
		saying(group, map[string]any{"preferredUsername": "orchard"})
		w.renamed(group, "orchard")
		w.becomes("as it is passed on", w.passes(kim.Activity("Update", forged())), federation.Accepted, "")
		named("as it is passed on", "Gardens orchard@far.example")
		if view, err := w.service.GroupView(w.Context(), w.ada, w.group.ID); err != nil || !view.Membership.IsActive() {
			t.Errorf("she is in it no more: %v, %v", view.Membership, err)
		}

		own := w.ownGroup("carers")
		w.becomes("a group of ours", w.posts(kim, kim.Activity("Update", map[string]any{"type": "Group", "id": own.URI, "preferredUsername": "forged", "inbox": own.URI + "/inbox"})), federation.Refused, "not_author")
	})
}

// lookedUp has the group be known as its document says.
func (w *writers) lookedUp(group *fedtest.Actor) {
	w.Helper()
	w.far.Handle("/c/quiet/featured", fedtest.Status(http.StatusNotFound))
	_, err := w.Lookup(w.Context(), group.ID)
	w.must(err)
}
