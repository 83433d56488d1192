package storage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// FinishDeliveries is federation.LaneStore's.
func (s *Store) FinishDeliveries(ctx context.Context, now time.Time, reports []federation.LaneReport) (lost []federation.Lease, err error) {
	if len(reports) == 0 {
		return nil, nil
	}
	err = s.inUnsyncedTx(ctx, func(tx *Store) error {
		var held []federation.LaneReport
		held, lost, err = tx.heldReports(ctx, reports)
		if err != nil {
			return err
		}
		if err := tx.finishDeliveries(ctx, now, held); err != nil {
			return err
		}
		return tx.finishLanes(ctx, now, held)
	})
	return lost, err
}

// heldReports locks the lanes and keeps the reports of those who hold them.
func (s *Store) heldReports(ctx context.Context, reports []federation.LaneReport) (held []federation.LaneReport, lost []federation.Lease, err error) {
	hosts := make([]string, len(reports))
	for i, r := range reports {
		hosts[i] = r.Host
	}
	tokens, err := s.laneTokens(ctx, hosts)
	for _, r := range reports {
		if tokens[r.Host] == r.Token {
			held = append(held, r)
		} else {
			lost = append(lost, r.Lease)
		}
	}
	return held, lost, err
}

type deliveryResultRow struct {
	Seq          int64
	State        string
	Attempts     int
	FirstTriedAt *time.Time
	NextAt       *time.Time
	Status       int
	LastError    string
	FinishedAt   *time.Time
}

// finishDeliveries stores results. A delivery that was cancelled while it was
// under way stays cancelled, unless it arrived all the same.
func (s *Store) finishDeliveries(ctx context.Context, now time.Time, reports []federation.LaneReport) error {
	var rows []deliveryResultRow
	var farewells []farewellRow
	effects := map[federation.Effect][]reachRow{}
	for _, report := range reports {
		for _, r := range report.Results {
			rows = append(rows, deliveryResultRow{r.Seq, r.State, r.Attempts, r.FirstTriedAt, r.NextAt, r.Status, r.LastError, r.FinishedAt})
			if r.Effect == federation.FarewellReceived || r.Effect == federation.FarewellRefused {
				farewells = append(farewells, newFarewellRow(r, report.Host, now))
			}
			if r.Effect != federation.NoEffect && r.PostID != nil {
				effects[r.Effect] = append(effects[r.Effect], reachRow{*r.PostID, report.Host, strconv.Itoa(r.Status), now})
			}
		}
	}
	for some := range slices.Chunk(rows, rowsPerStatement) {
		in := s.planned()
		_, err := in.exec(ctx, with(in, some)+`UPDATE deliveries SET state = v.state, attempts = v.attempts, first_tried_at = v.first_tried_at,
			next_at = v.next_at, status = v.status, last_error = v.last_error, finished_at = v.finished_at
			FROM v WHERE deliveries.seq = v.seq AND (deliveries.state = 'waiting' OR v.state = 'done')`)
		if err != nil {
			return wrap("deliveries", err)
		}
	}
	if err := s.noteFarewells(ctx, farewells); err != nil {
		return err
	}
	return s.noteReach(ctx, effects)
}

func (s *Store) finishLanes(ctx context.Context, now time.Time, reports []federation.LaneReport) error {
	var health []laneHealthRow
	var cancelled, resting, others []string
	for _, r := range reports {
		if r.Health != nil {
			health = append(health, newLaneHealthRow(r.Host, *r.Health))
		}
		if r.Cancel {
			cancelled = append(cancelled, r.Host)
		}
		switch {
		case r.Release && r.Health != nil && r.Health.NextAt != nil:
			resting = append(resting, r.Host)
		case r.Release:
			others = append(others, r.Host)
		}
	}
	if err := s.cancelHosts(ctx, cancelled, now); err != nil {
		return err
	}
	if err := s.saveHealth(ctx, health); err != nil {
		return err
	}
	return s.releaseLanes(ctx, resting, others, now)
}

// cancelHosts cancels all that waits for hosts that are refused. Whoever wrote for
// a group there, which is whom ask_after is for, is to read that it did not go.
func (s *Store) cancelHosts(ctx context.Context, hosts []string, now time.Time) error {
	if len(hosts) == 0 {
		return nil
	}
	_, err := s.write.NewRaw(`UPDATE reach SET refused = ? WHERE sent_at IS NULL AND (post_id, host) IN
		(SELECT d.post_id, d.host FROM deliveries AS d WHERE d.host IN (?) AND d.state = 'waiting' AND d.ask_after IS NOT NULL)`,
		community.RefusedHere, bun.List(hosts)).Exec(ctx)
	if err != nil {
		return wrap("reach", err)
	}
	_, err = s.write.NewRaw("UPDATE deliveries SET state = 'cancelled', finished_at = ?, last_error = 'policy' WHERE host IN (?) AND state = 'waiting'",
		now, bun.List(hosts)).Exec(ctx)
	return wrap("deliveries", err)
}
