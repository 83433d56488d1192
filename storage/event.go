package storage

import (
	"context"

	"hearth/community"
)

// InsertEvent stores an event; the database numbers it.
func (s *Store) InsertEvent(ctx context.Context, e community.Event) error {
	return s.InsertEvents(ctx, []community.Event{e})
}

// InsertEvents stores events; the database numbers them, in their order.
func (s *Store) InsertEvents(ctx context.Context, events []community.Event) error {
	if len(events) == 0 {
		return nil
	}
	if err := insertRows(ctx, s, "events", events, "", "seq"); err != nil {
		return err
	}
	if s.told != nil {
		*s.told = true
		return nil
	}
	s.tellOfEvent()
	return nil
}
