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

// ShownBelow is community.BelowStore's.
func (s *Store) ShownBelow(ctx context.Context, postID, after string, limit int) ([]string, error) {
	return s.postsBelow(ctx, postID, after, limit, "("+isStateHere+" OR "+isShownAgain+")", community.PostPublished)
}

// HiddenBelow is community.BelowStore's.
func (s *Store) HiddenBelow(ctx context.Context, postID, after string, limit int) ([]string, error) {
	return s.postsBelow(ctx, postID, after, limit, isStateHere, community.PostHidden)
}

func (s *Store) postsBelow(ctx context.Context, postID, after string, limit int, condition, state string) (ids []string, err error) {
	err = s.read.NewRaw(`WITH RECURSIVE below (id) AS (
  SELECT p.id FROM posts AS p WHERE p.parent_id = ?
  UNION SELECT p.id FROM posts AS p JOIN below AS b ON p.parent_id = b.id
) SELECT t.id FROM posts AS t JOIN below AS b ON b.id = t.id WHERE `+condition+` AND t.id > ? ORDER BY t.id LIMIT ?`,
		postID, state, after, limit).Scan(ctx, &ids)
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
