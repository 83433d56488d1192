package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/federation"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// came is an activity that came in at a time and had an outcome.
func came(t *testing.T, store *storage.Store, at time.Time, domain, kind, outcome, reason string) {
	t.Helper()
	queued++
	id := fmt.Sprint("in", queued)
	err := store.SaveIncoming(context.Background(), federation.Activity{
		ID: id, URI: id, Direction: federation.Incoming, Type: kind, Domain: domain, State: federation.Finished, Outcome: outcome, Reason: reason, ReceivedAt: at, FinishedAt: &at,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// traffic is what is known to have passed, one line each.
func traffic(t *testing.T, store *storage.Store, domain string, now time.Time) (lines []string) {
	t.Helper()
	all, err := store.Traffic(t.Context(), federation.TrafficQuery{Domain: domain, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		lines = append(lines, strings.TrimSpace(fmt.Sprintln(one.Day, one.Direction, one.Type, one.Outcome, one.Reason, one.Count)))
	}
	slices.Sort(lines)
	return lines
}

func countAll(t *testing.T, store *storage.Store, now time.Time) (days int) {
	t.Helper()
	for {
		counted, err := store.CountTraffic(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if !counted {
			return days
		}
		days++
	}
}

func TestTrafficIsTheSameBeforeAndAfterItIsCountedAndForgotten(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store := storagetest.Open(t, address)
		db := storagetest.SQL(t, address)
		if n := countAll(t, store, noon); n != 0 {
			t.Errorf("counted %d days of a house that heard nothing", n)
		}
		queueDeliveries(t, store, 2, 4) // to two servers, two each
		deliverAll(t, store)
		if err := store.NoteHeard(t.Context(), "elm.example", noon); err != nil {
			t.Fatal(err)
		}
		midnight := noon.Truncate(24 * time.Hour)
		came(t, store, midnight, "elm.example", "Create", federation.Accepted, "")
		came(t, store, midnight.Add(24*time.Hour-time.Microsecond), "elm.example", "Create", federation.Accepted, "")
		came(t, store, midnight.Add(24*time.Hour), "elm.example", "Create", federation.Refused, "policy")
		came(t, store, noon, "elm.example", "ex:Whatever", federation.Ignored, "")
		came(t, store, noon, "made-up.example", "Create", federation.Refused, "policy")
		today, next := midnight.Format(time.DateOnly), midnight.AddDate(0, 0, 1).Format(time.DateOnly)
		elm := []string{today + " in Create accepted  2", today + " in other ignored  1", next + " in Create refused policy 1"}
		far := []string{today + " out Create done  2"}
		check := func(when string, now time.Time) {
			t.Helper()
			if got := traffic(t, store, "elm.example", now); fmt.Sprint(got) != fmt.Sprint(elm) {
				t.Errorf("%s: got %q, want %q", when, got, elm)
			}
			if got := traffic(t, store, "far0.example", now); fmt.Sprint(got) != fmt.Sprint(far) {
				t.Errorf("%s: got %q, want %q", when, got, far)
			}
			all := traffic(t, store, "", now)
			if !slices.Contains(all, today+" out Create done  4") || !slices.Contains(all, today+" in Create refused policy 1") {
				t.Errorf("%s: of all got %q", when, all)
			}
		}
		check("as it happens", noon.Add(24*time.Hour))
		if n := countAll(t, store, noon.Add(24*time.Hour)); n != 0 {
			t.Errorf("counted %d days that may still change", n)
		}
		later := noon.AddDate(0, 0, 10)
		if n := countAll(t, store, later); n != 9 {
			t.Errorf("counted %d days, want those up to the day before yesterday", n)
		}
		check("counted", later)
		tidyAt(t, store, later)
		if n := count(t, db, "SELECT count(*) FROM deliveries"); n != 0 {
			t.Fatalf("%d deliveries are still there", n)
		}
		exec(t, db, "DELETE FROM activities WHERE id <> (SELECT min(id) FROM activities)")
		check("forgotten", later)
		if n := count(t, db, "SELECT count(*) FROM traffic_days WHERE domain = 'made-up.example'"); n != 0 {
			t.Error("somebody of whom nothing was verified has a row of their own")
		}
		if n := count(t, db, "SELECT count(*) FROM traffic_days WHERE domain = '' AND outcome = 'refused'"); n != 1 {
			t.Errorf("got %d rows of those that nothing was verified of, want one", n)
		}
		forgets(t, store, db, noon.AddDate(0, 0, 45))
	})
}

// forgets has all of a time long ago gone.
func forgets(t *testing.T, store *storage.Store, db *sql.DB, now time.Time) {
	t.Helper()
	came(t, store, now.AddDate(0, 0, -3), "elm.example", "Create", federation.Accepted, "")
	if n := countAll(t, store, now); n == 0 || n > federation.TrafficDays {
		t.Errorf("counted %d days, want those of the last %d", n, federation.TrafficDays)
	}
	if n := count(t, db, "SELECT count(*) FROM traffic_days"); n != 1 {
		t.Errorf("got %d rows, want what came lately alone", n)
	}
}

func TestQueuesAreKeptAtTheirWorst(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store := storagetest.Open(t, address)
		sampled := func(at time.Time) string {
			t.Helper()
			if err := store.SampleQueues(t.Context(), at); err != nil {
				t.Fatal(err)
			}
			days, err := store.QueueDays(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(days)
		}
		if got := sampled(noon); got != "[]" {
			t.Errorf("nothing waits: got %s", got)
		}
		queueDeliveries(t, store, 2, 4)
		day := noon.Format(time.DateOnly)
		if got, want := sampled(noon.Add(time.Hour)), "[{"+day+" out 3600 4}]"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		db := storagetest.SQL(t, address)
		exec(t, db, "UPDATE lanes SET paused_by = 'operator' WHERE host = 'far0.example'")
		exec(t, db, "UPDATE lanes SET failing_since = next_at WHERE host = 'far1.example'")
		if got, want := sampled(noon.Add(2*time.Hour)), "[{"+day+" out 3600 4}]"; got != want {
			t.Errorf("what waits for servers that are paused or fail: got %s, want %s", got, want)
		}
		at := noon.Add(-time.Minute)
		if err := store.SaveIncoming(t.Context(), federation.Activity{ID: "w", URI: "w", Direction: federation.Incoming, Domain: "elm.example", State: federation.Waiting, ReceivedAt: at}); err != nil {
			t.Fatal(err)
		}
		if got, want := sampled(noon), "[{"+day+" in 60 1} {"+day+" out 3600 4}]"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestTrafficOfADayIsFoundByItsIndex(t *testing.T) {
	address := storagetest.PostgresDatabase(t)
	var text string
	store := storagetest.Open(t, address).Observed(func(statement string) {
		if strings.Contains(statement, "traffic_days") {
			text = statement
		}
	})
	db := storagetest.SQL(t, address)
	exec(t, db, `INSERT INTO activities (id, uri, direction, type, actor_uri, domain, about_domain, object_uri, order_key, state, outcome, reason, size, hash, received_at)
		SELECT 'i' || n, 'i' || n, 'in', 'Create', '', 'elm.example', '', '', '', 'finished', 'accepted', '', 0, '', timestamptz '2026-01-01' + n * interval '10 minutes' FROM generate_series(1, 5000) AS n`)
	exec(t, db, `INSERT INTO deliveries (activity_id, actor_id, inbox, host, order_key, state, finished_at, created_at)
		SELECT 'i' || n, '', '', 'elm.example', '', 'done', timestamptz '2026-01-01' + n * interval '10 minutes', timestamptz '2026-01-01' FROM generate_series(1, 5000) AS n`)
	exec(t, db, "ANALYZE")
	if _, err := store.Traffic(t.Context(), federation.TrafficQuery{Now: time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(storagetest.Strings(t, db, "EXPLAIN "+text), "\n")
	for _, index := range []string{"activities_received", "deliveries_finished"} {
		if !strings.Contains(plan, index) {
			t.Errorf("%s is not used:\n%s", index, plan)
		}
	}
	if strings.Contains(plan, "Seq Scan on deliveries") {
		t.Errorf("all deliveries are read:\n%s", plan)
	}
}
