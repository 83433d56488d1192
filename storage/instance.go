package storage

import (
	"context"
	"time"
)

// NoteHeard is federation.LaneStore's.
func (s *Store) NoteHeard(ctx context.Context, domain string, now time.Time) error {
	_, err := s.write.NewRaw(`INSERT INTO instances (domain, software, version, first_seen_at, last_heard_at) VALUES (?0, '', '', ?1, ?1)
		ON CONFLICT (domain) DO UPDATE SET last_heard_at = excluded.last_heard_at`, domain, now).Exec(ctx)
	return wrap("instance", err)
}
