package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertHeld stores that words wait to be read.
func (s *Store) InsertHeld(ctx context.Context, all []community.Held) error {
	return insertAll(ctx, s, "held_words", all)
}

// SaveHeld is community.HeldStore's.
func (s *Store) SaveHeld(ctx context.Context, h community.Held) error {
	if err := s.DropHeld(ctx, []string{h.PostID}); err != nil {
		return err
	}
	return s.InsertHeld(ctx, []community.Held{h})
}

// HeldOf is what waits of some posts, by post.
func (s *Store) HeldOf(ctx context.Context, postIDs []string) (map[string]community.Held, error) {
	rows, err := some[community.Held](ctx, s, "held_words", "t.post_id", postIDs)
	return byKey(rows, func(h community.Held) string { return h.PostID }), err
}

// DropHeld ends that anything of some posts waits.
func (s *Store) DropHeld(ctx context.Context, postIDs []string) error {
	if len(postIDs) == 0 {
		return nil
	}
	_, err := s.write.NewDelete().Table("held_words").Where("post_id IN (?)", bun.List(postIDs)).Exec(ctx)
	return wrap("held words", err)
}

// heldBy bounds a query to what somebody reads before others do: what waits for groups
// that they look after, and for the instance's moderators, for groups elsewhere and
// those that more than their members read.
func heldBy(q *bun.SelectQuery, ask community.HeldQuery) *bun.SelectQuery {
	q = q.Join("JOIN posts AS p ON p.id = t.post_id").Join("JOIN actors AS ga ON ga.id = t.group_id").Join("JOIN groups AS g ON g.actor_id = t.group_id")
	if ask.Refused {
		q = q.Where("t.refused_at IS NOT NULL")
	} else {
		q = q.Where("t.refused_at IS NULL")
	}
	if ask.Host != "" {
		q = q.Where("t.host = ?", ask.Host)
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		if len(ask.GroupIDs) > 0 {
			q = q.Where("t.group_id IN (?)", bun.List(ask.GroupIDs))
		}
		if ask.Instance {
			q = q.WhereOr("ga.domain <> ''").WhereOr("p.readers <> 'members' AND g.readers <> 'members'")
		}
		return q
	})
}

type heldRow struct {
	community.Held
	Post community.Post `bun:"embed:p_"`
}

// HeldWords is community.HeldStore's.
func (s *Store) HeldWords(ctx context.Context, ask community.HeldQuery) ([]community.HeldSeen, error) {
	if !ask.Instance && len(ask.GroupIDs) == 0 {
		return nil, nil
	}
	var rows []heldRow
	q := heldBy(s.read.NewSelect().Model(&rows).ModelTableExpr("held_words AS t").
		ColumnExpr(columnsOf[community.Held](s, "t", "")).ColumnExpr(columnsOf[community.Post](s, "p", "p_")), ask)
	q, reversed := inPages(nil, q, ask.Paging, "t.held_at", "t.post_id", false)
	err := q.Scan(ctx)
	seen := make([]community.HeldSeen, len(rows))
	for i, row := range turned(rows, reversed) {
		seen[i] = community.HeldSeen{Held: row.Held, Post: row.Post}
	}
	return seen, wrap("held words", err)
}

// CountHeld is community.HeldStore's.
func (s *Store) CountHeld(ctx context.Context, ask community.HeldQuery, most int) (int, error) {
	if !ask.Instance && len(ask.GroupIDs) == 0 {
		return 0, nil
	}
	bounded := heldBy(s.read.NewSelect().TableExpr("held_words AS t").ColumnExpr("1 AS one"), ask).Limit(int64(most))
	var n int
	err := s.read.NewSelect().TableExpr("(?) AS found", bounded).ColumnExpr("count(*)").Scan(ctx, &n)
	return n, wrap("held words", err)
}

// CountHeldFrom counts what waits in a group of a server.
func (s *Store) CountHeldFrom(ctx context.Context, groupID, host string) (int, error) {
	n, err := s.read.NewSelect().TableExpr("held_words AS t").Where("t.group_id = ? AND t.host = ? AND t.refused_at IS NULL", groupID, host).Count(ctx)
	return int(n), wrap("held words", err)
}

// RefusedBefore are posts whose words were refused before a time, held until the
// transaction ends.
func (s *Store) RefusedBefore(ctx context.Context, before time.Time, limit int) (ids []string, err error) {
	err = s.read.NewSelect().TableExpr("held_words AS t").Column("t.post_id").Where("t.refused_at IS NOT NULL AND t.refused_at < ?", before).
		OrderExpr("t.refused_at, t.post_id").Limit(int64(limit)).Scan(ctx, &ids)
	if err == nil {
		err = s.lockPosts(ctx, ids)
	}
	return ids, wrap("held words", err)
}

// NoteRead is community.HeldStore's.
func (s *Store) NoteRead(ctx context.Context, activityID string, approved bool) error {
	outcome, reason := "refused", "by_moderator"
	if approved {
		outcome, reason = "accepted", "read_first"
	}
	_, err := s.write.NewRaw("UPDATE activities SET outcome = ?, reason = ? WHERE id = ? AND direction = 'in' AND state = 'finished'", outcome, reason, activityID).Exec(ctx)
	return wrap("activities", err)
}

// HasShown says whether something of an account is shown in a group.
func (s *Store) HasShown(ctx context.Context, groupID, authorID string) (bool, error) {
	shown, err := s.read.NewSelect().TableExpr("posts AS t").Where("t.author_id = ? AND t.state = 'published' AND t.group_id = ?", authorID, groupID).Exists(ctx)
	return shown, wrap("posts", err)
}
