package federation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/storage/storagetest"
)

// room is a group here that people of far.example and elm.example follow.
type room struct {
	*hearth
	*testing.T
	group community.Group
}

func eachRoom(t *testing.T, fn func(r *room)) {
	t.Helper()
	eachSender(t, func(t *testing.T, h *hearth) { fn(newRoom(t, h)) })
}

func newRoom(t *testing.T, h *hearth) *room {
	t.Helper()
	r := &room{hearth: h, T: t, group: community.Group{
		Actor: community.Actor{ID: "carers", URI: "https://oak.example/g/carers", Type: community.ActorGroup, Name: "carers", CreatedAt: noon, DisclosedAt: &noon},
		State: community.GroupActive, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Listed: true, LastActivityAt: noon,
	}}
	r.must(h.store.InsertGroup(t.Context(), r.group))
	for _, host := range []string{"far.example", "elm.example"} {
		r.follow(host)
	}
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// follow lets somebody of a host in, whose id is that of the membership too.
func (r *room) follow(host string) {
	r.Helper()
	uri := "https://" + host + "/u/eve"
	eve := community.Actor{ID: "eve." + host, URI: uri, Type: community.ActorPerson, Domain: host, Name: "eve", Inbox: uri + "/inbox", SharedInbox: "https://" + host + "/inbox", CreatedAt: noon}
	r.must(r.store.InsertAccount(r.Context(), community.Account{Actor: eve}))
	r.must(r.store.InsertMembership(r.Context(), community.Membership{ID: eve.ID, GroupID: r.group.ID, AccountID: eve.ID, Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
}

// arrive is a post that somebody of far.example wrote in the group, in a thread
// of its own, with the event that tells of it.
func (r *room) arrive(id string) {
	r.Helper()
	ctx, uri := r.Context(), "https://far.example/p/"+id
	raw := fmt.Sprintf(`{"id":"https://far.example/x/%s","type":"Create","actor":"https://far.example/u/eve","object":"%s"}`, id, uri)
	r.must(r.store.SaveIncoming(ctx, federation.Activity{
		ID: "x" + id, URI: "https://far.example/x/" + id, Direction: federation.Incoming, Type: "Create", ActorURI: "https://far.example/u/eve", Domain: "far.example",
		ObjectURI: uri, State: federation.Finished, Outcome: federation.Accepted, Raw: []byte(raw), Size: len(raw), ReceivedAt: noon,
	}))
	r.must(r.store.InsertPost(ctx, community.Post{
		ID: id, URI: uri, GroupID: r.group.ID, AuthorID: "eve.far.example", ThreadID: id, State: community.PostPublished, Version: 1, Readers: community.ReadersAnyone,
		Reach: community.ReachAnywhere, Verified: community.VerifiedSigned, PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon,
	}))
	r.tell(community.EventPostWritten, id, "x"+id)
}

func (r *room) tell(kind, post, about string) {
	r.Helper()
	r.must(r.store.InsertEvent(r.Context(), community.Event{
		ID: secret.NewID(noon), Kind: kind, OrderKey: post, GroupID: &r.group.ID, PostID: &post, AboutID: about, CreatedAt: noon,
	}))
}

func (r *room) exec(statement string) {
	r.Helper()
	_, err := r.db.Exec(statement)
	r.must(err)
}

// waits are the hosts and posts of what waits, in its order.
func (r *room) waits() []string {
	r.Helper()
	return storagetest.Strings(r.T, r.db, "SELECT host || ' ' || post_id FROM deliveries WHERE state = 'waiting' ORDER BY seq")
}

func TestEventsOfOneClaimAreAFixedNumberOfStatements(t *testing.T) {
	eachRoom(t, func(r *room) {
		var statements []string
		node := newHearth(t, openStore(t, r.address).Observed(func(s string) { statements = append(statements, s) }), r.world, r.clock)
		publish := func(n int) int {
			for range n {
				r.arrive(secret.NewID(r.clock.Now()))
			}
			statements = nil
			r.must(node.PublishOnce(t.Context()))
			return len(statements)
		}
		publish(2) // the group's key is taken
		few, many := publish(3), publish(30)
		if few != many {
			t.Errorf("3 events are %d statements and 30 are %d, want as many:\n%s", few, many, strings.Join(statements, "\n"))
		}
		if n := len(r.waits()); n != 2*35 {
			t.Errorf("%d deliveries wait, want one of each post for each host", n)
		}
	})
}

// R18: what changes while a batch is composed is composed anew, and nothing is
// kept of what it was.
func TestR18WhatChangesWhileABatchIsComposedIsComposedAnew(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(r *room)
		want   []string
	}{
		{"nothing", func(*room) {}, []string{"elm.example p1", "far.example p1", "elm.example p2", "far.example p2"}},
		{"a follower is removed", func(r *room) { r.exec("UPDATE memberships SET state = 'removed' WHERE id = 'eve.far.example'") }, []string{"elm.example p1", "elm.example p2"}},
		{"a follower is gone", func(r *room) { r.exec("UPDATE actors SET gone_at = created_at WHERE id = 'eve.far.example'") }, []string{"elm.example p1", "elm.example p2"}},
		{"the group is kept here", func(r *room) { r.exec("UPDATE groups SET reach = 'nowhere'") }, nil},
		{"the group names its servers", func(r *room) {
			r.exec("UPDATE groups SET reach = 'named'")
			r.exec("INSERT INTO group_servers (group_id, domain) VALUES ('carers', 'elm.example')")
		}, []string{"elm.example p1", "elm.example p2"}},
		{"a server is refused", func(r *room) {
			_, err := r.service.SetPolicyAsOperator(r.Context(), community.PolicyDraft{Domain: "elm.example", Severity: policy.Suspend})
			r.must(err)
		}, []string{"far.example p1", "far.example p2"}},
		{"their author's server is refused", func(r *room) {
			_, err := r.service.SetPolicyAsOperator(r.Context(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
			r.must(err)
		}, nil},
		{"a post is hidden", func(r *room) { r.exec("UPDATE posts SET state = 'hidden' WHERE id = 'p1'") }, []string{"elm.example p2", "far.example p2"}},
		{"a post is deleted", func(r *room) { r.exec("UPDATE posts SET state = 'deleted', version = 2 WHERE id = 'p2'") }, []string{"elm.example p1", "far.example p1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachRoom(t, func(r *room) {
				r.arrive("p1")
				r.arrive("p2")
				composed := 0
				r.AfterComposing(func(community.Event) {
					if composed++; composed == 2 { // both are, and neither is saved
						c.change(r)
					}
				})
				r.must(r.PublishOnce(t.Context()))
				if got := r.waits(); !slices.Equal(got, c.want) {
					t.Errorf("got %q, want %q", got, c.want)
				}
				if kept, want := len(storagetest.Strings(t, r.db, "SELECT id FROM activities WHERE direction = 'out'")), len(distinctPosts(c.want)); kept != want {
					t.Errorf("%d announces are kept, want %d", kept, want)
				}
			})
		})
	}
}

func distinctPosts(waiting []string) map[string]bool {
	posts := map[string]bool{}
	for _, w := range waiting {
		_, post, _ := strings.Cut(w, " ")
		posts[post] = true
	}
	return posts
}

// R18: who is removed hears nothing of what is written afterwards.
func TestR18NothingThatABatchReadOutlivesIt(t *testing.T) {
	eachRoom(t, func(r *room) {
		publish := r.Publisher()
		r.arrive("p1")
		r.must(publish(t.Context()))
		r.exec("UPDATE memberships SET state = 'removed' WHERE id = 'eve.far.example'")
		r.arrive("p2")
		r.must(publish(t.Context()))
		if got, want := r.waits(), []string{"elm.example p1", "far.example p1", "elm.example p2"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestParcelThatCannotBeSavedCostsItsNeighboursNothing(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		c := h.compose(func(e community.Event) (federation.Parcel, error) {
			var p federation.Parcel
			h.pack(&p, mail{host: "far.example", key: e.OrderKey}, e.AboutID)
			if e.AboutID == "a2" {
				p.Activities = append(p.Activities, p.Activities[0])
			}
			return p, nil
		})
		for _, about := range []string{"a1", "a2", "b1", "a3", "b2"} {
			h.happen(t, about[:1], about, nil)
		}
		if err := h.PublishOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := storagetest.Strings(t, h.db, "SELECT a.object_uri FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id ORDER BY d.seq")
		if want := []string{"a1", "b1", "b2"}; !slices.Equal(got, want) {
			t.Errorf("saved %v, want %v: a2 waits, and a3 behind it", got, want)
		}
		if left := storagetest.Strings(t, h.db, "SELECT about_id FROM events WHERE done_at IS NULL ORDER BY seq"); !slices.Equal(left, []string{"a2", "a3"}) {
			t.Errorf("%v are left, want a2 and a3", left)
		}
		if got := c.all(); len(got) < 5 || !slices.Equal(got[:5], []string{"a1", "a2", "b1", "a3", "b2"}) || slices.Contains(got[5:], "a3") {
			t.Errorf("composed %v, want all together, and then each by itself but a3", got)
		}
	})
}

func TestBatchIsSavedWhenItIsLarge(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		saved := 0
		h.compose(func(e community.Event) (federation.Parcel, error) {
			saved = len(h.deliveries(t))
			var p federation.Parcel
			for i := range 600 {
				h.pack(&p, mail{host: fmt.Sprintf("far%d.example", i), key: e.OrderKey}, e.AboutID)
			}
			return p, nil
		})
		for _, key := range []string{"a", "b", "c"} {
			h.happen(t, key, key, nil)
		}
		if err := h.PublishOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if saved != 1200 || len(h.deliveries(t)) != 1800 {
			t.Errorf("%d were saved before the third, and %d in the end; want 1200 and 1800", saved, len(h.deliveries(t)))
		}
	})
}

func TestPublisherThatLostItsLeaseSavesNothingOfItsBatch(t *testing.T) {
	eachRoom(t, func(r *room) {
		r.arrive("p1")
		r.arrive("p2")
		composed := 0
		r.AfterComposing(func(community.Event) {
			if composed++; composed == 2 {
				r.exec("UPDATE lanes SET lease_token = 'another', leased_until = '2999-01-01 00:00:00+00:00' WHERE host = ''")
			}
		})
		if err := r.PublishOnce(t.Context()); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := r.waits(); len(got) != 0 || composed != 2 {
			t.Errorf("saved %q after composing %d, want nothing after two", got, composed)
		}
	})
}

func TestAnswerToWordsThatAreHeldBackInTheSameClaimIsHeldBackToo(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.far.Unplug()
		first := w.write(w.ada, "", "first")
		w.after(25 * time.Hour)
		w.wants(first, community.StandingUnsent)
		second, err := w.service.WritePost(w.Context(), w.bela, community.Draft{GroupID: w.group.ID, ParentID: first.ID, Text: "second", Language: "en"})
		w.must(err)
		_, err = w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: w.group.ID, ParentID: second.ID, Text: "third", Language: "en"})
		w.must(err)
		w.must(w.PublishOnce(w.Context()))
		if n := len(storagetest.Strings(t, w.db, "SELECT host FROM deliveries WHERE state = 'waiting'")); n != 0 {
			t.Errorf("%d deliveries wait, want none before the first is answered for", n)
		}
	})
}
