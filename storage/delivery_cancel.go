package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// CancelDeliveries is community.EventStore's.
func (s *Store) CancelDeliveries(ctx context.Context, postIDs []string, now time.Time) error {
	if len(postIDs) == 0 {
		return nil
	}
	_, err := s.cancelWords(ctx, postIDs, "", now)
	return err
}

// cancelWords stops what waits of the words of some posts, which are locked, and
// notes where nothing of them was begun. What takes words back still goes.
func (s *Store) cancelWords(ctx context.Context, postIDs []string, why string, now time.Time) (cancelled []cancelledRow, err error) {
	var hosts []string
	err = s.write.NewRaw("SELECT DISTINCT d.host FROM deliveries AS d WHERE d.post_id IN (?) AND d.state = 'waiting'", bun.List(postIDs)).Scan(ctx, &hosts)
	if err != nil || len(hosts) == 0 {
		return nil, wrap("deliveries", err)
	}
	if err := s.lockLanes(ctx, hosts); err != nil { // nobody begins one of them until this is over
		return nil, err
	}
	err = s.write.NewRaw("UPDATE deliveries SET state = 'cancelled', finished_at = "+s.dbClock(0)+`, last_error = ?1 WHERE state = 'waiting' AND post_id IN (?0)
		AND activity_id IN (SELECT a.id FROM activities AS a WHERE a.post_id IN (?0) AND a.type IN ('Create', 'Update', 'Announce'))
		RETURNING post_id, host, ask_after`, bun.List(postIDs), why).Scan(ctx, &cancelled)
	if err != nil {
		return nil, wrap("deliveries", err)
	}
	return cancelled, s.noteNeverBegun(ctx, cancelled, now)
}

// cancelledRow is words that did not go to a host.
type cancelledRow struct {
	PostID   string
	Host     string
	AskAfter *time.Time
}

// noteNeverBegun marks hosts for which nothing that was to bring a post was ever
// begun: no attempt was noted, nobody holds the lane, and nobody was killed while
// holding it. Whoever cannot be sure of that has to be told of a deletion. Of a post
// that is older than deliveries are kept nobody can.
func (s *Store) noteNeverBegun(ctx context.Context, cancelled []cancelledRow, now time.Time) error {
	if len(cancelled) == 0 {
		return nil
	}
	of := make([]unsentRow, len(cancelled))
	for i, c := range cancelled {
		of[i] = unsentRow{c.PostID, c.Host}
	}
	_, err := s.write.NewRaw(`UPDATE reach SET never_begun = TRUE WHERE (post_id, host) IN (?) AND sent_at IS NULL AND shown_at IS NULL AND NOT copied
		AND EXISTS (SELECT 1 FROM posts AS p WHERE p.id = reach.post_id AND p.received_at > ?)
		AND EXISTS (SELECT 1 FROM lanes AS l WHERE l.host = reach.host AND l.lease_token IS NULL
			AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.post_id = reach.post_id AND d.host = reach.host
				AND (d.state = 'waiting' OR d.attempts > 0 OR d.first_tried_at IS NOT NULL OR d.seq <= l.begun_seq)))`,
		s.write.NewValues(&of), now.Add(-deliveriesKept)).Exec(ctx)
	return wrap("reach", err)
}

// mayHave is about rows r of reach: their hosts have, or may have, something of
// their posts.
const mayHave = "(r.sent_at IS NOT NULL OR r.shown_at IS NOT NULL OR NOT r.never_begun)"

// holdWords stops what has not gone out of the words of posts whose author leaves.
// Those for groups elsewhere are held back, whether or not they were made into
// deliveries yet: what is known of a post there already, and waits to be composed
// anew, is composed of nothing while its author is away.
func (s *Store) holdWords(ctx context.Context, posts []postInThread, now time.Time) (held []community.Unsent, err error) {
	ids, err := s.published(ctx, posts)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	cancelled, err := s.cancelWords(ctx, ids, "away", now)
	if err != nil {
		return nil, err
	}
	for _, c := range cancelled {
		if c.AskAfter != nil {
			held = append(held, community.Unsent{PostID: c.PostID, Host: c.Host, AskAfter: *c.AskAfter})
		}
	}
	held = firstOfEach(held)
	if err := s.MarkUnsent(ctx, held, community.UnsentLeft); err != nil {
		return nil, err
	}
	var unmade []community.Unsent
	err = s.write.NewRaw(`INSERT INTO reach (post_id, host, unsent, ask_after, never_begun)
		SELECT p.id, g.domain, ?1, ?2, TRUE FROM posts AS p JOIN actors AS g ON g.id = p.group_id WHERE p.id IN (?0) AND g.domain <> '' AND p.reach <> ?3
		ON CONFLICT (post_id, host) DO UPDATE SET unsent = excluded.unsent, ask_after = excluded.ask_after WHERE reach.unsent = ''
			AND EXISTS (SELECT 1 FROM events AS e WHERE e.done_at IS NULL AND e.kind IN (?4, ?5) AND e.post_id = reach.post_id
				AND e.order_key = (SELECT c.thread_id FROM posts AS c WHERE c.id = reach.post_id))
		RETURNING post_id, host, ask_after`,
		bun.List(ids), community.UnsentLeft, now, community.ReachNowhere, community.EventPostWritten, community.EventPostEdited).Scan(ctx, &unmade)
	return append(held, unmade...), wrap("reach", err)
}

// published are the ids of those of some posts that are.
func (s *Store) published(ctx context.Context, posts []postInThread) (ids []string, err error) {
	all, _ := idsAndThreads(posts)
	if len(all) == 0 {
		return nil, nil
	}
	err = s.write.NewRaw("SELECT id FROM posts WHERE id IN (?) AND state = 'published' ORDER BY id", bun.List(all)).Scan(ctx, &ids)
	return ids, wrap("posts", err)
}
