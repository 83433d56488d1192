package storage

import (
	"context"

	"hearth/federation"
)

// ReceivedActivity is federation.InboxStore's.
func (s *Store) ReceivedActivity(ctx context.Context, uri string) (federation.Activity, error) {
	return one[federation.Activity](ctx, s, "activities", "t.uri = ? AND t.direction = 'in'", uri)
}
