package federation_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation/fedtest"
)

// kinds are what somebody has notices of, the last first.
func (w *writers) kinds(v community.Viewer) (kinds []string) {
	w.Helper()
	page, err := w.service.Notices(w.Context(), v, community.Paging{})
	w.must(err)
	for _, n := range page.Items {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// knows is the group as it is known here now.
func (w *writers) knows() community.Group {
	w.Helper()
	g, err := w.store.Group(w.Context(), w.group.ID)
	w.must(err)
	return g
}

func (w *writers) wantsClosed(closed bool, told ...string) {
	w.Helper()
	want := community.GroupActive
	if closed {
		want = community.GroupClosed
	}
	if g := w.knows(); g.State != want || (g.ClosedAt != nil) != closed {
		w.Errorf("the group is %s since %v, want %s", g.State, g.ClosedAt, want)
	}
	got := w.kinds(w.ada)
	if len(got) != len(told) {
		w.Errorf("told %q, want %q", got, told)
		return
	}
	for i := range told {
		if got[i] != told[i] {
			w.Errorf("told %q, want %q", got, told)
			return
		}
	}
}

func TestGroupThatTakesNothingIsAskedAnew(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		told   string
		gone   bool
	}{
		"it was taken down":      {fedtest.Status(http.StatusGone), community.NoticeGoneThere, true},
		"it is not known":        {fedtest.Status(http.StatusNotFound), community.NoticeClosedThere, false},
		"it is not shown to us":  {fedtest.Status(http.StatusForbidden), community.NoticeClosedThere, false},
		"its server is confused": {fedtest.Status(http.StatusInternalServerError), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				ctx := w.Context()
				w.far.AnswerDeliveries(fedtest.Status(http.StatusForbidden))
				w.far.Handle("/c/quiet", c.answer)
				post := w.write(w.ada, "", "words")
				w.must(w.DeliverOnce(ctx))
				w.must(w.AskDoubted(ctx))
				w.wants(post, community.StandingRefused)
				if c.told == "" {
					w.wantsClosed(false)
					return
				}
				w.wantsClosed(true, c.told)
				if g := w.knows(); (g.GoneAt != nil) != c.gone {
					w.Errorf("gone since %v, want that it is: %v", g.GoneAt, c.gone)
				}
				if _, err := w.service.WritePost(ctx, w.ada, community.Draft{GroupID: w.group.ID, Text: "more", Language: "en"}); err == nil {
					w.Error("somebody still writes in it")
				}
				if _, err := w.service.Thread(ctx, w.ada, post.ID, community.Paging{}, false); err != nil {
					w.Errorf("what was written cannot be read any more: %v", err)
				}
				w.must(w.service.MarkActorGone(ctx, w.group.URI)) // said again, or after all
				if told := w.kinds(w.ada); len(told) > 2 || c.gone && len(told) > 1 {
					w.Errorf("told %q", told)
				}
			})
		})
	}
}

func TestGroupClosedByItsServerOpensAgain(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		actor := w.far.Group("quiet")
		since := w.clock.Now().Add(-time.Hour).UTC()
		said := func(closed any) {
			actor.Edit(func(document map[string]any) { document["closed"] = closed })
			if _, err := w.Lookup(ctx, actor.ID); err != nil {
				w.Fatal(err)
			}
			w.clock.pass(25 * time.Hour) // so that it is asked for anew
		}
		said(since.Format(time.RFC3339))
		w.wantsClosed(true, community.NoticeClosedThere)
		if g := w.knows(); !g.ClosedAt.Equal(since.Truncate(time.Second)) {
			w.Errorf("closed since %v, want %v", g.ClosedAt, since)
		}
		said(since.Format(time.RFC3339))
		w.wantsClosed(true, community.NoticeClosedThere)
		said(nil)
		w.wantsClosed(false, community.NoticeOpenedThere, community.NoticeClosedThere)
		said(true)
		w.wantsClosed(true, community.NoticeClosedThere, community.NoticeOpenedThere, community.NoticeClosedThere)
	})
}

func TestAGroupElsewhereThatClosesAndOpensCallsItsMembersOnceADay(t *testing.T) {
	eachWriters(t, func(w *writers) {
		says := func(state string) {
			g := w.knows()
			g.State, g.ClosedAt = state, nil
			_, err := w.service.SaveRemoteGroup(w.Context(), g)
			w.must(err)
		}
		for range 3 {
			says(community.GroupClosed)
			w.wantsClosed(true, community.NoticeClosedThere)
			says(community.GroupActive)
			w.wantsClosed(false, community.NoticeOpenedThere)
			page, err := w.service.Notices(w.Context(), w.ada, community.Paging{})
			w.must(err)
			w.must(w.service.ReadNotices(w.Context(), w.ada, page.Items))
		}
		if page, err := w.service.Notices(w.Context(), w.ada, community.Paging{}); err != nil || page.Items[0].ReadAt == nil {
			w.Errorf("what was read calls again: %v", err)
		}
		w.clock.pass(24 * time.Hour)
		says(community.GroupClosed)
		w.wantsClosed(true, community.NoticeClosedThere, community.NoticeOpenedThere)
	})
}

func TestWhoHasTwoNamesInAGroupThatOpensAndClosesMayLeaveByOne(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		w.person(t, "ada-two")
		w.must(w.store.InsertAccountOwner(ctx, "ada-two", w.ada.User.ID, false, noon))
		w.must(w.store.InsertMembership(ctx, community.Membership{ID: secret.NewActorID(), GroupID: w.group.ID, AccountID: "ada-two", Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		says := func(state string) {
			g := w.knows()
			g.State, g.ClosedAt = state, nil
			_, err := w.service.SaveRemoteGroup(ctx, g)
			w.must(err)
		}
		says(community.GroupClosed)
		told, err := w.store.Membership(ctx, w.group.ID, "ada") // the first of her names
		w.must(err)
		told.State = community.MemberLeft
		w.must(w.store.UpdateMembership(ctx, told))
		says(community.GroupActive)
		w.wantsClosed(false, community.NoticeOpenedThere)
		says(community.GroupClosed)
		w.wantsClosed(true, community.NoticeClosedThere)
		page, err := w.service.Notices(ctx, w.ada, community.Paging{})
		w.must(err)
		if got := page.Items[0].AccountID; got == nil || *got != "ada-two" {
			t.Errorf("it concerns %v, want the name that she is still there by", got)
		}
	})
}

func TestWordsForAServerThatIsRefusedMeanwhileNeverGo(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		waits := w.write(w.ada, "", "queued")
		unmade, err := w.service.WritePost(ctx, w.bela, community.Draft{GroupID: w.group.ID, Text: "not yet composed", Language: "en"})
		w.must(err)
		_, err = w.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: w.far.Host, Severity: policy.Suspend})
		w.must(err)
		w.must(w.PublishOnce(ctx))
		w.must(w.DeliverOnce(ctx))
		w.wantCame()
		w.wants(waits, community.StandingBarred)
		w.wants(unmade, community.StandingBarred)
		w.must(w.service.LiftPolicyAsOperator(ctx, w.far.Host))
		w.must(w.PublishOnce(ctx))
		w.must(w.DeliverOnce(ctx))
		for _, r := range w.far.Deliveries() {
			if r.Type() == "Create" {
				w.Errorf("words went by themselves after it was lifted: %s", r.Body)
			}
		}
	})
}

// Its server shows it again, and may never send us anything by itself.
func TestTheDailyRoundComesToAGroupThatWasWithheld(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.must(w.service.CloseRemoteGroup(w.Context(), w.group.ID))
		w.wantsClosed(true, community.NoticeClosedThere)
		w.clock.pass(time.Hour)
		w.must(w.RefreshGroups(w.Context()))
		w.wantsClosed(false, community.NoticeOpenedThere)
	})
}

// What a group passes on comes in runs: each of its posts says that it speaks to us
// again, and its server is asked once.
func TestAWithheldGroupThatSpeaksIsAskedForOnce(t *testing.T) {
	for name, c := range map[string]struct {
		posts  int // of which a run takes 16
		doubts int
		answer http.HandlerFunc
		state  string
	}{
		"two posts of a run":         {2, 1, nil, community.GroupActive},
		"of two runs":                {20, 1, nil, community.GroupActive},
		"and is not shown after all": {2, 1, fedtest.Status(http.StatusNotFound), community.GroupClosed},
	} {
		t.Run(name, func(t *testing.T) {
			eachTalk(t, func(k *talk) {
				elm := fedtest.NewServer(k.t, "elm.example", fedtest.In(k.world))
				k.world.Trust("https://oak.example/actor#main-key", &fedtest.PrivateKey(0).PublicKey)
				elm.Group("quiet")
				if c.answer != nil {
					elm.Handle("/c/quiet", c.answer)
				}
				k.must(k.service.CloseRemoteGroup(k.t.Context(), k.quiet.ID))
				for i := range c.posts {
					k.passesOn(moe, fmt.Sprintf("https://elm.example/p/%02d", i), "")
				}
				k.must(k.HandleDue(k.t.Context()))
				if n := k.Doubted(); n != c.doubts {
					k.t.Errorf("it is to be asked for %d times, want %d", n, c.doubts)
				}
				k.must(k.AskDoubted(k.t.Context()))
				if asked := asksFor(elm, "/c/quiet"); asked != 1 {
					k.t.Errorf("its document was asked for %d times, want once", asked)
				}
				g, err := k.store.Group(k.t.Context(), k.quiet.ID)
				if k.must(err); g.State != c.state {
					k.t.Errorf("the group is %s, want %s", g.State, c.state)
				}
				k.passesOn(moe, "https://elm.example/p/later", "")
				k.must(k.HandleDue(k.t.Context()))
				if n := k.Doubted(); (n == 0) != (c.state == community.GroupActive) {
					k.t.Errorf("a post after that has it asked for %d times, and it is %s", n, c.state)
				}
			})
		})
	}
}

func asksFor(s *fedtest.Server, path string) (n int) {
	for _, r := range s.Requests() {
		if r.Method == http.MethodGet && r.Path == path {
			n++
		}
	}
	return n
}
