package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/federation"
)

// ReceivedActivity is federation.InboxStore's.
func (s *Store) ReceivedActivity(ctx context.Context, uri string) (federation.Activity, error) {
	return one[federation.Activity](ctx, s, "activities", "t.uri = ? AND t.direction = 'in'", uri)
}

// waitingFollows are the rows of a server's Follows that wait for another try, by an
// index of what waits.
const waitingFollows = "domain = ?0 AND state = 'waiting' AND next_at IS NOT NULL AND type = 'Follow'"

// FollowWaits is federation.InboxStore's.
func (s *Store) FollowWaits(ctx context.Context, domain string) (bool, error) {
	var waits bool
	err := s.read.NewRaw("SELECT EXISTS (SELECT 1 FROM activities WHERE domain = ?0 AND state = 'waiting' AND next_at IS NULL AND type = 'Follow')"+
		" OR EXISTS (SELECT 1 FROM activities WHERE "+waitingFollows+")", domain).Scan(ctx, &waits)
	return waits, wrap("activities", err)
}

// HurryFollows is federation.InboxStore's. What waits behind one is due with it.
func (s *Store) HurryFollows(ctx context.Context, domain string, now time.Time) (bool, error) {
	n, err := affect(s.write.NewRaw("UPDATE activities SET next_at = ?1 WHERE domain = ?0 AND state = 'waiting' AND next_at > ?1 AND order_key IN (SELECT order_key FROM activities WHERE "+waitingFollows+")", domain, now).Exec(ctx))
	return n > 0, wrap("activities", err)
}

// WaitingAbout is federation.InboxStore's. What was tried and what was not are looked
// for apart, each along its index.
func (s *Store) WaitingAbout(ctx context.Context, before federation.Activity, limit int) ([]federation.Activity, error) {
	var all []federation.Activity
	for _, tried := range []string{"t.next_at IS NOT NULL", "t.next_at IS NULL"} {
		var rows []federation.Activity
		q := selectFrom(s, "activities", &rows).Where("t.state = 'waiting' AND "+tried).
			Where("t.domain = ? AND t.object_uri = ? AND t.seq < ?", before.Domain, before.ObjectURI, before.Seq)
		if err := q.OrderExpr("t.seq").Limit(int64(limit)).Scan(ctx); err != nil {
			return nil, wrap("activities", err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// EndWaiting is federation.InboxStore's.
func (s *Store) EndWaiting(ctx context.Context, ids []string, reason string, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.write.NewRaw("UPDATE activities SET state = ?, outcome = ?, reason = ?, finished_at = ?, next_at = NULL WHERE state = 'waiting' AND id IN (?)",
		federation.Finished, federation.Ignored, reason, now, bun.List(ids)).Exec(ctx)
	return wrap("activities", err)
}
