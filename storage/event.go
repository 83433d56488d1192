package storage

import (
	"context"

	"hearth/community"
)

// InsertEvent stores an event; the database numbers it.
func (s *Store) InsertEvent(ctx context.Context, e community.Event) error {
	_, err := s.write.NewInsert().Model(&e).ModelTableExpr("events").ExcludeColumn("seq").Exec(ctx)
	if err != nil {
		return wrap("event", err)
	}
	if s.told != nil {
		*s.told = true
		return nil
	}
	s.tellOfEvent()
	return nil
}
