package storage_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"hearth/federation"
	"hearth/storage"
	"hearth/storage/storagetest"
)

func TestQueuesForgetWhatWasKeptForItsTime(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store, err := storage.Open(context.Background(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		db := storagetest.SQL(t, address)
		queueDeliveries(t, store, 2, 4)
		if n := deliverAll(t, store); n != 4 {
			t.Fatalf("got %d deliveries, want 4", n)
		}
		queueDeliveries(t, store, 1, 1) // waits, far0.example being dead
		exec(t, db, "UPDATE lanes SET failing_since = '2026-03-01 12:00:00+00:00', failing_days = 6 WHERE host = 'far0.example'")
		for _, step := range []struct {
			name                                   string
			at                                     time.Duration
			bytes, activities, deliveries, waiting int
		}{
			{"at once", 0, 3, 3, 5, 1},
			{"before a week is over", 7*24*time.Hour - time.Minute, 3, 3, 5, 1},
			{"after a week", 7*24*time.Hour + time.Minute, 1, 3, 1, 1},
			{"after two, not yet dead", 15 * 24 * time.Hour, 1, 3, 1, 1},
			{"after thirty days", 30*24*time.Hour + time.Minute, 1, 1, 1, 1},
		} {
			tidyAt(t, store, noon.Add(step.at))
			check := func(what, query string, want int) {
				t.Helper()
				if got := count(t, db, query); got != want {
					t.Errorf("%s: got %d %s, want %d", step.name, got, what, want)
				}
			}
			check("with bytes", "SELECT count(*) FROM activities WHERE raw IS NOT NULL", step.bytes)
			check("activities", "SELECT count(*) FROM activities", step.activities)
			check("deliveries", "SELECT count(*) FROM deliveries", step.deliveries)
			check("waiting", "SELECT count(*) FROM deliveries WHERE state = 'waiting'", step.waiting)
		}
		exec(t, db, "UPDATE lanes SET failing_days = 7 WHERE host = 'far0.example'")
		later := noon.Add(31 * 24 * time.Hour)
		tidyAt(t, store, later)
		if got := count(t, db, "SELECT count(*) FROM deliveries WHERE state = 'expired'"); got != 1 {
			t.Errorf("got %d expired, want what the dead host never took", got)
		}
		tidyAt(t, store, later.Add(8*24*time.Hour))
		if got := count(t, db, "SELECT count(*) FROM activities"); got != 0 {
			t.Errorf("got %d activities a week after that, want none", got)
		}
	})
}

func TestLanesThatNobodyTouchesGo(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store, err := storage.Open(context.Background(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		db := storagetest.SQL(t, address)
		old, now := "'2020-01-01 00:00:00+00:00'", "'2999-01-01 00:00:00+00:00'"
		for _, columns := range []string{
			"(host, leased_until) VALUES ('idle', " + old + ")",
			"(host, leased_until) VALUES ('recent', " + now + ")",
			"(host, leased_until, inbound_until) VALUES ('heard', " + old + ", " + now + ")",
			"(host, leased_until, lease_token) VALUES ('held', " + old + ", 'x')",
			"(host, leased_until, paused_by) VALUES ('paused', " + old + ", 'ada')",
			"(host, leased_until, next_at) VALUES ('due', " + old + ", " + old + ")",
			"(host, leased_until) VALUES ('full', " + old + ")",
			"(host, leased_until) VALUES ('', " + old + ")",
		} {
			exec(t, db, "INSERT INTO lanes "+columns)
		}
		if err := store.SaveIncoming(context.Background(), federation.Activity{ID: "x", URI: "x", Direction: federation.Incoming, Domain: "full", State: federation.Waiting, ReceivedAt: noon}); err != nil {
			t.Fatal(err)
		}
		tidyAt(t, store, noon)
		if got := count(t, db, "SELECT count(*) FROM lanes WHERE host = 'idle'"); got != 0 {
			t.Error("the idle lane is still there")
		}
		if got := count(t, db, "SELECT count(*) FROM lanes"); got != 7 {
			t.Errorf("got %d lanes, want the other seven", got)
		}
	})
}

func tidyAt(t *testing.T, store *storage.Store, now time.Time) {
	t.Helper()
	for {
		n, err := store.TidyQueues(context.Background(), now, 2)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func count(t *testing.T, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
