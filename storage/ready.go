package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Answers says whether the database answers a read: one that waited for a
// writer would say that it does not, while people are served.
func (s *Store) Answers(ctx context.Context) error {
	var one int
	return wrap("ping", s.read.NewRaw("SELECT 1").Scan(ctx, &one))
}

// Migrated says whether every migration of this binary is applied.
func (s *Store) Migrated(ctx context.Context) (bool, error) {
	m, err := s.migrator(s.read.(*bun.DB))
	if err != nil {
		return false, err
	}
	status, err := m.MigrationsWithStatus(ctx)
	if err != nil {
		return false, fmt.Errorf("storage: migrations: %w", err)
	}
	return len(status.Unapplied()) == 0, nil
}

// NewerMigrations are those that a newer binary applied to this database, of
// which this one knows nothing.
func (s *Store) NewerMigrations(ctx context.Context) ([]string, error) {
	known, err := migrationNames()
	if err != nil {
		return nil, err
	}
	var newer []string
	err = s.read.NewSelect().Table(migrationsTable).Column("name").Where("name NOT IN (?)", bun.List(known)).OrderExpr("name").Scan(ctx, &newer)
	return newer, wrap("migrations", err)
}

// Clock is the time of the database's machine. SQLite has no other than ours.
func (s *Store) Clock(ctx context.Context) (now time.Time, err error) {
	if s.engine == sqlite {
		return time.Now(), nil
	}
	err = s.read.NewRaw("SELECT clock_timestamp()").Scan(ctx, &now)
	return now, wrap("clock", err)
}

// Pools are the connection pools by what they are for, to be measured and for
// nothing else.
func (s *Store) Pools() map[string]*sql.DB {
	write, read := s.write.(*bun.DB).DB, s.read.(*bun.DB).DB
	if write == read {
		return map[string]*sql.DB{"main": write}
	}
	return map[string]*sql.DB{"write": write, "read": read}
}
