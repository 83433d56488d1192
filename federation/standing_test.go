package federation_test

import (
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
)

// standing is where a post stands with far.example.
func (w *writers) standing(post community.Post) community.Standing {
	w.Helper()
	known, err := w.store.Standings(w.Context(), []string{post.ID}, w.far.Host)
	w.must(err)
	return known[post.ID]
}

// suspend has this server refuse far.example.
func (w *writers) suspend() {
	w.Helper()
	_, err := w.service.SetPolicyAsOperator(w.Context(), community.PolicyDraft{Domain: w.far.Host, Severity: policy.Suspend})
	w.must(err)
}

func TestWordsThatAServerFailedAtForTooLongAreNotSaidToBeSending(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.far.AnswerDeliveries(fedtest.Status(500))
		post := w.write(w.ada, "", "words")
		for range 8 {
			w.must(w.DeliverOnce(w.Context()))
			w.clock.pass(2 * time.Hour)
		}
		w.wants(post, community.StandingRefused)
		if why := w.standing(post).Why(); why != community.WhyFailing {
			t.Errorf("got %q, want that its server failed", why)
		}
		w.far.AnswerDeliveries(fedtest.Status(202))
		w.HeardFrom(w.Context(), w.far.Host)
		w.edit(w.ada, post, "other words")
		w.after(0)
		w.wants(post, community.StandingReceived)
	})
}

func TestAServersFinalNoSaysWhatItsStatusSays(t *testing.T) {
	eachWriters(t, func(w *writers) {
		for status, want := range map[int]string{403: community.WhyNotAllowed, 404: community.WhyUnknown, 400: community.WhyFaulty} {
			w.far.AnswerDeliveries(fedtest.Status(status))
			post := w.write(w.ada, "", "words")
			w.after(0)
			w.wants(post, community.StandingRefused)
			if why := w.standing(post).Why(); why != want {
				t.Errorf("%d: got %q, want %q", status, why, want)
			}
		}
	})
}

// Whoever wrote for a group on a server that is refused since reads that it did
// not go, whether it was queued by then or not.
func TestWordsForAServerThatIsRefusedSinceAreNotSaidToBeSending(t *testing.T) {
	eachWriters(t, func(w *writers) {
		arrived := w.write(w.ada, "", "arrived")
		w.after(0)
		queued := w.write(w.ada, "", "queued")
		unpublished, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: w.group.ID, Text: "unpublished", Language: "en"})
		w.must(err)
		w.suspend()
		w.publishAndDeliver()
		w.wantCame("Create arrived")
		w.wants(arrived, community.StandingReceived)
		w.wants(queued, community.StandingBarred)
		w.wants(unpublished, community.StandingBarred)
		for _, p := range []community.Post{arrived, queued} {
			want := map[string]string{arrived.ID: community.StandingCut, queued.ID: community.StandingBarred}[p.ID]
			if got := w.read(p); got != want {
				w.Errorf("%s: its author reads %s, want %s", p.Source, got, want)
			}
		}
		w.must(w.service.LiftPolicyAsOperator(w.Context(), w.far.Host))
		if got := w.read(arrived); got != community.StandingReceived {
			w.Errorf("after it was lifted its author reads %s, want that it is there", got)
		}
	})
}

// read is what ada reads of where a post of hers stands.
func (w *writers) read(p community.Post) string {
	w.Helper()
	thread, err := w.service.Thread(w.Context(), w.ada, p.ID, community.Paging{}, false)
	w.must(err)
	return thread.Posts[0].Standing.State()
}
