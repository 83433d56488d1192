package federation_test

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// hearth is one node of oak.example in a world of strangers.
type hearth struct {
	*federation.Federation
	store   *storage.Store
	service *community.Service
	clock   *clock
	world   *fedtest.World
	db      *sql.DB // the database itself
	address string
}

var sealKey = []byte("0123456789abcdef0123456789abcdef")

// newHearth is a node over a store, with the site set up where it is not yet.
func newHearth(t testing.TB, store *storage.Store, world *fedtest.World, at *clock) *hearth {
	t.Helper()
	return newHearthThrough(t, store, store, world, at)
}

// newHearthThrough is a node whose federation reaches the store through another.
func newHearthThrough(t testing.TB, store *storage.Store, through federation.Store, world *fedtest.World, at *clock) *hearth {
	t.Helper()
	h := &hearth{store: store, clock: at, world: world}
	h.service = community.NewService(store, community.WithClock(at.Now))
	if _, err := h.service.Site(t.Context()); errors.Is(err, community.NotFound) {
		setUp(t, store, at.Now())
	}
	h.Federation = federation.New(through, h.service, federation.Config{
		Scheme: "https", Host: "oak.example", SealKey: sealKey, Log: zerolog.New(zerolog.NewTestWriter(t)),
		Guard: federation.Guard{Reach: world.Reach, Roots: world.Roots(), FirstByte: time.Hour},
	})
	return h
}

func setUp(t testing.TB, store *storage.Store, now time.Time) {
	t.Helper()
	actor := community.Actor{ID: "oak-actor", URI: "https://oak.example/actor", Type: community.ActorApplication, Name: "oak.example", CreatedAt: now, DisclosedAt: &now}
	site := community.Site{Scheme: "https", Host: "oak.example", Name: "Oak", FrontDoor: community.FrontDoorOpen, ActorID: actor.ID, SetUpAt: now}
	if err := errors.Join(store.InsertActor(t.Context(), actor), store.InsertSite(t.Context(), site)); err != nil {
		t.Fatal(err)
	}
}

func eachHearth(t *testing.T, fn func(t *testing.T, h *hearth)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		fn(t, hearthAt(t, address))
	})
}

// hearthAt is a node over a migrated database.
func hearthAt(t testing.TB, address string) *hearth {
	t.Helper()
	h := newHearth(t, openStore(t, address), fedtest.NewWorld(t), &clock{now: noon})
	h.db, h.address = storagetest.SQL(t, address), address
	return h
}

func openStore(t testing.TB, address string) *storage.Store {
	t.Helper()
	store, err := storage.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// another is one more node of the same hearth, with connections of its own.
func (h *hearth) another(t testing.TB) *hearth {
	t.Helper()
	node := newHearth(t, openStore(t, h.address), h.world, h.clock)
	node.db, node.address = h.db, h.address
	return node
}

func (h *hearth) person(t testing.TB, id string) community.Actor {
	t.Helper()
	a := community.Actor{ID: id, URI: "https://oak.example/u/" + id, Type: community.ActorPerson, Name: id, CreatedAt: noon}
	if err := h.store.InsertAccount(t.Context(), community.Account{Actor: a}); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestActorKeepsTheKeyItTook(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		ada := h.person(t, "ada")
		first, err := h.KeyOf(t.Context(), ada.ID)
		if err != nil || first.ID != ada.URI+"#main-key" {
			t.Fatalf("got %q, %v; want %s#main-key", first.ID, err, ada.URI)
		}
		if err := h.TakeKey(t.Context(), ada.ID, ada.URI); err != nil {
			t.Fatal(err)
		}
		other := h.another(t)
		again, err := other.KeyOf(t.Context(), ada.ID)
		if err != nil || !again.Private.Equal(first.Private) {
			t.Errorf("another node: got another key, or %v; want the same", err)
		}
		pem, err := other.PublicKeyPEM(t.Context(), ada.ID)
		if err != nil || pem != fedtest.PublicPEM(&first.Private.PublicKey) {
			t.Errorf("got %q, %v; want the public half of the key", pem, err)
		}
		if _, err := h.KeyOf(t.Context(), "nobody"); !errors.Is(err, community.NotFound) {
			t.Errorf("nobody's key: got %v, want NotFound", err)
		}
	})
}

func TestNoKeyIsTakenTwice(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		other := h.another(t)
		const people = 6
		keys := make(chan federation.Key, 2*people)
		for _, id := range strings.Split("abcdef", "") {
			h.person(t, id)
			for _, node := range []*hearth{h, other} {
				go func() {
					key, err := node.KeyOf(context.Background(), id)
					if err != nil {
						t.Errorf("%s: %v", id, err)
					}
					keys <- key
				}()
			}
		}
		owners, of := map[string]string{}, map[string]bool{}
		for range 2 * people {
			key := <-keys
			if key.Private == nil {
				t.FailNow()
			}
			n := key.Private.N.String()
			if owner, taken := owners[n]; taken && owner != key.ID {
				t.Errorf("%s and %s have one key", owner, key.ID)
			}
			owners[n], of[key.ID] = key.ID, true
		}
		if len(owners) != people || len(of) != people {
			t.Errorf("got %d keys of %d actors, want %d of each: a key for each on both nodes", len(owners), len(of), people)
		}
	})
}

func TestKeyRowIsUselessWithoutTheSealKey(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		ada, ben := h.person(t, "ada"), h.person(t, "ben")
		for _, a := range []community.Actor{ada, ben} {
			if err := h.TakeKey(t.Context(), a.ID, a.URI); err != nil {
				t.Fatal(err)
			}
		}
		row, err := h.store.CurrentKey(t.Context(), ada.ID)
		if err != nil || strings.Contains(string(row.PrivateKey), "PRIVATE KEY") {
			t.Fatalf("got %v; want a sealed key", err)
		}
		if _, err := federation.OpenPrivate(sealKey, row.ID, row.PrivateKey); err != nil {
			t.Fatal(err)
		}
		if _, err := federation.OpenPrivate([]byte("another key of 32 bytes, no more"), row.ID, row.PrivateKey); err == nil {
			t.Error("another seal key opens it")
		}
		if _, err := federation.OpenPrivate(sealKey, "another row", row.PrivateKey); err == nil {
			t.Error("it opens as the key of another row")
		}
		row.PrivateKey[len(row.PrivateKey)-1] ^= 1
		if _, err := federation.OpenPrivate(sealKey, row.ID, row.PrivateKey); err == nil {
			t.Error("it opens with a byte changed")
		}
	})
}

func TestRotationKeepsTheIDAndTheOldKeyForADay(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		ada := h.person(t, "ada")
		old, err := h.KeyOf(t.Context(), ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.RotateKey(t.Context(), ada.ID, ada.URI); err != nil {
			t.Fatal(err)
		}
		current, previous, err := h.KeysOf(t.Context(), ada.ID)
		if err != nil || current.ID != old.ID || current.Private.Equal(old.Private) {
			t.Errorf("got %q, %v; want another key under the id %q", current.ID, err, old.ID)
		}
		if previous == nil || previous.ID != old.ID || !previous.Private.Equal(old.Private) {
			t.Errorf("got %v before it, want the old key under the same id", previous)
		}
		h.clock.pass(25 * time.Hour)
		if _, previous, err = h.KeysOf(t.Context(), ada.ID); previous != nil || err != nil {
			t.Errorf("a day later: got %v, %v; want no old key any more", previous, err)
		}
	})
}

func TestStrangersKeyIsFetchedOnceAndKept(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		ada := far.Person("ada")
		for range 2 {
			owner, public, err := h.RemoteKey(t.Context(), ada.KeyID, false)
			if err != nil || owner != ada.ID || !ada.Key.PublicKey.Equal(public) {
				t.Fatalf("got %v of %q, %v; want ada's", public, owner, err)
			}
		}
		other := h.another(t)
		if _, _, err := other.RemoteKey(t.Context(), ada.KeyID, true); err != nil {
			t.Fatal(err)
		}
		if n := len(far.Requests()); n != 1 {
			t.Errorf("fetched %d times, want once: two nodes share it, and it is fresh", n)
		}
	})
}

// A key is fetched anew at once where it says no, and then once a minute at most; one
// that nobody doubts is fetched anew once a day.
func TestStrangersKeyIsFetchedAnewOncePerMinuteWhereItIsDoubted(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		ada := far.Person("ada")
		asked := func(step string, refresh bool, want int) {
			t.Helper()
			_, public, err := h.RemoteKey(t.Context(), ada.KeyID, refresh)
			if n := len(far.Requests()); err != nil || n != want {
				t.Errorf("%s: fetched %d times, %v; want %d", step, n, err, want)
			}
			if want > 1 && !ada.Key.PublicKey.Equal(public) {
				t.Errorf("%s: the old key is still believed", step)
			}
		}
		asked("first", false, 1)
		asked("in the same moment", true, 1)
		ada.Rotate()
		h.clock.pass(time.Second)
		asked("a moment later", true, 2)
		h.clock.pass(59 * time.Second)
		var fault *federation.FetchError
		if _, _, err := h.RemoteKey(t.Context(), ada.KeyID, true); !errors.As(err, &fault) || fault.Fault != federation.FetchUnreachable || fault.RetryAfter != time.Second {
			t.Errorf("too soon again: got %v, want that it can be asked for in a second", err)
		}
		h.clock.pass(time.Second)
		asked("after a minute", true, 3)
		far.Handle("/u/ada", fedtest.Status(503))
		h.clock.pass(2 * time.Minute)
		if _, _, err := h.RemoteKey(t.Context(), ada.KeyID, true); !errors.Is(err, federation.FetchUnreachable) {
			t.Errorf("its server does not answer: got %v, want that it is not known now", err)
		}
		far.Handle("/u/ada", fedtest.Status(410))
		h.clock.pass(10 * time.Minute)
		asked("gone", true, 5)
	})
}

func TestStrangersKeyIsFetchedAnewOnceADay(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		ada := far.Person("ada")
		asked := func(step string, refresh bool, want int) {
			t.Helper()
			_, _, err := h.RemoteKey(t.Context(), ada.KeyID, refresh)
			if n := len(far.Requests()); err != nil || n != want {
				t.Errorf("%s: fetched %d times, %v; want %d", step, n, err, want)
			}
		}
		asked("first", false, 1)
		h.clock.pass(23 * time.Hour)
		asked("the same day", false, 1)
		h.clock.pass(2 * time.Hour)
		asked("a day later", false, 2)
		far.Handle("/u/ada", fedtest.Status(410))
		h.clock.pass(25 * time.Hour)
		asked("gone since", false, 3)
	})
}

func TestRefusedServersKeyIsNeverAskedFor(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		if _, err := h.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.RemoteKey(t.Context(), far.Person("ada").KeyID, false); err == nil {
			t.Error("got a key, want none")
		}
		if n := len(far.Requests()); n != 0 {
			t.Errorf("asked %d times, want none", n)
		}
	})
}

func TestSourceOfAForgedKeyMakesUsFetchNoMore(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.Person("ada")
		from := func(address string) context.Context {
			return federation.WithSource(t.Context(), netip.MustParseAddr(address))
		}
		ask := func(ctx context.Context, name string, want int) {
			t.Helper()
			h.RemoteKey(ctx, far.URL+"/u/"+name+"#main-key", false)
			if n := len(far.Requests()); n != want {
				t.Errorf("%s: %d fetches, want %d", name, n, want)
			}
		}
		ask(from("2001:db8::1"), "nobody", 1)
		ask(from("2001:db8::2"), "nobody-2", 1)
		ask(from("2001:db8:0:1::1"), "ada", 2)
		ask(from("2001:db8::1"), "ada", 2) // known by now, and no fetch needed
		h.clock.pass(6 * time.Minute)
		ask(from("2001:db8::1"), "nobody-3", 3)
	})
}

// One who may not have us fetch anything keeps nobody else's new key out.
func TestDoubtOfATrippedSourceUsesUpNobodysFetch(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		ada := far.Person("ada")
		tripped := federation.WithSource(t.Context(), netip.MustParseAddr("2001:db8::1"))
		other := federation.WithSource(t.Context(), netip.MustParseAddr("2001:db8:0:1::1"))
		if _, _, err := h.RemoteKey(other, ada.KeyID, false); err != nil {
			t.Fatal(err)
		}
		h.RemoteKey(tripped, far.URL+"/u/nobody#main-key", false)
		ada.Rotate()
		h.clock.pass(time.Second)
		if _, _, err := h.RemoteKey(tripped, ada.KeyID, true); !errors.Is(err, federation.FetchUnreachable) {
			t.Fatalf("the tripped source got %v, want that the key is not known now", err)
		}
		if n := len(far.Requests()); n != 2 {
			t.Fatalf("fetched %d times, want twice: for the tripped source no more", n)
		}
		_, public, err := h.RemoteKey(other, ada.KeyID, true)
		if err != nil || !ada.Key.PublicKey.Equal(public) {
			t.Errorf("the other source got %v, %v; want the new key", public, err)
		}
	})
}

// A key that changed under its id a moment after we had it is no reason to turn away
// what it signs: many senders do not come again after a 401.
func TestWhatANewKeySignsIsTakenAtOnce(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := w.far.Person("kim")
		for range 3 {
			w.becomes("a boost", w.posts(kim, kim.Activity("Announce", w.group.URI)), federation.Ignored, "not_a_group")
			w.clock.pass(time.Minute)
			kim.Rotate()
		}
	})
}
