package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// SendAway is community.DepartureStore's.
func (s *Store) SendAway(ctx context.Context, accountIDs []string, now time.Time) error {
	if err := s.cancelWordsOf(ctx, accountIDs); err != nil {
		return err
	}
	return s.each(ctx, "away", []string{
		"UPDATE actors SET away_at = ?1 WHERE id IN (?0)",
		"UPDATE posts SET before_away = state, state = 'away' WHERE author_id IN (?0) AND state IN ('published', 'hidden', 'held', 'frozen')",
		recountThreadsOf,
		"UPDATE memberships SET before_away = state, state = 'away' WHERE account_id IN (?0) AND state IN ('active', 'asked')",
		"UPDATE groups SET offered_to = NULL WHERE offered_to IN (?0)",
	}, bun.List(accountIDs), now)
}

// BringBack is community.DepartureStore's. What was decided about a post or a
// membership meanwhile stays: it is no longer away.
func (s *Store) BringBack(ctx context.Context, accountIDs []string) error {
	return s.each(ctx, "back", []string{
		"UPDATE actors SET away_at = NULL WHERE id IN (?0)",
		"UPDATE posts SET state = before_away WHERE author_id IN (?0) AND state = 'away'",
		"UPDATE posts SET before_away = '' WHERE author_id IN (?0) AND before_away <> ''",
		recountThreadsOf,
		"UPDATE memberships SET state = before_away WHERE account_id IN (?0) AND state = 'away'",
		"UPDATE memberships SET before_away = '' WHERE account_id IN (?0) AND before_away <> ''",
	}, bun.List(accountIDs))
}

// AcceptWhileAway is community.DepartureStore's.
func (s *Store) AcceptWhileAway(ctx context.Context, membershipID string) error {
	_, err := s.write.NewRaw("UPDATE memberships SET before_away = 'active' WHERE id = ? AND state = 'away'", membershipID).Exec(ctx)
	return wrap("memberships", err)
}

// each runs statements with the same arguments.
func (s *Store) each(ctx context.Context, noun string, statements []string, args ...any) error {
	for _, statement := range statements {
		if statement == recountThreadsOf {
			// The lock comes first, as in RecountThread.
			if _, err := s.write.NewRaw("UPDATE posts SET version = version WHERE "+threadsOf, args...).Exec(ctx); err != nil {
				return wrap(noun, err)
			}
		}
		if _, err := s.write.NewRaw(statement, args...).Exec(ctx); err != nil {
			return wrap(noun, err)
		}
	}
	return nil
}

// recountThreadsOf counts all threads anew that some accounts wrote in.
const (
	threadsOf        = "id IN (SELECT o.thread_id FROM posts AS o WHERE o.author_id IN (?0) AND o.state <> 'draft')"
	recountThreadsOf = `UPDATE posts SET
		replies = (SELECT count(*) FROM posts AS r WHERE r.thread_id = posts.id AND r.id <> posts.id AND r.state = 'published'),
		last_activity_at = (SELECT max(r.received_at) FROM posts AS r WHERE r.thread_id = posts.id AND (r.id = posts.id OR r.state = 'published'))
		WHERE ` + threadsOf
)

// cancelWordsOf stops what has not gone out of the words of some accounts. What
// takes words back still goes.
func (s *Store) cancelWordsOf(ctx context.Context, accountIDs []string) error {
	_, err := s.write.NewRaw("UPDATE deliveries SET state = 'cancelled', finished_at = "+s.dbClock(0)+`, last_error = 'away' WHERE state = 'waiting'
		AND post_id IN (SELECT p.id FROM posts AS p WHERE p.author_id IN (?0) AND p.state = 'published')
		AND activity_id IN (SELECT a.id FROM activities AS a JOIN posts AS p ON p.id = a.post_id
			WHERE p.author_id IN (?0) AND a.type IN ('Create', 'Update', 'Announce'))`, bun.List(accountIDs)).Exec(ctx)
	return wrap("deliveries", err)
}
