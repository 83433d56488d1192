package storage

import (
	"context"
	"time"

	"hearth/community"
)

// areWords is about deliveries d that wait: they carry somebody's words, or what a
// group passes on of them. Of a post that is not seen any more an Announce carries
// its removal.
const areWords = `d.state = 'waiting' AND EXISTS (SELECT 1 FROM activities AS a JOIN posts AS p ON p.id = d.post_id
	WHERE a.id = d.activity_id AND a.type IN ('Create', 'Update', 'Announce') AND p.state = 'published')`

// DropWords is community.LaneStore's. A change that is dropped is noted even where
// earlier words arrived.
func (s *Store) DropWords(ctx context.Context, host string, now time.Time) (int, error) {
	if err := s.lockLanes(ctx, []string{host}); err != nil { // nobody begins one of them until this is over
		return 0, err
	}
	_, err := s.write.NewRaw(`UPDATE reach SET refused = ?0 WHERE (post_id, host) IN (SELECT d.post_id, d.host FROM deliveries AS d JOIN activities AS c ON c.id = d.activity_id
		WHERE d.host = ?1 AND `+areWords+` AND (reach.sent_at IS NULL OR c.type = 'Update'))`, community.RefusedDropped, host).Exec(ctx)
	if err != nil {
		return 0, wrap("reach", err)
	}
	var dropped []cancelledRow
	err = s.write.NewRaw("UPDATE deliveries SET state = 'cancelled', finished_at = "+s.dbClock(0)+`, last_error = ?0 WHERE state = 'waiting' AND seq IN
		(SELECT d.seq FROM deliveries AS d WHERE d.host = ?1 AND `+areWords+`) RETURNING post_id, host, ask_after`, community.RefusedDropped, host).Scan(ctx, &dropped)
	if err != nil {
		return 0, wrap("deliveries", err)
	}
	return len(dropped), s.noteNeverBegun(ctx, dropped, now)
}
