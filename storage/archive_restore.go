package storage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// ErrOccupied is what restoring into a database that has tables fails with.
var ErrOccupied = errors.New("storage: the database is not empty")

// IsEmpty says whether the database at an address has no table at all.
func IsEmpty(ctx context.Context, address string) (bool, error) {
	store, err := Open(ctx, address)
	if err != nil {
		return false, err
	}
	defer store.Close()
	return store.isEmpty(ctx)
}

func (s *Store) isEmpty(ctx context.Context) (bool, error) {
	query := "SELECT count(*) FROM sqlite_schema"
	if s.engine == postgres {
		query = "SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind <> 'i' AND " + ofNoExtension
	}
	var n int
	err := s.read.NewRaw(query).Scan(ctx, &n)
	return n == 0, wrap("catalogue", err)
}

// Restore puts a verified archive into the empty database at an address: the
// schema of the archive, its rows, and what this binary's schema has beyond,
// all in one transaction. Before that ends, settle may change what a hearth
// that wakes up again needs changed. now is when it was restored.
func (a *Archive) Restore(ctx context.Context, address string, now time.Time, settle func(tx *Store) error) error {
	store, err := Open(ctx, address)
	if err != nil {
		return err
	}
	err = a.restoreInto(ctx, store, func(tx *Store) error {
		if err := tx.settle(ctx, now); err != nil {
			return err
		}
		return settle(tx)
	})
	return errors.Join(err, store.Close())
}

func (a *Archive) restoreInto(ctx context.Context, store *Store, settle func(tx *Store) error) error {
	conn, err := store.write.(*bun.DB).Conn(ctx)
	if err != nil {
		return wrap("restore", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return wrap("restore", err)
	}
	defer tx.Rollback()
	told := false
	r := &restoring{Archive: a, Store: &Store{write: tx, read: tx, engine: store.engine, told: &told}, conn: conn}
	if err := r.run(ctx); err != nil {
		return err
	}
	if err := settle(r.Store); err != nil {
		return err
	}
	return wrap("restore", tx.Commit())
}

// restoring is an archive on its way into a transaction.
type restoring struct {
	*Archive
	*Store
	conn bun.Conn // the transaction's own, for COPY
}

func (r *restoring) run(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.migrate(ctx, 1, func(name string) bool { return slices.Contains(r.Schema, name) }); err != nil {
		return err
	}
	if err := r.load(ctx); err != nil {
		return err
	}
	return r.migrate(ctx, 2, func(name string) bool { return !slices.Contains(r.Schema, name) })
}

// prepare keeps nodes that start in the meantime from migrating the same
// database, and lets SQLite judge references at the end.
func (r *restoring) prepare(ctx context.Context) error {
	first, args := "PRAGMA defer_foreign_keys = 1", []any(nil)
	if r.engine == postgres {
		first, args = "SELECT pg_advisory_xact_lock(?)", []any{migrationLock}
	}
	if _, err := r.write.ExecContext(ctx, first, args...); err != nil {
		return wrap("restore", err)
	}
	empty, err := r.isEmpty(ctx)
	if err == nil && !empty {
		err = ErrOccupied
	}
	return err
}

// load fills the tables, parents first. What the migrations themselves put in
// stands in the archive too.
func (r *restoring) load(ctx context.Context) error {
	all, err := tables(ctx, r.write, r.engine)
	if err != nil {
		return err
	}
	if len(all) != len(r.Tables) {
		return r.damaged(manifestPart)
	}
	for _, t := range slices.Backward(all) {
		if _, err := r.write.ExecContext(ctx, "DELETE FROM "+quoted(t.name)); err != nil {
			return wrap(t.name, err)
		}
	}
	for _, t := range all {
		i := slices.IndexFunc(r.Tables, func(p TablePart) bool { return p.Table == t.name })
		if i < 0 || !sameColumns(r.Tables[i].Columns, t.columns) {
			return r.damaged(manifestPart)
		}
		if err := r.loadTable(ctx, t, r.Tables[i]); err != nil {
			return err
		}
	}
	return nil
}

func sameColumns(a, b []Column) bool {
	by := func(a, b Column) int { return strings.Compare(a.Name, b.Name) }
	return slices.Equal(slices.SortedFunc(slices.Values(a), by), slices.SortedFunc(slices.Values(b), by))
}

func (r *restoring) loadTable(ctx context.Context, t table, part TablePart) error {
	rows, err := r.rows(part, newSum())
	if err != nil {
		return err
	}
	defer rows.Close()
	t.columns = part.Columns
	if r.engine == postgres {
		err = r.copyRows(ctx, t, rows)
	} else {
		err = r.insertRows(ctx, t, rows)
	}
	if err != nil {
		return wrap(t.name, err)
	}
	if part.Last == nil || t.numbers == "" {
		return nil
	}
	return wrap(t.name, r.numberFrom(ctx, t, *part.Last))
}

func (r *restoring) copyRows(ctx context.Context, t table, rows *archiveRows) error {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.Name
	}
	return r.conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.name}, names, rows)
		return err
	})
}

func (r *restoring) insertRows(ctx context.Context, t table, rows *archiveRows) error {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
	insert, err := r.write.(bun.Tx).PrepareContext(ctx, "INSERT INTO "+quoted(t.name)+" ("+t.columnList("")+") VALUES ("+marks+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for rows.Next() {
		if _, err := insert.ExecContext(ctx, sqliteValues(rows.values)...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// sqliteValues are a row's as bun would write them.
func sqliteValues(values []any) []any {
	for i, v := range values {
		if t, ok := v.(time.Time); ok {
			values[i] = t.UTC().Format(sqliteMoment)
		}
	}
	return values
}

// numberFrom has a table go on numbering after a number.
func (r *restoring) numberFrom(ctx context.Context, t table, last int64) error {
	if r.engine == postgres {
		_, err := r.write.ExecContext(ctx, "SELECT setval(pg_get_serial_sequence(?, ?)::regclass, ?, ?)", quoted(t.name), t.numbers, max(last, 1), last > 0)
		return err
	}
	// SQLite's table of numbers has no key to meet a row by.
	if _, err := r.write.ExecContext(ctx, "DELETE FROM sqlite_sequence WHERE name = ?", t.name); err != nil {
		return err
	}
	_, err := r.write.ExecContext(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", t.name, last)
	return err
}
