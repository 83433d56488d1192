package storage_test

import (
	"errors"
	"testing"

	"hearth/community"
	"hearth/storage/storagetest"
)

func TestReadsThatWerePlannedOutliveAMigration(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		store, db, ctx := storagetest.Open(t, address), storagetest.SQL(t, address), t.Context()
		actor := community.Actor{ID: "ada", URI: "https://far.example/u/ada", Type: community.ActorPerson, Domain: "far.example", Name: "ada", CreatedAt: noon}
		if err := store.InsertActor(ctx, actor); err != nil {
			t.Fatal(err)
		}
		read := func(when string) {
			t.Helper()
			for range 8 { // PostgreSQL settles on a plan after some
				if got, err := store.ActorByURI(ctx, actor.URI); err != nil || got.ID != actor.ID {
					t.Fatalf("%s: got %q, %v; want %q", when, got.ID, err, actor.ID)
				}
			}
		}
		read("at first")
		if _, err := db.Exec("ALTER TABLE actors ADD COLUMN later TEXT"); err != nil {
			t.Fatal(err)
		}
		read("with a column that is new")
		if _, err := db.Exec("CREATE INDEX actors_later ON actors (later)"); err != nil {
			t.Fatal(err)
		}
		read("with an index that is new")
	})
}

func TestPlannedReadTellsNotFoundInsideATransactionToo(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		store, ctx := storagetest.Open(t, address), t.Context()
		err := store.InTx(ctx, func(tx community.Store) error {
			if _, err := tx.Post(ctx, "nothing"); !errors.Is(err, community.NotFound) {
				t.Errorf("a post: got %v, want NotFound", err)
			}
			_, err := tx.PostSeen(ctx, "nothing", community.Reader{UserID: "ada", AccountIDs: []string{"ada", "bo"}, Now: noon})
			return err
		})
		if !errors.Is(err, community.NotFound) {
			t.Errorf("a post with its thread: got %v, want NotFound", err)
		}
	})
}
