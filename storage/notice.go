package storage

import (
	"context"

	"hearth/community"
)

// InsertNotices stores those that were not told before.
func (s *Store) InsertNotices(ctx context.Context, notices []community.Notice) error {
	if len(notices) == 0 {
		return nil
	}
	_, err := s.write.NewInsert().Model(&notices).ModelTableExpr("notices").
		On("CONFLICT (user_id, kind, about_id) DO NOTHING").Exec(ctx)
	return wrap("notices", err)
}

// HasUnread says whether a person has an unread notice.
func (s *Store) HasUnread(ctx context.Context, userID string) (bool, error) {
	var row community.Notice
	ok, err := selectFrom(s, "notices", &row).Where("t.user_id = ? AND t.read_at IS NULL", userID).Exists(ctx)
	return ok, wrap("notices", err)
}
