package storage

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"hearth/federation"
)

// trafficRow is one row of traffic_days.
type trafficRow struct {
	Day       string
	Direction string
	Domain    string
	GroupID   string
	Type      string
	Outcome   string
	Reason    string
	Count     int
}

// Days are counted a day after their end; until then they are added up from the
// facts themselves.
const liveDays = 2

func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// countedType is about rows a of activities. What others write there is theirs.
var countedType = "CASE WHEN a.type IN ('" + strings.Join(federation.CountedTypes, "', '") + "') THEN a.type ELSE '" + federation.OtherType + "' END"

// trafficOf selects what came in on a day, and what was sent by the day on which
// that ended; of one server, or of all. Whoever was refused before anything of
// them was verified may have said to be anybody: they are counted together.
func trafficOf(day time.Time, domain string) schema.QueryAppender {
	from, to := day, day.AddDate(0, 0, 1)
	ofIn, ofOut := bun.SafeQuery("TRUE"), bun.SafeQuery("TRUE")
	if domain != "" {
		ofIn, ofOut = bun.SafeQuery("a.domain = ?", domain), bun.SafeQuery("d.host = ?", domain)
	}
	return bun.SafeQuery(`SELECT ?0 AS day, u.* FROM (
		SELECT a.direction AS direction, CASE WHEN a.outcome <> 'refused' OR EXISTS (SELECT 1 FROM instances AS i WHERE i.domain = a.domain) THEN a.domain ELSE '' END AS domain,
			coalesce(a.group_id, '') AS group_id, `+countedType+` AS type, CASE WHEN a.outcome = '' THEN 'waiting' ELSE a.outcome END AS outcome, a.reason AS reason, count(*) AS count
		FROM activities AS a WHERE a.direction = 'in' AND a.received_at >= ?1 AND a.received_at < ?2 AND ?3 GROUP BY 1, 2, 3, 4, 5, 6
		UNION ALL SELECT 'out', d.host, coalesce(a.group_id, ''), `+countedType+`, d.state, CASE WHEN d.state = 'done' THEN '' ELSE d.last_error END, count(*)
		FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id
		WHERE d.finished_at >= ?1 AND d.finished_at < ?2 AND ?4 GROUP BY 2, 3, 4, 5, 6) AS u`,
		day.Format(time.DateOnly), from, to, ofIn, ofOut)
}

// CountTraffic is federation.TrafficStore's. A day is read first and written
// then: what is over does not change, and whoever comes second writes nothing.
func (s *Store) CountTraffic(ctx context.Context, now time.Time) (counted bool, err error) {
	day, due, err := s.dayToCount(ctx, now)
	if err != nil || !due {
		return false, err
	}
	var rows []trafficRow
	if err := s.read.NewRaw("?", trafficOf(day, "")).Scan(ctx, &rows); err != nil {
		return false, wrap("traffic", err)
	}
	return true, s.inTx(ctx, func(tx *Store) error { return tx.saveTraffic(ctx, day, rows) })
}

// dayToCount is the first day that is over, has facts, and was not counted.
func (s *Store) dayToCount(ctx context.Context, now time.Time) (day time.Time, due bool, err error) {
	var known struct {
		Last  *string
		First *time.Time
	}
	err = s.read.NewRaw("SELECT (SELECT max(day) FROM traffic_counted) AS last, (SELECT received_at FROM activities ORDER BY received_at LIMIT 1) AS first").Scan(ctx, &known)
	if err != nil || known.First == nil {
		return day, false, wrap("traffic", err)
	}
	day = dayOf(*known.First)
	if oldest := dayOf(now).AddDate(0, 0, 1-federation.TrafficDays); day.Before(oldest) {
		day = oldest
	}
	if known.Last != nil {
		last, err := time.Parse(time.DateOnly, *known.Last)
		if err != nil {
			return day, false, wrap("traffic", err)
		}
		if next := last.AddDate(0, 0, 1); day.Before(next) {
			day = next
		}
	}
	return day, day.Before(dayOf(now).AddDate(0, 0, 1-liveDays)), nil
}

// saveTraffic keeps a day, unless somebody did, and forgets those that are too old.
func (s *Store) saveTraffic(ctx context.Context, day time.Time, rows []trafficRow) error {
	name := day.Format(time.DateOnly)
	n, err := affect(s.write.NewRaw("INSERT INTO traffic_counted (day) VALUES (?) ON CONFLICT DO NOTHING", name).Exec(ctx))
	if err != nil || n == 0 {
		return err
	}
	for some := range slices.Chunk(rows, rowsPerStatement) {
		if err := insertRows(ctx, s, "traffic_days", some, "CONFLICT DO NOTHING"); err != nil {
			return err
		}
	}
	gone := day.AddDate(0, 0, -federation.TrafficDays).Format(time.DateOnly)
	for _, table := range []string{"traffic_days", "traffic_counted", "queue_days"} {
		if _, err := s.write.NewRaw("DELETE FROM ? WHERE day < ?", bun.Ident(table), gone).Exec(ctx); err != nil {
			return wrap("traffic", err)
		}
	}
	return nil
}

// Traffic is federation.TrafficStore's.
func (s *Store) Traffic(ctx context.Context, q federation.TrafficQuery) ([]federation.Traffic, error) {
	today := dayOf(q.Now)
	live := today.AddDate(0, 0, 1-liveDays)
	of := bun.SafeQuery("TRUE")
	if q.Domain != "" {
		of = bun.SafeQuery("t.domain = ?", q.Domain)
	}
	var rows []federation.Traffic
	err := s.read.NewRaw(`SELECT v.day, v.direction, v.type, v.outcome, v.reason, sum(v.count) AS count FROM (
			SELECT t.* FROM traffic_days AS t WHERE t.day >= ? AND t.day < ? AND ? UNION ALL ? UNION ALL ?) AS v
		GROUP BY v.day, v.direction, v.type, v.outcome, v.reason`,
		today.AddDate(0, 0, 1-federation.TrafficDays).Format(time.DateOnly), live.Format(time.DateOnly), of,
		trafficOf(live, q.Domain), trafficOf(today, q.Domain)).Scan(ctx, &rows)
	return rows, wrap("traffic", err)
}
