package storage_test

import (
	"strings"
	"testing"

	"hearth/storage/storagetest"
)

// What is planned once for a connection was planned by what was counted then. Where
// that was no delivery that waits, a plan that begins with all that waits looks as good as any.
func TestDeliveriesAreLookedUpByTheirKeysWhereNoneWaitedWhenTheyWereCounted(t *testing.T) {
	address := storagetest.PostgresDatabase(t)
	var text string
	store := storagetest.Open(t, address).Observed(func(statement string) { text = statement })
	queueDeliveries(t, store, 200, 600)
	if n := deliverAll(t, store); n != 600 {
		t.Fatalf("got %d deliveries, want 600", n)
	}
	if _, err := store.HeldDeliveries(t.Context(), []int64{1}); err != nil {
		t.Fatal(err)
	}
	db := storagetest.SQL(t, address)
	db.SetMaxOpenConns(1)
	for _, step := range []string{"ANALYZE deliveries", "ANALYZE lanes", "SET plan_cache_mode = force_generic_plan", "PREPARE held (bigint[]) AS " + text} {
		exec(t, db, step)
	}
	plan := strings.Join(storagetest.Strings(t, db, "EXPLAIN EXECUTE held ('{1,2,3}')"), "\n")
	for _, key := range []string{"deliveries_pkey", "lanes_pkey"} {
		if !strings.Contains(plan, "Index Scan using "+key) {
			t.Errorf("nothing is looked up in %s:\n%s", key, plan)
		}
	}
}
