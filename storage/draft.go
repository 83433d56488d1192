package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// Drafts are the drafts of some accounts, the last saved first.
func (s *Store) Drafts(ctx context.Context, accountIDs []string, limit int) ([]community.KeptDraft, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var rows []community.KeptDraft
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr("t.*").
		ColumnExpr("ga.title AS group_title, ga.name AS group_name, ga.domain AS group_domain, g.sensitive").
		ColumnExpr("CASE WHEN r.state = 'published' THEN r.title ELSE '' END AS thread_title, coalesce(r.state, '') AS thread_state").
		ColumnExpr("CASE WHEN p.state = 'published' THEN pa.title ELSE '' END AS parent_author").
		Join("JOIN actors AS ga ON ga.id = t.group_id").Join("JOIN groups AS g ON g.actor_id = t.group_id").
		Join("LEFT JOIN posts AS r ON r.id = t.thread_id AND r.id <> t.id").
		Join("LEFT JOIN posts AS p ON p.id = t.parent_id").Join("LEFT JOIN actors AS pa ON pa.id = p.author_id").
		Where("t.author_id IN (?) AND t.state = ?", bun.List(accountIDs), community.PostDraft).
		OrderExpr("t.published_at DESC, t.id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("drafts", err)
}

// UpdateDraft stores a draft's words and author; Conflict when it is no longer one.
func (s *Store) UpdateDraft(ctx context.Context, p community.Post) error {
	res, err := s.updatePost(&p).Where("state = ?", community.PostDraft).Exec(ctx)
	return conflictIfNone("draft", res, err)
}

// DeleteDraft deletes a draft of one of the accounts, or is NotFound.
func (s *Store) DeleteDraft(ctx context.Context, id string, accountIDs []string) error {
	res, err := s.write.NewDelete().Table("posts").
		Where("id = ? AND state = ? AND author_id IN (?)", id, community.PostDraft, bun.List(accountIDs)).Exec(ctx)
	if err != nil {
		return wrap("draft", err)
	}
	return touched(res)
}

// DeleteDrafts deletes a batch of those last saved before a time.
func (s *Store) DeleteDrafts(ctx context.Context, before time.Time, limit int) (int, error) {
	oldest := s.read.NewSelect().TableExpr("posts AS t").Column("t.id").
		Where("t.state = 'draft' AND t.published_at < ?", before).OrderExpr("t.published_at").Limit(int64(limit))
	res, err := s.write.NewDelete().Table("posts").Where("id IN (?)", oldest).Where("state = 'draft'").Exec(ctx)
	if err != nil {
		return 0, wrap("drafts", err)
	}
	n, err := res.RowsAffected()
	return int(n), wrap("drafts", err)
}
