package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// planned is a read that the engine plans once for each connection, because
// every page makes it and planning it takes longer than running it. What differs
// from call to call stands beside its text, and all else in it: few texts, or
// the plans are never used again. It names its columns, so that a migration under
// a running node leaves the plan's result as it was. A nil planned has all of it
// in the text.
type planned struct {
	s      *Store
	args   []any
	varies bool // the text is another with each call: it is not worth keeping
}

// planned begins such a read.
func (s *Store) planned() *planned { return &planned{s: s} }

// timeForm is how bun writes times for SQLite, which compares them as texts.
const timeForm = "2006-01-02 15:04:05.999999-07:00"

// arg is what stands in a bun expression for a value.
func (p *planned) arg(value any) any {
	if p == nil {
		return value
	}
	sign := "$"
	if p.s.engine == sqlite {
		sign = "?"
		if t, ok := value.(time.Time); ok {
			value = t.UTC().Format(timeForm)
		}
	}
	p.args = append(p.args, value)
	return bun.Safe(sign + strconv.Itoa(len(p.args)))
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
	if p == nil {
		return bun.List(values)
	}
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = p.arg(v)
	}
	return bun.List(all)
}

// array is what stands in a bun expression, in brackets, for a list of any length.
func (p *planned) array(values []string) schema.QueryAppender { return p.unnested("text", values) }

// numbers is what stands in a bun expression, in brackets, for any number of numbers.
func (p *planned) numbers(values []int64) schema.QueryAppender { return p.unnested("bigint", values) }

// unnested selects each of some values from one argument: a list of them in the
// text would make another text with each length.
func (p *planned) unnested(of string, values any) schema.QueryAppender {
	if p.s.engine == postgres {
		p.args = append(p.args, values)
		return bun.Safe("SELECT unnest($" + strconv.Itoa(len(p.args)) + "::" + of + "[])")
	}
	return bun.Safe("SELECT value FROM json_each(" + string(p.jsonOf(values)) + ")")
}

// jsonOf is what stands in a bun expression for a list that SQLite reads as JSON.
func (p *planned) jsonOf(values any) bun.Safe {
	all, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings and numbers can always be written
	}
	p.args = append(p.args, string(all))
	return bun.Safe("?" + strconv.Itoa(len(p.args)))
}

// among is a condition on a column to have one of any number of values, and its
// argument.
func (p *planned) among(column string, values []string) (condition string, arg any) {
	if p.s.engine == postgres {
		return column + " = ANY(?)", p.arg(values)
	}
	return column + " IN (?)", p.array(values)
}

// exec runs a write that returns nothing.
func (p *planned) exec(ctx context.Context, text string) (sql.Result, error) {
	p.s.observe(ctx, text)
	return p.writer().ExecContext(ctx, text, p.keptArgs()...)
}

// write runs a write that returns rows, a slice.
func (p *planned) write(ctx context.Context, text string, rows any) error {
	p.s.observe(ctx, text)
	found, err := p.writer().QueryContext(ctx, text, p.keptArgs()...)
	if err != nil {
		return err
	}
	return p.s.read.NewSelect().DB().ScanRows(ctx, found, rows)
}

func (p *planned) writer() bun.IConn {
	if tx, inTx := p.s.write.(bun.Tx); inTx {
		return tx.Tx
	}
	return p.s.write.(*bun.DB).DB
}

// scan runs the query into rows, a slice that is the query's model.
func (p *planned) scan(ctx context.Context, q *bun.SelectQuery, rows any) error {
	return p.read(ctx, q.DB(), q.String(), rows)
}

func (p *planned) read(ctx context.Context, db *bun.DB, text string, rows any) error {
	p.s.observe(ctx, text)
	found, err := p.run(ctx, text)
	if err != nil {
		return err
	}
	return db.ScanRows(ctx, found, rows)
}

func (p *planned) run(ctx context.Context, text string) (*sql.Rows, error) {
	tx, inTx := p.s.read.(bun.Tx)
	switch {
	case inTx:
		return tx.Tx.QueryContext(ctx, text, p.keptArgs()...)
	case p.s.prepared != nil && !p.varies:
		return p.s.prepared.query(ctx, text, p.keptArgs())
	}
	return p.s.read.(*bun.DB).DB.QueryContext(ctx, text, p.keptArgs()...)
}

// keptArgs are the arguments, and before them for PostgreSQL that the plan is kept.
func (p *planned) keptArgs() []any {
	if p.s.engine != postgres {
		return p.args
	}
	return append([]any{pgx.QueryExecModeCacheStatement}, p.args...)
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
