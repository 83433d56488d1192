package storage

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"hearth/migrations"
)

// migrate applies the migrations of which some are wanted, in their order,
// within the transaction of a restore, and marks them as one group: bun's
// migrator has a transaction for each.
func (r *restoring) migrate(ctx context.Context, group int64, wanted func(name string) bool) error {
	if _, err := r.write.NewCreateTable().Model((*migrate.Migration)(nil)).ModelTableExpr(migrationsTable).IfNotExists().Exec(ctx); err != nil {
		return wrap("migrate", err)
	}
	names, err := migrationNames()
	if err != nil {
		return err
	}
	for _, name := range names {
		if !wanted(name) {
			continue
		}
		if err := r.apply(ctx, name); err != nil {
			return fmt.Errorf("storage: migrate %s: %w", name, err)
		}
		row := &migrate.Migration{Name: name, GroupID: group}
		if _, err := r.write.NewInsert().Model(row).ModelTableExpr(migrationsTable).Exec(ctx); err != nil {
			return wrap("migrate", err)
		}
	}
	return nil
}

func (r *restoring) apply(ctx context.Context, name string) error {
	files, err := fs.Glob(migrations.Files, name+"_*.tx.up.sql")
	if err != nil {
		return err
	}
	form, err := template.ParseFS(migrations.Files, files...)
	if err != nil {
		return err
	}
	var statements strings.Builder
	if err := form.Execute(&statements, r.words()); err != nil {
		return err
	}
	for statement := range strings.SplitSeq(statements.String(), "--bun:split") {
		if _, err := r.write.(bun.Tx).Tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// migrationsTable is where bun marks what was applied.
const migrationsTable = "bun_migrations"

// migrationNames are the migrations that this binary has, in their order.
func migrationNames() ([]string, error) {
	all := migrate.NewMigrations()
	if err := all.Discover(migrations.Files); err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	var names []string
	for _, m := range all.Sorted() {
		names = append(names, m.Name)
	}
	return names, nil
}
