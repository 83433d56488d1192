package storage

import (
	"context"

	"hearth/community"
)

// isStateHere holds a post to a state, also one that waits while its author is away,
// or it is frozen.
const isStateHere = "CASE WHEN t.before_freeze <> '' THEN t.before_freeze WHEN t.state = 'away' THEN t.before_away ELSE t.state END = ?"

// isShownAgain holds a post to be one that the answer to an open question may show.
const isShownAgain = "EXISTS (SELECT 1 FROM group_inquiries AS q WHERE q.uri = t.uri AND q.shows)"

// isUnseen holds a post to be one from elsewhere that nobody saw yet (Post.IsUnseen).
const isUnseen = "(t.state = 'orphan' OR t.state = 'held' AND t.verified <> 'local')"

// ShownBelow is community.BelowStore's.
func (s *Store) ShownBelow(ctx context.Context, root community.Post, after string, limit int) ([]string, error) {
	return s.postsBelow(ctx, root, after, limit, "("+isStateHere+" OR "+isShownAgain+" OR "+isUnseen+")", community.PostPublished)
}

// HiddenBelow is community.BelowStore's.
func (s *Store) HiddenBelow(ctx context.Context, root community.Post, after string, limit int) ([]string, error) {
	return s.postsBelow(ctx, root, after, limit, isStateHere, community.PostHidden)
}

// postsBelow goes down by what answers a post and, since what waits for its parent has
// no place yet, by what says that it would.
func (s *Store) postsBelow(ctx context.Context, root community.Post, after string, limit int, condition, state string) (ids []string, err error) {
	err = s.read.NewRaw(`WITH RECURSIVE below (id, uri) AS (
  SELECT CAST(? AS TEXT), CAST(? AS TEXT)
  UNION SELECT p.id, p.uri FROM below AS b JOIN posts AS p ON p.parent_id = b.id OR p.in_reply_to_uri = b.uri AND p.state = 'orphan'
) SELECT t.id FROM posts AS t JOIN below AS b ON b.id = t.id WHERE t.id <> ? AND `+condition+` AND t.id > ? ORDER BY t.id LIMIT ?`,
		root.ID, root.URI, root.ID, state, after, limit).Scan(ctx, &ids)
	return ids, wrap("posts", err)
}

// HiddenPostsIn is community.BelowStore's.
func (s *Store) HiddenPostsIn(ctx context.Context, authorID, groupID, domain, after string, limit int) (ids []string, err error) {
	q := s.read.NewSelect().TableExpr("posts AS t").Column("t.id").
		Where("t.author_id = ? AND t.id > ?", authorID, after).Where(isStateHere, community.PostHidden)
	if groupID != "" {
		q = q.Where("t.group_id = ?", groupID)
	} else {
		q = q.Where("t.group_id IN (SELECT id FROM actors WHERE domain = ? AND domain <> '' AND type = 'Group')", domain)
	}
	err = q.OrderExpr("t.id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap("posts", err)
}
