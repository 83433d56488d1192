package storage

import (
	"context"
	"time"
)

type readMarkRow struct {
	UserID    string
	ThreadID  string
	ReadUntil time.Time
}

// SaveReadMark moves a person's mark in a thread forward, never back.
func (s *Store) SaveReadMark(ctx context.Context, userID, threadID string, until time.Time) error {
	_, err := s.write.NewInsert().Model(&readMarkRow{userID, threadID, until}).ModelTableExpr("read_marks").
		On("CONFLICT (user_id, thread_id) DO UPDATE").Set("read_until = excluded.read_until").
		Where("read_marks.read_until < excluded.read_until").Exec(ctx)
	return wrap("read mark", err)
}
