package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertReport stores a report; Conflict where its reporter has an open one
// about the same thing.
func (s *Store) InsertReport(ctx context.Context, r community.Report) error {
	return insert(ctx, s, "reports", &r)
}

// Report is the report of an id.
func (s *Store) Report(ctx context.Context, id string) (community.Report, error) {
	return one[community.Report](ctx, s, "reports", "t.id = ?", id)
}

// ReportToChange is the report of an id, locked until the transaction ends.
func (s *Store) ReportToChange(ctx context.Context, id string) (community.Report, error) {
	if _, err := s.write.ExecContext(ctx, "UPDATE reports SET state = state WHERE id = ?", id); err != nil {
		return community.Report{}, wrap("report", err)
	}
	return s.Report(ctx, id)
}

// ReportByCode is the report of a receipt's hashed code.
func (s *Store) ReportByCode(ctx context.Context, codeHash string) (community.Report, error) {
	return one[community.Report](ctx, s, "reports", "t.code_hash = ?", codeHash)
}

// UpdateReport stores all of a report.
func (s *Store) UpdateReport(ctx context.Context, r community.Report) error {
	return update(ctx, s, "reports", &r, "id = ?", r.ID)
}

// DeleteOldReports deletes a batch of those that were looked at before a time.
func (s *Store) DeleteOldReports(ctx context.Context, before time.Time, limit int) (int, error) {
	oldest := s.read.NewSelect().TableExpr("reports AS t").Column("t.id").
		Where("t.state <> ? AND t.resolved_at < ?", community.ReportOpen, before).OrderExpr("t.created_at").Limit(int64(limit))
	res, err := s.write.NewDelete().Table("reports").Where("id IN (?)", oldest).Exec(ctx)
	if err != nil {
		return 0, wrap("reports", err)
	}
	n, err := res.RowsAffected()
	return int(n), wrap("reports", err)
}

// OpenReportBy is the open report of any of some accounts about a post, or where
// there is none about an account.
func (s *Store) OpenReportBy(ctx context.Context, reporterIDs []string, postID, accountID string) (community.Report, error) {
	var r community.Report
	q := selectFrom(s, "reports", &r).Where("t.state = 'open' AND t.reporter_id IN (?)", bun.List(reporterIDs))
	if postID != "" {
		q = q.Where("t.post_id = ?", postID)
	} else {
		q = q.Where("t.post_id IS NULL AND t.account_id = ?", accountID)
	}
	err := q.OrderExpr("t.id").Limit(1).Scan(ctx)
	return r, wrap("report", err)
}

// ResolveReports closes the open reports about what r is about, up to an id.
func (s *Store) ResolveReports(ctx context.Context, r community.Report, upTo string) ([]community.Report, error) {
	var closed []community.Report
	q := s.write.NewUpdate().Model(&closed).ModelTableExpr("reports").
		Set("state = ?, resolved_at = ?, resolved_by = ?, decision_id = ?", r.State, r.ResolvedAt, r.ResolvedBy, r.DecisionID).
		Where("state = 'open' AND account_id = ? AND id <= ?", r.AccountID, upTo)
	if r.PostID != nil {
		q = q.Where("post_id = ?", *r.PostID)
	} else {
		q = q.Where("post_id IS NULL")
	}
	_, err := q.Returning("*").Exec(ctx)
	return closed, wrap("reports", err)
}

// ReportsAbout are the reports about an account in a group, or outside of all,
// the newest first.
func (s *Store) ReportsAbout(ctx context.Context, accountID string, groupID *string, limit int) ([]community.Report, error) {
	var rows []community.Report
	q := selectFrom(s, "reports", &rows).Where("t.account_id = ?", accountID)
	if groupID != nil {
		q = q.Where("t.group_id = ?", *groupID)
	} else {
		q = q.Where("t.group_id IS NULL")
	}
	err := q.OrderExpr("t.id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("reports", err)
}
