package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// Standings are where posts of ours stand with a server, by post.
func (s *Store) Standings(ctx context.Context, postIDs []string, host string) (map[string]community.Standing, error) {
	known, _, err := s.StandingsNow(ctx, postIDs, host)
	return known, err
}

// StandingsNow is community.PostStore's.
func (s *Store) StandingsNow(ctx context.Context, postIDs []string, host string) (map[string]community.Standing, int64, error) {
	var rows []struct {
		community.Standing
		Epoch int64
	}
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("policy_epoch AS e").
		ColumnExpr("e.epoch, coalesce(t.post_id, '') AS post_id, coalesce(t.host, '') AS host, t.sent_at, t.shown_at, coalesce(t.refused, '') AS refused").
		ColumnExpr("coalesce(t.unsent, '') AS unsent, t.ask_after, t.rejected_at, coalesce(t.rejection, '') AS rejection, coalesce(t.hidden_why, '') AS hidden_why, l.failing_since AS unreachable_since").
		Join("LEFT JOIN reach AS t ON t.host = ? AND t.post_id IN (?)", host, bun.List(postIDs)).
		Join("LEFT JOIN lanes AS l ON l.host = t.host").Where("e.id = 1").Scan(ctx)
	byPost, epoch := make(map[string]community.Standing, len(rows)), int64(0)
	for _, r := range rows {
		epoch = r.Epoch
		if r.PostID != "" {
			byPost[r.PostID] = r.Standing
		}
	}
	return byPost, epoch, wrap("standings", err)
}
