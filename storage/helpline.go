package storage

import (
	"context"
	"time"

	"hearth/community"
)

type helpLineCheckRow struct {
	LineID    string
	CheckedBy string
	Facts     string
	CheckedAt time.Time
}

// HelpLineChecks are all checks; there are as many as lines at most.
func (s *Store) HelpLineChecks(ctx context.Context) ([]community.HelpLineCheck, error) {
	var rows []helpLineCheckRow
	if err := selectFrom(s, "help_line_checks", &rows).Limit(1000).Scan(ctx); err != nil {
		return nil, wrap("help line checks", err)
	}
	checks := make([]community.HelpLineCheck, len(rows))
	for i, r := range rows {
		checks[i] = community.HelpLineCheck{ID: r.LineID, Facts: r.Facts, CheckedBy: r.CheckedBy, CheckedAt: r.CheckedAt}
	}
	return checks, nil
}

// SaveHelpLineCheck replaces an earlier check of the same line.
func (s *Store) SaveHelpLineCheck(ctx context.Context, c community.HelpLineCheck) error {
	row := helpLineCheckRow{c.ID, c.CheckedBy, c.Facts, c.CheckedAt}
	_, err := s.write.NewInsert().Model(&row).ModelTableExpr("help_line_checks").
		On("CONFLICT (line_id) DO UPDATE").
		Set("checked_by = EXCLUDED.checked_by, facts = EXCLUDED.facts, checked_at = EXCLUDED.checked_at").Exec(ctx)
	return wrap("help line check", err)
}

// DeleteHelpLineCheck is community.HelpLineStore's.
func (s *Store) DeleteHelpLineCheck(ctx context.Context, lineID string) error {
	_, err := s.write.NewDelete().Table("help_line_checks").Where("line_id = ?", lineID).Exec(ctx)
	return wrap("help line check", err)
}
