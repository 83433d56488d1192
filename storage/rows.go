package storage

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// rowsOf is a query that gives some rows, and the names of its columns. On
// PostgreSQL each column is one argument, an array: the statement that it stands
// in is planned once, for however many rows. On SQLite the values stand in it.
func rowsOf[T any](in *planned, rows []T, without ...string) (columns bun.Safe, q schema.QueryAppender) {
	fields := slices.DeleteFunc(slices.Clone(in.s.write.Dialect().Tables().Get(reflect.TypeFor[T]()).Fields), func(f *schema.Field) bool {
		return slices.Contains(without, f.Name)
	})
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	columns = bun.Safe(strings.Join(names, ", "))
	if in.s.engine != postgres {
		return columns, in.s.write.NewValues(&rows).Column(names...)
	}
	arrays := make([]string, len(fields))
	for i, f := range fields {
		array, element := arrayOf(f, rows)
		in.args = append(in.args, array)
		arrays[i] = fmt.Sprintf("$%d::%s[]", len(in.args), element)
	}
	return columns, bun.Safe("SELECT * FROM unnest(" + strings.Join(arrays, ", ") + ")")
}

// arrayOf is a column of some rows as pgx takes an array, and what PostgreSQL
// calls its elements.
func arrayOf[T any](f *schema.Field, rows []T) (array any, element string) {
	value := func(i int) reflect.Value { return f.Value(reflect.ValueOf(&rows[i]).Elem()) }
	of := f.StructField.Type
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case of == reflect.TypeFor[time.Time]():
		return gather(len(rows), value, func(v reflect.Value) time.Time { return v.Interface().(time.Time) }), "timestamptz"
	case of == reflect.TypeFor[[]byte]():
		bytes := make([][]byte, len(rows))
		for i := range bytes {
			bytes[i] = value(i).Bytes()
		}
		return bytes, "bytea"
	case of.Kind() == reflect.String:
		return gather(len(rows), value, reflect.Value.String), "text"
	case of.Kind() == reflect.Bool:
		return gather(len(rows), value, reflect.Value.Bool), "boolean"
	case of.Kind() == reflect.Int || of.Kind() == reflect.Int64:
		return gather(len(rows), value, reflect.Value.Int), "bigint"
	}
	panic("storage: no array of " + of.String() + " is known")
}

// gather is a list of values; nil where there is none.
func gather[E any](n int, value func(i int) reflect.Value, as func(reflect.Value) E) []*E {
	all := make([]*E, n)
	for i := range all {
		v := value(i)
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				continue
			}
			v = v.Elem()
		}
		e := as(v)
		all[i] = &e
	}
	return all
}

// insertRows stores rows in one statement, without the columns that the database
// fills; none is no statement. What on says follows the word ON.
func insertRows[T any](ctx context.Context, s *Store, table string, rows []T, on string, without ...string) error {
	if len(rows) == 0 {
		return nil
	}
	in := s.planned()
	_, err := in.exec(ctx, insertion(in, table, rows, on, without...))
	return wrap(table, err)
}

func insertion[T any](in *planned, table string, rows []T, on string, without ...string) string {
	columns, all := rowsOf(in, rows, without...)
	if on != "" {
		on = " ON " + on
	}
	return in.s.write.NewRaw("INSERT INTO "+table+" (?) ?"+on, columns, all).String()
}

// with begins a statement that has rows at hand, as the table v.
func with[T any](in *planned, rows []T) string {
	columns, all := rowsOf(in, rows)
	return in.s.write.NewRaw("WITH v (?) AS (?) ", columns, all).String()
}
