package storage

import (
	"context"

	"hearth/community"
)

// isOwed is about rows r of reach: their hosts were not told that their posts are
// deleted, and nothing that says so waits for them.
const isOwed = mayHave + ` AND r.delete_received_at IS NULL AND NOT EXISTS (SELECT 1 FROM deliveries AS w JOIN activities AS wa ON wa.id = w.activity_id
	WHERE w.post_id = r.post_id AND w.host = r.host AND w.state = 'waiting' AND wa.type = 'Delete')`

// OwedDeletions is community.EventStore's. It goes through the posts by their ids:
// an admin who lifts a refusal can wait, and nobody else should pay for an index.
func (s *Store) OwedDeletions(ctx context.Context, domain, after string, limit int) ([]community.Post, error) {
	owed := s.read.NewSelect().TableExpr("reach AS r").ColumnExpr("1").Where("r.post_id = t.id AND " + isOwed)
	if domain != "" {
		owed = owed.Where(`(r.host = ? OR r.host LIKE ? ESCAPE '\' OR r.host LIKE ? ESCAPE '\')`, domain, "%."+escapeLike(domain), escapeLike(domain)+":%")
	}
	var rows []community.Post
	err := selectFrom(s, "posts", &rows).Join("JOIN actors AS a ON a.id = t.author_id").
		Where("t.state = 'deleted' AND t.id > ? AND a.domain = ''", after).
		Where("(a.gone_at IS NULL OR EXISTS (SELECT 1 FROM actor_keys AS k WHERE k.actor_id = a.id AND k.private_key IS NOT NULL))").
		Where("EXISTS (?)", owed).OrderExpr("t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("posts", err)
}
