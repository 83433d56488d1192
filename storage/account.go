package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// accountRow is the part of an Account that is not its Actor.
type accountRow struct {
	ActorID        string
	About          string
	AboutHTML      string
	SuspendedAt    *time.Time
	SuspendedUntil *time.Time
	Indexable      bool
}

func newAccountRow(a community.Account) accountRow {
	return accountRow{a.ID, a.About, a.AboutHTML, a.SuspendedAt, a.SuspendedUntil, a.Indexable}
}

// InsertAccount stores the actor and the account.
func (s *Store) InsertAccount(ctx context.Context, a community.Account) error {
	if err := s.InsertActor(ctx, a.Actor); err != nil {
		return err
	}
	row := newAccountRow(a)
	return insert(ctx, s, "accounts", &row)
}

// selectAccounts begins a read of accounts: the actor's columns and the account's.
func (s *Store) selectAccounts(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).
		ModelTableExpr("actors AS t").ColumnExpr(columnsOf[community.Actor](s, "t", "")).
		ColumnExpr("acc.about, acc.about_html, acc.suspended_at, acc.suspended_until, acc.indexable").
		Join("JOIN accounts AS acc ON acc.actor_id = t.id")
}

// Account is the account of an id.
func (s *Store) Account(ctx context.Context, id string) (community.Account, error) {
	var rows []community.Account
	in := s.planned()
	a, err := first(&rows, in.scan(ctx, s.selectAccounts(&rows).Where("t.id = ?", in.arg(id)), &rows))
	return a, wrap("account", err)
}

// AccountByName is the account of a folded name at a folded domain.
func (s *Store) AccountByName(ctx context.Context, domain, name string) (community.Account, error) {
	var a community.Account
	err := s.selectAccounts(&a).Where("t.domain = ? AND t.name = ?", domain, name).Scan(ctx)
	return a, wrap("account", err)
}

// Accounts are the accounts of some ids, by id.
func (s *Store) Accounts(ctx context.Context, ids []string) (map[string]community.Account, error) {
	byID := make(map[string]community.Account, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	var rows []community.Account
	if err := s.selectAccounts(&rows).Where("t.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap("accounts", err)
	}
	for _, a := range rows {
		byID[a.ID] = a
	}
	return byID, nil
}

// UpdateAccount stores the actor's and the account's columns.
func (s *Store) UpdateAccount(ctx context.Context, a community.Account) error {
	if err := s.UpdateActor(ctx, a.Actor); err != nil {
		return err
	}
	row := newAccountRow(a)
	return update(ctx, s, "accounts", &row, "actor_id = ?", a.ID)
}

// SetAbout stores what an account says of itself.
func (s *Store) SetAbout(ctx context.Context, id, source, html string) error {
	res, err := s.write.NewUpdate().Table("accounts").Set("about = ?, about_html = ?", source, html).Where("actor_id = ?", id).Exec(ctx)
	if err != nil {
		return wrap("account", err)
	}
	return touched(res)
}
