package federation_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
)

// givesUp lets the day pass after which what cannot be made ready is given up: all
// of its tries but the last, which TestEventThatNeverComposesIsGivenUpAfterADay counts.
func (w *writers) givesUp() {
	w.Helper()
	_, err := w.db.Exec("UPDATE events SET attempts = 29 WHERE done_at IS NULL AND attempts > 0")
	w.must(err)
	w.clock.pass(25 * time.Hour)
	w.must(w.PublishOnce(w.Context()))
}

// Words that this server cannot make ready are not said to be on their way for
// ever: after a day their author reads that they were not sent, and why it was not
// the other server, and is asked what is to become of them.
func TestWordsThatCannotBeMadeReadyAreNotSaidToBeSending(t *testing.T) {
	eachWriters(t, func(w *writers) {
		broken := true
		w.FailComposing(func(e community.Event) error {
			if broken && e.PostID != nil {
				return errors.New("a fault")
			}
			return nil
		})
		w.far.AnswerDeliveries(fedtest.Status(202))
		post := w.write(w.ada, "", "words")
		w.wants(post, community.StandingSending)
		w.givesUp()
		w.wants(post, community.StandingFailed)
		w.wantAsked(w.ada, post)
		w.wantAsked(w.bela)
		w.after(48 * time.Hour)
		w.wants(post, community.StandingFailed)
		w.wantAsked(w.ada, post)

		w.must(w.service.SendUnsent(w.Context(), w.ada, post.ID)) // into the same fault
		w.wants(post, community.StandingSending)
		w.must(w.PublishOnce(w.Context()))
		w.givesUp()
		w.wants(post, community.StandingFailed)
		w.wantAsked(w.ada, post, post)

		broken = false
		answer := w.write(w.bela, post.ID, "an answer")
		w.after(0)
		w.wants(answer, community.StandingBehind)
		w.wantCame()
		w.must(w.service.SendUnsent(w.Context(), w.ada, post.ID))
		w.after(0)
		w.wants(post, community.StandingReceived)
		w.wants(answer, community.StandingReceived)
		w.wantCame("Create words", "Create an answer")
	})
}

// Of a change that cannot be made ready it is said that the change was not sent.
func TestAChangeThatCannotBeMadeReadyIsNotSent(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kept, taken, broken := w.write(w.ada, "", "first"), w.write(w.bela, "", "to be deleted"), true
		w.after(0)
		w.FailComposing(func(e community.Event) error {
			if broken && e.PostID != nil {
				return errors.New("a fault")
			}
			return nil
		})
		w.edit(w.ada, kept, "second")
		w.edit(w.bela, taken, "third")
		_, err := w.service.DeletePost(w.Context(), w.bela, taken.ID)
		w.must(err)
		w.givesUp()
		w.wants(kept, community.StandingFailed)
		if st := w.standing(kept); !st.IsChange() {
			t.Errorf("%+v is not said to be a change", st)
		}
		w.after(0)
		w.wantAsked(w.ada, kept)
		w.wantAsked(w.bela) // who wants nothing sent any more
		broken = false
		w.must(w.service.KeepUnsent(w.Context(), w.ada, kept.ID))
		w.wants(kept, community.StandingKept)
		w.after(2 * time.Hour)
		if got := w.came(); slices.Contains(got, "Update second") || slices.Contains(got, "Update third") {
			t.Errorf("got %q, want no change that stays here", got)
		}
	})
}
