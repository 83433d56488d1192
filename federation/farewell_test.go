package federation_test

import (
	"testing"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation/fedtest"
)

// stranger is somebody of far.example who is in a group of here.
func (w *writers) stranger(name string, g community.Group) community.Account {
	w.Helper()
	actor := w.far.Person(name)
	a := community.Account{Actor: community.Actor{ID: secret.NewActorID(), URI: actor.ID, Type: community.ActorPerson, Domain: w.far.Host, Name: name, Title: name,
		Inbox: actor.Inbox, SharedInbox: w.far.URL + "/inbox", CreatedAt: noon, FetchedAt: &noon}}
	w.must(w.store.InsertAccount(w.Context(), a))
	w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: secret.NewActorID(), GroupID: g.ID, AccountID: a.ID, Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
	return a
}

// ownGroup is a group of this server that anyone may read anywhere.
func (w *writers) ownGroup(name string) community.Group {
	w.Helper()
	g := community.Group{
		Actor: community.Actor{ID: secret.NewActorID(), Type: community.ActorGroup, Name: name, Title: name, CreatedAt: noon, DisclosedAt: &noon},
		State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: noon,
	}
	g.URI = "https://oak.example/g/" + g.ID
	w.must(w.store.InsertGroup(w.Context(), g))
	w.world.Trust(g.URI+"#main-key", &fedtest.PrivateKey(0).PublicKey)
	return g
}

func TestWhoeverIsNoMoreLeavesNoWordsAndAThreadToRead(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		g := w.ownGroup("carers")
		kim := w.stranger("kim", g)
		w.stranger("lee", g)
		epoch, err := w.store.PolicyEpoch(ctx)
		w.must(err)
		post, err := w.service.ReceivePost(ctx, community.Inbound{URI: w.far.URL + "/p/1", GroupID: g.ID, AuthorID: kim.ID, Title: "Kim", HTML: "<p>words</p>", Verified: community.VerifiedSigned, Epoch: epoch})
		w.must(err)
		w.must(w.store.InsertMembership(ctx, community.Membership{ID: secret.NewActorID(), GroupID: g.ID, AccountID: "ada", Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		answer, err := w.service.WritePost(ctx, w.ada, community.Draft{GroupID: g.ID, ParentID: post.ID, Text: "an answer", Language: "en"})
		w.must(err)
		for range 2 { // saying it again changes nothing
			w.must(w.service.MarkActorGone(ctx, kim.URI))
		}
		gone, err := w.store.Post(ctx, post.ID)
		w.must(err)
		if gone.State != community.PostDeleted || gone.HTML != "" || gone.Title != "" {
			t.Errorf("got %s with %q, want a place without words", gone.State, gone.Title+gone.HTML)
		}
		view, err := w.service.Thread(ctx, w.ada, post.ID, community.Paging{}, false)
		if err != nil || len(view.Posts) != 2 || view.Posts[1].ID != answer.ID {
			t.Errorf("the thread has %d posts, %v; want to read the answer in it", len(view.Posts), err)
		}
		m, err := w.store.Membership(ctx, g.ID, kim.ID)
		if err != nil || m.State != community.MemberLeft {
			t.Errorf("their membership: %s, %v; want that they left", m.State, err)
		}
		w.must(w.PublishOnce(ctx))
		w.must(w.DeliverOnce(ctx))
		deletions := 0
		for _, r := range w.far.Deliveries() {
			inner, _ := r.Activity()["object"].(map[string]any)
			if inner["type"] == "Delete" && inner["actor"] == g.URI && inner["object"] == post.URI {
				deletions++
			}
		}
		if deletions != 1 {
			t.Errorf("followers elsewhere heard %d times that it is gone, want once", deletions)
		}
		if err := w.service.MarkActorGone(ctx, w.ada.Acting.URI); err != nil {
			t.Error(err)
		}
		if ada, err := w.store.Actor(ctx, "ada"); err != nil || ada.GoneAt != nil {
			t.Errorf("somebody of here was made gone from outside: %v", err)
		}
	})
}
