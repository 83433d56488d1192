package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"hearth/migrations"
)

// migrationLock is the advisory lock under which one of several nodes that
// start at once migrates while the others wait. bun's own lock is only a row.
const migrationLock = 0x68656172 // "hear"

// Migrate brings the schema up to this binary's. Several nodes may call it at
// once. A schema newer than the binary is left as it is: the previous binary
// runs on the next schema.
func (s *Store) Migrate(ctx context.Context) (err error) {
	db, ok := s.write.(*bun.DB)
	if !ok {
		panic("storage: Migrate inside a transaction")
	}
	if s.engine == sqlite {
		release, err := lockFile(s.path)
		if err != nil {
			return err
		}
		defer release()
	}
	if s.engine == postgres {
		conn, err := db.Conn(ctx)
		if err != nil {
			return fmt.Errorf("storage: migrate: %w", err)
		}
		defer conn.Close()
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(?)", migrationLock); err != nil {
			return fmt.Errorf("storage: migrate: %w", err)
		}
		defer func() {
			_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(?)", migrationLock)
			err = errors.Join(err, unlockErr)
		}()
	}
	m, err := s.migrator(db)
	if err != nil {
		return err
	}
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	if _, err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("storage: migrate: %w", err)
	}
	return nil
}

func (s *Store) migrator(db *bun.DB) (*migrate.Migrator, error) {
	all := migrate.NewMigrations()
	if err := all.Discover(migrations.Files); err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	return migrate.NewMigrator(db, all, migrate.WithMarkAppliedOnSuccess(true), migrate.WithTemplateData(s.words())), nil
}
