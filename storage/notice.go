package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertNotices stores those that were not told before.
func (s *Store) InsertNotices(ctx context.Context, notices []community.Notice) error {
	if len(notices) == 0 {
		return nil
	}
	_, err := s.write.NewInsert().Model(&notices).ModelTableExpr("notices").
		On("CONFLICT (user_id, kind, about_id) DO NOTHING").Exec(ctx)
	return wrap("notices", err)
}

// TurnNotices is community.NoticeStore's. What a person was told by the other kind
// too, as others told it before, stays.
func (s *Store) TurnNotices(ctx context.Context, from []string, now []community.Notice) error {
	if len(now) == 0 {
		return nil
	}
	in := s.planned()
	_, err := in.exec(ctx, with(in, now)+s.write.NewRaw(`UPDATE notices SET kind = v.kind, account_id = v.account_id FROM v
		WHERE notices.user_id = v.user_id AND notices.about_id = v.about_id AND notices.kind IN (?)
			AND NOT EXISTS (SELECT 1 FROM notices AS o WHERE o.user_id = v.user_id AND o.about_id = v.about_id AND o.kind = v.kind AND o.id <> notices.id)`, in.list(from)).String())
	return wrap("notices", err)
}

// RenewNotices is community.NoticeStore's.
func (s *Store) RenewNotices(ctx context.Context, userIDs []string, kind, aboutID string, now time.Time) error {
	if len(userIDs) == 0 {
		return nil
	}
	_, err := s.write.NewUpdate().Table("notices").Set("read_at = NULL, created_at = ?", now).
		Where("user_id IN (?) AND kind = ? AND about_id = ?", bun.List(userIDs), kind, aboutID).Exec(ctx)
	return wrap("notices", err)
}

// notBlocked leaves out notices of whom the person has blocked since, and of who
// is away.
func notBlocked(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where("NOT EXISTS (SELECT 1 FROM actors AS la WHERE la.id = t.actor_id AND la.away_at IS NOT NULL)").Where(`NOT EXISTS (SELECT 1 FROM blocks AS b LEFT JOIN actors AS ba ON ba.id = t.actor_id
		WHERE b.user_id = t.user_id AND (b.kind = 'account' AND b.what = t.actor_id OR b.kind = 'server' AND b.what = ba.domain))`)
}

// Calls says what calls for a person, in one read: every page asks.
func (s *Store) Calls(ctx context.Context, userID string, accountIDs []string) (community.Calls, error) {
	var rows []community.Calls
	in := s.planned()
	unread := s.read.NewSelect().TableExpr("notices AS t").ColumnExpr("1").
		Where("t.user_id = ? AND t.read_at IS NULL", in.arg(userID))
	moderates := s.read.NewSelect().TableExpr("memberships AS m").ColumnExpr("1").Where("FALSE")
	if len(accountIDs) > 0 {
		moderates = s.read.NewSelect().TableExpr("memberships AS m").ColumnExpr("1").
			Where("m.account_id IN (?) AND m.state = 'active' AND m.role IN ('owner', 'moderator')", in.list(accountIDs))
	}
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("(SELECT 1) AS one").
		ColumnExpr("EXISTS (?) AS unread", notBlocked(unread)).ColumnExpr("EXISTS (?) AS moderates", moderates)
	calls, err := first(&rows, in.scan(ctx, q, &rows))
	return calls, wrap("notices", err)
}

// Notices are a person's, the newest first, with the names they need.
func (s *Store) Notices(ctx context.Context, userID string, page community.Paging) ([]community.NoticeView, error) {
	var rows []community.NoticeView
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("notices AS t").ColumnExpr("t.*").
		ColumnExpr("coalesce(a.title, '') AS actor_title, coalesce(a.name, '') AS actor_name").
		ColumnExpr("coalesce(ga.title, '') AS group_title, coalesce(ga.name, '') AS group_name, coalesce(ga.domain, '') AS group_domain, coalesce(g.sensitive, FALSE) AS sensitive").
		ColumnExpr("coalesce(d.kind, '') AS decision_kind, coalesce(d.rule, '') AS decision_rule, coalesce(d.account_id, '') AS decided_about").
		Join("LEFT JOIN actors AS a ON a.id = t.actor_id").Join("LEFT JOIN actors AS ga ON ga.id = t.group_id").
		Join("LEFT JOIN groups AS g ON g.actor_id = t.group_id").
		Join("LEFT JOIN decisions AS d ON d.id = t.about_id").
		Where("t.user_id = ?", userID)
	q, reversed := inPages(nil, notBlocked(q), page, "t.created_at", "t.id", true)
	err := q.Scan(ctx)
	return turned(rows, reversed), wrap("notices", err)
}

// MarkNoticesRead marks some of a person's notices read, in one statement.
func (s *Store) MarkNoticesRead(ctx context.Context, userID string, ids []string, now time.Time) error {
	_, err := s.write.NewUpdate().Table("notices").Set("read_at = ?", now).
		Where("user_id = ? AND read_at IS NULL AND id IN (?)", userID, bun.List(ids)).Exec(ctx)
	return wrap("notices", err)
}
