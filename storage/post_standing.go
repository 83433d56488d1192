package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// Standings are where posts of ours stand with a server, by post.
func (s *Store) Standings(ctx context.Context, postIDs []string, host string) (map[string]community.Standing, error) {
	var rows []community.Standing
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("reach AS t").
		ColumnExpr("t.post_id, t.host, t.sent_at, t.shown_at, t.refused, t.unsent, t.ask_after, t.rejected_at, t.rejection, t.hidden_why, l.failing_since AS unreachable_since").
		Join("LEFT JOIN lanes AS l ON l.host = t.host").
		Where("t.host = ? AND t.post_id IN (?)", host, bun.List(postIDs)).Scan(ctx)
	byPost := make(map[string]community.Standing, len(rows))
	for _, r := range rows {
		byPost[r.PostID] = r
	}
	return byPost, wrap("standings", err)
}
