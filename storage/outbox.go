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
	events, err := s.dueEvents(ctx, now, 1)
	if err != nil || len(events) == 0 { // a lease costs a write, and there is nothing to do under it
		return held, nil, err
	}
	token, err := s.leasePublisher(ctx, held)
	if err != nil {
		return "", nil, err
	}
	events, err = s.dueEvents(ctx, now, limit)
	return token, events, err
}

// dueEvents are the first that are due and behind nothing that is not.
func (s *Store) dueEvents(ctx context.Context, now time.Time, limit int) (events []federation.ClaimedEvent, err error) {
	err = s.read.NewSelect().Model(&events).ModelTableExpr("events AS t").ColumnExpr("t.*").
		Where("t.done_at IS NULL AND (t.not_before IS NULL OR t.not_before <= ?)", now).
		Where(`NOT EXISTS (SELECT 1 FROM events AS b WHERE b.order_key = t.order_key AND b.done_at IS NULL
			AND b.seq < t.seq AND b.not_before IS NOT NULL AND b.not_before > ?)`, now).
		OrderExpr("t.seq").Limit(int64(limit)).Scan(ctx)
	return events, wrap("events", err)
}

// leasePublisher takes or renews the publisher's lease: NotFound while it is
// another's.
func (s *Store) leasePublisher(ctx context.Context, held string) (string, error) {
	if held == "" {
		held = s.newLease()
		if _, err := s.write.NewRaw("INSERT INTO lanes (host) VALUES (?) ON CONFLICT (host) DO NOTHING", publisherLane).Exec(ctx); err != nil {
			return "", wrap("lane", err)
		}
	}
	res, err := s.write.NewRaw("UPDATE lanes SET lease_token = ?0, leased_until = "+s.dbClock(federation.LeaseLife)+
		" WHERE host = ?1 AND (lease_token = ?0 OR lease_token IS NULL OR leased_until < "+s.dbClock(0)+")", held, publisherLane).Exec(ctx)
	if err != nil {
		return "", wrap("lane", err)
	}
	return held, touched(res)
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
	return s.inTx(ctx, func(tx *Store) error {
		if err := tx.holdPublisher(ctx, token); err != nil {
			return err
		}
		res, err := tx.write.NewRaw("UPDATE events SET done_at = ? WHERE seq = ? AND done_at IS NULL", p.At, e.Seq).Exec(ctx)
		if err != nil {
			return wrap("event", err)
		}
		if touched(res) != nil { // saved before
			return nil
		}
		return tx.saveParcel(ctx, p)
	})
}

// holdPost is Conflict when a post is not as it was when a parcel was made from
// it. Whoever hides or deletes it waits until the parcel is saved, and then finds
// what there is to cancel and to blank.
func (s *Store) holdPost(ctx context.Context, of *federation.PostStamp) error {
	if of == nil {
		return nil
	}
	now, err := s.PostToChange(ctx, of.ID)
	if err == nil && (now.State != of.State || now.Version != of.Version) {
		return &community.Error{Kind: community.Conflict, Key: "error.conflict"}
	}
	return err
}

func (s *Store) saveParcel(ctx context.Context, p federation.Parcel) error {
	if err := s.holdPost(ctx, p.Of); err != nil {
		return err
	}
	for i := range p.Activities {
		p.Activities[i].Direction, p.Activities[i].State = federation.Outgoing, federation.Finished
	}
	if err := s.insertNumbered(ctx, "activities", &p.Activities, len(p.Activities), ""); err != nil {
		return err
	}
	// Lanes are locked before reach, as whoever finishes deliveries does it.
	if err := s.makeLanesDue(ctx, p.Deliveries, p.At); err != nil {
		return err
	}
	for i := range p.Deliveries {
		p.Deliveries[i].State = federation.DeliveryWaiting
	}
	for some := range slices.Chunk(p.Deliveries, rowsPerStatement) {
		if err := s.insertNumbered(ctx, "deliveries", &some, len(some), "CONFLICT (activity_id, inbox) DO NOTHING"); err != nil {
			return err
		}
	}
	return s.saveReach(ctx, p.Reach)
}

// rowsPerStatement bounds the size of one statement.
const rowsPerStatement = 500

// insertNumbered stores rows whose seq is the database's to give.
func (s *Store) insertNumbered(ctx context.Context, table string, rows any, n int, on string) error {
	if n == 0 {
		return nil
	}
	q := s.write.NewInsert().Model(rows).ModelTableExpr(table).ExcludeColumn("seq")
	if on != "" {
		q = q.On(on)
	}
	_, err := q.Exec(ctx)
	return wrap(table, err)
}

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
		_, err := s.write.NewInsert().Model(&rows).ModelTableExpr("lanes").On("CONFLICT (host) DO UPDATE").
			Set(`next_at = CASE WHEN lanes.asked_until > excluded.next_at THEN lanes.asked_until ELSE excluded.next_at END`).
			Where("lanes.next_at IS NULL OR lanes.failing_since IS NULL AND excluded.next_at < lanes.next_at").Exec(ctx)
		if err != nil {
			return wrap("lanes", err)
		}
	}
	return nil
}
