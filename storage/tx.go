package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// txTries is how often a transaction that the engine undid is run again.
const txTries = 4

// InTx runs fn in one transaction (community.Store).
func (s *Store) InTx(ctx context.Context, fn func(tx community.Store) error) error {
	return s.inTx(ctx, func(tx *Store) error { return fn(tx) })
}

func (s *Store) inTx(ctx context.Context, fn func(tx *Store) error) error {
	if s.joins {
		return fn(s)
	}
	db, ok := s.write.(*bun.DB)
	if !ok {
		panic("storage: a transaction inside a transaction")
	}
	var err error
	for range txTries {
		told := false
		err = db.RunInTx(ctx, nil, func(_ context.Context, tx bun.Tx) error {
			return fn(&Store{write: tx, read: tx, engine: s.engine, bell: s.bell, told: &told, tell: s.tell})
		})
		if err == nil && told {
			s.tellOfEvent()
		}
		if !isRetryable(err) {
			return err
		}
	}
	return fmt.Errorf("storage: transaction: %w", err)
}

// inUnsyncedTx runs fn in one transaction whose commit PostgreSQL does not wait
// for the disk with: what is done again if a crash takes it back
// (docs/decisions/0025). Whatever commits later and waits has the disk take both.
func (s *Store) inUnsyncedTx(ctx context.Context, fn func(tx *Store) error) error {
	return s.inTx(ctx, func(tx *Store) error {
		if tx.engine == postgres && !s.joins {
			if _, err := tx.write.ExecContext(ctx, "SET LOCAL synchronous_commit = off"); err != nil {
				return fmt.Errorf("storage: transaction: %w", err)
			}
		}
		return fn(tx)
	})
}

// Together is federation.InboxStore's.
func (s *Store) Together(ctx context.Context, fn func(inbox federation.InboxStore, house community.Store) error) error {
	return s.inUnsyncedTx(ctx, func(tx *Store) error {
		tx.joins = true
		return fn(tx, tx)
	})
}

// insert stores one row in a table.
func insert[T any](ctx context.Context, s *Store, table string, row *T) error {
	_, err := s.write.NewInsert().Model(row).ModelTableExpr(table).Exec(ctx)
	return wrap(table, err)
}

// insertAll stores rows in one statement; none is no statement.
func insertAll[T any](ctx context.Context, s *Store, table string, rows []T) error {
	return insertRows(ctx, s, table, rows, "")
}

// update stores all columns of one row, found by a condition on its key;
// NotFound when there is no such row.
func update[T any](ctx context.Context, s *Store, table string, row *T, where string, args ...any) error {
	res, err := s.write.NewUpdate().Model(row).ModelTableExpr(table).Where(where, args...).Exec(ctx)
	if err != nil {
		return wrap(table, err)
	}
	return touched(res)
}

// selectFrom begins a read of rows of T: all columns of the table, named t.
func selectFrom[T any](s *Store, table string, into *T) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).ModelTableExpr(table + " AS t").ColumnExpr("t.*")
}

// one reads the only row of T that a condition finds, or NotFound.
func one[T any](ctx context.Context, s *Store, table, where string, args ...any) (T, error) {
	var rows []T
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr(table+" AS t").ColumnExpr(columnsOf[T](s, "t", "")).
		Where(where, in.all(args)...).Limit(1)
	row, err := first(&rows, in.scan(ctx, q, &rows))
	return row, wrap(table, err)
}

// some reads the rows of T of which a column has one of some values, in no order.
func some[T any](ctx context.Context, s *Store, table, column string, values []string) ([]T, error) {
	if len(values) == 0 {
		return nil, nil
	}
	var rows []T
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr(table + " AS t").ColumnExpr(columnsOf[T](s, "t", "")).
		Where(in.among(column, values))
	return rows, wrap(table, in.scan(ctx, q, &rows))
}

// oneOfAnySchema is one of a database that was not migrated to what this binary
// knows: with the columns that there are.
func oneOfAnySchema[T any](ctx context.Context, s *Store, table, where string, args ...any) (T, error) {
	var row T
	err := selectFrom(s, table, &row).Where(where, args...).Limit(1).Scan(ctx)
	return row, wrap(table, err)
}

type affected interface{ RowsAffected() (int64, error) }

// touched is NotFound when a statement changed no row.
func touched(res affected) error {
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return err
}

// touchedOr is an error of a kind when a conditional statement changed no row.
func touchedOr(res affected, kind community.Kind, key string) error {
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return &community.Error{Kind: kind, Key: key}
	}
	return err
}

// affect is how many rows a statement changed.
func affect(res sql.Result, err error) (int, error) {
	if err != nil {
		return 0, wrap("batch", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// escapeLike makes words stand for themselves in a LIKE.
func escapeLike(words string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(words)
}
