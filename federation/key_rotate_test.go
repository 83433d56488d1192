package federation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// tied is a member elsewhere of a group here, and a person here in a group
// elsewhere, who has agreed to be known.
func (h *hearth) tied(t *testing.T) (group, person, instance community.Actor) {
	t.Helper()
	ctx := t.Context()
	site, err := h.service.Site(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if instance, err = h.store.Actor(ctx, site.ActorID); err != nil {
		t.Fatal(err)
	}
	at := noon
	actor := func(id, kind, host string) community.Actor {
		uri := "https://" + host + "/" + id
		a := community.Actor{ID: id, URI: uri, Type: kind, Domain: host, Name: id, Inbox: uri + "/inbox", SharedInbox: "https://" + host + "/inbox", CreatedAt: noon, DisclosedAt: &at}
		if host == "oak.example" {
			a.Domain = ""
		}
		return a
	}
	group, person = actor("carers", community.ActorGroup, "oak.example"), actor("ben", community.ActorPerson, "oak.example")
	member, elsewhere := actor("follower", community.ActorPerson, "follows.example"), actor("group", community.ActorGroup, "holds.example")
	newGroup := func(a community.Actor) community.Group {
		return community.Group{Actor: a, State: community.GroupActive, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Listed: true, Language: "en", LastActivityAt: noon}
	}
	join := func(id, groupID, accountID string) error {
		return h.store.InsertMembership(ctx, community.Membership{ID: id, GroupID: groupID, AccountID: accountID, Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon})
	}
	if err := errors.Join(
		h.store.InsertGroup(ctx, newGroup(group)), h.store.InsertGroup(ctx, newGroup(elsewhere)),
		h.store.InsertAccount(ctx, community.Account{Actor: person}), h.store.InsertAccount(ctx, community.Account{Actor: member}),
		join("m1", group.ID, member.ID), join("m2", elsewhere.ID, person.ID),
	); err != nil {
		t.Fatal(err)
	}
	return group, person, instance
}

// nextKey puts another key into the pool, to be taken first.
func (h *hearth) nextKey(t *testing.T) string {
	t.Helper()
	private := fedtest.PrivateKey(1)
	row := federation.KeyRow{ID: "next", PublicPEM: fedtest.PublicPEM(&private.PublicKey), CreatedAt: noon.Add(-time.Hour)}
	var err error
	if row.PrivateKey, err = federation.SealPrivate(sealKey, row.ID, private); err != nil {
		t.Fatal(err)
	}
	if err := h.store.InsertKey(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	return row.PublicPEM
}

func TestRotationTellsWhoMayKnowTheOldKeyUnderIt(t *testing.T) {
	for name, c := range map[string]struct {
		pick func(group, person, instance community.Actor) community.Actor
		told []string
	}{
		"a group":    {func(g, _, _ community.Actor) community.Actor { return g }, []string{"follows.example"}},
		"a person":   {func(_, p, _ community.Actor) community.Actor { return p }, []string{"holds.example"}},
		"the server": {func(_, _, i community.Actor) community.Actor { return i }, []string{"follows.example", "holds.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			eachSender(t, func(t *testing.T, h *hearth) {
				servers := map[string]*fedtest.Server{}
				for _, host := range []string{"follows.example", "holds.example"} {
					servers[host] = fedtest.NewServer(t, host, fedtest.In(h.world))
				}
				actor := c.pick(h.tied(t))
				old, err := h.KeyOf(t.Context(), actor.ID)
				if err != nil {
					t.Fatal(err)
				}
				h.world.Trust(old.ID, &old.Private.PublicKey)
				pem := h.nextKey(t)
				if err := h.RotateKey(t.Context(), actor.ID, actor.URI); err != nil {
					t.Fatal(err)
				}
				h.publishAndSend(t)
				for host, server := range servers {
					if n := len(server.Deliveries()); n != 0 {
						t.Errorf("%s was told %d times at once: another node may still have the old key for new", host, n)
					}
				}
				h.clock.pass(2 * time.Minute)
				h.publishAndSend(t)
				told := 0
				for _, server := range servers {
					told += len(server.Deliveries())
				}
				if told != len(c.told) {
					t.Errorf("%d were told, want %v", told, c.told)
				}
				for _, host := range c.told {
					wantsNewKey(t, servers[host], actor, pem)
				}
			})
		})
	}
}

func (h *hearth) publishAndSend(t *testing.T) {
	t.Helper()
	if err := h.PublishOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.workOnce(t)
}

// wantsNewKey wants an Update of an actor with a key in it, signed with the one
// that the world knows.
func wantsNewKey(t *testing.T, at *fedtest.Server, actor community.Actor, pem string) {
	t.Helper()
	got := at.Deliveries()
	if len(got) != 1 {
		t.Fatalf("%s: got %d activities, want one", at.Host, len(got))
	}
	var update struct {
		Type   string
		Actor  string
		Object struct {
			ID        string
			PublicKey struct{ PublicKeyPem string }
		}
	}
	if err := json.Unmarshal(got[0].Body, &update); err != nil {
		t.Fatal(err)
	}
	if update.Type != "Update" || update.Actor != actor.URI || update.Object.ID != actor.URI || update.Object.PublicKey.PublicKeyPem != pem {
		t.Errorf("%s: got %s, want an Update of %s with the new key", at.Host, got[0].Body, actor.URI)
	}
	if got[0].Err != nil {
		t.Errorf("%s: it is not signed with the old key: %v", at.Host, got[0].Err)
	}
}

// Most peers do not ask for a key anew when one does not fit, and some say 400 or
// 403 then: what is said as a key changes is signed so that each of them takes it.
func TestWhatIsSaidWhileAKeyChangesIsTaken(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		ada := w.ada.Acting.Actor
		old, err := w.KeyOf(ctx, ada.ID)
		w.must(err)
		said := func() []fedtest.Request {
			before := len(w.far.Deliveries())
			w.write(w.ada, "", "words")
			w.must(w.DeliverOnce(ctx))
			return w.far.Deliveries()[before:]
		}
		w.nextKey(t)
		w.must(w.RotateKey(ctx, ada.ID, ada.URI))
		if got := said(); len(got) != 1 || got[0].Err != nil {
			t.Errorf("before anybody was told: got %d attempts, the first %v; want the key that is known", len(got), got[0].Err)
		}
		for _, status := range []int{400, 401, 403} { // of a peer that has seen the new key already
			w.far.AnswerDeliveries(fedtest.InOrder(fedtest.Status(status), fedtest.Status(202)))
			got := said()
			if len(got) != 2 || got[0].Err != nil || got[1].Err == nil {
				t.Errorf("%d: got %d attempts, want another by the other key", status, len(got))
			}
		}
		current, err := w.KeyOf(ctx, ada.ID)
		w.must(err)
		if current.Private.Equal(old.Private) {
			t.Fatal("the key was not rotated")
		}
		w.world.Trust(current.ID, &current.Private.PublicKey)
		w.clock.pass(time.Hour)
		w.far.AnswerDeliveries(fedtest.Status(202))
		got := said()
		if last := got[len(got)-1]; last.Type() != "Create" || last.Err != nil {
			t.Errorf("an hour later: got %s, %v; want the new key at once", last.Type(), last.Err)
		}
		w.far.AnswerDeliveries(fedtest.Status(404))
		if got := said(); len(got) != 1 {
			t.Errorf("404: got %d attempts, want one: it is not about the key", len(got))
		}
	})
}

// What is asked for as the server's own key changes is given by those who know the
// old one only, as most do for a while, and by those who know the new one only.
func TestWhatIsFetchedWhileAKeyChangesIsGiven(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx := t.Context()
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world), fedtest.Secure())
		_, _, instance := h.tied(t)
		old, err := h.KeyOf(ctx, instance.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.world.Trust(old.ID, &old.Private.PublicKey)
		names := 0
		fetches := func(when string, requests int) {
			t.Helper()
			names++
			before := len(far.Requests())
			if _, _, err := h.Fetcher().Document(ctx, far.Person(fmt.Sprint("ada", names)).ID); err != nil {
				t.Errorf("%s: %v", when, err)
			}
			if n := len(far.Requests()) - before; n != requests {
				t.Errorf("%s: got %d requests, want %d", when, n, requests)
			}
		}
		h.nextKey(t)
		if err := h.RotateKey(ctx, instance.ID, instance.URI); err != nil {
			t.Fatal(err)
		}
		fetches("of who knows the old key, at once", 1)
		h.clock.pass(time.Hour)
		fetches("of who knows the old key, an hour later", 2)
		current, err := h.KeyOf(ctx, instance.ID)
		if err != nil || current.Private.Equal(old.Private) {
			t.Fatalf("the key was not rotated: %v", err)
		}
		h.world.Trust(current.ID, &current.Private.PublicKey)
		fetches("of who knows the new key, an hour later", 1)
		far.Handle("/closed", fedtest.Status(http.StatusNotFound))
		before := len(far.Requests())
		if _, _, err := h.Fetcher().Document(ctx, far.URL+"/closed"); !errors.Is(err, federation.FetchGone) {
			t.Errorf("what is not there: got %v, want that it is gone", err)
		}
		if n := len(far.Requests()) - before; n != 1 {
			t.Errorf("what is not there: got %d requests, want one", n)
		}
		h.clock.pass(-time.Hour)
		fetches("of who knows the new key, at once", 2)
	})
}

func TestKeyIsNotRotatedTwiceInADay(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx, ben := t.Context(), h.person(t, "ben")
		var e *community.Error
		if err := h.RotateKey(ctx, ben.ID, ben.URI); !errors.As(err, &e) || e.Key != "delivery.key_none" {
			t.Errorf("without a key: got %v, want a Conflict", err)
		}
		if err := h.TakeKey(ctx, ben.ID, ben.URI); err != nil {
			t.Fatal(err)
		}
		if err := h.RotateKey(ctx, ben.ID, ben.URI); err != nil {
			t.Fatal(err)
		}
		h.clock.pass(23 * time.Hour)
		if err := h.RotateKey(ctx, ben.ID, ben.URI); !errors.As(err, &e) || e.Key != "delivery.key_lately" {
			t.Errorf("23 hours later: got %v, want a Conflict", err)
		}
		h.clock.pass(2 * time.Hour)
		if err := h.RotateKey(ctx, ben.ID, ben.URI); err != nil {
			t.Errorf("25 hours later: %v", err)
		}
	})
}

func TestAllKeysAreRotatedButThoseOfLately(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx := t.Context()
		ben, cleo := h.person(t, "ben"), h.person(t, "cleo")
		h.person(t, "nobody-yet")
		for _, a := range []community.Actor{ben, cleo} {
			if err := h.TakeKey(ctx, a.ID, a.URI); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.RotateKey(ctx, ben.ID, ben.URI); err != nil {
			t.Fatal(err)
		}
		if done, err := h.RotateAll(ctx); err != nil || done != (federation.Rotation{Rotated: 1, Left: 1}) {
			t.Errorf("got %+v, %v; want one rotated, one left, and none for who has no key", done, err)
		}
		if _, previous, err := h.KeysOf(ctx, cleo.ID); err != nil || previous == nil {
			t.Errorf("cleo's key was not rotated: %v", err)
		}
		if err := h.RotateInstanceKey(ctx); !errors.Is(err, community.Conflict) {
			t.Errorf("the server's own, which has none: got %v, want Conflict", err)
		}
	})
}

func TestUndisclosedPersonsNewKeyIsNobodysBusiness(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		_, ben, _ := h.tied(t)
		account, err := h.store.Account(t.Context(), ben.ID)
		if err != nil {
			t.Fatal(err)
		}
		account.DisclosedAt = nil
		if err := errors.Join(h.store.UpdateAccount(context.Background(), account), h.TakeKey(t.Context(), ben.ID, ben.URI), h.RotateKey(t.Context(), ben.ID, ben.URI)); err != nil {
			t.Fatal(err)
		}
		h.clock.pass(time.Hour)
		h.publishAndSend(t)
		if n := len(h.deliveries(t)); n != 0 {
			t.Errorf("%d deliveries, want none", n)
		}
	})
}

// Some know the old key alone for a while: it signs for a day, on every node.
func TestOldKeySignsForADayAfterItWasRotated(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx, ben := t.Context(), h.person(t, "ben")
		old, err := h.KeyOf(ctx, ben.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.nextKey(t)
		if err := h.RotateKey(ctx, ben.ID, ben.URI); err != nil {
			t.Fatal(err)
		}
		holds := func(want bool) {
			t.Helper()
			for name, node := range map[string]*hearth{"it": h, "another node": h.another(t)} {
				current, previous, err := node.KeysOf(ctx, ben.ID)
				if err != nil || current.Private.Equal(old.Private) {
					t.Errorf("%s: the current key is the old one, or %v", name, err)
				}
				if got := previous != nil && previous.Private.Equal(old.Private); got != want {
					t.Errorf("%s: has the old key: %v, want %v", name, got, want)
				}
			}
		}
		holds(true)
		h.clock.pass(23*time.Hour + 58*time.Minute)
		holds(true)
		h.clock.pass(4 * time.Minute)
		holds(false)
	})
}
