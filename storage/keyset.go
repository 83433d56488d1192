package storage

import "github.com/uptrace/bun"

// bySmallest orders a list by a unique column, the smallest first, after a key.
func bySmallest(q *bun.SelectQuery, column, after string) *bun.SelectQuery {
	if after != "" {
		q = q.Where("? > ?", bun.Ident(column), after)
	}
	return q.OrderExpr("? ASC", bun.Ident(column))
}

// byLargest orders a list by a unique column, the largest first, before a key.
func byLargest(q *bun.SelectQuery, column, before string) *bun.SelectQuery {
	if before != "" {
		q = q.Where("? < ?", bun.Ident(column), before)
	}
	return q.OrderExpr("? DESC", bun.Ident(column))
}
