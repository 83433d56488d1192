package federation_test

import (
	"slices"
	"testing"

	"hearth/community"
	"hearth/community/secret"
)

// warden is a moderator of the whole server.
func (w *writers) warden() community.Viewer {
	w.Helper()
	v := w.member("cora")
	v.User.Role = community.RoleAdmin
	return v
}

// moderate hides a post or shows it again, as it is.
func (w *writers) moderate(v community.Viewer, post community.Post, kind string) {
	w.Helper()
	_, err := w.service.ModeratePost(w.Context(), v, post.ID, community.Measure{Kind: kind, Reason: "Because.", Version: post.Version})
	w.must(err)
}

// writeIn has ada write in a group of here, copies of whose words may leave.
func (w *writers) writeIn(g community.Group) community.Post {
	w.Helper()
	w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: secret.NewActorID(), GroupID: g.ID, AccountID: "ada", Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
	w.must(w.store.InsertConsent(w.Context(), community.Consent{ID: secret.NewID(noon), UserID: w.ada.User.ID, AccountID: "ada", GroupID: &g.ID, Scope: community.ConsentFederate, GivenAt: noon}))
	post, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: g.ID, Title: "A title", Text: "words", Language: "en"})
	w.must(err)
	return post
}

// told are the types of what far.example got, of an Announce what is in it.
func (w *writers) told() (kinds []string) {
	w.Helper()
	for _, r := range w.far.Deliveries() {
		kind := r.Type()
		if inner, ok := r.Activity()["object"].(map[string]any); ok && kind == "Announce" {
			kind, _ = inner["type"].(string)
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

func (w *writers) wantTold(want ...string) {
	w.Helper()
	if got := w.told(); !slices.Equal(got, want) {
		w.Errorf("%s was told %q, want %q", w.far.Host, got, want)
	}
}

func (w *writers) publishAndDeliver() {
	w.Helper()
	w.must(w.PublishOnce(w.Context()))
	w.must(w.DeliverOnce(w.Context()))
}

func TestWordsHiddenBeforeTheyWentAreSentWhenTheyAreShown(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		warden := w.warden()
		g := w.ownGroup("carers")
		w.stranger("kim", g)
		w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: secret.NewActorID(), GroupID: g.ID, AccountID: "cora", Role: community.GroupModerator, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		here := w.writeIn(g)
		w.must(w.PublishOnce(w.Context())) // it is queued and does not go
		there := w.write(w.ada, "", "there")
		for _, post := range []community.Post{here, there} {
			w.moderate(warden, post, community.MeasureHide)
		}
		w.publishAndDeliver()
		w.wantTold()
		for _, post := range []community.Post{here, there} {
			w.moderate(warden, post, community.MeasureShow)
		}
		w.publishAndDeliver()
		got := w.told()
		slices.Sort(got)
		if want := []string{"Create", "Create", "Undo"}; !slices.Equal(got, want) {
			w.Errorf("%s was told %q, want %q in some order", w.far.Host, got, want)
		}
		w.wants(there, community.StandingReceived)
	})
}

// Showing tells a group elsewhere nothing that it knows.
func TestWordsThatWentAreNotSentAgainToAGroupElsewhere(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		warden := w.warden()
		post := w.write(w.ada, "", "words")
		w.must(w.DeliverOnce(w.Context()))
		w.wantTold("Create")
		w.moderate(warden, post, community.MeasureHide)
		w.publishAndDeliver()
		w.moderate(warden, post, community.MeasureShow)
		w.publishAndDeliver()
		w.wantTold("Create")
	})
}

func TestAChangeHiddenBeforeItWentIsSentWhenItIsShown(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		warden := w.warden()
		post := w.write(w.ada, "", "first")
		w.must(w.DeliverOnce(w.Context()))
		w.edit(w.ada, post, "second") // queued, and does not go
		post.Version++
		w.moderate(warden, post, community.MeasureHide)
		w.publishAndDeliver()
		w.wantCame("Create first")
		w.moderate(warden, post, community.MeasureShow)
		w.publishAndDeliver()
		w.wantCame("Create first", "Update second")
	})
}

// Copies are taken back wherever they are, however narrow their group is by now;
// who never had one hears nothing.
func TestR18HidingReachesCopiesOfAGroupThatWasNarrowed(t *testing.T) {
	for _, reach := range []string{community.ReachNamed, community.ReachNowhere} {
		t.Run(reach, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				w.person(w.T, "cora")
				warden := w.warden()
				g := w.ownGroup("carers")
				w.stranger("kim", g)
				post := w.writeIn(g)
				w.publishAndDeliver()
				g.Reach = reach
				w.must(w.store.UpdateGroup(w.Context(), g))
				kept := w.afterNarrowing(g)
				w.moderate(warden, post, community.MeasureHide)
				w.moderate(warden, kept, community.MeasureHide)
				w.publishAndDeliver()
				w.wantTold("Create", "Delete")
			})
		})
	}
}

// afterNarrowing is a post that nobody elsewhere has, of a group that is narrower
// than the post itself would be.
func (w *writers) afterNarrowing(g community.Group) community.Post {
	w.Helper()
	post, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: g.ID, Title: "Another", Text: "kept", Language: "en"})
	w.must(err)
	post.Reach = community.ReachAnywhere
	w.must(w.store.UpdatePost(w.Context(), post))
	return post
}

func TestTheGoneLeaveNoCopiesInAGroupThatWasNarrowed(t *testing.T) {
	eachWriters(t, func(w *writers) {
		g := w.ownGroup("carers")
		kim := w.stranger("kim", g)
		epoch, err := w.store.PolicyEpoch(w.Context())
		w.must(err)
		post, err := w.service.ReceivePost(w.Context(), community.Inbound{URI: w.far.URL + "/p/1", GroupID: g.ID, AuthorID: kim.ID, Title: "Kim", HTML: "<p>words</p>", Verified: community.VerifiedSigned, Epoch: epoch})
		w.must(err)
		w.must(w.store.MarkShown(w.Context(), post.ID, w.far.Host, noon)) // it has a copy
		g.Reach = community.ReachNowhere
		w.must(w.store.UpdateGroup(w.Context(), g))
		w.must(w.service.MarkActorGone(w.Context(), kim.URI))
		w.publishAndDeliver()
		w.wantTold("Delete")
	})
}
