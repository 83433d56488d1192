package main

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// What could not be sent for a day is not sent late without its author: they are
// asked, by a notice and on the page, and what they answer is done.
func TestAuthorIsAskedAboutWordsThatWaitedForADay(t *testing.T) {
	engines(t, func(t *testing.T, database func() string) {
		o := newOutage(t, database)
		o.oak.dies()
		var tried atomic.Int32
		gone := standIn(t, o.oak, func(w http.ResponseWriter, _ *http.Request) {
			tried.Add(1)
			w.WriteHeader(http.StatusBadGateway)
		})
		send, keep := o.begin(o.maya, o.copied, "To be sent"), o.begin(o.maya, o.copied, "To be kept")
		eventually(t, "elm tries", func() (bool, error) { return tried.Load() > 0, nil })
		o.counts("elm knows that oak is away", o.elmSQL, 1, "SELECT count(*) FROM lanes WHERE failing_since IS NOT NULL AND lease_token IS NULL")
		o.passes(25 * time.Hour)
		const question = "could not be reached for a day"
		asked := func(in thread, answer, says string) {
			t.Helper()
			o.must(errors.Join(o.maya.opens(in.path), o.maya.awaits(question, false)))
			o.must(o.maya.sends(in.path + "/" + answer))
			if !o.maya.reads(says) || o.maya.reads(question) {
				t.Errorf("%s: after her answer she reads: %s", in.title, o.maya.words())
			}
		}
		asked(send, "send", "It is on its way as it is now.")
		asked(keep, "keep", "It stays here.")
		o.must(errors.Join(o.maya.opens("/notices"), o.maya.awaits("was not sent. What should become of it?", false)))

		gone.Close()
		o.oak.begins(t)
		o.passes(2 * time.Hour)
		o.counts("what she sent is at oak", o.oakSQL, 1, "SELECT count(*) FROM posts WHERE title = 'To be sent' AND state = 'published'")
		o.must(errors.Join(o.maya.opens(send.path), o.maya.awaits("Shown on", false)))
		o.must(o.maya.opens(keep.path))
		if !o.maya.reads("It was not sent to") {
			t.Errorf("what she kept reads: %s", o.maya.words())
		}
		if n, err := count(o.oakSQL, "SELECT count(*) FROM posts WHERE title = 'To be kept'"); err != nil || n != 0 {
			t.Errorf("what she kept is at oak %d times, %v", n, err)
		}
	})
}
