package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// What a group (an identifier for its id) and a domain have to do with each other.
const (
	tieNamed    = "EXISTS (SELECT 1 FROM group_servers AS gs WHERE gs.group_id = ? AND gs.domain = ?)"
	tieFollowed = `EXISTS (SELECT 1 FROM memberships AS fm JOIN actors AS fa ON fa.id = fm.account_id
		WHERE fm.group_id = ? AND fm.state = 'active' AND fa.domain = ? AND fa.domain <> '')`
)

// SharedGroup is a group, what a domain has to do with it, and its number of
// members.
func (s *Store) SharedGroup(ctx context.Context, find community.GroupRef, domain string) (community.SharedGroup, error) {
	var g community.SharedGroup
	q := s.selectGroups(&g).
		ColumnExpr(tieNamed+" AS named", bun.Ident("t.id"), domain).
		ColumnExpr(tieFollowed+" AS followed", bun.Ident("t.id"), domain).
		ColumnExpr("(SELECT count(*) FROM memberships AS c WHERE c.group_id = t.id AND c.state = 'active') AS members")
	if find.ID != "" {
		q = q.Where("t.id = ?", find.ID)
	} else {
		q = q.Where("t.domain = ? AND t.name = ?", find.Domain, find.Name)
	}
	err := q.Scan(ctx)
	return g, wrap("group", err)
}

// selectShared begins a read of posts p with who wrote them, whom they answer
// and what thread they stand in.
func (s *Store) selectShared(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).ModelTableExpr("posts AS p").ColumnExpr(columnsOf[community.Post](s, "p", "")).
		ColumnExpr(columnsOf[community.Actor](s, "a", "by_")).ColumnExpr(columnsOf[community.Actor](s, "pa", "to_")).
		ColumnExpr("r.uri AS thread_uri, r.verified AS thread_verified").
		Join("JOIN actors AS a ON a.id = p.author_id").Join("JOIN posts AS r ON r.id = p.thread_id").
		Join("LEFT JOIN posts AS pp ON pp.id = p.parent_id").Join("LEFT JOIN actors AS pa ON pa.id = pp.author_id")
}

// SharedPost is a post and what a domain has to do with its group.
func (s *Store) SharedPost(ctx context.Context, id, domain string) (community.SharedPost, error) {
	var rows []community.SharedPost
	in := s.planned()
	q := s.selectShared(&rows).
		ColumnExpr(tieNamed+" AS tie_named", bun.Ident("p.group_id"), in.arg(domain)).
		ColumnExpr(tieFollowed+" AS tie_followed", bun.Ident("p.group_id"), in.arg(domain)).
		Where("p.id = ?", in.arg(id))
	p, err := first(&rows, in.scan(ctx, q, &rows))
	return p, wrap("post", err)
}

// SharedPostsOf are those of some posts that there are, by id, without what any
// domain has to do with them.
func (s *Store) SharedPostsOf(ctx context.Context, ids []string) (map[string]community.SharedPost, error) {
	var rows []community.SharedPost
	in := s.planned()
	err := in.scan(ctx, s.selectShared(&rows).Where("p.id IN (?)", in.array(ids)), &rows)
	return byKey(rows, func(p community.SharedPost) string { return p.ID }), wrap("posts", err)
}

// SharedPosts are published posts whose authors may be known elsewhere.
func (s *Store) SharedPosts(ctx context.Context, ask community.SharedQuery) ([]community.SharedPost, error) {
	var rows []community.SharedPost
	q := s.selectShared(&rows).Where("p.state = 'published'").
		Where("p.readers IN (?) AND p.reach IN (?)", bun.List(ask.Readers), bun.List(ask.Reach)).
		Where("(a.domain <> '' OR a.disclosed_at IS NOT NULL) AND a.gone_at IS NULL")
	switch {
	case ask.ThreadID != "":
		q = q.Where("p.thread_id = ?", ask.ThreadID)
	case ask.ParentID != "":
		q = q.Where("p.parent_id = ?", ask.ParentID)
	default:
		q = q.Where("p.group_id = ? AND p.parent_id IS NULL AND p.in_reply_to_uri = ''", ask.GroupID)
	}
	if ask.Pinned {
		q = q.Where("p.pinned_at IS NOT NULL")
	}
	q, reversed := inPages(nil, q, ask.Paging, "p.published_at", "p.id", ask.NewestFirst)
	err := q.Scan(ctx)
	return turned(rows, reversed), wrap("posts", err)
}

// ActorsNamed are the actors of any of some names at any of some domains.
func (s *Store) ActorsNamed(ctx context.Context, domains, names []string) ([]community.Actor, error) {
	var rows []community.Actor
	if len(domains) == 0 || len(names) == 0 {
		return rows, nil
	}
	err := selectFrom(s, "actors", &rows).Where("t.domain IN (?) AND t.name IN (?)", bun.List(domains), bun.List(names)).
		Where("t.gone_at IS NULL AND t.away_at IS NULL").Scan(ctx)
	return rows, wrap("actors", err)
}

// active spans of NodeInfo, in which somebody was seen.
const (
	activeMonth = 30 * 24 * time.Hour
	activeHalf  = 180 * 24 * time.Hour
)

// Numbers are how many people are here, and how many posts everyone may read
// everywhere.
func (s *Store) Numbers(ctx context.Context, now time.Time) (community.Numbers, error) {
	var n community.Numbers
	err := s.read.NewRaw(`SELECT
		(SELECT count(*) FROM users WHERE state IN ('active', 'suspended')) AS users,
		(SELECT count(DISTINCT user_id) FROM sign_ins WHERE seen_at > ?) AS active_month,
		(SELECT count(DISTINCT user_id) FROM sign_ins WHERE seen_at > ?) AS active_half,
		(SELECT count(*) FROM posts WHERE verified = 'local' AND state = 'published' AND readers = 'anyone' AND reach = 'anywhere' AND parent_id IS NULL) AS posts,
		(SELECT count(*) FROM posts WHERE verified = 'local' AND state = 'published' AND readers = 'anyone' AND reach = 'anywhere' AND parent_id IS NOT NULL) AS replies`,
		now.Add(-activeMonth), now.Add(-activeHalf)).Scan(ctx, &n)
	return n, wrap("numbers", err)
}

// OutgoingActivity is an activity of ours by our id for it.
func (s *Store) OutgoingActivity(ctx context.Context, id string) (federation.Activity, error) {
	return one[federation.Activity](ctx, s, "activities", "t.id = ? AND t.direction = ?", id, federation.Outgoing)
}

// ServerState is when a server was last heard from and since when it fails, and the
// policies' epoch: one read, on a page that has few to spare.
func (s *Store) ServerState(ctx context.Context, domain string) (community.ServerState, int64, error) {
	var row struct {
		community.ServerState
		Epoch int64
	}
	err := s.read.NewRaw(`SELECT (SELECT last_heard_at FROM instances WHERE domain = ?0) AS last_heard_at,
		(SELECT failing_since FROM lanes WHERE host = ?0) AS failing_since, e.epoch FROM policy_epoch AS e WHERE e.id = 1`, domain).Scan(ctx, &row)
	return row.ServerState, row.Epoch, wrap("server", err)
}

// WasSentTo says whether an activity was made for a host.
func (s *Store) WasSentTo(ctx context.Context, activityID, host string) (bool, error) {
	ok, err := s.read.NewSelect().TableExpr("deliveries AS t").Where("t.activity_id = ? AND t.host = ?", activityID, host).Exists(ctx)
	return ok, wrap("deliveries", err)
}
