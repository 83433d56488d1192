package storage

import (
	"context"
	"strings"
	"time"
)

// leaseColumns say who is at work on a row, and until when.
var leaseColumns = []string{"lease_token", "leased_until", "inbound_token", "inbound_until"}

// settle ends what belonged to processes and browsers that are not there any
// more. Whoever held a lease is gone. Every sign-in ends, and every link that
// was open: one that was ended or used after the backup would be good again.
func (s *Store) settle(ctx context.Context, now time.Time) error {
	all, err := tables(ctx, s.write, s.engine)
	if err != nil {
		return err
	}
	for _, t := range all {
		var free []string
		for _, c := range leaseColumns {
			if t.has(c) {
				free = append(free, quoted(c)+" = NULL")
			}
		}
		if len(free) == 0 {
			continue
		}
		if _, err := s.write.ExecContext(ctx, "UPDATE "+quoted(t.name)+" SET "+strings.Join(free, ", ")); err != nil {
			return wrap(t.name, err)
		}
	}
	for _, end := range []string{"DELETE FROM browser_sessions", "DELETE FROM setup_tokens", "DELETE FROM reset_links WHERE used_at IS NULL"} {
		if _, err := s.write.ExecContext(ctx, end); err != nil {
			return wrap("settle", err)
		}
	}
	// What waits may have been sent since.
	if _, err := s.write.ExecContext(ctx, "UPDATE lanes SET begun_seq = "+lastDelivery); err != nil {
		return wrap("lanes", err)
	}
	_, err = s.write.ExecContext(ctx, "UPDATE sign_ins SET ended_at = ? WHERE ended_at IS NULL", now.UTC())
	return wrap("settle", err)
}
