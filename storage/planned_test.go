package storage_test

import (
	"errors"
	"testing"

	"hearth/community"
	"hearth/storage"
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

func TestPostgreSQLPlansAPlannedReadOnce(t *testing.T) {
	store, ctx := storagetest.Open(t, storagetest.PostgresDatabase(t)), t.Context()
	err := store.InTx(ctx, func(tx community.Store) error {
		for range 8 {
			if _, err := tx.ThreadPosts(ctx, community.ThreadPostsQuery{RootID: "root", Readers: []string{community.ReadersAnyone},
				Paging: community.Paging{Limit: 50}}, community.Reader{UserID: "ada", AccountIDs: []string{"ada"}, Now: noon}); err != nil {
				return err
			}
		}
		anew, again, err := storage.PlannedReads(ctx, tx)
		if anew != 0 || again != 8 {
			t.Errorf("got %d times planned for their arguments and %d times not, want 0 and 8", anew, again)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlannedReadIsOneTextHoweverLongItsList(t *testing.T) {
	uris := []string{"https://far.example/1", `https://far.example/"'<&>?2`, "https://far.example/ñ/雪", `https://far.example/{4},\`}
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, texts := t.Context(), map[string]bool{}
		for _, uri := range append(uris, "https://far.example/another") {
			if err := store.InsertWithdrawal(ctx, uri, "https://far.example/u/kim", noon); err != nil {
				t.Fatal(err)
			}
		}
		observed := store.Observed(func(text string) { texts[text] = true })
		for n := range uris {
			want := append([]string{"https://far.example/unknown"}, uris[:n+1]...)
			found, err := observed.Withdrawals(ctx, want)
			if err != nil {
				t.Fatal(err)
			}
			for _, uri := range want {
				if got := len(found[uri]) == 1; got != (uri != want[0]) {
					t.Errorf("%s among %d: got %v", uri, len(want), got)
				}
			}
			if len(found) != n+1 {
				t.Errorf("got %v, want %q", found, uris[:n+1])
			}
		}
		if len(texts) != 1 {
			t.Errorf("got %d texts, want 1: %v", len(texts), texts)
		}
	})
}
