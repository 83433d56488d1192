package storage

import (
	"context"
	"strconv"
)

// change is what is done with the rows of a condition: set, or nothing left of them.
// A row that was changed is not of the condition any more.
type change struct {
	table string
	key   string // its primary key
	set   string // empty: they are deleted
	where string // about the table's columns by their bare names
}

func (c change) statement(limit int) string {
	do := "DELETE FROM " + c.table
	if c.set != "" {
		do = "UPDATE " + c.table + " SET " + c.set
	}
	// The condition is asked of the row itself once more: it may be another by now.
	return do + " WHERE (" + c.key + ") IN (SELECT " + c.key + " FROM " + c.table + " WHERE " + c.where + " LIMIT " + strconv.Itoa(limit) + ") AND " + c.where
}

// changeSome makes changes of a few rows, up to a limit of all together, and says
// whether there may be more. The arguments are those of all conditions.
func (s *Store) changeSome(ctx context.Context, changes []change, limit int, args ...any) (more bool, err error) {
	for _, c := range changes {
		n, err := affect(s.write.NewRaw(c.statement(limit), args...).Exec(ctx))
		if err != nil {
			return false, wrap(c.table, err)
		}
		if limit -= n; limit <= 0 {
			return true, nil
		}
	}
	return false, nil
}
