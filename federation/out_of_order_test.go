package federation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/storage/storagetest"
)

// saysNow wants the one row of a post, or none.
func (k *talk) saysNow(when, uri, want string) {
	k.t.Helper()
	got := storagetest.Strings(k.t, k.db, "SELECT state || ' ' || html FROM posts WHERE uri = '"+uri+"'")
	if text := strings.Join(got, ", "); strings.TrimSpace(text) != want {
		k.t.Errorf("%s: %s is %q, want %q", when, uri, text, want)
	}
}

// Most software sends without an order: an edit may come before what it changes,
// from its author or from the group that passes it on. It says all of the post.
func TestAnEditThatComesFirstIsWhatThePostSays(t *testing.T) {
	eachTalk(t, func(k *talk) {
		own, passed, third := "https://far.example/p/1", "https://elm.example/p/1", "https://far.example/p/2"
		k.arrives("Update", kim, own, postDocument(own, kim, k.carers.URI, "", "mended"))
		k.mendedThere(moe, passed)
		k.mendedThere(kim, third)
		k.must(k.HandleDue(t.Context()))
		for _, uri := range []string{own, passed, third} {
			k.saysNow("before its Create", uri, "published <p>mended</p>")
		}
		k.posts(kim, own, "")
		k.passesOn(moe, passed, "")
		k.passesOn(kim, third, "")
		k.must(k.HandleDue(t.Context()))
		for _, uri := range []string{own, passed, third} {
			k.saysNow("after it", uri, "published <p>mended</p>")
		}
		k.wantTally("at last", "6 finished accepted , 3 posts, 1 events")
	})
}

// Whoever may not write in a group does not by changing what was never there.
func TestAnEditOfWhatIsNotHereIsJudgedAsItsCreateWouldBe(t *testing.T) {
	eachTalk(t, func(k *talk) {
		uri := "https://far.example/p/1"
		k.arrives("Update", outsider, uri, postDocument(uri, outsider, k.carers.URI, "", "mended"))
		k.must(k.HandleDue(t.Context()))
		k.saysNow("of a stranger", uri, "")
		k.wantTally("at last", "1 finished refused not_member, 0 posts, 0 events")
	})
}

// mendedThere has quiet announce an edit of what somebody wrote in it.
func (k *talk) mendedThere(author, uri string) {
	k.t.Helper()
	k.arrives("Announce", k.quiet.URI, uri, fmt.Sprintf(`{"id":%q,"type":"Update","actor":%q,"object":%s}`, uri+"/update", author, postDocument(uri, author, k.quiet.URI, "", "mended")))
}

// A group says that somebody of a third server took their words back, before it
// passes those words on: nobody reads them until that server was asked.
func TestADeletionThatIsPassedOnFirstHidesTheWordsWhenTheyCome(t *testing.T) {
	eachTalk(t, func(k *talk) {
		uri := "https://far.example/p/1"
		k.arrives("Announce", k.quiet.URI, uri, fmt.Sprintf(`{"id":%q,"type":"Delete","actor":%q,"object":%q}`, uri+"/delete", kim, uri))
		k.must(k.HandleDue(t.Context()))
		k.passesOn(kim, uri, "")
		k.must(k.HandleDue(t.Context()))
		k.clock.pass(time.Minute)
		k.must(k.HandleDue(t.Context()))
		k.saysNow("at last", uri, "hidden <p>words of "+uri+"</p>")
		k.wantTally("at last", "2 finished accepted , 1 posts, 0 events")
		if got := storagetest.Strings(k.t, k.db, "SELECT uri FROM group_inquiries WHERE shows"); !slices.Equal(got, []string{uri}) {
			k.t.Errorf("far.example is to be asked whether it is gone: %q, want %q", got, uri)
		}
	})
}

// A group's server may be slow to pass on what somebody wrote who has said since
// that they are no more: nobody would ever take those words away.
func TestWhatIsPassedOnLateOfWhoeverIsNoMoreIsRefused(t *testing.T) {
	eachTalk(t, func(k *talk) {
		before, late := "https://far.example/p/1", "https://far.example/p/2"
		k.passesOn(kim, before, "")
		k.must(k.HandleDue(t.Context()))
		k.arrives("Delete", kim, kim, `"`+kim+`"`)
		k.must(k.HandleDue(t.Context()))
		k.passesOn(kim, late, "")
		k.must(k.HandleDue(t.Context()))
		k.saysNow("what was there", before, "deleted")
		k.saysNow("what came late", late, "")
		k.wantTally("at last", "2 finished accepted , 1 finished refused gone, 1 posts, 0 events")
	})
}
