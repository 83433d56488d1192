package storage_test

import (
	"strings"
	"testing"

	"hearth/community"
	"hearth/federation"
	"hearth/storage/storagetest"
)

func TestOnlyWhatIsDoneAgainDoesNotWaitForTheDisk(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		if !strings.HasPrefix(address, "postgres") {
			return // SQLite writes every commit through
		}
		var unsynced bool
		store := storagetest.Open(t, address).Observed(func(statement string) {
			unsynced = unsynced || strings.Contains(statement, "synchronous_commit")
		})
		ctx := t.Context()
		nothing := func(federation.InboxStore, community.Store) error { return nil }
		for _, c := range []struct {
			name string
			do   func() error
			want bool
		}{
			{"a run of the inbox", func() error { return store.Together(ctx, nothing) }, true},
			{"a member's act", func() error { return store.InTx(ctx, func(community.Store) error { return nil }) }, false},
			{"what came in", func() error {
				return store.SaveIncoming(ctx, federation.Activity{ID: "x", URI: "https://far.example/x/1", Direction: federation.Incoming, State: federation.Waiting, ReceivedAt: noon})
			}, false},
			{"what goes out", func() error {
				err := store.SaveOutgoing(ctx, "nobody's", community.Event{Seq: 1}, federation.Parcel{At: noon})
				if err == federation.ErrLeaseLost {
					return nil
				}
				return err
			}, false},
		} {
			unsynced = false
			if err := c.do(); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if unsynced != c.want {
				t.Errorf("%s: got %v, want %v: committed without waiting", c.name, unsynced, c.want)
			}
		}
	})
}
