// Package storagetest runs a test on every engine in turn. Tests only.
package storagetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to make and drop databases

	"hearth/storage"
)

// PostgresEnv names the variable with the address of a throw-away PostgreSQL
// cluster, on which every test makes a database of its own. `make test` sets it.
const PostgresEnv = "HEARTH_TEST_POSTGRES"

// Each runs fn as a subtest on SQLite and on PostgreSQL, each with a new,
// migrated database.
func Each(t *testing.T, fn func(t *testing.T, store *storage.Store)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) {
		fn(t, Open(t, address))
	})
}

// EachAddress runs fn with the address of an empty database on each engine.
func EachAddress(t *testing.T, fn func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, filepath.Join(t.TempDir(), "hearth.db")) })
	t.Run("postgres", func(t *testing.T) { fn(t, PostgresDatabase(t)) })
}

// Open opens and migrates a database, and closes it with the test.
func Open(t testing.TB, address string) *storage.Store {
	t.Helper()
	store, err := storage.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return store
}

// SQLite is a new, migrated store on the embedded engine, for tests of what
// does not depend on the engine.
func SQLite(t testing.TB) *storage.Store {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "hearth.db"))
}

// PostgresDatabase makes an empty database and drops it with the test.
func PostgresDatabase(t testing.TB) string {
	t.Helper()
	cluster := os.Getenv(PostgresEnv)
	if cluster == "" {
		t.Fatalf("%s is not set: run `make test`, which starts a PostgreSQL of its own, or set it to a throw-away cluster", PostgresEnv)
	}
	admin, err := sql.Open("pgx", cluster)
	if err != nil {
		t.Fatal(err)
	}
	name := "hearth_" + strings.ToLower(rand.Text()[:16])
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	u, err := url.Parse(cluster)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// SQL is the database of an address itself, for what a test has to see or do
// behind the Store.
func SQL(t testing.TB, address string) *sql.DB {
	t.Helper()
	driver, source := "sqlite", "file:"+address+"?_pragma=busy_timeout(10000)"
	if strings.HasPrefix(address, "postgres") {
		driver, source = "pgx", address
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
