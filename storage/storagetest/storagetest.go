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

// MigratedSQLite is the address of a new, migrated database of the embedded
// engine.
func MigratedSQLite(t testing.TB) string {
	t.Helper()
	return migratedSQLite(t)
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

// migratedPostgres is the address of a migrated database that nobody else uses:
// one that an earlier test of this process has done with, emptied, or a new one.
// Making and dropping one for every test takes longer than most of the tests.
func migratedPostgres(t testing.TB) string {
	t.Helper()
	address, err := takePostgres()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := emptyPostgres(address); err != nil {
			t.Error(err)
			return
		}
		idle.Lock()
		defer idle.Unlock()
		idle.addresses = append(idle.addresses, address)
	})
	return address
}

// idle are migrated, empty databases. They go with the throw-away cluster.
var idle struct {
	sync.Mutex
	addresses []string
}

func takePostgres() (string, error) {
	idle.Lock()
	defer idle.Unlock()
	if n := len(idle.addresses); n > 0 {
		address := idle.addresses[n-1]
		idle.addresses = idle.addresses[:n-1]
		return address, nil
	}
	cluster := os.Getenv(PostgresEnv)
	if cluster == "" {
		return "", errNoCluster
	}
	admin, err := sql.Open("pgx", cluster)
	if err != nil {
		return "", err
	}
	defer admin.Close()
	name := "hearth_" + strings.ToLower(rand.Text()[:16])
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		return "", err
	}
	address, err := addressOf(cluster, name)
	if err != nil {
		return "", err
	}
	return address, migrate(address)
}

// emptyPostgres takes all rows out but those that say what was migrated, and
// starts the numbers again: the database is as a new one. Whoever is still
// connected loses the connection first.
func emptyPostgres(address string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
		SET session_replication_role = replica;
		DO $$ DECLARE one RECORD; BEGIN
			FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'bun_%' LOOP
				EXECUTE format('DELETE FROM %I', one.tablename);
			END LOOP;
			FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename NOT LIKE 'bun_%' LOOP
				EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
			END LOOP;
			INSERT INTO policy_epoch (id, epoch) VALUES (1, 1);
		END $$`)
	return err
}

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
	return database(t)
}

func database(t testing.TB) string {
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
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
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
	driver, source := "sqlite", "file:"+address+"?_pragma=busy_timeout(10000)&_time_format=sqlite"
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

// Strings is all that a query of one column gives, in its order.
func Strings(t testing.TB, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one []byte // text on both engines, whatever the column's type
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(one))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
