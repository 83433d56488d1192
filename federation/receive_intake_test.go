package federation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// gated is a store that writes what came in only when it is let.
type gated struct {
	*storage.Store
	entered chan int // how many rows a statement is about to write
	let     chan struct{}
}

func (s *gated) SaveAllIncoming(ctx context.Context, all []federation.Activity) (map[string]bool, error) {
	s.entered <- len(all)
	<-s.let
	return s.Store.SaveAllIncoming(ctx, all)
}

// eachGated runs fn with a hearth that writes what came in when it is let.
func eachGated(t *testing.T, fn func(t *testing.T, h *hearth, s *gated)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		s := &gated{Store: openStore(t, address), entered: make(chan int, 1), let: make(chan struct{})}
		h := newHearthThrough(t, s.Store, s, fedtest.NewWorld(t), &clock{now: noon})
		h.db, h.address = storagetest.SQL(t, address), address
		fn(t, h, s)
	})
}

func arrived(id, uri string) federation.Activity {
	return federation.Activity{
		ID: id, URI: "https://far.example/x/" + uri, Direction: federation.Incoming, Type: "Create", Domain: "far.example", OrderKey: uri,
		State: federation.Waiting, Raw: []byte("{}"), ReceivedAt: noon,
	}
}

// keepAtOnce keeps activities, the first alone and the others all at once while
// it is being written, and gives each one's error.
func (h *hearth) keepAtOnce(t *testing.T, s *gated, first federation.Activity, others ...federation.Activity) []error {
	t.Helper()
	errs := make([]error, 1+len(others))
	var keeping sync.WaitGroup
	keeping.Go(func() { errs[0] = h.KeepIncoming(t.Context(), first) })
	if n := <-s.entered; n != 1 {
		t.Errorf("the first statement has %d rows, want 1", n)
	}
	for i, a := range others {
		keeping.Go(func() { errs[i+1] = h.KeepIncoming(t.Context(), a) })
		h.awaitWaiting(t, i+1)
	}
	s.let <- struct{}{}
	if n := <-s.entered; n != len(others) {
		t.Errorf("the second statement has %d rows, want %d", n, len(others))
	}
	s.let <- struct{}{}
	keeping.Wait()
	return errs
}

func (h *hearth) awaitWaiting(t *testing.T, n int) {
	t.Helper()
	eventually(t, func() string { return fmt.Sprintf("%d requests wait, want %d", h.WaitingIntake(), n) }, func() bool { return h.WaitingIntake() >= n })
}

func TestWhatComesAtOnceIsKeptInOneStatementAndEachIsTold(t *testing.T) {
	eachGated(t, func(t *testing.T, h *hearth, s *gated) {
		var others []federation.Activity
		for i := range 10 {
			others = append(others, arrived(fmt.Sprint("other-", i), fmt.Sprint(i)))
		}
		others = append(others, arrived("again-first", "first"), arrived("again-3", "3"))
		for i, err := range h.keepAtOnce(t, s, arrived("first", "first"), others...) {
			if isAgain := i > 10; errors.Is(err, community.Conflict) != isAgain || !isAgain && err != nil {
				t.Errorf("%d: got %v, had before: %v", i, err, isAgain)
			}
		}
		got := strings.Join(storagetest.Strings(t, h.db, "SELECT id FROM activities ORDER BY seq"), " ")
		if want := "first other-0 other-1 other-2 other-3 other-4 other-5 other-6 other-7 other-8 other-9"; got != want {
			t.Errorf("got %s, want %s: in the order they came", got, want)
		}
	})
}

func TestOneThatCannotBeKeptIsToldAloneThatItIsNot(t *testing.T) {
	eachGated(t, func(t *testing.T, h *hearth, s *gated) {
		bad := arrived("bad", "bad")
		h.spoil(t, "activities", bad.URI)
		errs := h.keepAtOnce(t, s, arrived("first", "first"), arrived("a", "a"), bad, arrived("b", "b"))
		for i, err := range errs {
			if isBad := i == 2; (err != nil) != isBad {
				t.Errorf("%d: got %v, cannot be kept: %v", i, err, isBad)
			}
		}
		if got := strings.Join(storagetest.Strings(t, h.db, "SELECT id FROM activities ORDER BY seq"), " "); got != "first a b" {
			t.Errorf("got %s, want first a b", got)
		}
	})
}

func TestRequestThatEndsTakesNothingOfItsNeighboursWithIt(t *testing.T) {
	eachGated(t, func(t *testing.T, h *hearth, s *gated) {
		var keeping sync.WaitGroup
		var err error
		first, end := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.KeepIncoming(first, arrived("first", "first")) }()
		<-s.entered
		keeping.Go(func() { err = h.KeepIncoming(t.Context(), arrived("second", "second")) })
		h.awaitWaiting(t, 1)
		end() // the one whose request began the writing
		if got := <-ended; !errors.Is(got, context.Canceled) {
			t.Errorf("the first: got %v, want that it ended", got)
		}
		s.let <- struct{}{}
		<-s.entered
		s.let <- struct{}{}
		keeping.Wait()
		if err != nil {
			t.Errorf("the second: got %v, want it kept", err)
		}
		if got := strings.Join(storagetest.Strings(t, h.db, "SELECT id FROM activities ORDER BY seq"), " "); got != "first second" {
			t.Errorf("got %s, want first second", got)
		}
	})
}
