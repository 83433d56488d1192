package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// ClaimLanes is federation.LaneStore's.
func (s *Store) ClaimLanes(ctx context.Context, now time.Time, limit int) ([]federation.Lane, error) {
	return s.claimDue(ctx, "l.failing_since IS NULL", now, limit)
}

// ClaimFailing is federation.LaneStore's.
func (s *Store) ClaimFailing(ctx context.Context, now time.Time, limit int) ([]federation.Lane, error) {
	return s.claimDue(ctx, "l.failing_since IS NOT NULL", now, limit)
}

// claimDue leases lanes of one kind that are due.
func (s *Store) claimDue(ctx context.Context, kind string, now time.Time, limit int) ([]federation.Lane, error) {
	due := "SELECT l.host FROM lanes AS l WHERE l.next_at IS NOT NULL AND l.next_at <= ? AND l.paused_by IS NULL AND " + kind +
		" AND (l.lease_token IS NULL OR l.leased_until < " + s.dbClock(0) + ") ORDER BY l.next_at"
	lanes, err := s.claimLanes(ctx, s.claimed("host", due+" LIMIT ?"), now, limit)
	for locked := s.lateClaim("host", due); locked != "" && err == nil && len(lanes) < limit; {
		var late []federation.Lane
		if late, err = s.claimLanes(ctx, locked, now); len(late) == 0 {
			break
		}
		lanes = append(lanes, late...)
	}
	return lanes, err
}

// claimLanes leases the lanes of a condition. What waits in one that somebody else
// held until now may have been begun.
func (s *Store) claimLanes(ctx context.Context, where string, args ...any) (lanes []federation.Lane, err error) {
	in := s.planned()
	text := s.write.NewRaw("UPDATE lanes SET lease_token = ?, leased_until = "+s.dbClock(federation.LeaseLife)+", "+begunIfHeld+
		" WHERE "+where+" RETURNING "+columnsOf[federation.Lane](s, "lanes", ""), in.all(append([]any{s.newLease()}, args...))...).String()
	return lanes, wrap("lanes", in.write(ctx, text, &lanes))
}

// lastDelivery is the number of the last delivery that there is.
const lastDelivery = "(SELECT coalesce(max(d.seq), 0) FROM deliveries AS d)"

// RenewLanes is federation.LaneStore's.
func (s *Store) RenewLanes(ctx context.Context, leases []federation.Lease) (lost []federation.Lease, err error) {
	if len(leases) == 0 {
		return nil, nil
	}
	var held []string
	err = s.write.NewRaw("UPDATE lanes SET leased_until = "+s.dbClock(federation.LeaseLife)+
		" WHERE (host, lease_token) IN (?) RETURNING host", s.write.NewValues(&leases)).Scan(ctx, &held)
	if err != nil {
		return nil, wrap("lanes", err)
	}
	still := make(map[string]bool, len(held))
	for _, host := range held {
		still[host] = true
	}
	for _, lease := range leases {
		if !still[lease.Host] {
			lost = append(lost, lease)
		}
	}
	return lost, nil
}

// Lane is the lane of a host, or NotFound.
func (s *Store) Lane(ctx context.Context, host string) (federation.Lane, error) {
	return one[federation.Lane](ctx, s, "lanes", "t.host = ?", host)
}

// ReviveLane is federation.LaneStore's.
func (s *Store) ReviveLane(ctx context.Context, host string, now time.Time) (bool, error) {
	n, err := affect(s.write.NewRaw(`UPDATE lanes SET next_at = CASE WHEN asked_until > ?0 THEN asked_until ELSE ?0 END
		WHERE host = ?1 AND failing_since IS NOT NULL`, now, host).Exec(ctx))
	return n > 0, err
}

// PauseLane is community.LaneStore's.
func (s *Store) PauseLane(ctx context.Context, host, by string) error {
	res, err := s.write.NewRaw(`INSERT INTO lanes (host, paused_by) VALUES (?, ?)
		ON CONFLICT (host) DO UPDATE SET paused_by = excluded.paused_by WHERE lanes.paused_by IS NULL`, host, by).Exec(ctx)
	if err != nil {
		return wrap("lane", err)
	}
	return touchedOr(res, community.Conflict, "delivery.paused_before")
}

// ResumeLane is community.LaneStore's.
func (s *Store) ResumeLane(ctx context.Context, host string, now time.Time) error {
	res, err := s.write.NewRaw("UPDATE lanes SET paused_by = NULL, next_at = ? WHERE host = ? AND paused_by IS NOT NULL", now, host).Exec(ctx)
	if err != nil {
		return wrap("lane", err)
	}
	return touched(res)
}

// laneTokens are who holds some lanes, which are locked, in the order of
// lockLanes, until the transaction ends.
func (s *Store) laneTokens(ctx context.Context, hosts []string) (map[string]string, error) {
	var rows []struct {
		Host       string
		LeaseToken *string
	}
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("lanes AS t").ColumnExpr("t.host, t.lease_token").Where(in.among("t.host", hosts)).OrderExpr("t.host")
	if s.engine == postgres {
		q = q.For("UPDATE")
	}
	err := in.scan(ctx, q, &rows)
	tokens := make(map[string]string, len(rows))
	for _, r := range rows {
		if r.LeaseToken != nil {
			tokens[r.Host] = *r.LeaseToken
		}
	}
	return tokens, wrap("lanes", err)
}

type laneHealthRow struct {
	Host         string
	FailingSince *time.Time
	FailingDays  int
	LastFailedOn string
	LastError    string
	SendWindow   int
	NextAt       *time.Time
	AskedUntil   *time.Time
	federation.SignatureChoice
}

func newLaneHealthRow(host string, h federation.LaneHealth) laneHealthRow {
	return laneHealthRow{host, h.FailingSince, h.FailingDays, h.LastFailedOn, h.LastError, h.SendWindow, h.NextAt, h.AskedUntil, h.SignatureChoice}
}

func (s *Store) saveHealth(ctx context.Context, rows []laneHealthRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := s.write.NewUpdate().With("v", s.write.NewValues(&rows)).Table("lanes").TableExpr("v").
		Set(`failing_since = v.failing_since, failing_days = v.failing_days, last_failed_on = v.last_failed_on,
			last_error = v.last_error, send_window = v.send_window, asked_until = v.asked_until,
			signature = v.signature, signature_until = v.signature_until,
			next_at = coalesce(v.next_at, lanes.next_at)`).
		Where("lanes.host = v.host").Exec(ctx)
	return wrap("lanes", err)
}

// releaseLanes gives lanes back: those that rest as they are, the others due
// when the first of what waits in them is. The lanes are locked, so that
// nothing is added unseen.
func (s *Store) releaseLanes(ctx context.Context, resting, others []string, now time.Time) error {
	if len(resting) > 0 {
		_, err := s.write.NewRaw("UPDATE lanes SET lease_token = NULL, leased_until = "+s.dbClock(0)+" WHERE host IN (?)", bun.List(resting)).Exec(ctx)
		if err != nil {
			return wrap("lanes", err)
		}
	}
	if len(others) == 0 {
		return nil
	}
	if err := s.putOffDeliveries(ctx, others, now); err != nil {
		return err
	}
	const waiting = "FROM deliveries AS d WHERE d.host = lanes.host AND d.state = 'waiting' AND d.next_at IS "
	_, err := s.write.NewRaw("UPDATE lanes SET lease_token = NULL, leased_until = "+s.dbClock(0)+
		", next_at = CASE WHEN EXISTS (SELECT 1 "+waiting+"NULL) THEN ?0 ELSE (SELECT min(d.next_at) "+waiting+"NOT NULL) END WHERE host IN (?1)",
		now, bun.List(others)).Exec(ctx)
	return wrap("lanes", err)
}
