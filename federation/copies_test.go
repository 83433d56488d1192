package federation_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// reader is somebody of a server that nothing is known of, asking for documents.
func (w *writers) reader(host string) (*fedtest.Server, community.Viewer) {
	w.Helper()
	server := fedtest.NewServer(w.T, host, fedtest.In(w.world))
	w.runs(w.T, host, "lemmy")
	return server, community.Viewer{Domain: server.Host, Remote: server.Person("reader").ID}
}

// activityOf is the id of what a group or person here said last of a post.
func (w *writers) activityOf(post community.Post, kind string) string {
	w.Helper()
	ids := storagetest.Strings(w.T, w.db, "SELECT id FROM activities WHERE post_id = '"+post.ID+"' AND direction = 'out' AND type = '"+kind+"' ORDER BY seq DESC")
	if len(ids) == 0 {
		w.Fatalf("there is no %s of the post", kind)
	}
	return ids[0]
}

func TestADeleteReachesServersThatAskedForACopy(t *testing.T) {
	for name, take := range map[string]func(w *writers, v community.Viewer, g community.Group, p community.Post) (json.RawMessage, error){
		"the post": func(w *writers, v community.Viewer, _ community.Group, p community.Post) (json.RawMessage, error) {
			return w.PostDocument(w.Context(), v, p.ID)
		},
		"the outbox": func(w *writers, v community.Viewer, g community.Group, _ community.Post) (json.RawMessage, error) {
			return w.GroupOutbox(w.Context(), v, g.ID, "")
		},
		"what is pinned": func(w *writers, v community.Viewer, g community.Group, p community.Post) (json.RawMessage, error) {
			return w.GroupFeatured(w.Context(), v, g.ID)
		},
		"what brought it": func(w *writers, v community.Viewer, _ community.Group, p community.Post) (json.RawMessage, error) {
			return w.ActivityDocument(w.Context(), v, w.activityOf(p, "Announce"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				g := w.ownGroup("carers")
				w.stranger("kim", g)
				post := w.writeIn(g)
				post.PinnedAt = &post.PublishedAt
				w.must(w.store.UpdatePost(w.Context(), post))
				w.publishAndDeliver()
				third, reader := w.reader("third.example")
				for _, v := range []community.Viewer{reader, {}} {
					if doc, err := take(w, v, g, post); err != nil || len(doc) == 0 {
						t.Fatalf("got %s, %v; want the document", doc, err)
					}
				}
				w.must(w.KeepCopiesOnce(w.Context()))
				_, err := w.service.DeletePost(w.Context(), w.ada, post.ID)
				w.must(err)
				w.publishAndDeliver()
				if got := third.Deliveries(); len(got) != 1 || got[0].Activity()["object"].(map[string]any)["type"] != "Delete" {
					t.Errorf("third.example got %d activities, want the deletion", len(got))
				}
				if got := w.hosts(post); !slices.Equal(got, []string{"far.example", "third.example"}) {
					t.Errorf("got copies at %v, want none of whoever did not sign", got)
				}
			})
		})
	}
}

// hosts are those that have or are to have a copy.
func (w *writers) hosts(post community.Post) []string {
	w.Helper()
	return storagetest.Strings(w.T, w.db, "SELECT host FROM reach WHERE post_id = '"+post.ID+"' ORDER BY host")
}

// Ids alone are no words.
func TestListsOfIdsAreNoCopies(t *testing.T) {
	eachWriters(t, func(w *writers) {
		g := w.ownGroup("carers")
		post := w.writeIn(g)
		_, reader := w.reader("third.example")
		_, err := w.PostContext(w.Context(), reader, post.ID, "")
		w.must(err)
		_, err = w.PostReplies(w.Context(), reader, post.ID, "")
		w.must(err)
		w.must(w.KeepCopiesOnce(w.Context()))
		if got := w.hosts(post); len(got) != 0 {
			t.Errorf("got copies at %v, want none", got)
		}
	})
}

// A copy that is still only remembered counts, and one of a post in a group
// elsewhere is its author's to take back.
func TestADeleteInAGroupElsewhereReachesServersThatAskedForACopy(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post := w.write(w.ada, "", "words")
		w.must(w.DeliverOnce(w.Context()))
		third, reader := w.reader("third.example")
		w.must(w.store.InsertAccount(w.Context(), community.Account{Actor: community.Actor{ID: "reader", URI: reader.Remote, Type: community.ActorPerson,
			Domain: third.Host, Name: "reader", Inbox: third.Person("reader").Inbox, CreatedAt: noon, FetchedAt: &noon}}))
		_, err := w.PostDocument(w.Context(), reader, post.ID)
		w.must(err)
		_, err = w.service.DeletePost(w.Context(), w.ada, post.ID)
		w.must(err)
		w.publishAndDeliver()
		w.wantTold("Create", "Delete")
		if got := third.Deliveries(); len(got) != 1 || got[0].Type() != "Delete" || got[0].Err != nil {
			t.Errorf("third.example got %v, want the deletion", got)
		}
	})
}

func TestCopiesAreWrittenDownWhenAHearthStops(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post := w.writeIn(w.ownGroup("carers"))
		stop := w.start(t)
		_, err := w.PostDocument(w.Context(), community.Viewer{Domain: "third.example", Remote: "https://third.example/actor"}, post.ID)
		w.must(err)
		stop()
		if got := w.hosts(post); !slices.Contains(got, "third.example") {
			t.Errorf("got copies at %v, want what was taken before it stopped", got)
		}
		_, err = w.PostDocument(w.Context(), community.Viewer{Domain: "fourth.example", Remote: "https://fourth.example/actor"}, post.ID)
		w.must(err)
		if got := w.hosts(post); !slices.Contains(got, "fourth.example") {
			t.Errorf("got copies at %v, want also what was taken as it stopped", got)
		}
	})
}

// What a group says of a hidden post is for those who may read in the group.
func TestR18ThatAPostWasHiddenIsReadByWhoeverMayReadItsGroup(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		warden := w.warden()
		g := w.ownGroup("carers")
		g.Readers = community.ReadersMembers
		w.must(w.store.UpdateGroup(w.Context(), g))
		w.stranger("kim", g)
		post := w.writeIn(g)
		w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: "m-cora", GroupID: g.ID, AccountID: "cora", Role: community.GroupModerator, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		w.publishAndDeliver()
		brought := w.activityOf(post, "Announce")
		w.moderate(warden, post, community.MeasureHide)
		w.publishAndDeliver()
		for _, id := range []string{w.activityOf(post, "Delete"), w.activityOf(post, "Announce")} {
			if _, err := w.ActivityDocument(w.Context(), community.Viewer{Domain: w.far.Host}, id); err != nil {
				t.Errorf("a follower's server: %v, want the deletion", err)
			}
			for _, v := range []community.Viewer{{}, {Domain: "third.example"}} {
				if _, err := w.ActivityDocument(w.Context(), v, id); !isKind(err, community.NotFound) && err != community.NotFound {
					t.Errorf("%q: got %v, want NotFound", v.Domain, err)
				}
			}
		}
		if doc, err := w.ActivityDocument(w.Context(), community.Viewer{Domain: w.far.Host}, brought); err == nil {
			t.Errorf("the hidden words are still served: %s", doc)
		}
	})
}

// incoming is an activity as far.example sent it.
func (w *writers) incoming(activity map[string]any) federation.Activity {
	w.Helper()
	raw, err := json.Marshal(activity)
	w.must(err)
	uri, _ := activity["id"].(string)
	kind, _ := activity["type"].(string)
	actor, _ := activity["actor"].(string)
	return federation.Activity{ID: "in", URI: uri, Type: kind, ActorURI: actor, Domain: w.far.Host, Raw: raw, ReceivedAt: w.clock.Now()}
}

func TestAFollowIsTakenBackByItsIdByWhoeverFollowed(t *testing.T) {
	eachWriters(t, func(w *writers) {
		g := w.ownGroup("carers")
		kim := w.stranger("kim", g)
		m, err := w.store.Membership(w.Context(), g.ID, kim.ID)
		w.must(err)
		m.FollowURI = w.far.URL + "/follows/1"
		w.must(w.store.UpdateMembership(w.Context(), m))
		for _, c := range []struct {
			by, what, outcome, state string
		}{
			{"lee", m.FollowURI, federation.Refused, community.MemberActive},
			{"kim", w.far.URL + "/follows/2", federation.Ignored, community.MemberActive},
			{"kim", m.FollowURI, federation.Accepted, community.MemberLeft},
		} {
			out := w.Handled(w.Context(), w.incoming(w.far.Person(c.by).Activity("Undo", c.what)))
			got, err := w.store.Membership(w.Context(), g.ID, kim.ID)
			if err != nil || out.Outcome != c.outcome || got.State != c.state {
				t.Errorf("%s takes %s back: got %s (%s), %s, %v; want %s, %s", c.by, c.what, out.Outcome, out.Reason, got.State, err, c.outcome, c.state)
			}
		}
	})
}

// faultyStore fails to find one post.
type faultyStore struct {
	federation.Store
	fails string
}

func (s *faultyStore) PostByURI(ctx context.Context, uri string) (community.Post, error) {
	if uri == s.fails {
		return community.Post{}, context.DeadlineExceeded
	}
	return s.Store.PostByURI(ctx, uri)
}

// A request for help is neither lost nor halved where the store fails.
func TestAFlagIsTriedAgainWhereTheStoreFails(t *testing.T) {
	eachWriters(t, func(w *writers) {
		g := w.ownGroup("carers")
		first := w.writeIn(g)
		second, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: g.ID, Title: "Another", Text: "words", Language: "en"})
		w.must(err)
		flag := w.incoming(w.far.Person("kim").Activity("Flag", []any{first.URI, second.URI}))
		store := &faultyStore{w.store, second.URI}
		faulty := federation.New(store, w.service, federation.Config{Scheme: "https", Host: "oak.example", SealKey: sealKey})
		reported := func() int {
			return len(storagetest.Strings(w.T, w.db, "SELECT id FROM reports"))
		}
		if out := faulty.Handled(w.Context(), flag); out.RetryAt.IsZero() || reported() != 0 {
			t.Errorf("got %+v and %d reports, want it tried again whole", out, reported())
		}
		store.fails = ""
		if out := faulty.Handled(w.Context(), flag); out.Outcome != federation.Accepted || reported() != 2 {
			t.Errorf("got %+v and %d reports, want two", out, reported())
		}
	})
}
