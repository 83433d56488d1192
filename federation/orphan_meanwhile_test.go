package federation_test

import (
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
)

// A parent that is stored by itself while it is asked for, by a transaction that
// cannot see yet what waits for it, is there when the answer comes: what was asked
// for is nothing new by then, and the two are joined all the same.
func TestParentThatCameWhileItWasAskedForIsJoined(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		document := fedtest.Body(activityJSON, []byte(postDocument(firstPost, kim, o.quiet.URI, "", "words")))
		asked := 0
		o.at(firstPost, func(w http.ResponseWriter, r *http.Request) {
			asked++
			o.must(o.store.InsertPost(r.Context(), community.Post{ID: "came-meanwhile", URI: firstPost, GroupID: o.quiet.ID, AuthorID: "kim", ThreadID: "came-meanwhile",
				HTML: "words", State: community.PostPublished, Version: 1, Verified: community.VerifiedOrigin, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere,
				PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon}))
			document(w, r)
		})
		o.becomes("a reply", o.passesOn(lee, secondPost, firstPost), "held orphan")
		o.inquires(0)
		if asked != 1 {
			t.Errorf("the parent was asked for %d times, want once", asked)
		}
		o.thread("once it came", firstPost, firstPost+" < ", secondPost+" < "+firstPost)
		o.inquires(time.Hour)
		o.nothingLeft("in the end")
	})
}
