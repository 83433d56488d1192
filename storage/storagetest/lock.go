package storagetest

import (
	"database/sql"
	"testing"
	"time"
)

// AwaitBlocked returns true when n wait for a lock in a PostgreSQL database, and
// false when one of them ended instead.
func AwaitBlocked(t testing.TB, db *sql.DB, n int, ended <-chan struct{}) bool {
	t.Helper()
	look, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer look.Stop()
	for {
		var blocked int
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'").Scan(&blocked)
		if err != nil {
			t.Fatal(err)
		}
		if blocked >= n {
			return true
		}
		select {
		case <-ended:
			return false
		case <-look.C:
		case <-late:
			t.Fatalf("after a minute %d wait for a lock, want %d", blocked, n)
		}
	}
}
