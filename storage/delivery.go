package storage

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"hearth/federation"
)

// hostsPerStatement bounds how many hosts' deliveries are read at once.
const hostsPerStatement = 64

// DueErrands is federation.LaneStore's.
func (s *Store) DueErrands(ctx context.Context, hosts []string, now time.Time, perHost int) (map[string][]federation.Errand, error) {
	due := make(map[string][]federation.Delivery, len(hosts))
	for some := range slices.Chunk(hosts, hostsPerStatement) {
		if err := s.dueDeliveries(ctx, some, now, perHost, due); err != nil {
			return nil, err
		}
	}
	return s.withActivities(ctx, due)
}

// dueDeliveries adds the first deliveries that are due of each host, behind
// nothing that is not.
func (s *Store) dueDeliveries(ctx context.Context, hosts []string, now time.Time, perHost int, due map[string][]federation.Delivery) error {
	again, err := s.againDeliveries(ctx, hosts, now, perHost)
	if err != nil {
		return err
	}
	var rows []federation.Delivery
	err = s.firstPerHost(ctx, &rows, columnsOf[federation.Delivery](s, "t", ""), "deliveries", hosts, "t.host = ? AND t.state = 'waiting' AND t.next_at IS NULL"+
		behindLater+" ORDER BY t.seq LIMIT ?", now, perHost)
	if err != nil {
		return wrap("deliveries", err)
	}
	fresh := byHost(rows)
	for _, host := range hosts {
		due[host] = inOrder(fresh[host], again[host], perHost, func(d federation.Delivery) int64 { return d.Seq })
	}
	return nil
}

const behindLater = ` AND NOT EXISTS (SELECT 1 FROM deliveries AS b WHERE b.host = t.host AND b.order_key = t.order_key
	AND b.state = 'waiting' AND b.next_at IS NOT NULL AND b.next_at > ? AND b.seq < t.seq)`

// againDeliveries are those that are due for another try. Few hosts have any.
func (s *Store) againDeliveries(ctx context.Context, hosts []string, now time.Time, perHost int) (map[string][]federation.Delivery, error) {
	with, err := s.hostsWithLater(ctx, hosts, "t.next_at <= ?", now)
	if err != nil || len(with) == 0 {
		return nil, err
	}
	var rows []federation.Delivery
	err = s.firstPerHost(ctx, &rows, columnsOf[federation.Delivery](s, "t", ""), "deliveries", with, "t.host = ? AND t.state = 'waiting' AND t.next_at IS NOT NULL AND t.next_at <= ?"+
		behindLater+" ORDER BY t.seq LIMIT ?", now, now, perHost)
	return byHost(rows), wrap("deliveries", err)
}

// hostsWithLater are those of some hosts where something waits for another try.
func (s *Store) hostsWithLater(ctx context.Context, hosts []string, where string, args ...any) (found []string, err error) {
	var rows []struct{ Host string }
	in := s.planned()
	err = in.scan(ctx, s.read.NewSelect().Distinct().Model(&rows).ModelTableExpr("deliveries AS t").ColumnExpr("t.host").
		Where(in.among("t.host", hosts)).Where("t.state = 'waiting' AND t.next_at IS NOT NULL").
		Where(where, in.all(args)...), &rows)
	for _, r := range rows {
		found = append(found, r.Host)
	}
	return found, wrap("deliveries", err)
}

func byHost(rows []federation.Delivery) map[string][]federation.Delivery {
	by := make(map[string][]federation.Delivery)
	for _, d := range rows {
		by[d.Host] = append(by[d.Host], d)
	}
	return by
}

// withActivities reads each activity once, however many of its deliveries there are.
func (s *Store) withActivities(ctx context.Context, due map[string][]federation.Delivery) (map[string][]federation.Errand, error) {
	activities := map[string]*federation.Activity{}
	for _, deliveries := range due {
		for _, d := range deliveries {
			activities[d.ActivityID] = nil
		}
	}
	ids := make([]string, 0, len(activities))
	for id := range activities {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, rowsPerStatement) {
		found, err := s.StoredActivities(ctx, some)
		if err != nil {
			return nil, err
		}
		for id, a := range found {
			activities[id] = &a
		}
	}
	errands := make(map[string][]federation.Errand, len(due))
	for host, deliveries := range due {
		for _, d := range deliveries {
			errands[host] = append(errands[host], federation.Errand{Delivery: d, Activity: activities[d.ActivityID]})
		}
	}
	return errands, nil
}

// HeldDeliveries is federation.LaneStore's. Each delivery and its lane are found by
// their keys, whatever the planner thinks of how many wait: it counts them now and
// then, mostly when none does, and would otherwise go through all of them for each.
func (s *Store) HeldDeliveries(ctx context.Context, seqs []int64) (map[int64]string, error) {
	var rows []struct {
		Seq        int64
		LeaseToken *string
	}
	in := s.planned()
	text := s.read.NewRaw(`WITH q (seq) AS (?) SELECT q.seq, (SELECT CASE WHEN d.state = 'waiting' AND l.paused_by IS NULL THEN l.lease_token END
		FROM deliveries AS d JOIN lanes AS l ON l.host = d.host WHERE d.seq = q.seq) AS lease_token FROM q`, in.numbers(seqs)).String()
	err := in.read(ctx, s.read.NewSelect().DB(), text, &rows)
	held := make(map[int64]string, len(rows))
	for _, r := range rows {
		if r.LeaseToken != nil {
			held[r.Seq] = *r.LeaseToken
		}
	}
	return held, wrap("deliveries", err)
}

// BlankActivities is community.EventStore's.
func (s *Store) BlankActivities(ctx context.Context, postIDs []string) error {
	if len(postIDs) == 0 {
		return nil
	}
	_, err := s.write.NewRaw(`UPDATE activities SET raw = NULL WHERE post_id IN (?) AND raw IS NOT NULL AND state = 'finished'
		AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.activity_id = activities.id AND d.state = 'waiting')`, bun.List(postIDs)).Exec(ctx)
	return wrap("activities", err)
}

// putOffDeliveries puts off what waits behind something that waits for another try.
func (s *Store) putOffDeliveries(ctx context.Context, hosts []string, now time.Time) error {
	with, err := s.hostsWithLater(ctx, hosts, "t.next_at > ?", now)
	if err != nil || len(with) == 0 {
		return err
	}
	return s.putOffBehind(ctx, "deliveries", "host", with, now)
}
