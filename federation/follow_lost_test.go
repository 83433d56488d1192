package federation_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
)

// asksToBeIn has ada, who is in no group, ask to be in far.example's. It returns
// the id of her Follow.
func (w *writers) asksToBeIn() string {
	w.Helper()
	_, err := w.service.JoinGroup(w.Context(), w.ada, w.group.ID, community.JoinRequest{Consents: []community.GivenConsent{
		{Scope: community.ConsentTakePart, Text: "I take part."}, {Scope: community.ConsentFederate, Text: "Copies may go."},
	}})
	w.must(err)
	return w.membership().FollowURI
}

func (w *writers) membership() community.Membership {
	w.Helper()
	m, err := w.store.Membership(w.Context(), w.group.ID, w.ada.ActingID())
	w.must(err)
	return m
}

// waits lets days pass, and after each so many has done what is due.
func (w *writers) waits(days ...int) {
	w.Helper()
	for _, n := range days {
		w.turn(time.Duration(n) * 24 * time.Hour)
		w.must(w.Tidy(w.Context()))
		w.must(w.service.GiveUpFollows(w.Context()))
	}
}

// sentOf are the kinds of what far.example was sent, without repetitions.
func (w *writers) sentOf(from int) (kinds []string) {
	for _, r := range w.far.Deliveries()[from:] {
		kinds = append(kinds, r.Type())
	}
	return slices.Compact(kinds)
}

// A request to be in a group elsewhere that never got through is not said to wait
// for an answer for ever: whoever asked is told, once, and may ask again.
func TestRequestThatDoesNotGetThroughIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		name        string
		answer      http.HandlerFunc
		fault       error // of this server, in making it ready
		state, told string
		sent        []string // before it is asked again
	}{
		{"answers nothing", fedtest.Status(503), nil, community.MemberUnheard, community.NoticeUnheard, []string{"Follow", "Undo"}},
		{"fails at it", fedtest.Status(500), nil, community.MemberUnheard, community.NoticeUnheard, []string{"Follow", "Undo"}},
		{"says no", fedtest.Status(403), nil, community.MemberRefused, community.NoticeJoinRefused, []string{"Follow"}},
		{"cannot be made ready", fedtest.Status(202), errors.New("a fault"), community.MemberUnheard, community.NoticeUnheard, nil},
		{"has it, and does not say", fedtest.Status(202), nil, community.MemberAsked, "", []string{"Follow"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				fault := c.fault
				w.FailComposing(func(community.Event) error { return fault })
				w.exec("DELETE FROM memberships WHERE account_id = 'ada'")
				w.far.AnswerDeliveries(c.answer)
				first := w.asksToBeIn()
				w.must(w.service.GiveUpFollows(w.Context()))
				if m := w.membership(); m.State != community.MemberAsked {
					t.Fatalf("before it was tried the request is %s", m.State)
				}
				w.must(w.PublishOnce(w.Context()))
				if fault != nil {
					w.givesUp()
				}
				w.waits(1, 1, 1, 1, 1, 1, 1, 8, 1, 1) // dead after seven days, and given up a week later
				var told []string
				if c.told != "" {
					told = []string{c.told}
				}
				if m, got := w.membership(), w.kinds(w.ada); m.State != c.state || !slices.Equal(got, told) {
					t.Fatalf("the request is %s and ada was told %q, want %s and %q", m.State, got, c.state, told)
				}
				if got := w.sentOf(0); !slices.Equal(got, c.sent) {
					t.Errorf("sent were %q, want %q", got, c.sent)
				}
				if c.state == community.MemberAsked {
					return
				}
				w.must(w.service.ReceiveFollowAnswer(w.Context(), first, w.group.URI, true, w.epoch()))
				if m := w.membership(); m.State != c.state {
					t.Errorf("a yes to what was taken back makes it %s", m.State)
				}
				fault = nil
				w.asksAgain(first)
			})
		})
	}
}

// asksAgain has ada ask once more, now that far.example takes what is sent to it.
func (w *writers) asksAgain(first string) {
	w.Helper()
	w.far.AnswerDeliveries(fedtest.Status(202))
	before := len(w.far.Deliveries())
	again := w.asksToBeIn()
	w.waits(2, 2)
	if m := w.membership(); again == first || m.State != community.MemberAsked {
		w.Errorf("asked again it is %s by %s", m.State, again)
	}
	sent := w.far.Deliveries()[before:]
	if n := len(sent); n == 0 || sent[n-1].Activity()["id"] != again {
		w.Errorf("got %q, want the new Follow last", w.sentOf(before))
	}
	w.must(w.service.ReceiveFollowAnswer(w.Context(), again, w.group.URI, true, w.epoch()))
	if m := w.membership(); m.State != community.MemberActive {
		w.Errorf("after the yes it is %s", m.State)
	}
}

func (w *writers) epoch() int64 {
	w.Helper()
	policies, err := w.service.Policies(w.Context())
	w.must(err)
	return policies.Epoch()
}
