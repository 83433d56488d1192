package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// SaveIncoming stores an activity once (federation.InboxStore).
func (s *Store) SaveIncoming(ctx context.Context, a federation.Activity) error {
	_, err := s.write.NewInsert().Model(&a).ModelTableExpr("activities").ExcludeColumn("seq").Exec(ctx)
	return wrap("activity", err)
}

// SaveAllIncoming stores activities once each (federation.InboxStore).
func (s *Store) SaveAllIncoming(ctx context.Context, all []federation.Activity) (map[string]bool, error) {
	var ids []string
	in := s.planned()
	err := in.write(ctx, insertion(in, "activities", all, "CONFLICT DO NOTHING RETURNING id", "seq"), &ids)
	kept := make(map[string]bool, len(ids))
	for _, id := range ids {
		kept[id] = true
	}
	return kept, wrap("activities", err)
}

// maxCounted bounds the counting of what waits: more than that is just as busy.
const maxCounted = 100_000

// IncomingBacklog is how many activities wait, and since when the first that
// was never tried.
func (s *Store) IncomingBacklog(ctx context.Context) (rows int, oldest time.Time, err error) {
	var b struct {
		Fresh, Later int
		Oldest       *time.Time
	}
	err = s.read.NewRaw(`SELECT count(*) AS fresh, min(u.received_at) AS oldest,
		(SELECT count(*) FROM (SELECT 1 FROM activities WHERE state = 'waiting' AND next_at IS NOT NULL LIMIT ?0) AS l) AS later
		FROM (SELECT received_at FROM activities WHERE state = 'waiting' AND next_at IS NULL LIMIT ?0) AS u`, maxCounted).Scan(ctx, &b)
	if b.Oldest != nil {
		oldest = *b.Oldest
	}
	return b.Fresh + b.Later, oldest, wrap("activities", err)
}

// senders are the servers of which something is due, found by a few steps along
// an index however much waits of each.
const senders = `WITH RECURSIVE senders (domain) AS (
	SELECT min(domain) FROM activities WHERE state = 'waiting' AND next_at IS NULL
	UNION ALL
	SELECT (SELECT min(a.domain) FROM activities AS a WHERE a.state = 'waiting' AND a.next_at IS NULL AND a.domain > s.domain)
	FROM senders AS s WHERE s.domain IS NOT NULL
), due (domain) AS (
	SELECT domain FROM senders WHERE domain IS NOT NULL
	UNION SELECT domain FROM activities WHERE state = 'waiting' AND next_at IS NOT NULL AND next_at <= ?
) `

// claimTries bounds how many senders are passed over in one claim because all
// that waits of them waits behind something.
const claimTries = 8

// maxSenders bounds the senders that one claim chooses among.
const maxSenders = 64

// ClaimIncoming leases a sender's lane with what is due of it
// (federation.InboxStore). Whether there is any is read first, without a
// transaction: most of the time somebody is at work on it already.
func (s *Store) ClaimIncoming(ctx context.Context, now time.Time, limit int) (batch federation.IncomingBatch, err error) {
	for range claimTries {
		free, err := s.freeSenders(ctx, now)
		if err != nil || len(free) == 0 {
			return federation.IncomingBatch{}, orNotFound(err)
		}
		err = s.inUnsyncedTx(ctx, func(tx *Store) error {
			batch, err = tx.claimIncoming(ctx, free, now, limit)
			return err
		})
		if err != nil || len(batch.Activities) > 0 {
			return batch, err
		}
	}
	return federation.IncomingBatch{}, community.NotFound
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return community.NotFound
}

// sender is a server of which something is due.
type sender struct {
	Domain  string
	HasLane bool
}

// isFree is a condition on the lane l that nobody works on what came from it,
// and servedFirst the order in which senders have their turn.
func (s *Store) isFree() string {
	return "(l.inbound_token IS NULL OR l.inbound_until < " + s.dbClock(0) + ")"
}

const servedFirst = "l.inbound_until IS NOT NULL, l.inbound_until"

// freeSenders are the senders that nobody works for, the one that was served
// longest ago first.
func (s *Store) freeSenders(ctx context.Context, now time.Time) ([]sender, error) {
	var rows []sender
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).
		ModelTableExpr("("+senders+"SELECT domain FROM due) AS d", in.arg(now)).
		ColumnExpr("d.domain, l.host IS NOT NULL AS has_lane").Join("LEFT JOIN lanes AS l ON l.host = d.domain").
		Where(s.isFree()).OrderExpr(servedFirst).Limit(maxSenders)
	return rows, wrap("senders", in.scan(ctx, q, &rows))
}

func (s *Store) claimIncoming(ctx context.Context, free []sender, now time.Time, limit int) (federation.IncomingBatch, error) {
	lease, err := s.leaseSender(ctx, free)
	if err != nil {
		return federation.IncomingBatch{}, err
	}
	due, err := s.dueActivities(ctx, lease.Host, now, limit)
	if err == nil && len(due) == 0 {
		err = errors.Join(s.putOffBehind(ctx, "activities", "domain", []string{lease.Host}, now), s.releaseSender(ctx, lease))
	}
	return federation.IncomingBatch{Lease: lease, Activities: due}, err
}

// leaseSender leases the lane of one of some senders: whose turn it is. A sender
// who is new gets a lane.
func (s *Store) leaseSender(ctx context.Context, free []sender) (federation.Lease, error) {
	hosts := make([]string, len(free))
	for i, one := range free {
		hosts[i] = one.Domain
	}
	if err := s.makeInboundLanes(ctx, free); err != nil {
		return federation.Lease{}, err
	}
	lease := federation.Lease{Token: s.newLease()}
	picks := "SELECT l.host FROM lanes AS l WHERE l.host IN (?) AND " + s.isFree() + " ORDER BY " + servedFirst
	err := s.leaseFirst(ctx, s.claimed("host", picks+" LIMIT 1"), hosts, &lease)
	if locked := s.lateClaim("host", picks); locked != "" && errors.Is(err, sql.ErrNoRows) {
		err = s.leaseFirst(ctx, locked, hosts, &lease)
	}
	return lease, wrap("lane", err)
}

// makeInboundLanes gives senders a lane who have none, always in the same order.
func (s *Store) makeInboundLanes(ctx context.Context, free []sender) error {
	var lanes []laneRow
	for _, one := range free {
		if !one.HasLane {
			lanes = append(lanes, laneRow{one.Domain})
		}
	}
	if len(lanes) == 0 {
		return nil
	}
	slices.SortFunc(lanes, func(a, b laneRow) int { return strings.Compare(a.Host, b.Host) })
	_, err := s.write.NewInsert().Model(&lanes).ModelTableExpr("lanes").On("CONFLICT (host) DO NOTHING").Exec(ctx)
	return wrap("lane", err)
}

type laneRow struct{ Host string }

// leaseFirst leases the lane of a condition on some hosts, or is sql.ErrNoRows.
func (s *Store) leaseFirst(ctx context.Context, where string, hosts []string, lease *federation.Lease) error {
	var rows []laneRow
	in := s.planned()
	text := s.write.NewRaw("UPDATE lanes SET inbound_token = ?, inbound_until = "+s.dbClock(federation.LeaseLife)+
		" WHERE "+where+" RETURNING host", in.arg(lease.Token), in.array(hosts)).String()
	row, err := first(&rows, in.write(ctx, text, &rows))
	lease.Host = row.Host
	return err
}

func (s *Store) releaseSender(ctx context.Context, lease federation.Lease) error {
	return s.fenced(ctx, "UPDATE lanes SET inbound_token = NULL, inbound_until = "+s.dbClock(0)+" WHERE host = ? AND inbound_token = ?", lease)
}

// RenewIncoming is federation.InboxStore's.
func (s *Store) RenewIncoming(ctx context.Context, lease federation.Lease) error {
	return s.fenced(ctx, "UPDATE lanes SET inbound_until = "+s.dbClock(federation.LeaseLife)+" WHERE host = ? AND inbound_token = ?", lease)
}

// fenced runs a statement on a lane that is leased, or is ErrLeaseLost.
func (s *Store) fenced(ctx context.Context, statement string, lease federation.Lease) error {
	in := s.planned()
	res, err := in.exec(ctx, s.write.NewRaw(statement, in.arg(lease.Host), in.arg(lease.Token)).String())
	if err != nil {
		return wrap("lane", err)
	}
	if touched(res) != nil {
		return federation.ErrLeaseLost
	}
	return nil
}

// dueActivities are the first of a sender that are due and behind nothing that
// is not.
func (s *Store) dueActivities(ctx context.Context, domain string, now time.Time, limit int) ([]federation.Activity, error) {
	const behind = ` AND NOT EXISTS (SELECT 1 FROM activities AS b WHERE b.domain = t.domain AND b.order_key = t.order_key
		AND b.state = 'waiting' AND b.next_at IS NOT NULL AND b.next_at > ? AND b.seq < t.seq)`
	var fresh, again []federation.Activity
	for _, part := range []struct {
		into  *[]federation.Activity
		where string
		args  []any
	}{
		{&fresh, "t.next_at IS NULL", []any{now}},
		{&again, "t.next_at IS NOT NULL AND t.next_at <= ?", []any{now, now}},
	} {
		in := s.planned()
		q := s.read.NewSelect().Model(part.into).ModelTableExpr("activities AS t").ColumnExpr(columnsOf[federation.Activity](s, "t", "")).
			Where("t.domain = ? AND t.state = 'waiting'", in.arg(domain)).
			Where(part.where+behind, in.all(part.args)...).OrderExpr("t.seq").Limit(int64(limit))
		if err := in.scan(ctx, q, part.into); err != nil {
			return nil, wrap("activities", err)
		}
	}
	return inOrder(fresh, again, limit, func(a federation.Activity) int64 { return a.Seq }), nil
}

type activityResultRow struct {
	Seq        int64
	State      string
	Outcome    string
	Reason     string
	PostID     *string
	GroupID    *string
	FinishedAt *time.Time
	NextAt     *time.Time
	OrderKey   *string
}

func newActivityResultRow(r federation.IncomingResult, now time.Time) activityResultRow {
	row := activityResultRow{
		Seq: r.Activity.Seq, State: federation.Finished, Outcome: r.Outcome.Outcome, Reason: r.Outcome.Reason,
		PostID: orNull(r.Outcome.PostID), GroupID: orNull(r.Outcome.GroupID), FinishedAt: &now,
	}
	if at := r.Outcome.RetryAt; !at.IsZero() {
		row.State, row.Outcome, row.FinishedAt, row.NextAt = federation.Waiting, "", nil, &at
		if r.Outcome.Alone {
			row.OrderKey = &r.Activity.URI // nobody else's
		}
	}
	return row
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// FinishIncoming stores results under a lease (federation.InboxStore).
func (s *Store) FinishIncoming(ctx context.Context, lease federation.Lease, now time.Time, results []federation.IncomingResult, release bool) error {
	return s.inUnsyncedTx(ctx, func(tx *Store) error {
		hold := tx.RenewIncoming
		if release {
			hold = tx.releaseSender
		}
		if err := hold(ctx, lease); err != nil || len(results) == 0 {
			return err
		}
		rows, retried := make([]activityResultRow, len(results)), false
		for i, r := range results {
			rows[i] = newActivityResultRow(r, now)
			retried = retried || rows[i].NextAt != nil
		}
		in := tx.planned()
		_, err := in.exec(ctx, with(in, rows)+`UPDATE activities SET state = v.state, outcome = v.outcome, reason = v.reason,
			post_id = coalesce(v.post_id, activities.post_id), group_id = coalesce(v.group_id, activities.group_id),
			finished_at = v.finished_at, next_at = v.next_at, attempts = activities.attempts + 1,
			order_key = coalesce(v.order_key, activities.order_key)
			FROM v WHERE activities.seq = v.seq AND activities.state = 'waiting'`)
		if err == nil {
			err = tx.leaveRests(ctx, results)
		}
		if err != nil || !retried {
			return wrap("activities", err)
		}
		return tx.putOffBehind(ctx, "activities", "domain", []string{lease.Host}, now)
	})
}

// leaveRests keeps of activities that carry several only what is still to be
// done: hardly ever anything.
func (s *Store) leaveRests(ctx context.Context, results []federation.IncomingResult) error {
	for _, r := range results {
		if r.Outcome.Left == nil {
			continue
		}
		if _, err := s.write.NewUpdate().Table("activities").Set("raw = ?", r.Outcome.Left.Raw).
			Where("seq = ?", r.Activity.Seq).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// putOffBehind puts off what is due, of some hosts, until what it waits behind
// in its order key is due too: else it would be looked at again and again.
func (s *Store) putOffBehind(ctx context.Context, table, host string, hosts []string, now time.Time) error {
	first := "FROM " + table + " AS b WHERE b." + host + " = " + table + "." + host + " AND b.order_key = " + table + ".order_key" +
		" AND b.state = 'waiting' AND b.next_at IS NOT NULL AND b.next_at > ?0 AND b.seq < " + table + ".seq"
	_, err := s.write.NewRaw("UPDATE "+table+" SET next_at = (SELECT max(b.next_at) "+first+") WHERE "+host+" IN (?1)"+
		" AND state = 'waiting' AND (next_at IS NULL OR next_at <= ?0) AND EXISTS (SELECT 1 "+first+")", now, bun.List(hosts)).Exec(ctx)
	return wrap(table, err)
}
