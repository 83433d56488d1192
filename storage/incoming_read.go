package storage

import (
	"context"
	"time"

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
