package storage

import (
	"context"
	"time"

	"hearth/community"
)

// This file is the only one that reads account_owner, the link between a
// person and their accounts.

type accountOwnerRow struct {
	AccountID string
	UserID    string
	Main      bool
	Since     time.Time
}

// InsertAccountOwner says whose an account is.
func (s *Store) InsertAccountOwner(ctx context.Context, accountID, userID string, main bool, since time.Time) error {
	return insert(ctx, s, "account_owner", &accountOwnerRow{accountID, userID, main, since})
}

// OwnedAccounts are a person's accounts, the main one first.
func (s *Store) OwnedAccounts(ctx context.Context, userID string) ([]community.Account, error) {
	var rows []community.Account
	err := s.selectAccounts(&rows).Join("JOIN account_owner AS o ON o.account_id = t.id").
		Where("o.user_id = ?", userID).OrderExpr("o.main DESC, o.since, t.id").Limit(100).Scan(ctx)
	return rows, wrap("owned accounts", err)
}

// AccountOwner is the person who owns an account, or NotFound.
func (s *Store) AccountOwner(ctx context.Context, accountID string) (string, error) {
	row, err := one[accountOwnerRow](ctx, s, "account_owner", "t.account_id = ?", accountID)
	return row.UserID, err
}

// Team is the main accounts of admins and moderators, admins first.
func (s *Store) Team(ctx context.Context) ([]community.Account, error) {
	var rows []community.Account
	err := s.selectAccounts(&rows).Join("JOIN account_owner AS o ON o.account_id = t.id AND o.main").
		Join("JOIN users AS u ON u.id = o.user_id").
		Where("u.role IN ('admin', 'moderator') AND u.state = 'active'").
		OrderExpr("CASE WHEN u.role = 'admin' THEN 0 ELSE 1 END, t.name").Limit(100).Scan(ctx)
	return rows, wrap("team", err)
}
