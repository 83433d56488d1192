package storage

import (
	"context"

	"hearth/community"
)

// SetBar is community.AuthorityStore's.
func (s *Store) SetBar(ctx context.Context, b community.Bar) ([]community.Membership, error) {
	return s.bar(ctx, b, "barred_at IS NULL OR barred_until IS DISTINCT FROM ?3 OR barred_why <> ?4")
}

// LiftBar is community.AuthorityStore's.
func (s *Store) LiftBar(ctx context.Context, b community.Bar) ([]community.Membership, error) {
	b.At, b.Until, b.Why = nil, nil, ""
	return s.bar(ctx, b, "barred_at IS NOT NULL")
}

// bar stores a bar where a condition holds, and gives what it changed.
func (s *Store) bar(ctx context.Context, b community.Bar, where string) ([]community.Membership, error) {
	var rows []community.Membership
	place := "group_id = ?1"
	if b.GroupID == "" {
		place = "group_id IN (SELECT id FROM actors WHERE domain = ?2 AND domain <> '' AND type = 'Group')"
	}
	err := s.write.NewRaw("UPDATE memberships SET barred_at = ?5, barred_until = ?3, barred_why = ?4 WHERE account_id = ?0 AND "+place+" AND ("+where+") RETURNING *",
		b.AccountID, b.GroupID, b.Domain, b.Until, b.Why, b.At).Scan(ctx, &rows)
	return rows, wrap("memberships", err)
}
