package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// cameOf is what came in, as some change has it.
func cameOf(t *testing.T, store *storage.Store, at time.Time, domain string, change func(*federation.Activity)) {
	t.Helper()
	queued++
	id := fmt.Sprint("in", queued)
	a := federation.Activity{
		ID: id, URI: id, Direction: federation.Incoming, Type: "Create", Kind: string(policy.FactWords), Domain: domain,
		State: federation.Finished, Outcome: federation.Accepted, ReceivedAt: at, FinishedAt: &at,
	}
	change(&a)
	if err := store.SaveIncoming(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}

// factsOf are what passed with some servers from a day on, one line each.
func factsOf(t *testing.T, store *storage.Store, q community.FactQuery) (lines []string) {
	t.Helper()
	facts, err := store.Facts(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprintln(f.Day, f.Kind, f.Domain, f.About, f.GroupID, f.Count)), " "))
	}
	slices.Sort(lines)
	return lines
}

func TestFactsAreOfWhatHadAnEffectOrWasKeptFromIt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		midnight := noon.Truncate(24 * time.Hour)
		group := "g1"
		for _, c := range []struct {
			domain string
			change func(*federation.Activity)
		}{
			{"elm.example", func(a *federation.Activity) { a.GroupID = &group }},
			{"elm.example", func(a *federation.Activity) { a.Outcome, a.Reason, a.GroupID = federation.Held, "orphan", &group }},
			{"elm.example", func(a *federation.Activity) { a.Outcome, a.Reason = federation.Refused, "policy" }},
			{"elm.example", func(a *federation.Activity) { a.Outcome, a.Reason = federation.Refused, "not_author" }},
			{"elm.example", func(a *federation.Activity) { a.Outcome = federation.Ignored }},
			{"elm.example", func(a *federation.Activity) { a.State, a.Outcome = federation.Waiting, "" }},
			{"elm.example", func(a *federation.Activity) { a.Type, a.Kind = "Flag", "" }}, // before kinds were kept
			{"elm.example", func(a *federation.Activity) {
				a.URI, a.Kind, a.Outcome, a.Reason = "urn:hearth:refused:"+a.ID, "", federation.Refused, "policy"
			}},
			{"fir.example", func(a *federation.Activity) { a.AboutDomain = "elm.example" }},
			{"elm.example", func(a *federation.Activity) { a.AboutDomain = "elm.example" }},
			{"ash.example", func(*federation.Activity) {}},
		} {
			cameOf(t, store, noon, c.domain, c.change)
		}
		got := factsOf(t, store, community.FactQuery{Hosts: []string{"elm.example"}, From: midnight, To: midnight.AddDate(0, 0, 1), Members: true})
		day := midnight.Format(time.DateOnly)
		want := []string{
			day + " report elm.example 1", day + " unread elm.example 1", day + " words elm.example 1", day + " words elm.example elm.example 1",
			day + " words elm.example g1 2", day + " words fir.example elm.example 1",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// A day is one of UTC, whatever zone the clock of the machine shows.
func TestFactsOfAMidnightAreOfTheDayThatItBegins(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		midnight := noon.Truncate(24 * time.Hour)
		east := time.FixedZone("east", 13*60*60)
		for _, at := range []time.Time{midnight.Add(-time.Microsecond), midnight, midnight.Add(24*time.Hour - time.Microsecond), midnight.AddDate(0, 0, 1)} {
			cameOf(t, store, at.In(east), "elm.example", func(*federation.Activity) {})
		}
		before, day := midnight.AddDate(0, 0, -1).Format(time.DateOnly), midnight.Format(time.DateOnly)
		got := factsOf(t, store, community.FactQuery{Hosts: []string{"elm.example"}, From: midnight.AddDate(0, 0, -1).In(east), To: midnight.AddDate(0, 0, 1).In(east)})
		if want := []string{before + " words elm.example 1", day + " words elm.example 2"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// What was delivered is known before its day is counted, after, and when the
// deliveries are forgotten; never twice.
func TestFactsOfDeliveriesOutliveThem(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		queueDeliveries(t, store, 2, 4)
		deliverAll(t, store)
		hosts, err := store.HostsMet(t.Context())
		if err != nil || len(hosts) != 2 {
			t.Fatalf("got hosts %v, %v, want two", hosts, err)
		}
		q := community.FactQuery{Hosts: hosts[:1], From: noon.AddDate(0, 0, -1).Truncate(24 * time.Hour), To: noon.AddDate(0, 0, 1).Truncate(24 * time.Hour)}
		want := []string{noon.Format(time.DateOnly) + " delivery " + hosts[0] + " 2"}
		if got := factsOf(t, store, q); !slices.Equal(got, want) {
			t.Errorf("before they are counted: got %v, want %v", got, want)
		}
		later := noon.AddDate(0, 0, 8)
		cameOf(t, store, noon, "ash.example", func(*federation.Activity) {}) // days are counted from the first fact on
		if countAll(t, store, later) == 0 {
			t.Fatal("no day was counted")
		}
		if got := factsOf(t, store, q); !slices.Equal(got, want) {
			t.Errorf("counted: got %v, want %v", got, want)
		}
		for {
			n, err := store.TidyQueues(t.Context(), later, 100)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
		if got := factsOf(t, store, q); !slices.Equal(got, want) {
			t.Errorf("forgotten: got %v, want %v", got, want)
		}
	})
}

func TestServersThatWereMetAreThoseOfAuthorsToo(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		if err := store.NoteHeard(t.Context(), "fir.example", noon); err != nil {
			t.Fatal(err)
		}
		for _, about := range []string{"elm.example", "elm.example", "ash.example"} {
			cameOf(t, store, noon, "fir.example", func(a *federation.Activity) { a.AboutDomain = about })
		}
		cameOf(t, store, noon, "made-up.example", func(a *federation.Activity) { a.Kind, a.Outcome, a.Reason = "unread", federation.Refused, "policy" })
		got, err := store.HostsMet(t.Context())
		slices.Sort(got)
		if want := []string{"ash.example", "elm.example", "fir.example"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	})
}

// What one server sent is found by an index, however much others did.
func TestFactsOfAServerAreFoundByAnIndex(t *testing.T) {
	address := storagetest.PostgresDatabase(t)
	var asked string
	store := storagetest.Open(t, address).Observed(func(statement string) { asked = statement })
	db := storagetest.SQL(t, address)
	db.SetMaxOpenConns(1)
	exec(t, db, `INSERT INTO activities (id, uri, direction, type, actor_uri, domain, about_domain, object_uri, order_key, state, outcome, reason, size, hash, received_at)
		SELECT 'x' || n, 'x' || n, 'in', 'Create', '', 'h' || n % 500 || '.example', CASE WHEN n % 10 = 0 THEN 'a' || n % 300 || '.example' ELSE '' END, '', '', 'finished', 'accepted', '', 0, '',
		TIMESTAMPTZ '2026-03-01 00:00Z' + n % 30 * INTERVAL '1 day' FROM generate_series(1, 20000) AS n`)
	exec(t, db, "ANALYZE activities")
	q := community.FactQuery{Hosts: []string{"h10.example"}, From: noon.Truncate(24 * time.Hour), To: noon.Truncate(24*time.Hour).AddDate(0, 0, 30)}
	if _, err := store.Facts(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "SET plan_cache_mode = force_generic_plan")
	exec(t, db, "PREPARE facts AS "+asked)
	days := factArrays(q)
	plan := strings.Join(storagetest.Strings(t, db, "EXPLAIN EXECUTE facts ("+days+")"), "\n")
	if !strings.Contains(plan, "activities_sender") || !strings.Contains(plan, "activities_about") || strings.Contains(plan, "Seq Scan on activities") {
		t.Errorf("they are looked for everywhere:\n%s", plan)
	}
}

// factArrays are the arguments of the statement that Facts makes.
func factArrays(q community.FactQuery) string {
	hosts := "'{" + strings.Join(q.Hosts, ",") + "}'"
	var names, since, until []string
	for day := q.From; day.Before(q.To); day = day.AddDate(0, 0, 1) {
		names = append(names, day.Format(time.DateOnly))
		since = append(since, day.Format(time.RFC3339))
		until = append(until, day.AddDate(0, 0, 1).Format(time.RFC3339))
	}
	array := func(all []string) string { return "'{" + strings.Join(all, ",") + "}'" }
	return strings.Join([]string{array(names), array(since), array(until), hosts, hosts, hosts, hosts, hosts}, ", ")
}
