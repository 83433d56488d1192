package storagetest

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Column is one of a table, as the engine's own catalogue tells it; Type in one
// spelling for both engines.
type Column struct {
	Name, Type string
	Nullable   bool
}

// Row is a row by column, each value in a spelling that both engines share;
// what is missing is "NULL".
type Row map[string]string

// Columns are those of every table but the migrator's own.
func Columns(t testing.TB, db *sql.DB) map[string][]Column {
	t.Helper()
	query := `SELECT m.name, c.name, lower(c.type), c."notnull" = 0 AND c.pk = 0 FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'bun%' ORDER BY m.name, c.cid`
	if isPostgres(t, db) {
		query = `SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES' FROM information_schema.columns AS c
			JOIN information_schema.tables AS t USING (table_schema, table_name)
			WHERE t.table_type = 'BASE TABLE' AND c.table_schema = 'public' AND c.table_name NOT LIKE 'bun%' ORDER BY 1, c.ordinal_position`
	}
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string][]Column{}
	for rows.Next() {
		var table string
		var c Column
		if err := rows.Scan(&table, &c.Name, &c.Type, &c.Nullable); err != nil {
			t.Fatal(err)
		}
		if as := map[string]string{"timestamp with time zone": "timestamp", "blob": "bytea"}[c.Type]; as != "" {
			c.Type = as
		}
		all[table] = append(all[table], c)
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatalf("the catalogue: %d tables, %v", len(all), err)
	}
	return all
}

// Rows are all rows of all tables but the migrator's own, in an order of their
// own that is the same on both engines.
func Rows(t testing.TB, db *sql.DB) map[string][]Row {
	t.Helper()
	all := map[string][]Row{}
	for table, columns := range Columns(t, db) {
		all[table] = rowsOf(t, db, table, columns)
	}
	return all
}

func rowsOf(t testing.TB, db *sql.DB, table string, columns []Column) []Row {
	t.Helper()
	var names []string
	for _, c := range columns {
		names = append(names, `"`+c.Name+`"`)
	}
	rows, err := db.Query(`SELECT ` + strings.Join(names, ", ") + ` FROM "` + table + `"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []Row
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		row := Row{}
		for i, c := range columns {
			row[c.Name] = spell(t, table+"."+c.Name, c.Type, values[i])
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	sortRows(all)
	return all
}

func sortRows(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
}

// Settled changes rows as a restore at some time does: nobody is at work on
// them, and nobody is signed in.
func Settled(all map[string][]Row, at time.Time) map[string][]Row {
	for _, rows := range all {
		for _, row := range rows {
			for _, lease := range []string{"lease_token", "leased_until", "inbound_token", "inbound_until"} {
				if _, has := row[lease]; has {
					row[lease] = "NULL"
				}
			}
		}
	}
	last := int64(0)
	for _, row := range all["deliveries"] {
		seq, _ := strconv.ParseInt(row["seq"], 10, 64)
		last = max(last, seq)
	}
	for _, row := range all["lanes"] {
		if _, has := row["begun_seq"]; has {
			row["begun_seq"] = strconv.FormatInt(last, 10)
		}
	}
	for _, row := range all["sign_ins"] {
		if row["ended_at"] == "NULL" {
			row["ended_at"] = Moment(at)
		}
	}
	all["reset_links"] = slices.DeleteFunc(all["reset_links"], func(row Row) bool { return row["used_at"] == "NULL" })
	all["browser_sessions"], all["setup_tokens"] = nil, nil
	for _, rows := range all {
		sortRows(rows)
	}
	return all
}

// spell writes a value so that two are alike only when they are the same.
func spell(t testing.TB, what, typ string, v any) string {
	t.Helper()
	if v == nil {
		return "NULL"
	}
	switch v := v.(type) {
	case string:
		if typ == "text" {
			return fmt.Sprintf("%q", v)
		}
	case int64:
		if typ == "boolean" && (v == 0 || v == 1) {
			return fmt.Sprint(v == 1)
		}
		if typ == "integer" || typ == "bigint" {
			return fmt.Sprint(v)
		}
	case bool:
		return fmt.Sprint(v)
	case []byte:
		return "0x" + hex.EncodeToString(v)
	case time.Time:
		return Moment(v)
	}
	t.Fatalf("%s, a %s, holds %T %v", what, typ, v, v)
	return ""
}

// Moment is how a time is spelt in a Row.
func Moment(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// oddText is what a text has to survive.
const oddText = "é\u2028\u202e\ufeff\U0001F9E1 '' \" \\ \\N $1 ? <b>&amp;</b>\t\r\n \x01\x7f {\"a\":[1e3,null]} '2026-02-30' "

// wanting is what a row lacks where it may.
const wanting = 2

// Fill puts rows into every table of a database, whatever tables there are: a
// row of ordinary or empty values, one of odd ones, and one with nothing in it
// that may be missing. References fit, because each row has the same text
// everywhere.
func Fill(t testing.TB, db *sql.DB) {
	t.Helper()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	onPostgres := isPostgres(t, db)
	// SQLite does not look at references on such a connection.
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := conn.ExecContext(context.Background(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	all := Columns(t, db)
	if onPostgres {
		exec("SET session_replication_role = replica")
		defer exec("SET session_replication_role = DEFAULT")
	}
	for table, columns := range all {
		exec(`DELETE FROM "` + table + `"`)
		var names, marks []string
		for i, c := range columns {
			names = append(names, `"`+c.Name+`"`)
			marks = append(marks, fmt.Sprintf("$%d", i+1))
		}
		for row := range 3 {
			if row > 0 && columns[0].Name == "id" && columns[0].Type == "integer" {
				break // there is only one
			}
			var values []any
			for _, c := range columns {
				values = append(values, oddValue(t, c, row))
			}
			exec(`INSERT INTO "`+table+`" (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, values...)
		}
	}
}

func oddValue(t testing.TB, c Column, row int) any {
	t.Helper()
	if row == wanting && c.Nullable {
		return nil
	}
	switch c.Type {
	case "text":
		return []string{"", oddText, "NULL"}[row]
	case "integer":
		return []int64{1, -2147483648, 2147483647}[row]
	case "bigint":
		return []int64{1, -9223372036854775808, 9007199254740993}[row]
	case "boolean":
		return []bool{true, false, true}[row]
	case "bytea":
		return [][]byte{{}, {0, 255, '\\', '\n', 'x'}, {0}}[row]
	case "timestamp":
		return []time.Time{
			time.Date(2026, 3, 4, 12, 0, 0, 123456000, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC),
		}[row]
	}
	t.Fatalf("no odd value for a %s: %s", c.Type, c.Name)
	return nil
}

func isPostgres(t testing.TB, db *sql.DB) bool {
	t.Helper()
	var version string
	if err := db.QueryRow("SELECT version()").Scan(&version); err != nil {
		return false // SQLite has no such function
	}
	return true
}
