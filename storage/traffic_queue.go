package storage

import (
	"context"
	"time"

	"hearth/federation"
)

// SampleQueues is federation.TrafficStore's.
func (s *Store) SampleQueues(ctx context.Context, now time.Time) error {
	incoming, since, err := s.IncomingBacklog(ctx)
	if err != nil {
		return err
	}
	outgoing, oldest, err := s.outgoingBacklog(ctx, now)
	if err != nil {
		return err
	}
	var rows []federation.QueueDay
	for _, q := range []struct {
		name    string
		waiting int
		since   time.Time
	}{{federation.QueueIn, incoming, since}, {federation.QueueOut, outgoing, oldest}} {
		if q.waiting > 0 && !q.since.IsZero() {
			rows = append(rows, federation.QueueDay{Day: dayOf(now).Format(time.DateOnly), Queue: q.name, OldestSeconds: max(int(now.Sub(q.since).Seconds()), 0), Waiting: q.waiting})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return insertRows(ctx, s, "queue_days", rows, `CONFLICT (day, queue) DO UPDATE SET
		oldest_seconds = CASE WHEN excluded.oldest_seconds > queue_days.oldest_seconds THEN excluded.oldest_seconds ELSE queue_days.oldest_seconds END,
		waiting = CASE WHEN excluded.waiting > queue_days.waiting THEN excluded.waiting ELSE queue_days.waiting END`)
}

// outgoingBacklog is what waits for servers that take what they are sent, and what
// is to be made ready for any, up to a bound; and since when the oldest of it waits.
func (s *Store) outgoingBacklog(ctx context.Context, now time.Time) (waiting int, oldest time.Time, err error) {
	var b struct {
		Deliveries, Events int
		Delivery, Event    *time.Time
	}
	err = s.read.NewRaw(`SELECT d.deliveries, d.delivery, e.events, e.event FROM
		(SELECT count(*) AS deliveries, min(w.created_at) AS delivery FROM (SELECT t.created_at FROM lanes AS l JOIN deliveries AS t ON t.host = l.host
			WHERE t.state = 'waiting' AND l.next_at IS NOT NULL AND l.next_at <= ?0 AND l.failing_since IS NULL AND l.paused_by IS NULL
			AND (t.next_at IS NULL OR t.next_at <= ?0) LIMIT ?1) AS w) AS d
		CROSS JOIN (SELECT count(*) AS events, min(w.created_at) AS event FROM (SELECT created_at FROM events
			WHERE done_at IS NULL AND (not_before IS NULL OR not_before <= ?0) LIMIT ?1) AS w) AS e`, now, maxCounted).Scan(ctx, &b)
	for _, since := range []*time.Time{b.Delivery, b.Event} {
		if since != nil && (oldest.IsZero() || since.Before(oldest)) {
			oldest = *since
		}
	}
	return b.Deliveries + b.Events, oldest, wrap("queues", err)
}

// QueueDays is federation.TrafficStore's.
func (s *Store) QueueDays(ctx context.Context, now time.Time) ([]federation.QueueDay, error) {
	var rows []federation.QueueDay
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("queue_days AS t").ColumnExpr("t.*").
		Where("t.day >= ?", dayOf(now).AddDate(0, 0, 1-federation.TrafficDays).Format(time.DateOnly)).OrderExpr("t.day, t.queue").Scan(ctx)
	return rows, wrap("queues", err)
}
