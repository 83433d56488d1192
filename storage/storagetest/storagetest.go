// Package storagetest runs a test on every engine in turn. Tests only.
package storagetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to make and drop databases

	"hearth/storage"
)

// PostgresEnv names the variable with the address of a throw-away PostgreSQL
// cluster, on which every test makes a database of its own. `make test` sets it.
const PostgresEnv = "HEARTH_TEST_POSTGRES"

// Each runs fn as a subtest on SQLite and on PostgreSQL, each with a new,
// migrated database: a copy of one that was migrated once.
func Each(t *testing.T, fn func(t *testing.T, store *storage.Store)) {
	t.Helper()
	EachMigrated(t, func(t *testing.T, address string) { fn(t, open(t, address)) })
}

// EachMigrated runs fn with the address of a migrated database on each engine.
func EachMigrated(t *testing.T, fn func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, migratedSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, migratedPostgres(t)) })
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

func open(t testing.TB, address string) *storage.Store {
	t.Helper()
	store, err := storage.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// SQLite is a new, migrated store on the embedded engine, for tests of what
// does not depend on the engine.
func SQLite(t testing.TB) *storage.Store {
	t.Helper()
	return open(t, migratedSQLite(t))
}

func migratedSQLite(t testing.TB) string {
	t.Helper()
	file, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hearth.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// migratedFile is the bytes of a migrated SQLite file, made once.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "hearth")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "hearth.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(address string) error {
	store, err := storage.Open(context.Background(), address)
	if err != nil {
		return err
	}
	// Closing folds SQLite's log into the file, so that the file is all.
	return errors.Join(store.Migrate(context.Background()), store.Close())
}

// migratedPostgres makes a database from a template that is migrated once for
// each process. The template goes with the throw-away cluster.
func migratedPostgres(t testing.TB) string {
	t.Helper()
	name, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return database(t, " TEMPLATE "+name)
}

var template = sync.OnceValues(func() (string, error) {
	cluster := os.Getenv(PostgresEnv)
	if cluster == "" {
		return "", errNoCluster
	}
	admin, err := sql.Open("pgx", cluster)
	if err != nil {
		return "", err
	}
	defer admin.Close()
	name := "hearth_template_" + strings.ToLower(rand.Text()[:16])
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	address, err := addressOf(cluster, name)
	if err != nil {
		return "", err
	}
	return name, migrate(address)
})

var errNoCluster = errors.New(PostgresEnv + " is not set: run `make test`, which starts a PostgreSQL of its own, or set it to a throw-away cluster")

func addressOf(cluster, name string) (string, error) {
	u, err := url.Parse(cluster)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// PostgresDatabase makes an empty database and drops it with the test.
func PostgresDatabase(t testing.TB) string {
	t.Helper()
	return database(t, "")
}

func database(t testing.TB, from string) string {
	t.Helper()
	cluster := os.Getenv(PostgresEnv)
	if cluster == "" {
		t.Fatal(errNoCluster)
	}
	admin, err := sql.Open("pgx", cluster)
	if err != nil {
		t.Fatal(err)
	}
	name := "hearth_" + strings.ToLower(rand.Text()[:16])
	if _, err := admin.Exec("CREATE DATABASE " + name + from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	address, err := addressOf(cluster, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
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
