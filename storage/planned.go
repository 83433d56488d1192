package storage

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// planned is a read that PostgreSQL plans once for each connection, because
// every page makes it and planning it takes longer than running it. What
// differs from call to call stands beside its text, and all else in it: few
// texts, or the plans are never used again. It names its columns, so that a
// migration under a running node leaves the plan's result as it was. SQLite
// plans in microseconds and gets all of it in the text; so does a nil planned.
type planned struct {
	s    *Store
	args []any
}

// planned begins such a read.
func (s *Store) planned() *planned { return &planned{s: s} }

// arg is what stands in a bun expression for a value.
func (p *planned) arg(value any) any {
	if p == nil || p.s.engine != postgres {
		return value
	}
	p.args = append(p.args, value)
	return bun.Safe("$" + strconv.Itoa(len(p.args)))
}

// all is what stands in a bun expression for some values.
func (p *planned) all(values []any) (named []any) {
	for _, v := range values {
		named = append(named, p.arg(v))
	}
	return named
}

// list is what stands in a bun expression, in brackets, for a short list.
func (p *planned) list(values []string) schema.QueryAppender {
	if p == nil || p.s.engine != postgres {
		return bun.List(values)
	}
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = p.arg(v)
	}
	return bun.List(all)
}

// array is what stands in a bun expression, in brackets, for a list of any length.
func (p *planned) array(values []string) schema.QueryAppender {
	if p.s.engine != postgres {
		return bun.List(values)
	}
	p.args = append(p.args, values)
	return bun.Safe("SELECT unnest($" + strconv.Itoa(len(p.args)) + "::text[])")
}

// among is a condition on a column to have one of any number of values, and its
// argument.
func (p *planned) among(column string, values []string) (condition string, arg any) {
	if p.s.engine != postgres {
		return column + " IN (?)", bun.List(values)
	}
	return column + " = ANY(?)", p.arg(values)
}

// scan runs the query into rows, a slice that is the query's model.
func (p *planned) scan(ctx context.Context, q *bun.SelectQuery, rows any) error {
	if p.s.engine != postgres {
		return q.Scan(ctx)
	}
	text := q.String()
	if p.s.tell != nil {
		p.s.tell(ctx, text)
	}
	found, err := p.run(ctx, text)
	if err != nil {
		return err
	}
	return q.DB().ScanRows(ctx, found, rows)
}

func (p *planned) run(ctx context.Context, text string) (*sql.Rows, error) {
	args := append([]any{pgx.QueryExecModeCacheStatement}, p.args...)
	if tx, ok := p.s.read.(bun.Tx); ok {
		return tx.Tx.QueryContext(ctx, text, args...)
	}
	return p.s.read.(*bun.DB).DB.QueryContext(ctx, text, args...)
}

// first is the only row of a planned read, or an error as database/sql has it.
func first[T any](rows *[]T, err error) (row T, _ error) {
	if err == nil && len(*rows) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return row, err
	}
	return (*rows)[0], nil
}
