package storage

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the embedded engine

	"hearth/community"
	"hearth/federation"
	"hearth/migrations"
)

// Store remembers a hearth. It is safe for concurrent use, apart from the
// Store that InTx hands to its function.
type Store struct {
	write  bun.IDB
	read   bun.IDB
	engine engine
	path   string // of the SQLite file
	close  func() error

	prepared *prepared // nil on PostgreSQL, which keeps its own, and inside a transaction

	bell    *bell                         // nil on SQLite
	onEvent *atomic.Pointer[func()]       // nil inside a transaction, where told takes its place
	told    *bool                         // inside a transaction: whether an event was saved in it
	joins   bool                          // inside a transaction: those that are begun in it are parts of it
	tell    func(context.Context, string) // of each statement; nil unless Observed
}

var (
	_ community.Store  = (*Store)(nil)
	_ federation.Store = (*Store)(nil)
)

type engine string

const (
	postgres engine = "postgres"
	sqlite   engine = "sqlite"
)

// readers bounds the read pool on SQLite: readers that loop would starve the writer.
const sqliteReaders = 8

// postgresConns bounds a node's connections to PostgreSQL.
const postgresConns = 24

// Open opens the database without changing it: a postgres:// address, or the
// path of a SQLite file, which is made when missing.
func Open(ctx context.Context, address string) (*Store, error) {
	if isPostgres(address) {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, address)
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

func openPostgres(ctx context.Context, address string) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("storage: the database address cannot be read: %w", err)
	}
	// bun inlines arguments, so statement caches lose and break in live migrations.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	if config.RuntimeParams["timezone"] == "" {
		config.RuntimeParams["timezone"] = "UTC"
	}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(planOnce))
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("storage: the database does not answer: %w", err)
	}
	b := bun.NewDB(db, pgdialect.New(), bun.WithDiscardUnknownColumns())
	bell := newBell(config)
	closeAll := func() error {
		bell.close()
		return db.Close()
	}
	return &Store{write: b, read: b, engine: postgres, close: closeAll, bell: bell, onEvent: new(atomic.Pointer[func()])}, nil
}

// planOnce has a connection keep the first plan of each planned statement: left
// to itself PostgreSQL plans five times with the values at hand, and then weighs
// whether it should go on so. It is set, and not asked for at start-up, because
// poolers refuse what they do not know there.
func planOnce(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET plan_cache_mode = force_generic_plan")
	return err
}

func openSQLite(ctx context.Context, path string) (*Store, error) {
	writer, err := sqliteDB(path, "_txlock=immediate")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		writer.Close()
		return nil, fmt.Errorf("storage: cannot open %s: %w", path, err)
	}
	reader, err := sqliteDB(path, "_pragma=query_only(1)")
	if err != nil {
		writer.Close()
		return nil, err
	}
	reader.SetMaxOpenConns(sqliteReaders)
	reader.SetMaxIdleConns(sqliteReaders)
	closeBoth := func() error {
		reader.Close()
		return writer.Close()
	}
	return &Store{
		write:  bun.NewDB(writer, sqlitedialect.New(), bun.WithDiscardUnknownColumns()),
		read:   bun.NewDB(reader, sqlitedialect.New(), bun.WithDiscardUnknownColumns()),
		engine: sqlite, path: path, close: closeBoth, prepared: newPrepared(reader), onEvent: new(atomic.Pointer[func()]),
	}, nil
}

// sqliteDB opens a pool in WAL mode; NORMAL would lose commits on power loss.
func sqliteDB(path, more string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_time_format=sqlite&" + more
	return sql.Open("sqlite", dsn)
}

// Close ends all connections.
func (s *Store) Close() error { return s.close() }

func (s *Store) words() migrations.Words {
	if s.engine == postgres {
		return migrations.PostgreSQL
	}
	return migrations.SQLite
}
