package federation_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
)

func (h *hearth) happen(t testing.TB, key, about string, notBefore *time.Time) {
	t.Helper()
	e := community.Event{ID: secret.NewID(h.clock.Now()), Kind: "test", OrderKey: key, AboutID: about, CreatedAt: h.clock.Now(), NotBefore: notBefore}
	if err := h.store.InsertEvent(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// compose records which events are composed.
func (h *hearth) compose(with func(e community.Event) (federation.Parcel, error)) *record {
	r := newRecord("composed")
	h.ComposeWith(func(_ context.Context, e community.Event) (federation.Parcel, error) {
		r.add(e.AboutID)
		return with(e)
	})
	return r
}

func nothing(community.Event) (federation.Parcel, error) { return federation.Parcel{}, nil }

func TestEventBecomesADeliveryAtOnce(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		h.compose(func(e community.Event) (federation.Parcel, error) {
			var p federation.Parcel
			h.pack(&p, mail{host: far.Host, key: e.OrderKey}, e.AboutID)
			return p, nil
		})
		h.SetPoll(time.Hour) // so that only a wake finds it
		stop := h.start(t)
		h.happen(t, "a", "p1", nil)
		h.awaitObject(far, "p1")
		stop()
	})
}

func TestEventsAreComposedInOrderWithinTheirKey(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		failing := true
		c := h.compose(func(e community.Event) (federation.Parcel, error) {
			if e.AboutID == "a1" && failing {
				return federation.Parcel{}, errors.New("not now")
			}
			return federation.Parcel{}, nil
		})
		for _, about := range []string{"a1", "a2", "b1", "a3"} {
			h.happen(t, about[:1], about, nil)
		}
		stop := h.start(t)
		c.await(t, 2)
		h.happen(t, "b", "b2", nil)
		got := c.await(t, 1)
		stop()
		if want := []string{"a1", "b1", "b2"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v: nothing behind a1", got, want)
		}
		failing = false
		h.clock.pass(time.Minute)
		stop = h.start(t)
		got = c.await(t, 3)[3:]
		stop()
		if want := []string{"a1", "a2", "a3"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestEventWaitsForItsTime(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		c := h.compose(nothing)
		later := noon.Add(time.Hour)
		h.happen(t, "a", "a1", &later)
		h.happen(t, "a", "a2", nil)
		h.happen(t, "b", "b1", nil)
		stop := h.start(t)
		c.await(t, 1)
		h.clock.pass(2 * time.Hour)
		h.WakePublisher()
		got := c.await(t, 2)
		stop()
		if want := []string{"b1", "a1", "a2"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestEventThatNeverComposesIsGivenUpAfterADay(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		c := h.compose(func(e community.Event) (federation.Parcel, error) {
			if e.AboutID == "a1" {
				panic("a fault")
			}
			return federation.Parcel{}, nil
		})
		began := h.clock.Now()
		h.happen(t, "a", "a1", nil)
		h.happen(t, "a", "a2", nil)
		for h.clock.Now().Sub(began) < 48*time.Hour && !slices.Contains(c.all(), "a2") {
			if err := h.PublishOnce(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.clock.pass(10 * time.Minute)
		}
		if waited := h.clock.Now().Sub(began); waited < 22*time.Hour || waited > 36*time.Hour {
			t.Errorf("a2 came after %s and %d tries, want a day", waited, len(c.all())-1)
		}
	})
}

func TestOneNodePublishesAtATime(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx, now := t.Context(), h.clock.Now()
		h.happen(t, "a", "a1", nil)
		token, events, err := h.store.ClaimEvents(ctx, "", now, 10)
		if err != nil || len(events) != 1 {
			t.Fatalf("got %d events, %v; want one", len(events), err)
		}
		if _, _, err := h.store.ClaimEvents(ctx, "", now, 10); !errors.Is(err, community.NotFound) {
			t.Errorf("another node: got %v, want NotFound", err)
		}
		if again, _, err := h.store.ClaimEvents(ctx, token, now, 10); err != nil || again != token {
			t.Errorf("renewed: got %q, %v; want the same token", again, err)
		}
		if _, err := h.db.Exec("UPDATE lanes SET lease_token = 'another' WHERE host = ''"); err != nil {
			t.Fatal(err)
		}
		var p federation.Parcel
		h.pack(&p, mail{host: "far.example", key: "a"}, "p1")
		p.At = now
		if err := h.store.SaveOutgoing(ctx, token, events[0].Event, p); !errors.Is(err, federation.ErrLeaseLost) {
			t.Errorf("saved under a lost lease: got %v, want ErrLeaseLost", err)
		}
		if n := len(h.deliveries(t)); n != 0 {
			t.Errorf("%d deliveries were saved, want none", n)
		}
		if err := h.store.SaveOutgoing(ctx, "another", events[0].Event, p); err != nil {
			t.Fatal(err)
		}
		if err := h.store.SaveOutgoing(ctx, "another", events[0].Event, p); err != nil {
			t.Errorf("saved again: %v", err)
		}
		if n := len(h.deliveries(t)); n != 1 {
			t.Errorf("%d deliveries were saved, want one", n)
		}
	})
}

// R18: words that are hidden or changed while they are made ready do not go, and
// nothing of them is kept.
func TestR18WordsChangedWhileTheyAreComposedAreComposedAgain(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		id := *h.post(t, "p1")
		now, err := h.store.Post(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		stamps := []federation.PostStamp{{ID: id, State: now.State, Version: now.Version + 1}, {ID: id, State: community.PostHidden, Version: now.Version}, {ID: id, State: now.State, Version: now.Version}}
		tries := 0
		h.compose(func(e community.Event) (federation.Parcel, error) {
			var p federation.Parcel
			h.pack(&p, mail{host: "far.example", key: e.OrderKey}, e.AboutID)
			p.Of = &stamps[tries]
			tries++
			return p, nil
		})
		h.happen(t, "a", "p1", nil)
		h.PublishOnce(t.Context())
		if n := len(h.deliveries(t)); tries != 3 || n != 1 {
			t.Errorf("composed %d times and saved %d deliveries, want 3 and the last one's alone", tries, n)
		}
	})
}
