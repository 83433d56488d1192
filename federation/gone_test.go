package federation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// A group alone does not erase what somebody of a third server wrote, by saying that
// they deleted it: it is hidden, and their server asked.
func TestADeletionThatOnlyTheGroupSaysIsAskedAbout(t *testing.T) {
	const root = "https://far.example/p/root"
	kims := newSigner(kim + "#proofs")
	eachOrigins(t, func(o *origins) {
		lists(o.far.Person("kim"), kims.multikey(kim))
		deleted := func(uri string) string {
			return fmt.Sprintf(`{"id":%q,"type":"Delete","actor":%q,"object":%q}`, uri+"/delete", kim, uri)
		}
		removed := func(uri string) string { return o.announces("Delete", moe, uri, quoted(uri)) }
		o.serves(root, lee, o.quiet.URI, "")
		o.becomes("what they answer", o.passesOn(lee, root, ""), "accepted ")
		asked := map[string]string{} // what is still hidden when it was asked about, and what becomes of it
		for i, c := range []struct {
			name   string
			answer func(uri string) http.HandlerFunc
			before func(uri string) // it is said
			after  func(uri string)
			then   string // state, once its server was asked
		}{
			{"410", func(string) http.HandlerFunc { return fedtest.Status(410) }, nil, nil, "deleted"},
			{"404", func(string) http.HandlerFunc { return fedtest.Status(404) }, nil, nil, "deleted"},
			{"a Tombstone", func(uri string) http.HandlerFunc { return o.answered(uri, `"Note"`, `"Tombstone"`) }, nil, nil, "deleted"},
			{"another author there", func(uri string) http.HandlerFunc { return o.answered(uri, kim+`"`, lee+`"`) }, nil, nil, "deleted"},
			{"it is there", func(uri string) http.HandlerFunc { return o.answered(uri) }, nil, nil, "published"},
			{"there, said twice", func(uri string) http.HandlerFunc { return o.answered(uri) }, nil, func(uri string) {
				o.becomes("said twice", o.announces("Delete", kim, uri, quoted(uri)), "accepted ")
			}, "published"},
			{"there, and the group removed it before", func(uri string) http.HandlerFunc { return o.answered(uri) }, func(uri string) { removed(uri) }, nil, "hidden"},
			{"there, and the group removed it since", func(uri string) http.HandlerFunc { return o.answered(uri) }, nil, func(uri string) { removed(uri) }, "hidden"},
			{"there, and the group removes it while it is asked for", func(uri string) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					epoch, err := o.store.PolicyEpoch(r.Context())
					o.must(err)
					_, err = o.service.ReceiveDelete(r.Context(), community.Deletion{URI: uri, ActorURI: o.quiet.URI, ByGroup: true, Epoch: epoch})
					o.must(err)
					o.answered(uri)(w, r)
				}
			}, nil, nil, "hidden"},
			{"there, and the group removed all of theirs since", func(uri string) http.HandlerFunc { return o.answered(uri) }, nil, func(uri string) {
				o.becomes("a bar", o.announces("Block", moe, uri, quoted(kim)+`,"target":`+quoted(o.quiet.URI)+`,"removeData":true`), "accepted ")
			}, "hidden"},
			{"there, and the group removed all below since", func(uri string) http.HandlerFunc { return o.answered(uri) }, nil, func(uri string) {
				o.becomes("a removal", o.announces("Delete", moe, uri, quoted(root)+`,"summary":"astray","withReplies":true`), "accepted ")
				o.becomes("its end", o.announces("Undo", moe, uri, fmt.Sprintf(`{"type":"Delete","actor":%q,"object":%q}`, moe, root)), "accepted ")
			}, "hidden"},
			{"there, and the group shows it again", func(uri string) http.HandlerFunc { return o.answered(uri) }, nil, func(uri string) {
				o.becomes("shown again", o.announces("Undo", kim, uri, deleted(uri)), "accepted ")
			}, "published"},
			{"not for everybody", func(uri string) http.HandlerFunc {
				return o.answered(uri, "https://www.w3.org/ns/activitystreams#Public", "https://far.example/u/kim/followers")
			}, nil, nil, "hidden"},
			{"403", func(string) http.HandlerFunc { return fedtest.Status(403) }, nil, nil, "hidden"},
			{"503", func(string) http.HandlerFunc { return fedtest.Status(503) }, nil, nil, "hidden"},
		} {
			uri := fmt.Sprintf("https://far.example/p/gone-%d", i)
			switch c.name {
			case "403", "503":
				asked[uri] = "deleted"
			case "not for everybody":
				asked[uri] = "hidden"
			}
			doc := postDocument(uri, kim, o.quiet.URI, root, "words of "+uri)
			o.becomes(c.name, o.arrives("Announce", o.quiet.URI, uri, kims.proves(o, create(uri, kim, doc))), "accepted ")
			if c.before != nil {
				c.before(uri)
				o.must(o.HandleDue(t.Context()))
			}
			o.at(uri, c.answer(uri))
			o.becomes(c.name, o.arrives("Announce", o.quiet.URI, uri, deleted(uri)), "accepted ")
			o.stands(c.name+", meanwhile", uri, "quiet hidden signed")
			o.says(c.name+", meanwhile", uri, "words of")
			if n := o.asked(uri); n != 0 {
				t.Errorf("%s: asked for %d times at once", c.name, n)
			}
			if c.after != nil {
				c.after(uri)
				o.must(o.HandleDue(t.Context()))
			}
			o.inquires(within)
			o.stands(c.name+", asked about", uri, "quiet "+c.then+" signed")
			if words := o.wordsOf(uri); (words == "") != (c.then == "deleted") {
				t.Errorf("%s: the words are %q", c.name, words)
			}
			if n := o.asked(uri); n == 0 {
				t.Errorf("%s: nobody was asked", c.name)
			}
		}
		o.waiting("but for servers that do not say", "2")
		o.inquires(8 * 24 * time.Hour)
		o.nothingLeft("in the end")
		for uri, want := range asked {
			words := ""
			if want != "deleted" {
				words = "words of"
			}
			o.stands("in the end", uri, "quiet "+want+" signed")
			if got := o.wordsOf(uri); !strings.Contains(got, words) || words == "" && got != "" {
				t.Errorf("in the end %s, which is %s, says %q", uri, want, got)
			}
		}
	})
}

// What is proven, or of the group's own server, is the author's own word; and what is
// not for everybody nobody asks about.
func TestADeletionIsTakenFromItsAuthorAtOnce(t *testing.T) {
	kims := newSigner(kim + "#proofs")
	eachOrigins(t, func(o *origins) {
		lists(o.far.Person("kim"), kims.multikey(kim))
		o.passesOn(moe, moesPost, "")
		o.passed(kimsPost)
		o.becomes("of the group's server", o.announces("Delete", moe, moesPost, quoted(moesPost)), "accepted ")
		o.stands("of the group's server", moesPost, "quiet deleted signed")
		o.becomes("proven", o.arrives("Announce", o.quiet.URI, kimsPost, kims.proves(o, fmt.Sprintf(`{"id":%q,"type":"Delete","actor":%q,"object":%q}`, kimsPost+"/delete", kim, kimsPost))), "accepted ")
		o.stands("proven", kimsPost, "quiet deleted group")
		members := "https://far.example/p/members"
		o.passed(members)
		o.exec("UPDATE posts SET readers = 'members' WHERE uri = '" + members + "'")
		o.becomes("for members", o.announces("Delete", kim, members, quoted(members)), "accepted ")
		o.stands("for members", members, "quiet deleted denied")
		if words := o.wordsOf(members); words != "" {
			t.Errorf("for members: the words are %q", words)
		}
		o.must(o.InquireDue(t.Context()))
		if n := o.asked(members); n != 0 {
			t.Errorf("for members: asked for %d times", n)
		}
		waits := "https://far.example/p/waits"
		o.becomes("a reply", o.passesOn(kim, waits, firstPost), "held orphan")
		o.becomes("of what waits", o.announces("Delete", kim, waits, quoted(waits)), "accepted ")
		o.stands("of what waits", waits)
		o.becomes("that group again", o.passesOn(kim, waits, firstPost), "refused deleted")
		o.becomes("its author, elsewhere", o.posts(kim, waits, ""), "accepted ")
	})
}

// Nobody but its author and its group keeps a post away by saying that it was deleted
// before it came; who takes that back lets it come.
func TestOnlyItsAuthorOrGroupDeletesAPostBeforeItComes(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		for i, c := range []struct {
			name string
			say  func(kind, uri, object string) string
			then string
		}{
			{"its author", func(kind, uri, object string) string { return o.arrives(kind, kim, uri, object) }, "refused deleted"},
			{"a neighbour", func(kind, uri, object string) string { return o.arrives(kind, lee, uri, object) }, "accepted "},
		} {
			uri := fmt.Sprintf("https://far.example/p/early-%d", i)
			o.becomes(c.name, c.say("Delete", uri, quoted(uri)), "accepted ")
			o.becomes(c.name, o.posts(kim, uri, ""), c.then)
		}
		undone := "https://far.example/p/undone"
		o.arrives("Delete", kim, undone, quoted(undone))
		o.arrives("Undo", kim, undone, fmt.Sprintf(`{"id":%q,"type":"Delete","actor":%q,"object":%q}`, undone+"/delete", kim, undone))
		o.must(o.HandleDue(t.Context()))
		o.becomes("taken back", o.posts(kim, undone, ""), "accepted ")

		theirs := "https://elm.example/p/early"
		o.becomes("its group", o.announces("Delete", moe, theirs, quoted(theirs)), "accepted ")
		o.becomes("its group", o.passesOn(moe, theirs, ""), "refused deleted")
		inner := create(theirs, moe, postDocument(theirs, moe, o.mail.URI, "", "words"))
		o.becomes("another group", o.arrives("Announce", o.mail.URI, theirs, inner), "accepted ")
		o.exec("INSERT INTO tombstones (uri, at) VALUES ('https://far.example/p/before', '2026-01-01 00:00:00+00:00')")
		o.becomes("from before it was kept who said so", o.posts(kim, "https://far.example/p/before", ""), "refused deleted")
	})
}

// What is taken back while it waits for its post is not done when that comes.
func TestAnActThatIsTakenBackWhileItWaitsIsNotDone(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.exec("UPDATE groups SET featured_uri = 'https://elm.example/featured' WHERE actor_id = 'quiet'")
		act := func(id, kind, by, more string) string {
			return fmt.Sprintf(`{"id":%q,"type":%q,"actor":%q,"object":%q%s}`, id, kind, by, kimsPost, more)
		}
		pin := `,"target":"https://elm.example/featured"`
		wait := func() {
			o.arrives("Announce", o.quiet.URI, kimsPost, act("https://elm.example/x/lock", "Lock", moe, ""))
			o.arrives("Announce", o.quiet.URI, kimsPost, act("https://elm.example/x/pin", "Add", moe, pin))
			o.arrives("Announce", o.quiet.URI, kimsPost, act("https://elm.example/x/delete", "Delete", moe, ""))
			o.must(o.HandleDue(t.Context()))
		}
		undo := func(inner string) string {
			return o.announces("Undo", moe, kimsPost, inner)
		}
		wait()
		o.becomes("another group's undo", o.arrives("Announce", o.mail.URI, kimsPost, fmt.Sprintf(`{"id":"https://elm.example/x/u","type":"Undo","actor":%q,"object":%s}`, moe, act("https://elm.example/x/lock", "Lock", moe, ""))), " unknown")
		o.becomes("an undo of something else", undo(act("https://elm.example/x/pin", "Add", moe, `,"target":"https://elm.example/other"`)), "ignored target")
		if n := storagetest.Strings(t, o.db, "SELECT '' || count(*) FROM activities WHERE state = 'waiting'"); n[0] != "4" {
			t.Errorf("%s wait, want the three and another group's undo", n[0])
		}
		for _, inner := range []string{act("https://elm.example/x/new-1", "Lock", moe, ""), act("https://elm.example/x/new-2", "Add", moe, pin), act("https://elm.example/x/new-3", "Delete", moe, "")} {
			o.becomes("an undo", undo(inner), "accepted ")
		}
		o.passed(kimsPost)
		o.clock.pass(within)
		o.must(o.HandleDue(t.Context()))
		o.stands("in the end", kimsPost, "quiet published group")
		if post, err := o.store.PostByURI(t.Context(), kimsPost); err != nil || post.LockedAt != nil || post.PinnedAt != nil {
			t.Errorf("locked %v, pinned %v, %v", post.LockedAt, post.PinnedAt, err)
		}
		if got := storagetest.Strings(t, o.db, "SELECT outcome || ' ' || reason FROM activities WHERE reason = 'undone'"); len(got) != 3 || got[0] != "ignored undone" {
			t.Errorf("what was taken back became %q", got)
		}
	})
}

// However it is used, one activity has a hundred fetches.
func TestAuthorsCountAmongWhatOneActivityHasFetched(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		var ids string
		for i := range 60 {
			uri, author := fmt.Sprintf("https://far.example/p/by-%d", i), fmt.Sprintf("https://far.example/u/author-%d", i)
			o.far.Person(fmt.Sprintf("author-%d", i))
			o.serves(uri, author, o.quiet.URI, "")
			ids += "," + quoted(uri)
		}
		o.becomes("many", o.arrives("Announce", o.quiet.URI, o.quiet.URI, "["+ids[1:]+"]"), "accepted ")
		if n := len(o.far.Requests()); n != 100 {
			t.Errorf("%d things were asked for, want 100", n)
		}
		if n := storagetest.Strings(t, o.db, "SELECT '' || count(*) FROM posts WHERE state = '"+community.PostPublished+"' AND group_id = 'quiet'"); n[0] != "50" {
			t.Errorf("%s posts came, want 50", n[0])
		}
	})
}
