package storage

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// isRoot is the condition that the indexes over threads have.
const isRoot = "t.parent_id IS NULL AND t.in_reply_to_uri = ''"

// Threads are the roots that a query asks for, in its order. Each group gives
// no more than fits, from its index, so that the page of somebody in many large
// groups costs no more than its own length.
func (s *Store) Threads(ctx context.Context, ask community.ThreadsQuery, by community.Reader) ([]community.ThreadSummary, error) {
	at := "t.last_activity_at"
	if ask.Order == community.ByNewest {
		at = "t.published_at"
	}
	in := s.planned()
	page := ask.Paging
	if ask.PinnedFirst {
		page.Limit += community.MaxPinned
	}
	var reversed bool
	inOrder := func(q *bun.SelectQuery) *bun.SelectQuery {
		if ask.PinnedFirst {
			q = q.OrderExpr("CASE WHEN t.pinned_at IS NULL THEN 1 ELSE 0 END")
		}
		q, reversed = inPages(in, q, community.Paging{Limit: page.Limit, Before: page.Before}, at, "t.id", true)
		return q
	}
	ids, args := s.threadIDs(in, ask, by, at)
	var rows []community.ThreadSummary
	q := s.selectSummaries(in, &rows, inOrder(s.rootsOfGroups().Where("t.id IN ("+ids+")", args...)), by)
	err := in.scan(ctx, inOrder(q), &rows)
	return turned(rows, reversed), wrap("threads", err)
}

// rootColumns are those of a thread's root that a ThreadSummary has.
const rootColumns = "t.id, t.group_id, t.state, t.title, t.note_topics, t.note_text, t.wants, t.language, t.replies, t.published_at, t.last_activity_at, t.pinned_at, t.locked_at"

// rootsOfGroups selects roots with their groups.
func (s *Store) rootsOfGroups() *bun.SelectQuery {
	return s.read.NewSelect().TableExpr("posts AS t").ColumnExpr(rootColumns + ", t.author_id").
		ColumnExpr("ga.title AS group_title, ga.name AS group_name, ga.domain AS group_domain, g.sensitive").
		Join("JOIN actors AS ga ON ga.id = t.group_id").Join("JOIN groups AS g ON g.actor_id = t.group_id")
}

// threadIDs selects the ids of a page of each group's threads, and of its pinned
// ones where they stand first.
func (s *Store) threadIDs(in *planned, ask community.ThreadsQuery, by community.Reader, at string) (expr string, args []any) {
	var parts []string
	each := func(roots func(group any) *bun.SelectQuery) {
		if s.engine == postgres { // one text, however many groups
			parts = append(parts, "SELECT u.id FROM (?) AS g (id) CROSS JOIN LATERAL (?) AS u")
			args = append(args, in.array(ask.GroupIDs), roots(bun.Safe("g.id")))
			return
		}
		in.varies = in.varies || len(ask.GroupIDs) > 1
		for _, id := range ask.GroupIDs {
			parts = append(parts, "SELECT id FROM (?) AS u")
			args = append(args, roots(in.arg(id)))
		}
	}
	each(func(group any) *bun.SelectQuery {
		q := s.visibleRoots(in, group, ask, by)
		if ask.PinnedFirst {
			q = q.Where("t.pinned_at IS NULL")
		}
		q, _ = inPages(in, q, ask.Paging, at, "t.id", true)
		return q
	})
	if ask.PinnedFirst && ask.After.IsZero() && ask.Before.IsZero() {
		each(func(group any) *bun.SelectQuery {
			return s.visibleRoots(in, group, ask, by).Where("t.pinned_at IS NOT NULL").OrderExpr("t.pinned_at").Limit(community.MaxPinned)
		})
	}
	return strings.Join(parts, " UNION ALL "), args
}

// isFrozenInSight is about a frozen post whose place everybody may see: nobody saw that
// one was held.
const isFrozenInSight = "t.state = 'frozen' AND t.before_freeze <> 'held'"

// visibleRoots selects the ids of a group's threads that have something to read
// for the reader: a deleted root stands as long as there are replies.
func (s *Store) visibleRoots(in *planned, group any, ask community.ThreadsQuery, by community.Reader) *bun.SelectQuery {
	q := s.read.NewSelect().TableExpr("posts AS t").ColumnExpr("t.id").
		Where("t.group_id = ?", group).Where(isRoot).Where("t.readers IN (?)", bun.List(ask.Readers))
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("t.state = 'published'").WhereOr("(t.state IN ('deleted', 'hidden', 'away') OR " + isFrozenInSight + ") AND t.replies > 0")
		return orOwnOrModerated(in, q, ask.Hidden, by)
	})
}

// orOwnOrModerated lets a reader see what is hidden or held: all of it if they
// moderate, else their own.
func orOwnOrModerated(in *planned, q *bun.SelectQuery, moderates bool, by community.Reader) *bun.SelectQuery {
	switch {
	case moderates:
		return q.WhereOr("t.state IN ('hidden', 'held', 'frozen')")
	case len(by.AccountIDs) > 0:
		return q.WhereOr("t.state IN ('hidden', 'held', 'frozen') AND t.author_id IN (?)", in.list(by.AccountIDs))
	}
	return q
}

// selectSummaries begins a read of a page of roots with their authors and what is
// new in them to the reader. The page is a query of its own, with its limit:
// PostgreSQL took ten times as long to plan all the joins as one.
func (s *Store) selectSummaries(in *planned, rows *[]community.ThreadSummary, page *bun.SelectQuery, by community.Reader) *bun.SelectQuery {
	q := s.read.NewSelect().Model(rows).ModelTableExpr("(?) AS t", page).ColumnExpr(rootColumns).
		ColumnExpr("t.group_title, t.group_name, t.group_domain, t.sensitive").
		ColumnExpr(byline("a", "am")).ColumnExpr(blocked("t.author_id", "a.domain")+" AS blocked", in.arg(by.UserID)).
		Join("JOIN actors AS a ON a.id = t.author_id").
		Join("LEFT JOIN memberships AS am ON am.group_id = t.group_id AND am.account_id = t.author_id AND am.state = 'active'")
	if len(by.AccountIDs) == 0 {
		return q
	}
	// A thread that was never opened is new if it grew since the reader came.
	return q.ColumnExpr(`t.last_activity_at > coalesce(mark.read_until, m.created_at) AND EXISTS (SELECT 1 FROM posts AS n
			WHERE n.thread_id = t.id AND n.state = 'published' AND NOT n.backfilled AND n.author_id NOT IN (?0)
			AND n.received_at > coalesce(mark.read_until, m.created_at)
			AND n.author_id NOT IN (SELECT b.what FROM blocks AS b WHERE b.user_id = ?1 AND b.kind = 'account')) AS new`, in.list(by.AccountIDs), in.arg(by.UserID)).
		Join("LEFT JOIN read_marks AS mark ON mark.user_id = ? AND mark.thread_id = t.id", in.arg(by.UserID)).
		Join("LEFT JOIN memberships AS m ON m.group_id = t.group_id AND m.account_id IN (?) AND m.state = 'active'", in.list(by.AccountIDs))
}

// byline are the columns of a Byline, from an actor and the author's membership.
func byline(actor, membership string) string {
	return strings.NewReplacer("A.", actor+".", "M.", membership+".").Replace(
		"A.id AS by_id, A.title AS by_title, A.name AS by_name, A.domain AS by_domain, A.url AS by_url, coalesce(M.role, '') AS by_role")
}

// GroupsOf are the groups that some accounts are active in, the liveliest first.
func (s *Store) GroupsOf(ctx context.Context, accountIDs []string) ([]string, error) {
	var ids []string
	if len(accountIDs) == 0 {
		return nil, nil
	}
	err := s.read.NewSelect().TableExpr("groups AS g").ColumnExpr("g.actor_id").
		Where("g.actor_id IN (SELECT m.group_id FROM memberships AS m WHERE m.account_id IN (?) AND m.state = 'active')", bun.List(accountIDs)).
		OrderExpr("g.last_activity_at DESC, g.actor_id").Limit(maxGroupsAtHome).Scan(ctx, &ids)
	return ids, wrap("groups", err)
}

// maxGroupsAtHome bounds the terms of the query for a home page.
const maxGroupsAtHome = 100

// growth is by how much a thread or a group has grown, and when it last did.
type growth struct {
	ID      string
	Replies int
	At      time.Time
}

// growths adds up newly published posts by thread, replies alone, and by group.
func growths(posts []community.Post) (threads, groups []growth) {
	add := func(all []growth, id string, p community.Post) []growth {
		i := slices.IndexFunc(all, func(g growth) bool { return g.ID == id })
		if i < 0 {
			return append(all, growth{id, 1, p.ReceivedAt})
		}
		all[i].Replies++
		if all[i].At.Before(p.ReceivedAt) {
			all[i].At = p.ReceivedAt
		}
		return all
	}
	for _, p := range posts {
		groups = add(groups, p.GroupID, p)
		if p.IsReply() {
			threads = add(threads, p.ThreadID, p)
		}
	}
	return threads, groups
}

// GrowThreads counts newly published posts.
func (s *Store) GrowThreads(ctx context.Context, posts []community.Post) error {
	threads, groups := growths(posts)
	if len(threads) > 0 {
		in := s.planned()
		_, err := in.exec(ctx, with(in, threads)+`UPDATE posts SET replies = posts.replies + v.replies,
			last_activity_at = CASE WHEN posts.last_activity_at < v.at THEN v.at ELSE posts.last_activity_at END
			FROM v WHERE posts.id = v.id`)
		if err != nil {
			return wrap("thread", err)
		}
	}
	if len(groups) == 0 {
		return nil
	}
	if len(groups) > 1 { // in one order, or two who grow the same ones could wait for each other
		if err := s.lockGroups(ctx, groups); err != nil {
			return err
		}
	}
	in := s.planned()
	_, err := in.exec(ctx, with(in, groups)+`UPDATE groups SET last_activity_at = v.at
		FROM v WHERE groups.actor_id = v.id AND groups.last_activity_at < v.at`)
	return wrap("group", err)
}

// RecountThread counts a thread anew. The lock comes first, in a statement of
// its own, so that the count sees every reply that was counted before.
func (s *Store) RecountThread(ctx context.Context, rootID string) error {
	if _, err := s.PostToChange(ctx, rootID); err != nil {
		return err
	}
	_, err := s.write.ExecContext(ctx, `UPDATE posts SET
		replies = (SELECT count(*) FROM posts AS r WHERE r.thread_id = ?0 AND r.id <> ?0 AND r.state = 'published'),
		last_activity_at = (SELECT max(r.received_at) FROM posts AS r WHERE r.thread_id = ?0 AND (r.id = ?0 OR r.state = 'published'))
		WHERE id = ?0`, rootID)
	return wrap("thread", err)
}

// CountPinned counts a group's pinned threads.
func (s *Store) CountPinned(ctx context.Context, groupID string) (int, error) {
	n, err := s.read.NewSelect().TableExpr("posts AS t").Where("t.group_id = ? AND t.pinned_at IS NOT NULL", groupID).Where(isRoot).Count(ctx)
	return int(n), wrap("threads", err)
}

// threadPosts selects the posts of a thread that a reader may see, or see the place of.
func (s *Store) threadPosts(in *planned, q *bun.SelectQuery, ask community.ThreadPostsQuery, by community.Reader) *bun.SelectQuery {
	q = q.Where("t.thread_id = ? AND t.readers IN (?)", in.arg(ask.RootID), bun.List(ask.Readers))
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return orOwnOrModerated(in, q.Where("t.state IN ('published', 'hidden', 'deleted', 'away')").WhereOr(isFrozenInSight), ask.Hidden, by)
	})
}

// CountThreadPosts counts the posts before a place, up to the limit.
func (s *Store) CountThreadPosts(ctx context.Context, ask community.ThreadPostsQuery, by community.Reader) (int, error) {
	q := s.threadPosts(nil, s.read.NewSelect().TableExpr("posts AS t").ColumnExpr("t.id"), ask, by)
	q, _ = inPages(nil, q, ask.Paging, "t.published_at", "t.id", false)
	n, err := s.read.NewSelect().TableExpr("(?) AS u", q).Count(ctx)
	return int(n), wrap("thread", err)
}

// FirstUnread is the place of the first post of others that arrived after a time.
func (s *Store) FirstUnread(ctx context.Context, ask community.ThreadPostsQuery, since time.Time, by community.Reader) (community.Cursor, error) {
	var rows []struct {
		ID          string
		PublishedAt time.Time
	}
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr("t.id, t.published_at").
		Where("t.state = 'published' AND NOT t.backfilled AND t.received_at > ?", since)
	if len(by.AccountIDs) > 0 {
		q = q.Where("t.author_id NOT IN (?)", bun.List(by.AccountIDs))
	}
	err := s.threadPosts(nil, q, ask, by).OrderExpr("t.published_at, t.id").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return community.Cursor{}, wrap("thread", err)
	}
	return community.Cursor{At: rows[0].PublishedAt, ID: rows[0].ID}, nil
}
