package storage

import (
	"context"

	"hearth/community"
)

// InsertMembership stores a membership; Conflict when the account has one there.
func (s *Store) InsertMembership(ctx context.Context, m community.Membership) error {
	return insert(ctx, s, "memberships", &m)
}

// UpdateMembership stores all of a membership but its bar. Conflict where it is of somebody who is
// away and would be of somebody who is in, or asks: it was read before they left. Only
// MoveBack brings them back.
func (s *Store) UpdateMembership(ctx context.Context, m community.Membership) error {
	res, err := s.write.NewUpdate().Model(&m).ModelTableExpr("memberships").ExcludeColumn("barred_at", "barred_until", "barred_why").
		Where("id = ? AND (state <> 'away' OR ? NOT IN ('active', 'asked'))", m.ID, m.State).Exec(ctx)
	if err != nil {
		return wrap("memberships", err)
	}
	return touchedOr(res, community.Conflict, "error.conflict")
}

// Membership is one account's in one group.
func (s *Store) Membership(ctx context.Context, groupID, accountID string) (community.Membership, error) {
	return one[community.Membership](ctx, s, "memberships", "t.group_id = ? AND t.account_id = ?", groupID, accountID)
}

// Member is an account with its membership in a group, in one read.
func (s *Store) Member(ctx context.Context, groupID, accountID string) (community.Account, community.Membership, error) {
	var row struct {
		community.Account
		Own community.Membership `bun:"embed:own_"`
	}
	err := s.selectAccounts(&row).ColumnExpr(membershipColumns("m", "own_")).Join("JOIN memberships AS m ON m.account_id = t.id").
		Where("m.group_id = ? AND m.account_id = ?", groupID, accountID).Scan(ctx)
	return row.Account, row.Own, wrap("member", err)
}

// PlainMembers are the accounts of here in a group that do not look after it.
func (s *Store) PlainMembers(ctx context.Context, groupID string) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().TableExpr("memberships AS t").Column("t.account_id").Join("JOIN actors AS a ON a.id = t.account_id").
		Where("t.group_id = ? AND t.state = 'active' AND t.role = 'member' AND a.domain = '' AND a.gone_at IS NULL", groupID).
		OrderExpr("t.account_id").Scan(ctx, &ids)
	return ids, wrap("members", err)
}

// Moderators are a group's owner and moderators, the owner first.
func (s *Store) Moderators(ctx context.Context, groupID string) ([]community.Membership, error) {
	var rows []community.Membership
	err := selectFrom(s, "memberships", &rows).
		Where("t.group_id = ? AND t.state = 'active' AND t.role IN ('owner', 'moderator')", groupID).
		OrderExpr("CASE WHEN t.role = 'owner' THEN 0 ELSE 1 END, t.created_at").Limit(100).Scan(ctx)
	return rows, wrap("moderators", err)
}

// ModeratorAccounts are the accounts of a group's owner and moderators, the owner's first.
func (s *Store) ModeratorAccounts(ctx context.Context, groupID string) ([]community.Account, error) {
	var rows []community.Account
	err := s.selectAccounts(&rows).Join("JOIN memberships AS m ON m.account_id = t.id").
		Where("m.group_id = ? AND m.state = 'active' AND m.role IN ('owner', 'moderator')", groupID).
		OrderExpr("CASE WHEN m.role = 'owner' THEN 0 ELSE 1 END, m.created_at, m.id").Limit(100).Scan(ctx)
	return rows, wrap("moderators", err)
}
