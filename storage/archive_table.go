package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// table is one of the database's, as its own catalogue tells: a backup asks for
// what is there, so that no table of a later migration can be forgotten.
type table struct {
	name    string
	columns []Column
	key     []string // columns of the primary key
	parents []string // tables that its rows refer to
	numbers string   // the column that numbers its rows, or empty
}

// Column is one of a table.
type Column struct {
	Name string `json:"name"`
	Kind kind   `json:"kind"`
}

// kind is what a column holds, the same on both engines.
type kind string

const (
	text    kind = "text"
	integer kind = "integer"
	boolean kind = "boolean"
	moment  kind = "time" // in UTC, to the microsecond
	octets  kind = "bytes"
)

// kindOf are the types that migrations may use, as the engines name them.
var kindOf = map[string]kind{
	"text": text, "integer": integer, "bigint": integer, "boolean": boolean,
	"timestamp": moment, "timestamp with time zone": moment, "blob": octets, "bytea": octets,
}

// catalogueRow is a column as an engine's catalogue tells it.
type catalogueRow struct {
	TableName  string
	ColumnName string
	ColumnType string
	KeyPlace   int  // in the primary key, from 1
	Numbers    bool // the engine counts it up
	Derived    bool // the engine computes it from the others
}

// Generated columns and SQLite's shadow tables are made of other rows. Views
// hold none.
const (
	sqliteColumns = `SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS column_type, c.pk AS key_place,
		c.pk = 1 AND upper(m.sql) LIKE '%AUTOINCREMENT%' AS numbers, c.hidden <> 0 AS derived
		FROM pragma_table_list AS t JOIN sqlite_schema AS m ON m.name = t.name JOIN pragma_table_xinfo(t.name) AS c
		WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name NOT LIKE 'bun!_%' ESCAPE '!'
		ORDER BY t.name, c.cid`
	postgresColumns = `SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS column_type,
		coalesce((SELECT array_position(i.indkey::int2[], a.attnum) + 1 FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary), 0) AS key_place,
		pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL AS numbers, a.attgenerated <> '' AS derived
		FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f') AND c.relname NOT LIKE 'bun!_%' ESCAPE '!' AND ` + ofNoExtension + `
		ORDER BY c.relname, a.attnum`

	// What an extension brought belongs to it: some providers install them unasked.
	ofNoExtension = `NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

	sqliteParents = `SELECT t.name AS child, f."table" AS parent FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f
		WHERE t.schema = 'main'`
	postgresParents = `SELECT c.relname AS child, p.relname AS parent FROM pg_constraint AS f
		JOIN pg_class AS c ON c.oid = f.conrelid JOIN pg_class AS p ON p.oid = f.confrelid
		WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace`
)

// tables are all of the database but the migrator's own, each after those that
// it refers to.
func tables(ctx context.Context, db bun.IDB, e engine) ([]table, error) {
	columns, parents := sqliteColumns, sqliteParents
	if e == postgres {
		columns, parents = postgresColumns, postgresParents
	}
	var rows []catalogueRow
	if err := db.NewRaw(columns).Scan(ctx, &rows); err != nil {
		return nil, wrap("catalogue", err)
	}
	found := map[string]*table{}
	for _, r := range rows {
		if err := r.addTo(found); err != nil {
			return nil, err
		}
	}
	var ties []struct{ Child, Parent string }
	if err := db.NewRaw(parents).Scan(ctx, &ties); err != nil {
		return nil, wrap("catalogue", err)
	}
	for _, tie := range ties {
		if t := found[tie.Child]; t != nil && tie.Child != tie.Parent {
			t.parents = append(t.parents, tie.Parent)
		}
	}
	return parentsFirst(found)
}

func (r catalogueRow) addTo(found map[string]*table) error {
	t := found[r.TableName]
	if t == nil {
		t = &table{name: r.TableName}
		found[r.TableName] = t
	}
	if r.Derived {
		return nil
	}
	k, known := kindOf[r.ColumnType]
	if !known {
		return fmt.Errorf("storage: a backup does not know the type %q of %s.%s", r.ColumnType, r.TableName, r.ColumnName)
	}
	t.columns = append(t.columns, Column{r.ColumnName, k})
	if r.Numbers {
		t.numbers = r.ColumnName
	}
	if r.KeyPlace > 0 {
		t.key = append(t.key, make([]string, max(0, r.KeyPlace-len(t.key)))...)
		t.key[r.KeyPlace-1] = r.ColumnName
	}
	return nil
}

// parentsFirst puts tables in the one order by name in which each comes after
// its parents.
func parentsFirst(found map[string]*table) ([]table, error) {
	var sorted []table
	done := map[string]bool{}
	for len(sorted) < len(found) {
		var next *table
		for name, t := range found {
			ready := !done[name] && !slices.ContainsFunc(t.parents, func(p string) bool { return !done[p] })
			if ready && (next == nil || name < next.name) {
				next = t
			}
		}
		if next == nil {
			return nil, fmt.Errorf("storage: tables refer to each other in a circle: a backup has no order for them")
		}
		done[next.name] = true
		sorted = append(sorted, *next)
	}
	return sorted, nil
}

// columnList names its columns for a statement.
func (t table) columnList(before string) string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = before + quoted(c.Name)
	}
	return strings.Join(names, ", ")
}

// keyOrder is the order of the primary key, of text byte by byte.
func (t table) keyOrder(e engine) string {
	names := make([]string, len(t.key))
	for i, name := range t.key {
		names[i] = quoted(name)
		if e == postgres && t.kindOf(name) == text {
			names[i] += ` COLLATE "C"`
		}
	}
	return strings.Join(names, ", ")
}

func (t table) kindOf(name string) kind {
	i := slices.IndexFunc(t.columns, func(c Column) bool { return c.Name == name })
	return t.columns[i].Kind
}

func (t table) has(column string) bool {
	return slices.ContainsFunc(t.columns, func(c Column) bool { return c.Name == column })
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
