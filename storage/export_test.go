package storage

import (
	"context"
	"errors"
	"testing"

	"github.com/uptrace/bun"

	"hearth/community"
)

// MakeSchema makes the schema of an earlier binary: the migrations up to a name.
func MakeSchema(t testing.TB, address, last string) {
	t.Helper()
	ctx := context.Background()
	store, err := Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	err = store.write.(*bun.DB).RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		r := &restoring{Store: &Store{write: tx, read: tx, engine: store.engine}}
		return r.migrate(ctx, 1, func(name string) bool { return name <= last })
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
}

// MigrateDown undoes the last group of migrations.
func (s *Store) MigrateDown(ctx context.Context) error {
	m, err := s.migrator(s.write.(*bun.DB))
	if err != nil {
		return err
	}
	_, err = m.Rollback(ctx)
	return err
}

// PlannedReads are how often PostgreSQL planned a planned read for its arguments,
// and how often it ran a plan that it had, on the connection of a transaction.
func PlannedReads(ctx context.Context, tx community.Store) (anew, again int, err error) {
	err = tx.(*Store).read.NewRaw("SELECT coalesce(sum(custom_plans), 0), coalesce(sum(generic_plans), 0) FROM pg_prepared_statements").Scan(ctx, &anew, &again)
	return anew, again, err
}
