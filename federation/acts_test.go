package federation_test

import (
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

// Nothing that others feel about words is counted, shown, or kept but as a fact.
func TestReactionsAreFactsWithoutEffect(t *testing.T) {
	eachWriters(t, func(w *writers) {
		own := w.ownGroup("carers")
		kim := w.far.Person("kim")
		w.stranger("kim", own)
		post := w.writeIn(own)
		theirs := w.theirs(w.far.Person("ash"))
		before := w.now(post)
		for what, c := range map[string]struct {
			kind, reason string
			more         map[string]any
		}{
			"a like":             {"Like", "reaction", nil},
			"a like of Misskey":  {"Like", "reaction", map[string]any{"content": "🍮", "_misskey_reaction": "🍮"}},
			"an emoji":           {"EmojiReact", "reaction", map[string]any{"content": ":blob:"}},
			"a dislike":          {"Dislike", "dislike", nil},
			"a like of nobody's": {"Like", "reaction", map[string]any{"to": nil, "cc": nil}},
		} {
			for _, object := range []any{post.URI, theirs.URI, map[string]any{"id": theirs.URI, "type": "Note"}} {
				act := kim.Activity(c.kind, object, c.more)
				undo := kim.Activity("Undo", map[string]any{"type": c.kind, "actor": kim.ID, "object": object})
				for how, g := range map[string]got{
					"by itself": w.posts(kim, act), "taken back": w.posts(kim, kim.Activity("Undo", act)), "taken back under another id": w.posts(kim, undo),
					"passed on": w.passes(kim.Activity(c.kind, object, c.more)), "passed on, taken back": w.passes(undo),
				} {
					w.becomes(what+" "+how, g, federation.Ignored, c.reason)
					if g.bytes != 0 {
						t.Errorf("%s %s: %d bytes are kept", what, how, g.bytes)
					}
				}
			}
		}
		if after := w.now(post); after != before && (after.Version != before.Version || after.State != before.State || after.Replies != before.Replies) {
			t.Errorf("the post changed: %+v", after)
		}
		if n := len(storagetest.Strings(t, w.db, "SELECT post_id FROM supports")); n != 0 {
			t.Errorf("%d words of support are kept", n)
		}
		if kinds := w.kinds(w.ada); len(kinds) > 0 {
			t.Errorf("she was told %v", kinds)
		}
	})
}

// Votes, messages to some people and chat are refused, tell nobody, and their words
// are not kept: neither as a post nor in the bytes of what came.
func TestWordsThatAreForNoGroupAreNotKept(t *testing.T) {
	eachWriters(t, func(w *writers) {
		own := w.ownGroup("carers")
		kim := w.far.Person("kim")
		w.stranger("kim", own)
		ada := w.ada.Acting.URI
		post := w.writeIn(own)
		private := map[string]any{"to": []any{ada}, "cc": []any{}, "tag": []any{map[string]any{"type": "Mention", "href": ada, "name": "@ada"}}}
		vote := func() map[string]any {
			v := kim.Note("", "", map[string]any{"name": "Yes", "inReplyTo": post.URI, "to": []any{ada}})
			delete(v, "content")
			delete(v, "published")
			return v
		}
		for what, c := range map[string]struct {
			act    map[string]any
			reason string
		}{
			"Mastodon's vote":             {kim.Activity("Create", vote(), private), "poll_vote"},
			"GoToSocial's votes":          {kim.Activity("Create", []any{vote(), vote()}, private), "poll_vote"},
			"PieFed's vote":               {kim.Activity("PollVote", post.URI, map[string]any{"choice_text": "Yes"}), "poll_vote"},
			"a message":                   {kim.Activity("Create", kim.Note("", "secret words", private), private), "direct_message"},
			"a message about a post here": {kim.Activity("Create", kim.Note("", "secret words", private, map[string]any{"inReplyTo": post.URI}), private), "direct_message"},
			"one to followers":            {kim.Activity("Create", kim.Note("", "secret words", map[string]any{"to": []any{kim.ID + "/followers"}, "cc": []any{ada}, "inReplyTo": post.URI}), private), "direct_message"},
			"chat":                        {kim.Activity("Create", kim.Note("", "secret words", private, map[string]any{"type": "ChatMessage"}), private), "direct_message"},
			"a marked message":            {kim.Activity("Create", kim.Note(own.URI, "secret words", map[string]any{"directMessage": true}), private), "direct_message"},
			"a changed message":           {kim.Activity("Update", kim.Note("", "secret words", private), private), "direct_message"},
			"a note to nobody":            {kim.Activity("Create", kim.Note("", "public words")), "no_group"},
		} {
			g := w.posts(kim, c.act)
			w.becomes(what, g, federation.Refused, c.reason)
			if g.bytes != 0 {
				t.Errorf("%s: %d of its bytes are kept", what, g.bytes)
			}
		}
		if n := len(storagetest.Strings(t, w.db, "SELECT id FROM posts WHERE html LIKE '%words%' AND id <> '"+post.ID+"'")); n != 0 {
			t.Errorf("%d of them became posts", n)
		}
		if kinds := w.kinds(w.ada); len(kinds) > 0 {
			t.Errorf("she was told %v", kinds)
		}
	})
}

// Words for the members of a group alone are no message: they are addressed to it.
func TestWordsForAGroupsMembersStandInIt(t *testing.T) {
	eachWriters(t, func(w *writers) {
		own := w.ownGroup("carers")
		kim := w.far.Person("kim")
		w.stranger("kim", own)
		for what, to := range map[string]string{"the group": own.URI, "its followers": own.URI + "/followers"} {
			note := kim.Note(own.URI, "words", map[string]any{"to": []any{to}, "audience": nil})
			if what == "its followers" {
				note["audience"] = own.URI
			}
			w.becomes(what, w.posts(kim, kim.Activity("Create", note, map[string]any{"to": []any{to}})), federation.Accepted, "")
			post, err := w.store.PostByURI(w.Context(), note["id"].(string))
			if err != nil || post.Readers != community.ReadersMembers {
				t.Errorf("%s: %s reads it, %v", what, post.Readers, err)
			}
		}
	})
}

func TestAnUndoOfWhatIsNotKnownIsAFact(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		for what, object := range map[string]any{
			"another server's id": "https://elsewhere.example/x/1", "an id that leads nowhere": w.far.URL + "/x/none", "nothing": nil,
			"a person": kim.ID, "a post": kim.Note(w.group.URI, "words"),
		} {
			w.becomes(what, w.posts(kim, kim.Activity("Undo", object)), federation.Ignored, "undo_of_unknown")
		}
		// What never came here is asked for where it stands.
		w.lists(kim.ID)
		post := w.theirs(w.far.Person("ash"))
		w.becomes("a lock", w.passes(kim.Activity("Lock", post.URI)), federation.Accepted, "")
		lock := kim.Activity("Lock", post.URI)
		w.becomes("an id that was never sent", w.posts(kim, kim.Activity("Undo", lock["id"])), federation.Accepted, "")
		if w.now(post).LockedAt != nil {
			t.Error("it is locked still")
		}
	})
}

// Whoever is gone elsewhere has no key to fetch any more: theirs is the one known.
func TestSomebodyWhoIsGoneSaysSoWithTheKeyWeKnow(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ash := w.far.Person("ash")
		post := w.theirs(ash)
		w.becomes("a lock", w.posts(ash, ash.Activity("Lock", post.URI)), federation.Refused, "not_moderator") // so that their key is known
		w.far.Handle("/u/ash", fedtest.Status(http.StatusGone))
		w.becomes("a farewell", w.posts(ash, map[string]any{
			"id": ash.ID + "#delete", "type": "Delete", "actor": ash.ID, "object": ash.ID, "to": []any{"https://www.w3.org/ns/activitystreams#Public"},
		}), federation.Accepted, "")
		if p := w.now(post); p.State != community.PostDeleted || p.HTML != "" {
			t.Errorf("a post of theirs is %s: %q", p.State, p.HTML)
		}
		if _, err := w.service.Profile(w.Context(), w.ada, "ash@far.example"); !isKind(err, community.Gone) {
			t.Errorf("their page: %v, want that they are gone", err)
		}
	})
}

// renamed has far.example's WebFinger lead from some names to an actor.
func (w *writers) renamed(actor *fedtest.Actor, names ...string) {
	w.far.Handle("/.well-known/webfinger", func(rw http.ResponseWriter, r *http.Request) {
		name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("resource"), "acct:"), "@")
		if !slices.Contains(names, strings.ToLower(name)) {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(rw, `{"subject":"acct:%s@far.example","links":[{"rel":"self","type":"application/activity+json","href":%q}]}`, name, actor.ID)
	})
}

// saying is an actor's own, as others get it.
func saying(actor *fedtest.Actor, change map[string]any) (doc map[string]any) {
	actor.Edit(func(d map[string]any) {
		for key, value := range change {
			d[key] = value
		}
		doc = d
	})
	return doc
}

func TestARenameIsFollowedWhereItsServerConfirmsIt(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ash := w.far.Person("ash")
		post := w.theirs(ash)
		named := func() string {
			view, err := w.service.Thread(w.Context(), w.ada, post.ID, community.Paging{}, false)
			w.must(err)
			return view.Posts[0].Author.Title + " " + view.Posts[0].Author.Handle()
		}
		says := func(name, title string) {
			doc := saying(ash, map[string]any{"preferredUsername": name, "name": title})
			w.becomes("an update", w.posts(ash, ash.Activity("Update", doc)), federation.Accepted, "")
		}
		w.renamed(ash, "ash")
		says("rowan", "Rowan <b>Tree</b>")
		if got := named(); got != "Rowan Tree ash@far.example" {
			t.Errorf("a name that nobody confirms: %q", got)
		}
		w.renamed(ash, "rowan")
		w.clock.pass(2 * time.Hour)
		says("Rowan", "Rowan")
		if got := named(); got != "Rowan rowan@far.example" {
			t.Errorf("a name that is confirmed: %q", got)
		}
		if _, err := w.service.Profile(w.Context(), w.ada, "ash@far.example"); !isKind(err, community.NotFound) && err != community.NotFound {
			t.Errorf("the former name leads to %v, want nobody", err)
		}
		if _, err := w.service.Profile(w.Context(), w.ada, "rowan@far.example"); err != nil {
			t.Errorf("the new name: %v", err)
		}
		// The name of somebody else there stays theirs.
		birch := w.far.Person("birch")
		w.theirs(birch)
		w.renamed(ash, "birch", "rowan")
		says("birch", "Birch")
		if got := named(); got != "Birch rowan@far.example" {
			t.Errorf("the name of somebody else: %q", got)
		}
		// Nobody renames anybody else.
		w.becomes("another's document", w.posts(birch, birch.Activity("Update", saying(ash, map[string]any{"name": "Nobody"}))), federation.Refused, "not_author")
	})
}

func TestAMoveIsFollowedWhereBothSaySo(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		ash, new := w.far.Person("ash"), elsewhere.Person("rowan")
		w.theirs(ash)
		move := func() got {
			return w.posts(ash, ash.Activity("Move", ash.ID, map[string]any{"target": new.ID}))
		}
		moved := func() string {
			p, err := w.service.Profile(w.Context(), w.ada, "ash@far.example")
			w.must(err)
			return p.MovedTo
		}
		w.becomes("nobody confirms it", move(), federation.Refused, "not_confirmed")
		saying(ash, map[string]any{"movedTo": new.ID})
		w.becomes("the old one alone", move(), federation.Refused, "not_confirmed")
		w.posts(ash, ash.Activity("Update", saying(ash, nil)))
		if to := moved(); to != "" {
			t.Errorf("one of them says that they moved to %s, and is believed", to)
		}
		saying(new, map[string]any{"alsoKnownAs": []any{ash.ID}})
		w.becomes("both", move(), federation.Accepted, "")
		w.posts(ash, ash.Activity("Update", saying(ash, nil)))
		if to := moved(); to != new.ID {
			t.Errorf("they moved to %q, want %s", to, new.ID)
		}
		w.posts(ash, ash.Activity("Update", saying(ash, map[string]any{"movedTo": nil})))
		if to := moved(); to != "" {
			t.Errorf("they came back, and are still said to be at %s", to)
		}
	})
}

// A thread goes to another group where one server speaks for both.
func TestAThreadMovesBetweenGroupsOfOneServer(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		w.lists(kim.ID)
		group := func(actor *fedtest.Actor) community.Group {
			g := w.group
			g.ID, g.Name, g.Domain, g.URI, g.Inbox = secret.NewActorID(), actor.Name, actor.Server.Host, actor.ID, actor.Inbox
			w.must(w.store.InsertGroup(w.Context(), g))
			return g
		}
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		loud, foreign, own := group(w.far.Group("loud")), group(elsewhere.Group("foreign")), w.ownGroup("carers")
		ash := w.far.Person("ash")
		root := w.theirs(ash, map[string]any{"name": "A thread", "type": "Page"})
		answer := w.theirs(ash, map[string]any{"inReplyTo": root.URI})
		moves := func(by *fedtest.Actor, to string) got {
			return w.posts(by, by.Activity("Move", root.URI, map[string]any{"origin": w.group.URI, "target": to}))
		}
		stands := func(in community.Group) {
			t.Helper()
			for _, p := range []community.Post{root, answer} {
				if got := w.now(p).GroupID; got != in.ID {
					t.Errorf("a post stands in %s, want %s", got, in.Name)
				}
			}
		}
		w.becomes("by somebody else", moves(elsewhere.Person("lee"), loud.URI), federation.Refused, "not_moderator")
		w.becomes("to another server's group", moves(kim, foreign.URI), federation.Ignored, "target")
		w.becomes("to a group of ours", moves(kim, own.URI), federation.Ignored, "target")
		w.becomes("to what is not known", moves(kim, w.far.URL+"/c/unknown"), federation.Ignored, "target")
		stands(w.group)
		w.becomes("to a group of the same server", moves(kim, loud.URI), federation.Accepted, "")
		stands(loud)
		here := w.writeIn(own)
		w.becomes("a thread of ours", w.posts(kim, kim.Activity("Move", here.URI, map[string]any{"origin": own.URI, "target": loud.URI})), federation.Refused, "looked_after_here")
	})
}

// Who looks after a group elsewhere is asked for with it, and shown by name.
func TestModeratorsOfAGroupElsewhereAreShown(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		kim, lee := w.far.Person("kim"), elsewhere.Person("lee")
		group := w.far.Group("quiet")
		w.far.Serve("/c/quiet/moderators", map[string]any{"id": group.ID + "/moderators", "type": "OrderedCollection", "orderedItems": []any{kim.ID, lee.ID}})
		_, err := w.Lookup(w.Context(), group.ID)
		w.must(err)
		w.must(w.AskDoubted(w.Context()))
		shown := func() (names []string) {
			view, err := w.service.GroupView(w.Context(), w.ada, w.group.ID)
			w.must(err)
			for _, m := range view.Moderators {
				names = append(names, m.Title+"@"+m.Domain)
			}
			return names
		}
		if got := shown(); !slices.Equal(got, []string{"kim@far.example", "lee@elsewhere.example"}) {
			t.Errorf("got %v", got)
		}
		list := map[string]any{"target": group.ID + "/moderators"}
		ash := w.far.Person("ash")
		w.becomes("one more", w.posts(lee, lee.Activity("Add", ash.ID, list, map[string]any{"audience": group.ID})), federation.Accepted, "")
		w.becomes("one less", w.passes(group.Activity("Remove", lee.ID, list)), federation.Accepted, "")
		w.must(w.AskDoubted(w.Context()))
		if got := shown(); !slices.Equal(got, []string{"kim@far.example", "ash@far.example"}) {
			t.Errorf("got %v", got)
		}
		w.becomes("somebody who is none any more", w.posts(lee, lee.Activity("Add", lee.ID, list, map[string]any{"audience": group.ID})), federation.Refused, "not_moderator")
	})
}
