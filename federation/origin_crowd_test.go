package federation_test

import (
	"fmt"
	"testing"
	"time"

	"hearth/storage/storagetest"
)

// A group that makes up what somebody of another server wrote has that server asked for
// so much at a time, however much it says at once: the rest comes when some was asked.
func TestAGroupHasAServerAskedForSoMuchAtATime(t *testing.T) {
	const perActivity, perGroup, all = 100, 200, 230
	eachOrigins(t, func(o *origins) {
		var inner []string
		for i := range all {
			uri := fmt.Sprintf("https://far.example/p/made-up-%d", i)
			inner = append(inner, o.created(kim, uri, ""))
		}
		counts := func(when string, stand, open int) {
			o.t.Helper()
			o.must(o.HandleDue(t.Context()))
			if n := storagetest.Strings(t, o.db, "SELECT '' || count(*) FROM posts WHERE state = 'published' AND uri LIKE '%/made-up-%'"); n[0] != fmt.Sprint(stand) {
				t.Errorf("%s: %s posts stand, want %d", when, n[0], stand)
			}
			o.waiting(when, fmt.Sprint(open))
		}
		o.batch(inner...)
		counts("at once", perActivity, perActivity)
		o.clock.pass(20 * time.Second)
		counts("tried again", perGroup, perGroup)
		o.clock.pass(20 * time.Second)
		counts("with no room", perGroup, perGroup)

		late := o.passesOn(kim, "https://far.example/p/made-up-late", "")
		counts("by itself", perGroup, perGroup)
		o.becomes("of another server", o.passesOn(moe, moesPost, ""), "accepted ")
		o.far.Unplug()
		o.inquires(within)
		counts("once it was asked in vain", all+1, all+1)
		o.becomes("in the end", late, "accepted ")
	})
}
