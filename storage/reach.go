package storage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hearth/federation"
)

// saveReach keeps that hosts are to get copies of a post, or its deletion. What
// is known of them is never taken back.
func (s *Store) saveReach(ctx context.Context, all []federation.Reach) error {
	for rows := range slices.Chunk(mergedReach(all), rowsPerStatement) {
		err := insertRows(ctx, s, "reach", rows, `CONFLICT (post_id, host) DO UPDATE SET
			sent_at = coalesce(reach.sent_at, excluded.sent_at), shown_at = coalesce(reach.shown_at, excluded.shown_at),
			refused = CASE WHEN reach.sent_at IS NULL AND excluded.refused <> '' THEN excluded.refused ELSE reach.refused END,
			delete_sent_at = coalesce(excluded.delete_sent_at, reach.delete_sent_at),
			unsent = coalesce(nullif(excluded.unsent, ''), reach.unsent), ask_after = coalesce(excluded.ask_after, reach.ask_after),
			never_begun = reach.never_begun AND excluded.never_begun,
			rejected_at = NULL, rejection = ''`) // a no was to what was sent before
		if err != nil {
			return err
		}
	}
	return nil
}

// mergedReach has each post and host once, as if one row had been saved after
// the other: a statement may touch a row once.
func mergedReach(all []federation.Reach) []federation.Reach {
	type key struct{ post, host string }
	at := map[key]int{}
	var merged []federation.Reach
	for _, r := range all {
		i, seen := at[key{r.PostID, r.Host}]
		if !seen {
			at[key{r.PostID, r.Host}] = len(merged)
			merged = append(merged, r)
			continue
		}
		m := &merged[i]
		m.SentAt, m.ShownAt = cmp.Or(m.SentAt, r.SentAt), cmp.Or(m.ShownAt, r.ShownAt)
		m.DeleteSentAt, m.AskAfter = cmp.Or(r.DeleteSentAt, m.DeleteSentAt), cmp.Or(r.AskAfter, m.AskAfter)
		m.Unsent, m.Refused = cmp.Or(r.Unsent, m.Unsent), cmp.Or(r.Refused, m.Refused)
		m.NeverBegun = m.NeverBegun && r.NeverBegun
	}
	return merged
}

// reachRow is what one delivery changed in the reach of a post.
type reachRow struct {
	PostID  string
	Host    string
	Refused string
	At      time.Time
}

// noteReach keeps what hosts now have, or have refused.
func (s *Store) noteReach(ctx context.Context, effects map[federation.Effect][]reachRow) error {
	for effect, statement := range map[federation.Effect]string{
		// A copy that went out is noted even where nobody announced it.
		federation.CopyReceived: `INSERT INTO reach (post_id, host, sent_at) SELECT v.post_id, v.host, v.at FROM v
			JOIN posts AS p ON p.id = v.post_id WHERE TRUE
			ON CONFLICT (post_id, host) DO UPDATE SET sent_at = coalesce(reach.sent_at, excluded.sent_at), refused = '',
				unsent = CASE WHEN reach.unsent = 'left' AND ` + hasAllThatWasSaid + ` THEN '' ELSE reach.unsent END`,
		federation.CopyRefused: `UPDATE reach SET refused = v.refused FROM v
			WHERE reach.post_id = v.post_id AND reach.host = v.host AND reach.sent_at IS NULL`,
		federation.DeletionKnown: `UPDATE reach SET delete_received_at = coalesce(reach.delete_received_at, v.at) FROM v
			WHERE reach.post_id = v.post_id AND reach.host = v.host`,
	} {
		for rows := range slices.Chunk(distinctReach(effects[effect]), rowsPerStatement) {
			in := s.planned()
			_, err := in.exec(ctx, with(in, rows)+statement)
			if err != nil {
				return wrap("reach", err)
			}
		}
	}
	return nil
}

// hasAllThatWasSaid is about a row of reach: what was under way when its author left
// arrived, and they changed nothing since it was made. Of that nobody is asked any
// more. Whoever changes a post, and whoever stores what it became, hold it alone, so
// that their times are in the order in which it happened.
const hasAllThatWasSaid = `EXISTS (SELECT 1 FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id JOIN posts AS s ON s.id = d.post_id
	WHERE d.post_id = reach.post_id AND d.host = reach.host AND d.state = 'done' AND a.type IN ('Create', 'Update')
		AND (s.edited_at IS NULL OR s.edited_at < a.received_at))`

// distinctReach has each post and host once: a statement may touch a row once.
func distinctReach(rows []reachRow) []reachRow {
	type key struct{ post, host string }
	seen, kept := map[key]bool{}, rows[:0:0]
	for _, r := range rows {
		if k := (key{r.PostID, r.Host}); !seen[k] {
			seen[k] = true
			kept = append(kept, r)
		}
	}
	return kept
}
