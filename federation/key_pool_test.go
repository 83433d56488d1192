package federation_test

import "testing"

func TestKeysAreReadyBeforeAnybodyNeedsThem(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx := t.Context()
		count := func(want int) {
			t.Helper()
			if n, err := h.store.CountPooledKeys(ctx); err != nil || n != want {
				t.Fatalf("%d keys are ready, %v; want %d", n, err, want)
			}
		}
		ready, err := h.store.CountPooledKeys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for i := range ready {
			who := h.person(t, string(rune('a'+i)))
			if err := h.TakeKey(ctx, who.ID, who.URI); err != nil {
				t.Fatal(err)
			}
			count(ready - i - 1)
			if i > 0 {
				continue
			}
			if err := h.TakeKey(ctx, who.ID, who.URI); err != nil {
				t.Fatal(err)
			}
			count(ready - 1) // who has one keeps it
		}
		late := h.person(t, "late")
		if err := h.TakeKey(ctx, late.ID, late.URI); err != nil {
			t.Errorf("where none is ready one is made: %v", err)
		}
		count(0)
		h.plantKeys(t, 7)
		if err := h.FillPool(ctx); err != nil {
			t.Fatal(err)
		}
		// One is made, and where the instance had none it takes one of the eight.
		if n, err := h.store.CountPooledKeys(ctx); err != nil || n < 7 || n > 8 {
			t.Errorf("%d keys are ready, %v; want 8, or 7 and the instance's own", n, err)
		}
		site, err := h.service.Site(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.store.CurrentKey(ctx, site.ActorID); err != nil {
			t.Errorf("the instance's own key: %v", err)
		}
	})
}
