package storage

import (
	"slices"

	"github.com/uptrace/bun"

	"hearth/community"
)

// inPages bounds a query to one page of a list that is ordered by a time and an
// id, descending or not. What comes before a place is read backwards: reversed
// says that the rows have to be turned.
func inPages(in *planned, q *bun.SelectQuery, page community.Paging, at, id string, descending bool) (_ *bun.SelectQuery, reversed bool) {
	from, reversed := page.After, false
	if !page.Before.IsZero() {
		from, reversed = page.Before, true
	}
	order, beyond := "", ">"
	if descending != reversed {
		order, beyond = " DESC", "<"
	}
	if !from.IsZero() {
		q = q.Where("("+at+", "+id+") "+beyond+" (?, ?)", in.arg(from.At), in.arg(from.ID))
	}
	return q.OrderExpr(at + order + ", " + id + order).Limit(int64(page.Limit)), reversed
}

func turned[T any](rows []T, reversed bool) []T {
	if reversed {
		slices.Reverse(rows)
	}
	return rows
}

// conflictIfNone is Conflict when a statement that has a condition on a row's
// state changed none.
func conflictIfNone(noun string, res affected, err error) error {
	if err != nil {
		return wrap(noun, err)
	}
	if touched(res) != nil {
		return community.Conflict
	}
	return nil
}
