package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// openReports bounds a query to the open reports that a query asks for.
func openReports(q *bun.SelectQuery, ask community.ReportsQuery) *bun.SelectQuery {
	q = q.Where("t.state = 'open'")
	if !ask.All {
		q = q.Where("t.group_id IN (?)", bun.List(ask.GroupIDs))
	}
	if len(ask.NotAbout) > 0 {
		q = q.Where("t.account_id NOT IN (?)", bun.List(ask.NotAbout))
	}
	return q
}

// Reports are a page of the open reports that somebody looks after, the oldest first.
func (s *Store) Reports(ctx context.Context, ask community.ReportsQuery) ([]community.ReportSummary, error) {
	if !ask.All && len(ask.GroupIDs) == 0 {
		return nil, nil
	}
	var rows []community.ReportSummary
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("reports AS t").
		ColumnExpr("t.id, t.reason, t.created_at, t.doubtful, t.post_id, t.group_id, coalesce(g.title, '') AS group_title").
		ColumnExpr("a.title AS account_title, a.domain AS account_domain").
		Join("JOIN actors AS a ON a.id = t.account_id").Join("LEFT JOIN actors AS g ON g.id = t.group_id")
	q, reversed := inPages(nil, openReports(q, ask), ask.Paging, "t.created_at", "t.id", false)
	err := q.Scan(ctx)
	return turned(rows, reversed), wrap("reports", err)
}

// CountReports counts them up to a bound.
func (s *Store) CountReports(ctx context.Context, ask community.ReportsQuery, most int) (int, error) {
	if !ask.All && len(ask.GroupIDs) == 0 {
		return 0, nil
	}
	bounded := openReports(s.read.NewSelect().TableExpr("reports AS t").ColumnExpr("1 AS one"), ask).Limit(int64(most))
	var n int
	err := s.read.NewSelect().TableExpr("(?) AS found", bounded).ColumnExpr("count(*)").Scan(ctx, &n)
	return n, wrap("reports", err)
}

// ChangedHidden are hidden posts that were edited since they were hidden.
func (s *Store) ChangedHidden(ctx context.Context, groupIDs []string, limit int) ([]community.HiddenPost, error) {
	var rows []community.HiddenPost
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").
		ColumnExpr("t.id, t.group_id, g.title AS group_title, t.author_id, a.title AS author_title, t.edited_at").
		Join("JOIN actors AS g ON g.id = t.group_id").Join("JOIN actors AS a ON a.id = t.author_id").
		Where("t.state = 'hidden' AND t.group_id IN (?)", bun.List(groupIDs)).
		Where(`t.edited_at > (SELECT max(d.decided_at) FROM decisions AS d
			WHERE d.subject_kind = ? AND d.subject_id = t.id AND d.kind = ?)`, community.SubjectPost, community.DecidedHide).
		OrderExpr("t.edited_at, t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("hidden posts", err)
}

// GroupsModerated are the groups that some accounts look after, by title, with
// how many ask to join.
func (s *Store) GroupsModerated(ctx context.Context, accountIDs []string) ([]community.GroupModerated, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var rows []community.GroupModerated
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("memberships AS t").
		ColumnExpr("t.group_id, t.account_id, g.title, g.name, g.domain, s.sensitive").
		ColumnExpr("(SELECT count(*) FROM memberships AS w WHERE w.group_id = t.group_id AND w.state = 'asked') AS asks").
		Join("JOIN actors AS g ON g.id = t.group_id").Join("JOIN groups AS s ON s.actor_id = t.group_id").
		Where("t.account_id IN (?) AND t.state = 'active' AND t.role IN ('owner', 'moderator')", bun.List(accountIDs)).
		OrderExpr("g.title, t.group_id").Limit(200).Scan(ctx)
	return rows, wrap("groups", err)
}
