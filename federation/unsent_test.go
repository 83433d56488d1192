package federation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// writers is a hearth with two people in a group of far.example.
type writers struct {
	*hearth
	*testing.T
	far   *fedtest.Server
	group community.Group
	ada   community.Viewer
	bela  community.Viewer
}

func eachWriters(t *testing.T, fn func(w *writers)) {
	t.Helper()
	eachSender(t, func(t *testing.T, h *hearth) {
		w := &writers{hearth: h, T: t, far: fedtest.NewServer(t, "far.example", fedtest.In(h.world))}
		actor := w.far.Group("quiet")
		w.group = community.Group{
			Actor: community.Actor{ID: secret.NewActorID(), URI: actor.ID, Type: community.ActorGroup, Domain: w.far.Host, Name: "quiet", Title: "Quiet",
				Inbox: actor.Inbox, SharedInbox: w.far.URL + "/inbox", CreatedAt: noon},
			State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: noon,
		}
		w.must(h.store.InsertGroup(t.Context(), w.group))
		h.runs(t, w.far.Host, "lemmy")
		h.person(t, "bela")
		w.ada, w.bela = w.member("ada"), w.member("bela")
		fn(w)
	})
}

func (w *writers) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// member lets an account into the group, as a person who agreed to copies.
func (w *writers) member(id string) community.Viewer {
	w.Helper()
	ctx := w.Context()
	user := community.User{ID: "user-" + id, Login: "login-" + id, Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: noon}
	w.must(w.store.InsertUser(ctx, user))
	w.must(w.store.InsertAccountOwner(ctx, id, user.ID, true, noon))
	w.must(w.store.DiscloseActor(ctx, id, noon))
	w.must(w.store.InsertMembership(ctx, community.Membership{ID: secret.NewActorID(), GroupID: w.group.ID, AccountID: id, Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
	w.must(w.store.InsertConsent(ctx, community.Consent{ID: secret.NewID(noon), UserID: user.ID, AccountID: id, GroupID: &w.group.ID, Scope: community.ConsentFederate, GivenAt: noon}))
	account, err := w.store.Account(ctx, id)
	w.must(err)
	return community.Viewer{User: &user, Accounts: []community.Account{account}, Acting: &account}
}

func (w *writers) write(v community.Viewer, parent, text string) community.Post {
	w.Helper()
	post, err := w.service.WritePost(w.Context(), v, community.Draft{GroupID: w.group.ID, ParentID: parent, Text: text, Language: "en"})
	w.must(err)
	w.must(w.PublishOnce(w.Context()))
	return post
}

func (w *writers) edit(v community.Viewer, post community.Post, text string) {
	w.Helper()
	_, err := w.service.EditPost(w.Context(), v, post.ID, community.Draft{Text: text, Language: "en", Version: post.Version})
	w.must(err)
	w.must(w.PublishOnce(w.Context()))
}

// after lets time pass, has authors asked, and delivers what is due.
func (w *writers) after(d time.Duration) {
	w.Helper()
	w.clock.pass(d)
	w.must(w.DeliverOnce(w.Context()))
	w.must(w.service.AskAuthors(w.Context()))
	w.must(w.PublishOnce(w.Context()))
	w.must(w.DeliverOnce(w.Context()))
}

// wants is the standing that a post should have with far.example.
func (w *writers) wants(post community.Post, state string) {
	w.Helper()
	known, err := w.store.Standings(w.Context(), []string{post.ID}, w.far.Host)
	w.must(err)
	if got := known[post.ID].State(); got != state {
		w.Errorf("%s: got %s, want %s", post.Source, got, state)
	}
}

// came are the words that far.example got, in order, with what was done.
func (w *writers) came() (said []string) {
	for _, r := range w.far.Deliveries() {
		a := r.Activity()
		object, _ := a["object"].(map[string]any)
		words, _ := object["content"].(string)
		said = append(said, r.Type()+" "+strings.Trim(strings.TrimSpace(words), "</p>"))
	}
	return said
}

func (w *writers) wantCame(want ...string) {
	w.Helper()
	if got := w.came(); !slices.Equal(got, want) {
		w.Errorf("%s got %q, want %q", w.far.Host, got, want)
	}
}

// asked are the posts that somebody was asked about, the last first.
func (w *writers) asked(v community.Viewer) (ids []string) {
	w.Helper()
	page, err := w.service.Notices(w.Context(), v, community.Paging{})
	w.must(err)
	for _, n := range page.Items {
		if n.Kind == community.NoticeUnsent {
			ids = append(ids, *n.PostID)
		}
	}
	return ids
}

func (w *writers) wantAsked(v community.Viewer, posts ...community.Post) {
	w.Helper()
	var want []string
	for _, p := range posts {
		want = append(want, p.ID)
	}
	if got := w.asked(v); !slices.Equal(got, want) {
		w.Errorf("%s was asked about %v, want %v", v.Acting.Name, got, want)
	}
}

const down = 503

func TestWordsThatWaitedForADayAreNotSentUnasked(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.far.AnswerDeliveries(fedtest.Status(down))
		post := w.write(w.ada, "", "late")
		w.after(0)
		w.wants(post, community.StandingUnreachable)
		w.after(23 * time.Hour)
		w.wantAsked(w.ada)
		w.far.AnswerDeliveries(fedtest.Status(202))
		tries := len(w.far.Deliveries())
		// The lane revives first, then the day is over: nobody has looked at the
		// queue in between.
		w.clock.pass(time.Hour)
		w.HeardFrom(w.Context(), w.far.Host)
		w.must(w.DeliverOnce(w.Context()))
		if n := len(w.far.Deliveries()); n != tries {
			t.Fatalf("the server that came back got %v, want nothing", w.came()[tries:])
		}
		w.after(0)
		w.after(48 * time.Hour)
		if n := len(w.far.Deliveries()); n != tries {
			t.Errorf("got %v while its author was asked", w.came()[tries:])
		}
		w.wants(post, community.StandingUnsent)
		w.wantAsked(w.ada, post)
		w.must(w.service.SendUnsent(w.Context(), w.ada, post.ID))
		w.after(0)
		if got := w.came()[tries:]; !slices.Equal(got, []string{"Create late"}) {
			t.Errorf("after yes: got %q", got)
		}
		w.wants(post, community.StandingReceived)
		if err := w.service.SendUnsent(w.Context(), w.ada, post.ID); !isKind(err, community.Conflict) {
			t.Errorf("answering twice: got %v, want Conflict", err)
		}
	})
}

func TestWhatWaitedUnpublishedForADayIsNotSentUnaskedEither(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: w.group.ID, Text: "written as the power went", Language: "en"})
		w.must(err)
		w.clock.pass(25 * time.Hour)
		w.must(w.PublishOnce(w.Context()))
		w.must(w.DeliverOnce(w.Context()))
		w.after(2 * time.Minute)
		w.wantCame()
		w.wants(post, community.StandingUnsent)
		w.wantAsked(w.ada, post)
	})
}

func TestAnAnswerSendsTheWordsAsTheyAreThen(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.far.Unplug()
		post := w.write(w.ada, "", "first")
		w.after(25 * time.Hour)
		w.wants(post, community.StandingUnsent)
		w.edit(w.ada, post, "second")
		w.after(2 * time.Hour)
		w.wants(post, community.StandingUnsent)
		w.far = fedtest.NewServer(t, "far.example", fedtest.In(w.world))
		w.must(w.service.SendUnsent(w.Context(), w.ada, post.ID))
		w.after(24*time.Hour - time.Minute)
		w.wantCame("Create second", "Update second")
	})
}

func TestAnEditThatWaitedLeavesWhatCameBefore(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post := w.write(w.ada, "", "first")
		w.after(0)
		w.far.AnswerDeliveries(fedtest.Status(down))
		w.edit(w.ada, post, "second")
		answer := w.write(w.bela, post.ID, "an answer")
		w.after(25 * time.Hour)
		known, err := w.store.Standings(w.Context(), []string{post.ID}, w.far.Host)
		w.must(err)
		if st := known[post.ID]; st.State() != community.StandingUnsent || !st.IsChange() {
			t.Errorf("got %s, a change %v; want a change held back", st.State(), st.IsChange())
		}
		w.wants(answer, community.StandingUnsent) // the post it answers is there
		w.must(w.service.KeepUnsent(w.Context(), w.ada, post.ID))
		w.far.AnswerDeliveries(fedtest.Status(202))
		w.HeardFrom(w.Context(), w.far.Host)
		before := len(w.came())
		w.must(w.service.SendUnsent(w.Context(), w.bela, answer.ID))
		w.after(time.Hour)
		if got := w.came()[before:]; !slices.Equal(got, []string{"Create an answer"}) {
			t.Errorf("got %q, want the answer alone", got)
		}
		w.wants(post, community.StandingKept)
		w.must(w.service.SendUnsent(w.Context(), w.ada, post.ID))
		w.after(0)
		if got := w.came()[before+1:]; !slices.Equal(got, []string{"Update second"}) {
			t.Errorf("after all: got %q, want the change", got)
		}
	})
}

func TestAnswersWaitBehindWhatTheyAnswer(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.far.AnswerDeliveries(fedtest.Status(down))
		root := w.write(w.ada, "", "root")
		w.after(0)
		w.clock.pass(20 * time.Hour)
		early := w.write(w.bela, root.ID, "early")
		deep := w.write(w.ada, early.ID, "deep")
		w.after(5 * time.Hour)
		late := w.write(w.bela, root.ID, "late")
		w.after(0)
		for post, state := range map[*community.Post]string{&root: "unsent", &early: "behind", &deep: "behind", &late: "behind"} {
			w.wants(*post, state)
		}
		w.far.AnswerDeliveries(fedtest.Status(202))
		w.HeardFrom(w.Context(), w.far.Host)
		before := len(w.came())
		w.after(22 * time.Hour) // early and deep are older than a day now, late is not
		if got := w.came()[before:]; len(got) != 0 {
			t.Fatalf("got %q before anybody answered", got)
		}
		w.wantAsked(w.bela)
		w.must(w.service.SendUnsent(w.Context(), w.ada, root.ID))
		w.after(0)
		if got := w.came()[before:]; !slices.Equal(got, []string{"Create root", "Create late"}) {
			t.Errorf("got %q, want the root and what was not too old", got)
		}
		w.wantAsked(w.bela, early)
		w.wants(deep, community.StandingBehind)
		w.must(w.service.KeepUnsent(w.Context(), w.bela, early.ID))
		w.must(w.service.AskAuthors(w.Context()))
		w.wants(deep, community.StandingKept)
		w.after(24 * time.Hour)
		if got := w.came()[before:]; len(got) != 2 {
			t.Errorf("got %q, want nothing of what stays here", got)
		}
	})
}

func TestADeletionIsNeverHeldBack(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post := w.write(w.ada, "", "words")
		w.after(0)
		w.far.AnswerDeliveries(fedtest.Status(down))
		w.edit(w.ada, post, "other words")
		w.after(25 * time.Hour)
		w.wants(post, community.StandingUnsent)
		answer := w.write(w.bela, post.ID, "an answer")
		_, err := w.service.DeletePost(w.Context(), w.ada, post.ID)
		w.must(err)
		w.must(w.PublishOnce(w.Context()))
		w.after(3 * 24 * time.Hour)
		w.far.AnswerDeliveries(fedtest.Status(202))
		w.HeardFrom(w.Context(), w.far.Host)
		before := len(w.came())
		w.after(2 * time.Minute) // it was put off behind the answer that was too old
		if got := w.came()[before:]; !slices.Equal(got, []string{"Delete "}) {
			t.Errorf("got %q, want the deletion", got)
		}
		w.wants(answer, community.StandingUnsent)
		if err := w.service.SendUnsent(w.Context(), w.ada, post.ID); err == nil {
			t.Error("what was deleted could be sent")
		}
	})
}

func TestOnlyAnAuthorWhoMayStillWriteAnswers(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.far.AnswerDeliveries(fedtest.Status(down))
		post := w.write(w.ada, "", "words")
		w.after(25 * time.Hour)
		for what, v := range map[string]community.Viewer{"another member": w.bela, "a visitor": {}, "the group's server": {Domain: w.far.Host}} {
			if err := w.service.SendUnsent(w.Context(), v, post.ID); !isKind(err, community.NotFound) {
				t.Errorf("%s answers: got %v, want NotFound", what, err)
			}
		}
		consents, err := w.store.LiveConsents(w.Context(), w.ada.User.ID)
		w.must(err)
		w.must(w.service.WithdrawConsent(w.Context(), w.ada, consents[0].ID))
		if err := w.service.SendUnsent(w.Context(), w.ada, post.ID); !isKind(err, community.Forbidden) {
			t.Errorf("without consent: got %v, want Forbidden", err)
		}
		w.must(w.service.LeaveGroup(w.Context(), w.ada, w.group.ID))
		if err := w.service.SendUnsent(w.Context(), w.ada, post.ID); !isKind(err, community.Forbidden) {
			t.Errorf("after leaving: got %v, want Forbidden", err)
		}
		w.must(w.service.KeepUnsent(w.Context(), w.ada, post.ID))
		w.wants(post, community.StandingKept)
	})
}

func isKind(err error, kind community.Kind) bool {
	e, ok := err.(*community.Error)
	return ok && e.Kind == kind
}

func TestWhatIsUnderWayIsNotHeldBack(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post := w.write(w.ada, "", "words")
		lanes, err := w.store.ClaimLanes(t.Context(), w.clock.Now(), 10)
		w.must(err)
		if len(lanes) != 1 {
			t.Fatalf("claimed %d lanes, want one", len(lanes))
		}
		w.clock.pass(25 * time.Hour)
		w.must(w.service.AskAuthors(t.Context()))
		w.wants(post, community.StandingSending)
		_, err = w.store.FinishDeliveries(t.Context(), w.clock.Now(), []federation.LaneReport{
			{Lease: federation.Lease{Host: lanes[0].Host, Token: *lanes[0].LeaseToken}, Health: &federation.LaneHealth{SendWindow: 1}, Release: true}})
		w.must(err)
		w.must(w.service.AskAuthors(t.Context()))
		w.wants(post, community.StandingUnsent)
	})
}
