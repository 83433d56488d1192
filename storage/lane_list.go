package storage

import (
	"context"
	"time"

	"hearth/federation"
)

// LaneRows is federation.LaneStore's.
func (s *Store) LaneRows(ctx context.Context, q federation.LaneQuery) ([]federation.LaneRow, error) {
	var rows []federation.LaneRow
	lanes := s.read.NewSelect().Model(&rows).ModelTableExpr("lanes AS t").ColumnExpr("t.*, coalesce(a.title, '') AS paused_as").
		Join("LEFT JOIN actors AS a ON a.id = t.paused_by").Where("t.host <> ?", publisherLane)
	if q.Busy {
		lanes = lanes.Where("(t.next_at IS NOT NULL OR t.failing_since IS NOT NULL OR t.paused_by IS NOT NULL)")
	}
	if err := bySmallest(lanes, "t.host", q.After).Limit(int64(q.Limit)).Scan(ctx); err != nil || len(rows) == 0 {
		return nil, wrap("lanes", err)
	}
	hosts := make([]string, len(rows))
	for i, r := range rows {
		hosts[i] = r.Host
	}
	waiting, err := s.waitingFor(ctx, hosts)
	for i := range rows {
		rows[i].Waiting = waiting[rows[i].Host]
	}
	return rows, err
}

// waitingFor counts what waits for some hosts, of each up to a bound.
func (s *Store) waitingFor(ctx context.Context, hosts []string) (map[string]int, error) {
	var rows []struct {
		Host    string
		Waiting int
	}
	err := s.perHost(ctx, &rows, hosts, `SELECT w.host, count(*) AS waiting FROM (SELECT t.host FROM deliveries AS t
		WHERE t.host = ? AND t.state = 'waiting' LIMIT ?) AS w GROUP BY w.host`, federation.WaitingMost)
	waiting := make(map[string]int, len(rows))
	for _, r := range rows {
		waiting[r.Host] = r.Waiting
	}
	return waiting, wrap("deliveries", err)
}

// HurryLane is federation.LaneStore's. What was set aside is tried again only where
// its bytes are still there: they are not where its post was taken back since. That
// it was tried before stays known: its server may have it.
func (s *Store) HurryLane(ctx context.Context, host string, now time.Time) (hurried bool, err error) {
	err = s.inTx(ctx, func(tx *Store) error {
		n, err := affect(tx.write.NewRaw(`UPDATE lanes SET next_at = ?0 WHERE host = ?1 AND host <> ?2 AND paused_by IS NULL AND (asked_until IS NULL OR asked_until <= ?0)
			AND (next_at IS NOT NULL OR EXISTS (`+setAside+`))`, now, host, publisherLane).Exec(ctx))
		if hurried = n > 0; err != nil || !hurried {
			return err
		}
		_, err = tx.write.NewRaw("UPDATE deliveries SET next_at = ? WHERE host = ? AND state = 'waiting' AND next_at IS NOT NULL AND next_at > ?", now, host, now).Exec(ctx)
		if err != nil {
			return wrap("deliveries", err)
		}
		_, err = tx.write.NewRaw(`UPDATE deliveries SET state = 'waiting', next_at = ?0, finished_at = NULL, attempts = 0
			WHERE state = 'set_aside' AND seq IN (`+setAside+`)`, now, host).Exec(ctx)
		return wrap("deliveries", err)
	})
	return hurried, err
}

// setAside selects what a host failed at too often and may be tried again.
const setAside = `SELECT d.seq FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id WHERE d.host = ?1 AND d.state = 'set_aside' AND a.raw IS NOT NULL`
