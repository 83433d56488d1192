package storage

import (
	"context"

	"hearth/community"
)

// InsertReport stores a report.
func (s *Store) InsertReport(ctx context.Context, r community.Report) error {
	return insert(ctx, s, "reports", &r)
}

// Report is the report of an id.
func (s *Store) Report(ctx context.Context, id string) (community.Report, error) {
	return one[community.Report](ctx, s, "reports", "t.id = ?", id)
}

// UpdateReport stores all of a report.
func (s *Store) UpdateReport(ctx context.Context, r community.Report) error {
	return update(ctx, s, "reports", &r, "id = ?", r.ID)
}
