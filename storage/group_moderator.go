package storage

import (
	"context"

	"hearth/community"
)

type groupModeratorRow struct {
	GroupID  string
	ActorURI string
	Position int
}

// ReplaceModeratorsThere is community.AuthorityStore's.
func (s *Store) ReplaceModeratorsThere(ctx context.Context, groupID string, uris []string) error {
	if _, err := s.write.NewDelete().Table("group_moderators").Where("group_id = ?", groupID).Exec(ctx); err != nil {
		return wrap("group moderators", err)
	}
	rows := make([]groupModeratorRow, len(uris))
	for i, uri := range uris {
		rows[i] = groupModeratorRow{groupID, uri, i}
	}
	return insertAll(ctx, s, "group_moderators", rows)
}

// ModeratorsThere is community.AuthorityStore's.
func (s *Store) ModeratorsThere(ctx context.Context, groupID string) ([]string, error) {
	uris := []string{}
	err := s.read.NewSelect().Table("group_moderators").Column("actor_uri").Where("group_id = ?", groupID).
		OrderExpr("position, actor_uri").Limit(community.MaxModeratorsThere).Scan(ctx, &uris)
	return uris, wrap("group moderators", err)
}

// ModeratorAccountsThere is community.AuthorityStore's.
func (s *Store) ModeratorAccountsThere(ctx context.Context, groupID string) ([]community.Account, error) {
	var rows []community.Account
	err := s.selectAccounts(&rows).Join("JOIN group_moderators AS m ON m.actor_uri = t.uri").
		Where("m.group_id = ? AND t.gone_at IS NULL AND t.away_at IS NULL", groupID).
		OrderExpr("m.position, m.actor_uri").Limit(community.MaxModeratorsThere).Scan(ctx)
	return rows, wrap("group moderators", err)
}

// ShownPostsIn is community.AuthorityStore's.
func (s *Store) ShownPostsIn(ctx context.Context, h community.Hiding, limit int) (ids []string, err error) {
	q := s.read.NewSelect().TableExpr("posts AS t").Column("t.id").
		Where("t.author_id = ? AND t.received_at <= ?", h.AccountID, h.Until).
		Where("(t.state = 'published' OR t.before_freeze = 'published' OR " + isShownAgain + " OR " + isUnseen + ")")
	if h.GroupID != "" {
		q = q.Where("t.group_id = ?", h.GroupID)
	} else {
		q = q.Where("t.group_id IN (SELECT id FROM actors WHERE domain = ? AND domain <> '' AND type = 'Group')", h.Domain)
	}
	err = q.OrderExpr("t.id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap("posts", err)
}

// MarkHiddenThere is community.AuthorityStore's.
func (s *Store) MarkHiddenThere(ctx context.Context, postID, host, why string) error {
	_, err := s.write.NewRaw("UPDATE reach SET hidden_why = ? WHERE post_id = ? AND host = ? AND hidden_why <> ?", why, postID, host, why).Exec(ctx)
	return wrap("reach", err)
}

// MoveThread is community.AuthorityStore's.
func (s *Store) MoveThread(ctx context.Context, rootID, fromID, toID string) error {
	_, err := s.write.NewRaw("UPDATE posts SET group_id = ?, pinned_at = NULL WHERE thread_id = ? AND group_id = ?", toID, rootID, fromID).Exec(ctx)
	if err != nil {
		return wrap("posts", err)
	}
	_, err = s.write.NewRaw("UPDATE held_words SET group_id = ? WHERE post_id IN (SELECT p.id FROM posts AS p WHERE p.thread_id = ? AND p.group_id = ?)",
		toID, rootID, toID).Exec(ctx)
	return wrap("held words", err)
}
