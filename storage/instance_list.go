package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// InstanceRows is federation.InstanceStore's. A server is met that was ever heard
// from or sent to; each of the two lists is read in its own order.
func (s *Store) InstanceRows(ctx context.Context, q federation.InstanceQuery) ([]federation.InstanceRow, error) {
	with := bun.SafeQuery("TRUE")
	names := func(table, column string) *bun.RawQuery {
		if q.With != "" {
			with = bun.SafeQuery(column+` LIKE ? ESCAPE '\'`, "%"+escapeLike(q.With)+"%")
		}
		return s.read.NewRaw("SELECT "+column+" AS host FROM "+table+" WHERE "+column+" > ? AND "+column+" <> ? AND ? ORDER BY "+column+" LIMIT ?",
			q.After, publisherLane, with, q.Limit)
	}
	var rows []federation.InstanceRow
	met := s.read.NewRaw("(SELECT host FROM (?) AS x UNION SELECT host FROM (?) AS y)", names("instances", "domain"), names("lanes", "host"))
	err := s.selectInstances(&rows, met).OrderExpr("d.host").Limit(int64(q.Limit)).Scan(ctx)
	return rows, wrap("instances", err)
}

// selectInstances begins a read of what is known of some hosts.
func (s *Store) selectInstances(rows *[]federation.InstanceRow, hosts *bun.RawQuery) *bun.SelectQuery {
	return s.read.NewSelect().Model(rows).ModelTableExpr("? AS d", hosts).
		ColumnExpr("d.host, t.next_at, t.asked_until, t.failing_since, coalesce(t.failing_days, 0) AS failing_days, coalesce(t.last_error, '') AS last_error, t.paused_by").
		ColumnExpr("t.host IS NOT NULL AS has_lane, coalesce(a.title, '') AS paused_as").
		ColumnExpr("coalesce(i.software, '') AS software, coalesce(i.version, '') AS version, i.first_seen_at, i.last_heard_at").
		Join("LEFT JOIN instances AS i ON i.domain = d.host").Join("LEFT JOIN lanes AS t ON t.host = d.host").
		Join("LEFT JOIN actors AS a ON a.id = t.paused_by")
}

// InstanceRow is federation.InstanceStore's.
func (s *Store) InstanceRow(ctx context.Context, domain string) (federation.InstanceRow, error) {
	var rows []federation.InstanceRow
	counted := func(state string) *bun.RawQuery {
		return s.read.NewRaw("(SELECT count(*) FROM (SELECT 1 FROM deliveries AS w WHERE w.host = ? AND w.state = ? LIMIT ?) AS w)", domain, bun.Safe("'"+state+"'"), federation.WaitingMost)
	}
	err := s.selectInstances(&rows, s.read.NewRaw("(SELECT ? AS host)", domain)).
		ColumnExpr("? AS waiting", counted(federation.DeliveryWaiting)).ColumnExpr("? AS set_aside", counted(federation.DeliverySetAside)).
		ColumnExpr("(SELECT min(w.created_at) FROM (SELECT created_at FROM deliveries WHERE host = ? AND state = 'waiting' ORDER BY seq LIMIT ?) AS w) AS oldest_at", domain, federation.WaitingMost).
		Scan(ctx)
	row, err := first(&rows, err)
	return row, wrap("instance", err)
}

// WaitingFor is federation.InstanceStore's.
func (s *Store) WaitingFor(ctx context.Context, hosts []string) (map[string]int, error) {
	return s.waitingFor(ctx, hosts)
}

// InstanceTies is federation.InstanceStore's.
func (s *Store) InstanceTies(ctx context.Context, domain string, accountIDs []string, limit int) ([]federation.InstanceTie, error) {
	own := s.read.NewRaw("FALSE")
	if len(accountIDs) > 0 {
		own = s.read.NewRaw("EXISTS (SELECT 1 FROM memberships AS o WHERE o.group_id = v.group_id AND o.account_id IN (?) AND o.state = 'active')", bun.List(accountIDs))
	}
	var rows []federation.InstanceTie
	err := s.read.NewRaw(`SELECT v.group_id, ga.name, ga.title, ga.domain, v.people, g.readers IN (?, ?) OR ? AS may_read FROM (
			SELECT * FROM (SELECT m.group_id, count(*) AS people FROM actors AS a JOIN memberships AS m ON m.account_id = a.id JOIN actors AS h ON h.id = m.group_id
				WHERE a.domain = ? AND m.state = 'active' AND h.domain = '' GROUP BY m.group_id ORDER BY people DESC, m.group_id LIMIT ?) AS theirs
			UNION ALL SELECT * FROM (SELECT m.group_id, count(*) AS people FROM actors AS h JOIN memberships AS m ON m.group_id = h.id JOIN actors AS a ON a.id = m.account_id
				WHERE h.domain = ? AND m.state = 'active' AND a.domain = '' GROUP BY m.group_id ORDER BY people DESC, m.group_id LIMIT ?) AS ours) AS v
		JOIN groups AS g ON g.actor_id = v.group_id JOIN actors AS ga ON ga.id = v.group_id ORDER BY v.people DESC, v.group_id`,
		community.ReadersAnyone, community.ReadersInstance, own, domain, limit, domain, limit).Scan(ctx, &rows)
	return rows, wrap("ties", err)
}
