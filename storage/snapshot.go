package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"hearth/community"
	"hearth/federation"
)

// Snapshot is a whole database at one moment, while others go on writing: a
// single read-only transaction on a connection of its own. On SQLite the log
// cannot be folded into the file while one is open.
type Snapshot struct {
	Site   community.Site
	engine engine
	tx     bun.Tx
	tables []table
	schema []string
	close  func() error
}

// OpenSnapshot takes one of the database at an address (Open), of whatever
// schema it is, and changes nothing there. NotFound where no hearth is set up.
func OpenSnapshot(ctx context.Context, address string) (*Snapshot, error) {
	db, s, err := openToRead(ctx, address)
	if err != nil {
		return nil, err
	}
	// SQLite has no levels: a transaction that only reads is a snapshot there.
	if s.tx, err = db.BeginTx(ctx, s.level()); err != nil {
		return nil, errors.Join(wrap("snapshot", err), s.close())
	}
	if err := s.look(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func openToRead(ctx context.Context, address string) (*bun.DB, *Snapshot, error) {
	if isPostgres(address) {
		store, err := openPostgres(ctx, address)
		if err != nil {
			return nil, nil, err
		}
		return store.write.(*bun.DB), &Snapshot{engine: postgres, close: store.Close}, nil
	}
	if _, err := os.Stat(address); errors.Is(err, os.ErrNotExist) {
		return nil, nil, community.NotFound // opening would make it
	}
	db, err := sqliteDB(address, "_pragma=query_only(1)")
	if err != nil {
		return nil, nil, err
	}
	return bun.NewDB(db, sqlitedialect.New(), bun.WithDiscardUnknownColumns()), &Snapshot{engine: sqlite, close: db.Close}, nil
}

func (s *Snapshot) level() *sql.TxOptions {
	if s.engine == postgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil
}

// look reads first whether there is a hearth: with the first read the moment
// of the snapshot is settled.
func (s *Snapshot) look(ctx context.Context) (err error) {
	site, err := s.store().SiteOfAnySchema(ctx)
	if err != nil {
		return err
	}
	s.Site = site
	if s.tables, err = tables(ctx, s.tx, s.engine); err != nil {
		return err
	}
	err = s.tx.NewSelect().Table("bun_migrations").Column("name").OrderExpr("name").Scan(ctx, &s.schema)
	return wrap("snapshot", err)
}

// Close lets go of the moment.
func (s *Snapshot) Close() error {
	err := s.tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) { // its context has ended
		err = nil
	}
	return errors.Join(err, s.close())
}

// SealedKeyOfAnySchema is Store's, at the snapshot's moment.
func (s *Snapshot) SealedKeyOfAnySchema(ctx context.Context) (federation.KeyRow, error) {
	return s.store().SealedKeyOfAnySchema(ctx)
}

func (s *Snapshot) store() *Store { return &Store{read: s.tx, engine: s.engine} }

// readRows hands each row's line to a function, in the order of the keys.
func (s *Snapshot) readRows(ctx context.Context, t table, each func(line []byte) error) error {
	if len(t.key) == 0 {
		return fmt.Errorf("storage: a backup has no order for %s, which has no primary key", t.name)
	}
	// A unary plus takes a column's declared type from it: the driver would read
	// its own meaning into the value.
	before := ""
	if s.engine == sqlite {
		before = "+"
	}
	rows, err := s.tx.QueryContext(ctx, "SELECT "+t.columnList(before)+" FROM "+quoted(t.name)+" ORDER BY "+t.keyOrder(s.engine))
	if err != nil {
		return wrap(t.name, err)
	}
	defer rows.Close()
	w := newRowWriter(t.columns)
	values, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return wrap(t.name, err)
		}
		line, err := w.row(values)
		if err != nil {
			return wrap(t.name, err)
		}
		if err := each(line); err != nil {
			return err
		}
	}
	return wrap(t.name, rows.Err())
}

// lastNumber is the highest number that a table ever gave; nil for one that
// does not number its rows.
func (s *Snapshot) lastNumber(ctx context.Context, t table) (*int64, error) {
	if t.numbers == "" {
		return nil, nil
	}
	query := "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)"
	args := []any{t.name}
	if s.engine == postgres {
		// What a sequence gave is no part of a snapshot: it may be later, never earlier.
		query, args = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(?, ?)::regclass), 0)", []any{quoted(t.name), t.numbers}
	}
	var last int64
	err := s.tx.NewRaw(query, args...).Scan(ctx, &last)
	return &last, wrap(t.name, err)
}
