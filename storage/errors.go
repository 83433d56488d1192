package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"hearth/community"
)

// wrap names the noun once, and turns what the engines say into Kinds: no row
// is NotFound, a unique row that was there first is Conflict.
func wrap(noun string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	case isUnique(err):
		return fmt.Errorf("storage: %s: %w", noun, community.Conflict)
	}
	return fmt.Errorf("storage: %s: %w", noun, err)
}

func isUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlitedriver.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// isNoTable says whether the schema was never made.
func isNoTable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "42P01"
	}
	var lite *sqlitedriver.Error
	return errors.As(err, &lite) && strings.Contains(lite.Error(), "no such table")
}

// isRetryable says whether the engine undid a transaction that may simply be
// run again: a deadlock or a serialisation failure.
func isRetryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
