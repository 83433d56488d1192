package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// NextHost is community.SettleStore's. It goes from one server's actors to the next
// one's along the index of their names, however many each has.
func (s *Store) NextHost(ctx context.Context, domain, after string) (string, error) {
	which, args := "", []any{after}
	if domain != "" {
		below := escapeLike(domain)
		which = ` AND (h.host = ?1 OR h.host LIKE ?2 ESCAPE '\' OR h.host LIKE ?3 ESCAPE '\' OR h.host LIKE ?4 ESCAPE '\')`
		args = append(args, domain, "%."+below, below+":%", "%."+below+":%")
	}
	var hosts []string
	err := s.read.NewRaw(`WITH RECURSIVE h (host) AS (
  SELECT min(a.domain) FROM actors AS a WHERE a.domain > ?0
  UNION ALL SELECT (SELECT min(a.domain) FROM actors AS a WHERE a.domain > h.host) FROM h WHERE h.host IS NOT NULL
) SELECT h.host FROM h WHERE h.host IS NOT NULL`+which+" LIMIT 1", args...).Scan(ctx, &hosts)
	if err != nil || len(hosts) == 0 {
		return "", wrap("servers", err)
	}
	return hosts[0], nil
}

// ActorsAt is community.SettleStore's.
func (s *Store) ActorsAt(ctx context.Context, host, after string, groups bool, limit int) ([]community.Actor, error) {
	var rows []community.Actor
	q := selectFrom(s, "actors", &rows).Where("t.domain = ? AND t.name > ?", host, after)
	if groups {
		q = q.Where("t.type = ?", community.ActorGroup)
	}
	err := q.OrderExpr("t.name").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("actors", err)
}

// tiesOf begins a read of ties of accounts, or in groups.
func (s *Store) tiesOf(rows *[]community.FarTie, actorIDs []string, groups bool) *bun.SelectQuery {
	side := "t.account_id IN (?)"
	if groups {
		side = "t.group_id IN (?)"
	}
	return s.read.NewSelect().Model(rows).ModelTableExpr("memberships AS t").
		ColumnExpr(columnsOf[community.Membership](s, "t", "")).Where(side, bun.List(actorIDs))
}

// TiesOf is community.SettleStore's. Who is here and away is in a group elsewhere
// once they are back.
func (s *Store) TiesOf(ctx context.Context, actorIDs []string, groups bool, limit int) ([]community.FarTie, error) {
	var rows []community.FarTie
	q := s.tiesOf(&rows, actorIDs, groups)
	if groups {
		q = q.Where("(t.state IN ('asked', 'active') OR t.state = 'away' AND t.before_away IN ('asked', 'active'))")
	} else {
		q = q.Where("t.state IN ('asked', 'active')")
	}
	err := q.Limit(int64(limit)).Scan(ctx)
	return rows, wrap("ties", err)
}

// SeveredTies are community.SettleStore's.
func (s *Store) SeveredTies(ctx context.Context, actorIDs []string, groups bool, limit int) ([]community.FarTie, error) {
	var rows []community.FarTie
	err := s.tiesOf(&rows, actorIDs, groups).ColumnExpr("c.id AS severance_id, c.was, c.cut_at").
		Join("JOIN severances AS c ON c.membership_id = t.id AND c.restored_at IS NULL AND c.told_at IS NULL").
		Where("t.state <> 'away'").OrderExpr("c.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("ties", err)
}

// RestoreTie is community.SettleStore's.
func (s *Store) RestoreTie(ctx context.Context, m community.Membership) error {
	_, err := s.write.NewRaw("UPDATE memberships SET state = ?, follow_uri = ?, changed_at = ? WHERE id = ? AND state = 'severed'",
		m.State, m.FollowURI, m.ChangedAt, m.ID).Exec(ctx)
	return wrap("ties", err)
}

// EndSeverances is community.SettleStore's.
func (s *Store) EndSeverances(ctx context.Context, ids []string, restored bool, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	set := "told_at = ?"
	if restored {
		set = "restored_at = ?"
	}
	_, err := s.write.NewUpdate().Table("severances").Set(set, now).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return wrap("severances", err)
}

// freezes is what becomes of a post that is frozen, thaws what becomes of it after.
// Whoever is away comes back to it.
const (
	freezes = `before_freeze = CASE state WHEN 'away' THEN before_away ELSE state END,
		before_away = CASE state WHEN 'away' THEN 'frozen' ELSE before_away END, state = CASE state WHEN 'away' THEN state ELSE 'frozen' END`
	mayFreeze = "before_freeze = '' AND (state IN ('published', 'hidden', 'held') OR state = 'away' AND before_away IN ('published', 'hidden', 'held'))"
	thaws     = `before_away = CASE state WHEN 'away' THEN before_freeze ELSE before_away END,
		state = CASE state WHEN 'frozen' THEN before_freeze ELSE state END, before_freeze = ''`
)

// FreezePostsOf is community.SettleStore's.
func (s *Store) FreezePostsOf(ctx context.Context, authorIDs []string, limit int) ([]string, error) {
	posts, err := s.postsIn(ctx, authorIDs, []string{"published", "held", "hidden"}, limit)
	if err != nil {
		return nil, err
	}
	ids, _ := idsAndThreads(posts)
	return ids, s.setStates(ctx, posts, freezes, mayFreeze)
}

// ThreadsIn are community.SettleStore's.
func (s *Store) ThreadsIn(ctx context.Context, groupID string, after community.Cursor, limit int) ([]community.Cursor, error) {
	var rows []struct {
		ID          string
		PublishedAt time.Time
	}
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr("t.id, t.published_at").Where("t.group_id = ?", groupID).Where(isRoot)
	q, _ = inPages(nil, q, community.Paging{After: after, Limit: limit}, "t.published_at", "t.id", false)
	err := q.Scan(ctx)
	places := make([]community.Cursor, len(rows))
	for i, r := range rows {
		places[i] = community.Cursor{At: r.PublishedAt, ID: r.ID}
	}
	return places, wrap("threads", err)
}

// FreezePostsIn is community.SettleStore's.
func (s *Store) FreezePostsIn(ctx context.Context, groupID string, threads []string, limit int) ([]string, error) {
	var posts []postInThread
	err := s.read.NewSelect().Model(&posts).ModelTableExpr("posts AS t").ColumnExpr("t.id, t.thread_id").
		Where("t.thread_id IN (?) AND t.group_id = ?", bun.List(threads), groupID).Where(mayFreeze).Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, wrap("posts", err)
	}
	if err := s.lockInThreads(ctx, posts); err != nil {
		return nil, err
	}
	ids, _ := idsAndThreads(posts)
	return ids, s.setStates(ctx, posts, freezes, mayFreeze)
}

// FrozenPosts are community.SettleStore's.
func (s *Store) FrozenPosts(ctx context.Context, actorIDs []string, groups bool, after string, limit int) ([]community.FrozenPost, error) {
	side := "t.author_id IN (?)"
	if groups {
		side = "t.group_id IN (?)"
	}
	var rows []community.FrozenPost
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr("t.id, a.domain AS author_domain, g.domain AS group_domain").
		Join("JOIN actors AS a ON a.id = t.author_id").Join("JOIN actors AS g ON g.id = t.group_id").
		Where(side, bun.List(actorIDs)).Where("t.before_freeze <> '' AND t.id > ?", after).OrderExpr("t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("posts", err)
}

// ThawPosts is community.SettleStore's.
func (s *Store) ThawPosts(ctx context.Context, ids []string) error {
	posts, err := some[postInThread](ctx, s, "posts", "t.id", ids)
	if err != nil {
		return err
	}
	if err := s.lockInThreads(ctx, posts); err != nil {
		return err
	}
	return s.setStates(ctx, posts, thaws, "before_freeze <> ''")
}
