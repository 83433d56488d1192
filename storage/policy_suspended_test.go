package storage_test

import (
	"testing"
	"time"

	"hearth/community/policy"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// The 30 days of a suspension begin with it, and not with one before it that the
// previous binary loosened, which knows nothing of when it began.
func TestASuspensionBeginsAnewAfterItWasLoosened(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store, err := storage.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		db := storagetest.SQL(t, address)
		suspend := func(at time.Time, want time.Time) {
			t.Helper()
			if err := store.SavePolicy(t.Context(), policy.Policy{Domain: "elm.example", Severity: policy.Suspend, CreatedAt: at, ChangedAt: at, SuspendedAt: &at}); err != nil {
				t.Fatal(err)
			}
			all, err := store.AllPolicies(t.Context())
			if err != nil || len(all) != 1 || all[0].SuspendedAt == nil || !all[0].SuspendedAt.Equal(want) {
				t.Errorf("got %+v, %v; want a suspension since %v", all, err, want)
			}
		}
		suspend(noon, noon)
		suspend(noon.Add(time.Hour), noon)
		if _, err := db.Exec("UPDATE domain_policies SET severity = 'allow'"); err != nil {
			t.Fatal(err)
		}
		suspend(noon.Add(48*time.Hour), noon.Add(48*time.Hour))
	})
}
