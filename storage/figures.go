package storage

import (
	"context"
	"time"

	"hearth/federation"
)

// QueueFigures is federation.FigureStore's.
func (s *Store) QueueFigures(ctx context.Context, now time.Time) (federation.QueueFigures, error) {
	var q federation.QueueFigures
	err := s.read.NewRaw(`SELECT
		(SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state = 'waiting' LIMIT ?limit) AS d) AS deliveries_waiting,
		(SELECT count(*) FROM (SELECT 1 FROM events WHERE done_at IS NULL LIMIT ?limit) AS e) AS events_waiting,
		(SELECT created_at FROM events WHERE done_at IS NULL AND (not_before IS NULL OR not_before <= ?now) ORDER BY seq LIMIT 1) AS events_oldest,
		l.* FROM (SELECT
			coalesce(sum(CASE WHEN next_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS lanes_waiting,
			coalesce(sum(CASE WHEN failing_since IS NOT NULL THEN 1 ELSE 0 END), 0) AS lanes_failing,
			coalesce(sum(CASE WHEN failing_days >= ?days THEN 1 ELSE 0 END), 0) AS lanes_dead,
			coalesce(sum(CASE WHEN paused_by IS NOT NULL THEN 1 ELSE 0 END), 0) AS lanes_paused
			FROM lanes WHERE host <> ?publisher) AS l`,
		figureBounds{now, maxCounted, federation.DeadAfterDays, publisherLane}).Scan(ctx, &q)
	return q, wrap("figures", err)
}

// figureBounds are the named arguments of the statement.
type figureBounds struct {
	Now         time.Time
	Limit, Days int
	Publisher   string
}
