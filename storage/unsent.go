package storage

import (
	"context"
	"time"

	"hearth/community"
)

// unsentRow is a post of a host, to find rows by.
type unsentRow struct{ PostID, Host string }

// reachUnsentRow is why words are held back from a host.
type reachUnsentRow struct {
	PostID   string
	Host     string
	Unsent   string
	AskAfter time.Time
}

const waitsForItsAuthor = "d.state = 'waiting' AND d.ask_after IS NOT NULL"

// HoldUnsent is community.UnsentStore's.
func (s *Store) HoldUnsent(ctx context.Context, now time.Time, limit int) ([]community.Unsent, error) {
	return s.hold(ctx, now, community.UnsentAsked, "SELECT DISTINCT d.post_id, d.host FROM deliveries AS d WHERE "+waitsForItsAuthor+
		" AND d.ask_after <= ? AND "+s.laneIsFree("d")+" LIMIT ?", now, limit)
}

// HoldBehind is community.UnsentStore's.
func (s *Store) HoldBehind(ctx context.Context, now time.Time, limit int) ([]community.Unsent, error) {
	return s.hold(ctx, now, community.UnsentBehind, `SELECT DISTINCT d.post_id, d.host FROM reach AS r JOIN posts AS c ON c.parent_id = r.post_id
		JOIN deliveries AS d ON d.post_id = c.id AND d.host = r.host
		WHERE r.unsent <> '' AND r.sent_at IS NULL AND `+waitsForItsAuthor+" AND "+s.laneIsFree("d")+" LIMIT ?", limit)
}

// laneIsFree is about deliveries in lanes that nobody works on: of the others
// something may be under way.
func (s *Store) laneIsFree(deliveries string) string {
	return "EXISTS (SELECT 1 FROM lanes AS l WHERE l.host = " + deliveries + ".host AND (l.lease_token IS NULL OR l.leased_until < " + s.dbClock(0) + "))"
}

// hold cancels the words that wait of the posts that a query finds, and marks
// why. It runs in a transaction, under a lock of the lanes.
func (s *Store) hold(ctx context.Context, now time.Time, why, find string, args ...any) ([]community.Unsent, error) {
	var found []unsentRow
	if err := s.write.NewRaw(find, args...).Scan(ctx, &found); err != nil || len(found) == 0 {
		return nil, wrap("unsent", err)
	}
	hosts := make([]string, len(found))
	for i, row := range found {
		hosts[i] = row.Host
	}
	if err := s.lockLanes(ctx, hosts); err != nil {
		return nil, err
	}
	var cancelled []community.Unsent
	err := s.write.NewRaw("UPDATE deliveries AS d SET state = 'cancelled', finished_at = ?, last_error = 'unsent' WHERE "+waitsForItsAuthor+
		" AND (d.post_id, d.host) IN (?) AND "+s.laneIsFree("d")+" RETURNING post_id, host, ask_after", now, s.write.NewValues(&found)).Scan(ctx, &cancelled)
	if err != nil {
		return nil, wrap("unsent", err)
	}
	none := make([]cancelledRow, len(cancelled))
	for i, c := range cancelled {
		none[i] = cancelledRow{PostID: c.PostID, Host: c.Host}
	}
	if err := s.noteNeverBegun(ctx, none, now); err != nil {
		return nil, err
	}
	held := firstOfEach(cancelled)
	return held, s.MarkUnsent(ctx, held, why)
}

// firstOfEach has each post and host once, by what waited longest.
func firstOfEach(rows []community.Unsent) []community.Unsent {
	at := map[unsentRow]int{}
	var first []community.Unsent
	for _, r := range rows {
		i, seen := at[unsentRow{r.PostID, r.Host}]
		switch {
		case !seen:
			at[unsentRow{r.PostID, r.Host}] = len(first)
			first = append(first, r)
		case r.AskAfter.Before(first[i].AskAfter):
			first[i] = r
		}
	}
	return first
}

// MarkUnsent is community.UnsentStore's.
func (s *Store) MarkUnsent(ctx context.Context, of []community.Unsent, why string) error {
	if len(of) == 0 {
		return nil
	}
	rows := make([]reachUnsentRow, len(of))
	for i, u := range of {
		rows[i] = reachUnsentRow{u.PostID, u.Host, why, u.AskAfter}
	}
	_, err := s.write.NewInsert().Model(&rows).ModelTableExpr("reach").On("CONFLICT (post_id, host) DO UPDATE").
		Set("unsent = excluded.unsent, ask_after = excluded.ask_after").Exec(ctx)
	return wrap("reach", err)
}

// FreedUnsent is community.UnsentStore's.
func (s *Store) FreedUnsent(ctx context.Context, stays bool, limit int) ([]community.Unsent, error) {
	parent := "(q.sent_at IS NOT NULL OR p.state = 'published' AND coalesce(q.unsent, '') = '')"
	if stays {
		parent = "q.sent_at IS NULL AND (p.state NOT IN ('published', 'away') OR q.unsent = 'kept')"
	}
	var rows []community.Unsent
	err := s.write.NewRaw(`SELECT r.post_id, r.host, r.ask_after, r.sent_at FROM reach AS r JOIN posts AS c ON c.id = r.post_id JOIN posts AS p ON p.id = c.parent_id
		LEFT JOIN reach AS q ON q.post_id = p.id AND q.host = r.host WHERE r.unsent = 'behind' AND c.state = 'published' AND `+parent+" ORDER BY r.post_id LIMIT ?", limit).Scan(ctx, &rows)
	return rows, wrap("unsent", err)
}
