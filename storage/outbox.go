package storage

import (
	"context"
	"slices"
	"strings"
	"time"

	"hearth/community"
	"hearth/federation"
)

// publisherLane is the host of the lane whose lease makes a node the publisher.
const publisherLane = ""

// ClaimEvents is federation.OutboxStore's.
func (s *Store) ClaimEvents(ctx context.Context, held string, now time.Time, limit int) (string, []federation.ClaimedEvent, error) {
	events, err := s.dueEvents(ctx, now, limit)
	if err != nil || len(events) == 0 || held != "" { // a lease costs a write
		return held, events, err
	}
	token, err := s.leasePublisher(ctx)
	if err != nil {
		return "", nil, err
	}
	events, err = s.dueEvents(ctx, now, limit) // another node may have published since
	return token, events, err
}

// dueEvents are the first that are due and behind nothing that is not.
func (s *Store) dueEvents(ctx context.Context, now time.Time, limit int) (events []federation.ClaimedEvent, err error) {
	in := s.planned()
	q := s.read.NewSelect().Model(&events).ModelTableExpr("events AS t").ColumnExpr(columnsOf[federation.ClaimedEvent](s, "t", "")).
		Where("t.done_at IS NULL AND (t.not_before IS NULL OR t.not_before <= ?)", in.arg(now)).
		Where(`NOT EXISTS (SELECT 1 FROM events AS b WHERE b.order_key = t.order_key AND b.done_at IS NULL
			AND b.seq < t.seq AND b.not_before IS NOT NULL AND b.not_before > ?)`, in.arg(now)).
		OrderExpr("t.seq").Limit(int64(limit))
	return events, wrap("events", in.scan(ctx, q, &events))
}

// leasePublisher takes the publisher's lease: NotFound while it is another's.
func (s *Store) leasePublisher(ctx context.Context) (string, error) {
	if _, err := s.write.NewRaw("INSERT INTO lanes (host) VALUES (?) ON CONFLICT (host) DO NOTHING", publisherLane).Exec(ctx); err != nil {
		return "", wrap("lane", err)
	}
	token := s.newLease()
	res, err := s.write.NewRaw("UPDATE lanes SET lease_token = ?, leased_until = "+s.dbClock(federation.LeaseLife)+
		" WHERE host = ? AND (lease_token IS NULL OR leased_until < "+s.dbClock(0)+")", token, publisherLane).Exec(ctx)
	if err != nil {
		return "", wrap("lane", err)
	}
	return token, touched(res)
}

// holdPublisher is ErrLeaseLost when the token is no longer the publisher's.
func (s *Store) holdPublisher(ctx context.Context, token string) error {
	return s.fenced(ctx, "UPDATE lanes SET leased_until = "+s.dbClock(federation.LeaseLife)+" WHERE host = ? AND lease_token = ?",
		federation.Lease{Host: publisherLane, Token: token})
}

// ReleaseEvents is federation.OutboxStore's.
func (s *Store) ReleaseEvents(ctx context.Context, token string) error {
	return s.fenced(ctx, "UPDATE lanes SET lease_token = NULL, leased_until = "+s.dbClock(0)+" WHERE host = ? AND lease_token = ?",
		federation.Lease{Host: publisherLane, Token: token})
}

// DelayEvent is federation.OutboxStore's.
func (s *Store) DelayEvent(ctx context.Context, token string, seq int64, until time.Time) error {
	return s.inTx(ctx, func(tx *Store) error {
		if err := tx.holdPublisher(ctx, token); err != nil {
			return err
		}
		_, err := tx.write.NewRaw("UPDATE events SET not_before = ?, attempts = attempts + 1 WHERE seq = ? AND done_at IS NULL", until, seq).Exec(ctx)
		return wrap("event", err)
	})
}

// SaveOutgoing is federation.OutboxStore's.
func (s *Store) SaveOutgoing(ctx context.Context, token string, e community.Event, p federation.Parcel) error {
	return s.SaveOutgoings(ctx, token, []federation.Packed{{Event: e, Parcel: p}})
}

// SaveOutgoings is federation.OutboxStore's.
func (s *Store) SaveOutgoings(ctx context.Context, token string, all []federation.Packed) error {
	if len(all) == 0 {
		return nil
	}
	return s.inTx(ctx, func(tx *Store) error {
		if err := tx.holdPublisher(ctx, token); err != nil {
			return err
		}
		fresh, err := tx.endEvents(ctx, all)
		if err != nil || len(fresh) == 0 {
			return err
		}
		if err := tx.holdGround(ctx, fresh); err != nil {
			return err
		}
		return tx.saveParcel(ctx, together(fresh))
	})
}

// endEvents marks events as done and gives those that were not before.
func (s *Store) endEvents(ctx context.Context, all []federation.Packed) (fresh []federation.Packed, err error) {
	seqs := make([]int64, len(all))
	for i, o := range all {
		seqs[i] = o.Event.Seq
	}
	var ended []int64
	in := s.planned()
	text := s.write.NewRaw("UPDATE events SET done_at = ? WHERE seq IN (?) AND done_at IS NULL RETURNING seq", in.arg(all[0].Parcel.At), in.numbers(seqs)).String()
	err = in.write(ctx, text, &ended)
	for _, o := range all {
		if slices.Contains(ended, o.Event.Seq) {
			fresh = append(fresh, o)
		}
	}
	return fresh, wrap("events", err)
}

// together is one parcel of all that some are, in their order.
func together(all []federation.Packed) federation.Parcel {
	sum := federation.Parcel{At: all[0].Parcel.At}
	for _, o := range all {
		sum.Activities = append(sum.Activities, o.Parcel.Activities...)
		sum.Deliveries = append(sum.Deliveries, o.Parcel.Deliveries...)
		sum.Reach = append(sum.Reach, o.Parcel.Reach...)
		sum.Boosts = append(sum.Boosts, o.Parcel.Boosts...)
	}
	return sum
}

func (s *Store) saveParcel(ctx context.Context, p federation.Parcel) error {
	for i := range p.Activities {
		p.Activities[i].Direction, p.Activities[i].State = federation.Outgoing, federation.Finished
	}
	for some := range slices.Chunk(p.Activities, rowsPerStatement) {
		if err := insertRows(ctx, s, "activities", some, "", "seq"); err != nil {
			return err
		}
	}
	// Lanes are locked before reach, as whoever finishes deliveries does it.
	if err := s.makeLanesDue(ctx, p.Deliveries, p.At); err != nil {
		return err
	}
	for i := range p.Deliveries {
		p.Deliveries[i].State = federation.DeliveryWaiting
	}
	for some := range slices.Chunk(p.Deliveries, rowsPerStatement) {
		if err := insertRows(ctx, s, "deliveries", some, "CONFLICT (activity_id, inbox) DO NOTHING", "seq"); err != nil {
			return err
		}
	}
	if err := s.saveBoosts(ctx, p.Boosts); err != nil {
		return err
	}
	return s.saveReach(ctx, p.Reach)
}

// rowsPerStatement bounds the size of one statement.
const rowsPerStatement = 500

type dueLaneRow struct {
	Host   string
	NextAt time.Time
}

// dueLanes are when the lanes of some deliveries become due, by host. The order
// is the one in which lanes are always locked.
func dueLanes(deliveries []federation.Delivery, now time.Time) []dueLaneRow {
	first := map[string]time.Time{}
	for _, d := range deliveries {
		at := now
		if d.NextAt != nil {
			at = *d.NextAt
		}
		if known, ok := first[d.Host]; !ok || at.Before(known) {
			first[d.Host] = at
		}
	}
	rows := make([]dueLaneRow, 0, len(first))
	for host, at := range first {
		rows = append(rows, dueLaneRow{host, at})
	}
	slices.SortFunc(rows, func(a, b dueLaneRow) int { return strings.Compare(a.Host, b.Host) })
	return rows
}

// makeLanesDue has the lanes of new deliveries claimed. A failing lane keeps its
// time, and so does one whose host asked to be left alone.
func (s *Store) makeLanesDue(ctx context.Context, deliveries []federation.Delivery, now time.Time) error {
	for rows := range slices.Chunk(dueLanes(deliveries, now), rowsPerStatement) {
		err := insertRows(ctx, s, "lanes", rows, `CONFLICT (host) DO UPDATE
			SET next_at = CASE WHEN lanes.asked_until > excluded.next_at THEN lanes.asked_until ELSE excluded.next_at END
			WHERE lanes.next_at IS NULL OR lanes.failing_since IS NULL AND excluded.next_at < lanes.next_at`)
		if err != nil {
			return err
		}
	}
	return nil
}
