package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/storage"
	"hearth/storage/storagetest"
)

// eachCrossing runs fn with a migrated database of each engine, and the address
// of an empty one of each for it to be restored into.
func eachCrossing(t *testing.T, fn func(t *testing.T, from, to string)) {
	storagetest.EachMigrated(t, func(t *testing.T, from string) {
		storagetest.EachAddress(t, func(t *testing.T, to string) { fn(t, from, to) })
	})
}

var someSecrets = []byte(`{"form_key":"x"}`)

// archived takes a backup of what is at an address.
func archived(t *testing.T, from string, media fstest.MapFS) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.hearth")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := archiveTo(f, from, media); err != nil {
		t.Fatal(err)
	}
	return path
}

func archiveTo(to io.Writer, from string, media fstest.MapFS) error {
	ctx := context.Background()
	snapshot, err := storage.OpenSnapshot(ctx, from)
	if err != nil {
		return err
	}
	c := storage.Contents{Hearth: "1.2.3", TakenAt: noon, Secrets: someSecrets}
	if media != nil {
		c.Media = media
	}
	return errors.Join(snapshot.WriteArchive(ctx, to, c), snapshot.Close())
}

// restoredAt is when the tests restore.
var restoredAt = noon.Add(time.Hour)

func restored(t *testing.T, path, to string) storage.Manifest {
	t.Helper()
	manifest, err := restoreFrom(path, to)
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}

func restoreFrom(path, to string) (storage.Manifest, error) {
	ctx := context.Background()
	a, err := storage.OpenArchive(path)
	if err != nil {
		return storage.Manifest{}, err
	}
	defer a.Close()
	if err := a.Verify(ctx, to); err != nil {
		return a.Manifest, err
	}
	return a.Manifest, a.Restore(ctx, to, restoredAt, func(*storage.Store) error { return nil })
}

// settled is what rows are after a restore.
func settled(all map[string][]storagetest.Row) map[string][]storagetest.Row {
	return storagetest.Settled(all, restoredAt)
}

func sameRows(t *testing.T, want, got map[string][]storagetest.Row) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if diff := cmp.Diff(want[table], got[table]); diff != "" {
			t.Errorf("%s came back changed (-want +got):\n%s", table, diff)
		}
	}
}

func TestABackupKeepsEveryRowOfEveryTable(t *testing.T) {
	eachCrossing(t, func(t *testing.T, from, to string) {
		db := storagetest.SQL(t, from)
		storagetest.Fill(t, db)
		want := storagetest.Rows(t, db)
		path := archived(t, from, nil)
		manifest := restored(t, path, to)
		sameRows(t, settled(want), storagetest.Rows(t, storagetest.SQL(t, to)))
		columns := storagetest.Columns(t, db)
		if len(manifest.Tables) != len(columns) {
			t.Errorf("%d tables in the backup, %d in the database", len(manifest.Tables), len(columns))
		}
		again := archived(t, to, nil)
		sameParts(t, path, again)
	})
}

// sameParts holds the sums of two backups against each other: an archive does
// not tell which engine a row came from.
func sameParts(t *testing.T, one, other string) {
	t.Helper()
	sums := func(path string) map[string]string {
		a, err := storage.OpenArchive(path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		all := map[string]string{}
		for _, p := range a.Tables {
			all[p.Table] = p.SHA256
		}
		return all
	}
	a, b := sums(one), sums(other)
	for _, settled := range []string{"activities", "events", "group_inquiries", "inquiries", "jobs", "lanes", "sign_ins", "reset_links", "browser_sessions", "setup_tokens"} {
		delete(a, settled)
		delete(b, settled)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("parts differ (-first +second):\n%s", diff)
	}
}

func TestNumbersGoOnAfterARestore(t *testing.T) {
	eachCrossing(t, func(t *testing.T, from, to string) {
		db := storagetest.SQL(t, from)
		storagetest.Fill(t, db)
		// The last three numbers were given, and their rows are gone.
		exec(t, db, "DELETE FROM events")
		event := `INSERT INTO events (id, kind, order_key, about_id, created_at) VALUES ('%', '', '', '', '2026-03-04 12:00:00+00:00')`
		insert := func(db *sql.DB, id string) {
			t.Helper()
			exec(t, db, strings.Replace(event, "%", id, 1))
		}
		if from[0] == 'p' { // Fill gives numbers of its own, which SQLite minds and PostgreSQL does not
			exec(t, db, "ALTER SEQUENCE events_seq_seq RESTART WITH 40")
		} else {
			exec(t, db, "UPDATE sqlite_sequence SET seq = 39 WHERE name = 'events'")
		}
		for _, id := range []string{"a", "b", "c"} {
			insert(db, id)
		}
		exec(t, db, "DELETE FROM events")
		restored(t, archived(t, from, nil), to)
		back := storagetest.SQL(t, to)
		insert(back, "d")
		if got := count(t, back, "SELECT seq FROM events"); got != 43 {
			t.Errorf("the next number: got %d, want 43", got)
		}
	})
}

func TestABackupIsOneMoment(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		db := storagetest.SQL(t, address)
		storagetest.Fill(t, db)
		want := storagetest.Rows(t, db)
		ctx := context.Background()
		snapshot, err := storage.OpenSnapshot(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		defer snapshot.Close()
		exec(t, db, "UPDATE posts SET title = 'written since'")
		exec(t, db, "DELETE FROM notices")
		exec(t, db, "INSERT INTO tombstones (uri, at) VALUES ('since', '2026-03-04 12:00:00+00:00')")
		path := filepath.Join(t.TempDir(), "backup.hearth")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := snapshot.WriteArchive(ctx, f, storage.Contents{TakenAt: noon, Secrets: someSecrets}); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), "hearth.db")
		restored(t, path, to)
		sameRows(t, settled(want), storagetest.Rows(t, storagetest.SQL(t, to)))
	})
}

// A backup that an earlier binary took is restored as it was and then brought
// up to date.
func TestAnOlderBackupIsBroughtUpToDate(t *testing.T) {
	from := filepath.Join(t.TempDir(), "hearth.db")
	storage.MakeSchema(t, from, "0001")
	db := storagetest.SQL(t, from)
	storagetest.Fill(t, db)
	want := settled(storagetest.Rows(t, db))
	path := archived(t, from, nil)
	storagetest.EachMigrated(t, func(t *testing.T, fresh string) {
		to := filepath.Join(t.TempDir(), "restored.db")
		if strings.HasPrefix(fresh, "postgres") {
			to = storagetest.PostgresDatabase(t)
		}
		if manifest := restored(t, path, to); !slices.Equal(manifest.Schema, []string{"0001"}) {
			t.Fatalf("the backup is of schema %v, want the first", manifest.Schema)
		}
		back := storagetest.SQL(t, to)
		got := storagetest.Rows(t, back)
		for table, rows := range got {
			for _, row := range rows {
				maps.DeleteFunc(row, func(column, _ string) bool { _, old := want[table][0][column]; return !old })
			}
		}
		sameRows(t, want, got)
		sameShape(t, storagetest.SQL(t, fresh), back)
		storagetest.Open(t, to) // migrating again has nothing to do
	})
}

// sameShape holds tables, columns and indexes against each other.
func sameShape(t *testing.T, want, got *sql.DB) {
	t.Helper()
	if diff := cmp.Diff(storagetest.Columns(t, want), storagetest.Columns(t, got)); diff != "" {
		t.Errorf("columns (-migrated +restored):\n%s", diff)
	}
	if diff := cmp.Diff(indexes(t, want), indexes(t, got)); diff != "" {
		t.Errorf("indexes (-migrated +restored):\n%s", diff)
	}
}

func indexes(t *testing.T, db *sql.DB) (all []string) {
	t.Helper()
	rows, err := db.Query("SELECT coalesce(sql, name) FROM sqlite_schema WHERE type = 'index' AND tbl_name NOT LIKE 'bun%' ORDER BY 1")
	if err != nil {
		rows, err = db.Query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'bun%' ORDER BY 1")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func TestTextThatIsNoTextComesBackOnSQLiteAlone(t *testing.T) {
	from := filepath.Join(t.TempDir(), "hearth.db")
	storagetest.Open(t, from)
	db := storagetest.SQL(t, from)
	storagetest.Fill(t, db)
	exec(t, db, "UPDATE posts SET source = CAST(X'ff6100fe' AS TEXT) WHERE title <> ''")
	want := storagetest.Rows(t, db)
	path := archived(t, from, nil)
	to := filepath.Join(t.TempDir(), "hearth.db")
	restored(t, path, to)
	sameRows(t, settled(want), storagetest.Rows(t, storagetest.SQL(t, to)))

	postgres := storagetest.PostgresDatabase(t)
	_, err := restoreFrom(path, postgres)
	wantBad(t, err, "of posts holds a character that it does not keep; restore it into SQLite")
	wantEmpty(t, postgres)
}

func TestARestoreThatFailsAtTheEndLeavesNothing(t *testing.T) {
	from := filepath.Join(t.TempDir(), "hearth.db")
	storagetest.Open(t, from)
	storagetest.Fill(t, storagetest.SQL(t, from))
	path := archived(t, from, nil)
	storagetest.EachAddress(t, func(t *testing.T, to string) {
		a, err := storage.OpenArchive(path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		no := errors.New("no")
		err = a.Restore(context.Background(), to, restoredAt, func(*storage.Store) error { return no })
		if !errors.Is(err, no) {
			t.Errorf("got %v, want the function's own error", err)
		}
		wantEmpty(t, to)
	})
}

func TestNothingIsRestoredOverAHearth(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		db := storagetest.SQL(t, address)
		storagetest.Fill(t, db)
		want := storagetest.Rows(t, db)
		if _, err := restoreFrom(archived(t, address, nil), address); !errors.Is(err, storage.ErrOccupied) {
			t.Errorf("got %v, want ErrOccupied", err)
		}
		sameRows(t, want, storagetest.Rows(t, db))
	})
}

func TestWhatAnExtensionBroughtIsNoPartOfAHearth(t *testing.T) {
	address := storagetest.PostgresDatabase(t)
	db := storagetest.SQL(t, address)
	exec(t, db, "CREATE TABLE brought (id INTEGER PRIMARY KEY, at POINT)")
	exec(t, db, "ALTER EXTENSION plpgsql ADD TABLE brought")
	wantEmpty(t, address)
	storagetest.Open(t, address)
	exec(t, db, `INSERT INTO site (id, scheme, host, name, purpose, rules, contact, minimum_age, registration, question, newcomers_per_day,
		applications_waiting, front_door, group_creation, country, language, zone, actor_id, set_up_at)
		VALUES (1, 'https', 'h', '', '', '', '', 18, '', '', 1, 1, '', '', '', '', '', '', now())`)
	to := storagetest.PostgresDatabase(t)
	for _, table := range restored(t, archived(t, address, nil), to).Tables {
		if table.Table == "brought" {
			t.Error("the extension's table is in the backup")
		}
	}
}

func wantEmpty(t *testing.T, address string) {
	t.Helper()
	if empty, err := storage.IsEmpty(context.Background(), address); err != nil || !empty {
		t.Errorf("the database is empty: %v, %v; want nothing in it", empty, err)
	}
}
