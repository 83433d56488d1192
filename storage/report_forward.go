package storage

import (
	"context"

	"hearth/community"
)

// InsertReportForward stores that a report was sent on to a server; Conflict
// where it was before.
func (s *Store) InsertReportForward(ctx context.Context, f community.ReportForward) error {
	return insert(ctx, s, "report_forwards", &f)
}

// ReportForwards are the servers that a report was sent on to, with how its
// deliveries stand.
func (s *Store) ReportForwards(ctx context.Context, reportID string) ([]community.Forwarded, error) {
	var rows []community.Forwarded
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("report_forwards AS t").
		ColumnExpr("t.*, coalesce(d.state, '') AS delivery, l.failing_since AS unreachable_since").
		Join("LEFT JOIN deliveries AS d ON d.activity_id = t.activity_id").Join("LEFT JOIN lanes AS l ON l.host = t.host").
		Where("t.report_id = ?", reportID).OrderExpr("t.created_at, t.host").Scan(ctx)
	return rows, wrap("report forwards", err)
}

// ForwardsOf are the servers that a Decision sends a report on to.
func (s *Store) ForwardsOf(ctx context.Context, decisionID string) ([]community.ReportForward, error) {
	var rows []community.ReportForward
	err := selectFrom(s, "report_forwards", &rows).Where("t.decision_id = ?", decisionID).OrderExpr("t.host").Scan(ctx)
	return rows, wrap("report forwards", err)
}

// SettleForward keeps what became of a report that was sent on.
func (s *Store) SettleForward(ctx context.Context, activityID, outcome string) error {
	_, err := s.write.NewRaw("UPDATE report_forwards SET outcome = ? WHERE activity_id = ?", outcome, activityID).Exec(ctx)
	return wrap("report forward", err)
}
