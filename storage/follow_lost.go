package storage

import (
	"context"

	"hearth/community"
	"hearth/federation"
)

// LostFollows is community.MembershipStore's. It begins with the groups elsewhere,
// which are few; an ended delivery is kept for longer than it takes to look again.
func (s *Store) LostFollows(ctx context.Context, limit int) ([]community.LostFollow, error) {
	var rows []struct {
		community.Membership
		Outcome string
		Status  int
	}
	err := selectFrom(s, "memberships", &rows).ColumnExpr("d.state AS outcome, d.status").
		Join("JOIN actors AS g ON g.id = t.group_id AND g.domain <> ''").
		Join("JOIN activities AS a ON a.uri = t.follow_uri").
		Join("JOIN deliveries AS d ON d.activity_id = a.id").
		Where("t.state = 'asked' AND t.follow_uri <> '' AND d.finished_at IS NOT NULL AND d.state <> ?", federation.DeliveryDone).
		OrderExpr("t.id").Limit(int64(limit)).Scan(ctx)
	lost := make([]community.LostFollow, len(rows))
	for i, r := range rows {
		lost[i] = community.LostFollow{
			Membership: r.Membership,
			Declined:   r.Outcome == federation.DeliveryRefused && r.Status != 0,
			Begun:      r.Outcome == federation.DeliverySetAside || r.Outcome == federation.DeliveryExpired,
		}
	}
	return lost, wrap("follows", err)
}
