package storage

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// SetAway is community.DepartureStore's.
func (s *Store) SetAway(ctx context.Context, accountIDs []string, since *time.Time) error {
	_, err := s.write.NewRaw("UPDATE actors SET away_at = ? WHERE id IN (?)", since, bun.List(accountIDs)).Exec(ctx)
	return wrap("away", err)
}

// goneAway is where people were, and what was offered to them.
var goneAway = []change{
	{table: "memberships", key: "id", set: "before_away = state, state = 'away'", where: "account_id IN (?0) AND state IN ('active', 'asked')"},
	{table: "groups", key: "actor_id", set: "offered_to = NULL", where: "offered_to IN (?0)"},
}

// MoveAway is community.DepartureStore's.
func (s *Store) MoveAway(ctx context.Context, accountIDs []string, now time.Time, limit int) (held []community.Unsent, more bool, err error) {
	if more, err = s.changeSome(ctx, goneAway, limit, bun.List(accountIDs)); err != nil {
		return nil, false, err
	}
	posts, err := s.postsIn(ctx, accountIDs, []string{"published", "held", "frozen", "hidden"}, limit)
	if err != nil {
		return nil, false, err
	}
	if held, err = s.holdWords(ctx, posts, now); err != nil {
		return nil, false, err
	}
	err = s.setStates(ctx, posts, "before_away = state, state = 'away'", "state IN ('published', 'hidden', 'held', 'frozen')")
	return held, more || len(posts) == limit, err
}

// comeBack is where people were. What was decided about a membership meanwhile stays.
var comeBack = []change{
	{table: "memberships", key: "id", set: "state = CASE WHEN state = 'away' THEN before_away ELSE state END, before_away = ''",
		where: "account_id IN (?0) AND before_away <> ''"},
}

// MoveBack is community.DepartureStore's.
func (s *Store) MoveBack(ctx context.Context, accountIDs []string, limit int) (more bool, err error) {
	if more, err = s.changeSome(ctx, comeBack, limit, bun.List(accountIDs)); err != nil {
		return false, err
	}
	posts, err := s.postsIn(ctx, accountIDs, []string{"away"}, limit)
	if err != nil {
		return false, err
	}
	return more || len(posts) == limit, s.setStates(ctx, posts, "state = before_away, before_away = ''", "state = 'away'")
}

// AcceptWhileAway is community.DepartureStore's.
func (s *Store) AcceptWhileAway(ctx context.Context, membershipID string) error {
	_, err := s.write.NewRaw("UPDATE memberships SET before_away = 'active' WHERE id = ? AND state = 'away'", membershipID).Exec(ctx)
	return wrap("memberships", err)
}

// postInThread is a post and the thread that counts it.
type postInThread struct{ ID, ThreadID string }

// postsIn locks some of the posts that accounts have in some states, the newest of
// each first, with the roots of their threads.
func (s *Store) postsIn(ctx context.Context, accountIDs, states []string, limit int) (posts []postInThread, err error) {
	for _, state := range states { // each by itself comes in its order from the index
		var rows []postInThread
		err := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr("t.id, t.thread_id").
			Where("t.author_id IN (?) AND t.state = ?", bun.List(accountIDs), state).
			OrderExpr("t.published_at DESC, t.id DESC").Limit(int64(limit - len(posts))).Scan(ctx)
		if err != nil {
			return nil, wrap("posts", err)
		}
		if posts = append(posts, rows...); len(posts) == limit {
			break
		}
	}
	return posts, s.lockInThreads(ctx, posts)
}

// setStates changes those of some posts that are in a state, and counts their threads
// anew. All of them are locked.
func (s *Store) setStates(ctx context.Context, posts []postInThread, set, from string) error {
	if len(posts) == 0 {
		return nil
	}
	ids, threads := idsAndThreads(posts)
	if _, err := s.write.NewRaw("UPDATE posts SET "+set+" WHERE id IN (?) AND "+from, bun.List(ids)).Exec(ctx); err != nil {
		return wrap("posts", err)
	}
	_, err := s.write.NewRaw(`UPDATE posts SET
		replies = (SELECT count(*) FROM posts AS r WHERE r.thread_id = posts.id AND r.id <> posts.id AND r.state = 'published'),
		last_activity_at = (SELECT max(r.received_at) FROM posts AS r WHERE r.thread_id = posts.id AND (r.id = posts.id OR r.state = 'published'))
		WHERE id IN (?)`, bun.List(threads)).Exec(ctx)
	return wrap("threads", err)
}

func idsAndThreads(posts []postInThread) (ids, threads []string) {
	for _, p := range posts {
		ids, threads = append(ids, p.ID), append(threads, p.ThreadID)
	}
	slices.Sort(threads)
	return ids, slices.Compact(threads)
}

// each runs statements with the same arguments.
func (s *Store) each(ctx context.Context, noun string, statements []string, args ...any) error {
	for _, statement := range statements {
		if _, err := s.write.NewRaw(statement, args...).Exec(ctx); err != nil {
			return wrap(noun, err)
		}
	}
	return nil
}
