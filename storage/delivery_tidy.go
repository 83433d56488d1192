package storage

import (
	"context"
	"strings"
	"time"

	"hearth/federation"
)

// How long what passed the queues is kept.
const (
	bytesKept      = 7 * 24 * time.Hour
	factsKept      = 30 * 24 * time.Hour
	deliveriesKept = 7 * 24 * time.Hour
	deadHostsKept  = 14 * 24 * time.Hour // seven days until a host counts as dead, and seven more
)

// TidyQueues is federation.TidyStore's.
func (s *Store) TidyQueues(ctx context.Context, now time.Time, limit int) (int, error) {
	total, err := s.expireForDead(ctx, now, limit)
	if err != nil {
		return total, err
	}
	moved, err := s.moveInquiries(ctx, limit)
	if total += moved; err != nil {
		return total, err
	}
	for _, statement := range []string{
		// Bytes, but for what is still to be delivered, or passed on once somebody read it.
		`UPDATE activities SET raw = NULL WHERE seq IN (SELECT a.seq FROM activities AS a
			WHERE a.raw IS NOT NULL AND a.received_at < ?bytes AND a.state = 'finished' AND ` + nothingWaits + ` AND ` + nobodyReads + ` ORDER BY a.received_at LIMIT ?limit)`,
		// What became of a report that was sent on outlives its delivery.
		`UPDATE report_forwards SET outcome = (SELECT d.state FROM deliveries AS d WHERE d.activity_id = report_forwards.activity_id)
			WHERE outcome = '' AND activity_id IN (SELECT d.activity_id FROM deliveries AS d
			WHERE d.activity_id = report_forwards.activity_id AND d.finished_at IS NOT NULL AND d.finished_at < ?deliveries)`,
		`DELETE FROM deliveries WHERE seq IN (SELECT d.seq FROM deliveries AS d
			WHERE d.finished_at IS NOT NULL AND d.finished_at < ?deliveries ORDER BY d.finished_at LIMIT ?limit)`,
		// Facts, and with them the marks against duplicates.
		`DELETE FROM activities WHERE seq IN (SELECT a.seq FROM activities AS a
			WHERE a.received_at < ?facts AND a.state = 'finished'
			AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.activity_id = a.id) AND ` + nobodyReads + ` ORDER BY a.received_at LIMIT ?limit)`,
		`DELETE FROM events WHERE seq IN (SELECT e.seq FROM events AS e
			WHERE e.done_at IS NOT NULL AND e.done_at < ?facts ORDER BY e.done_at LIMIT ?limit)`,
		// What was deleted before it came: longer no peer tries (docs/decisions/0005).
		`DELETE FROM withdrawals WHERE (uri, by_uri) IN (SELECT w.uri, w.by_uri FROM withdrawals AS w WHERE w.at < ?facts ORDER BY w.at LIMIT ?limit)`,
		`DELETE FROM tombstones WHERE uri IN (SELECT t.uri FROM tombstones AS t WHERE t.at < ?facts ORDER BY t.at LIMIT ?limit)`,
		// How jobs went that were done again since, or that nobody asks about.
		`DELETE FROM jobs WHERE id IN (SELECT j.id FROM jobs AS j WHERE j.finished_at IS NOT NULL AND j.finished_at < ?facts
			AND (j.kind = 'hide' OR EXISTS (SELECT 1 FROM jobs AS n WHERE n.kind = j.kind AND n.about_id = j.about_id AND n.id > j.id)) LIMIT ?limit)`,
		// Strangers' keys that nobody signed with for so long were not fetched again.
		`DELETE FROM actor_keys WHERE id IN (SELECT k.id FROM actor_keys AS k
			WHERE k.private_key IS NULL AND k.fetched_at < ?facts ORDER BY k.fetched_at LIMIT ?limit)`,
		// Servers that nobody here has to do with and that were not heard from for so
		// long (CVE-2026-69132).
		`DELETE FROM instances WHERE domain IN (SELECT i.domain FROM instances AS i
			WHERE (i.last_heard_at < ?facts OR i.last_heard_at IS NULL AND i.first_seen_at < ?facts)
			AND NOT EXISTS (SELECT 1 FROM actors AS a JOIN memberships AS m ON m.account_id = a.id WHERE a.domain = i.domain)
			AND NOT EXISTS (SELECT 1 FROM actors AS a JOIN memberships AS m ON m.group_id = a.id WHERE a.domain = i.domain) LIMIT ?limit)`,
		// Leases run on the database's clock, and their ends say when a lane was last touched.
		`DELETE FROM lanes WHERE ` + s.isIdle("lanes") + ` AND host IN (SELECT l.host FROM lanes AS l WHERE ` + s.isIdle("l") + `
			AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.host = l.host AND d.state = 'waiting')
			AND NOT EXISTS (SELECT 1 FROM activities AS a WHERE a.domain = l.host AND a.state = 'waiting' AND a.next_at IS NULL)
			AND NOT EXISTS (SELECT 1 FROM activities AS a WHERE a.domain = l.host AND a.state = 'waiting' AND a.next_at IS NOT NULL)
			LIMIT ?limit)`,
	} {
		n, err := affect(s.write.NewRaw(statement, tidyTimes{
			Now: now, Bytes: now.Add(-bytesKept), Facts: now.Add(-factsKept), Deliveries: now.Add(-deliveriesKept),
			Limit: limit,
		}).Exec(ctx))
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

// expireForDead gives up a batch of what dead hosts never took. They are few, and
// looked for first: in one statement with what waits, all of it would be compared
// with all of them where the planner thinks that nothing waits. One that was heard
// from since is asked about again.
func (s *Store) expireForDead(ctx context.Context, now time.Time, limit int) (int, error) {
	var dead []struct{ Host string }
	in := s.planned()
	err := in.scan(ctx, s.read.NewSelect().Model(&dead).ModelTableExpr("lanes AS t").ColumnExpr("t.host").
		Where("t.failing_days >= ? AND t.failing_since < ?", in.arg(federation.DeadAfterDays), in.arg(now.Add(-deadHostsKept))), &dead)
	if err != nil || len(dead) == 0 {
		return 0, wrap("lanes", err)
	}
	hosts := make([]string, len(dead))
	for i, lane := range dead {
		hosts[i] = lane.Host
	}
	in = s.planned()
	theirs, list := in.among("d.host", hosts)
	text := s.write.NewRaw(`UPDATE deliveries SET state = 'expired', finished_at = ? WHERE state = 'waiting' AND seq IN (SELECT d.seq FROM deliveries AS d
		WHERE `+theirs+` AND d.state = 'waiting' AND d.created_at < ?
		AND EXISTS (SELECT 1 FROM lanes AS l WHERE l.host = d.host AND l.failing_days >= ? AND l.failing_since < ?) LIMIT ?)`,
		in.arg(now), list, in.arg(now.Add(-deliveriesKept)), in.arg(federation.DeadAfterDays), in.arg(now.Add(-deadHostsKept)), in.arg(limit)).String()
	return affect(in.exec(ctx, text))
}

// isIdle is about a lane that nobody holds and nothing is in. It is asked about
// the row itself too and not only about those that were picked: a row that was
// claimed in between is another by then.
func (s *Store) isIdle(lane string) string {
	return strings.NewReplacer("L.", lane+".", "LONG_AGO", s.dbClock(-factsKept)).Replace(`L.host <> '' AND L.next_at IS NULL
		AND L.lease_token IS NULL AND L.inbound_token IS NULL AND L.paused_by IS NULL
		AND (L.leased_until IS NULL OR L.leased_until < LONG_AGO) AND (L.inbound_until IS NULL OR L.inbound_until < LONG_AGO)`)
}

// nobodyReads is about what brought words that no moderator is to read, or to take a
// refusal of back, and that wait for no others. Of a reply that was changed while it
// waited the last edit is passed on, whichever that is (community.AboutMended).
const nobodyReads = `NOT EXISTS (SELECT 1 FROM held_words AS h WHERE h.activity_id = a.id)
	AND NOT EXISTS (SELECT 1 FROM held_words AS h WHERE h.post_id = a.post_id AND h.activity_id = 'mended')
	AND NOT EXISTS (SELECT 1 FROM orphans AS o WHERE o.activity_id = a.id)
	AND NOT EXISTS (SELECT 1 FROM orphans AS o WHERE o.post_id = a.post_id)`

const nothingWaits = "NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.activity_id = a.id AND d.state = 'waiting')"

// tidyTimes are the named arguments of the statements.
type tidyTimes struct {
	Now, Bytes, Facts, Deliveries time.Time
	Limit                         int
}
