package storage

import (
	"context"
	"time"

	"hearth/community"
	"hearth/federation"
)

// StoredActivity is a message as it is kept.
func (s *Store) StoredActivity(ctx context.Context, id string) (federation.Activity, error) {
	return one[federation.Activity](ctx, s, "activities", "t.id = ?", id)
}

// StoredActivities are those of some messages that there are, by our id.
func (s *Store) StoredActivities(ctx context.Context, ids []string) (map[string]federation.Activity, error) {
	rows, err := some[federation.Activity](ctx, s, "activities", "t.id", ids)
	return byKey(rows, func(a federation.Activity) string { return a.ID }), err
}

func byKey[T any](rows []T, key func(T) string) map[string]T {
	by := make(map[string]T, len(rows))
	for _, row := range rows {
		by[key(row)] = row
	}
	return by
}

// LastEdit is the last Update of a post that came in and was taken.
func (s *Store) LastEdit(ctx context.Context, postID string) (federation.Activity, error) {
	var a federation.Activity
	err := selectFrom(s, "activities", &a).Where("t.post_id = ? AND t.direction = 'in' AND t.type = 'Update' AND t.outcome NOT IN ('held', 'refused')", postID).
		OrderExpr("t.seq DESC").Limit(1).Scan(ctx)
	return a, wrap("activity", err)
}

// Followers are where a group's posts go: one inbox a host.
func (s *Store) Followers(ctx context.Context, groupID string) ([]federation.Recipient, error) {
	rows, err := s.followersOf(ctx, groupID)
	to := make([]federation.Recipient, len(rows))
	for i, row := range rows {
		to[i] = row.Recipient
	}
	return to, err
}

// followerRow is where posts of one of some groups go.
type followerRow struct {
	GroupID string
	federation.Recipient
}

// followersOf are where the posts of some groups go, by host.
func (s *Store) followersOf(ctx context.Context, groupIDs ...string) ([]followerRow, error) {
	var rows []followerRow
	in := s.planned()
	err := in.scan(ctx, s.read.NewSelect().Model(&rows).ModelTableExpr("memberships AS m").
		ColumnExpr("m.group_id AS group_id, a.domain AS host, min(coalesce(nullif(a.shared_inbox, ''), a.inbox)) AS inbox, max(coalesce(i.software, '')) AS software").
		Join("JOIN actors AS a ON a.id = m.account_id").Join("LEFT JOIN instances AS i ON i.domain = a.domain").
		Where("m.group_id IN (?) AND m.state = 'active' AND a.domain <> '' AND a.gone_at IS NULL", in.array(groupIDs)).
		GroupExpr("m.group_id, a.domain").OrderExpr("a.domain"), &rows)
	return rows, wrap("followers", err)
}

// Holders are the hosts that ever were to get a copy of a post, each with an
// inbox of somebody there.
func (s *Store) Holders(ctx context.Context, postID string) ([]federation.Recipient, error) {
	return s.holders(ctx, postID, mayHave)
}

// OwedHolders is federation.StateStore's.
func (s *Store) OwedHolders(ctx context.Context, postID string) ([]federation.Recipient, error) {
	return s.holders(ctx, postID, isOwed)
}

func (s *Store) holders(ctx context.Context, postID, which string) ([]federation.Recipient, error) {
	var rows []federation.Recipient
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("reach AS r").
		ColumnExpr("r.host AS host, min(coalesce(nullif(a.shared_inbox, ''), a.inbox)) AS inbox, max(coalesce(i.software, '')) AS software").
		Join("JOIN actors AS a ON a.domain = r.host AND a.inbox <> ''").Join("LEFT JOIN instances AS i ON i.domain = r.host").
		Where("r.post_id = ? AND "+which, postID).GroupExpr("r.host").OrderExpr("r.host").Scan(ctx)
	return rows, wrap("holders", err)
}

// NeverBegun is federation.StateStore's.
func (s *Store) NeverBegun(ctx context.Context, postID string) (hosts []string, err error) {
	err = s.read.NewSelect().TableExpr("reach AS r").ColumnExpr("r.host").Where("r.post_id = ? AND NOT "+mayHave, postID).OrderExpr("r.host").Scan(ctx, &hosts)
	return hosts, wrap("reach", err)
}

// StaleGroups are groups elsewhere that people here are in, last asked for before
// a time, or that count as never asked for.
func (s *Store) StaleGroups(ctx context.Context, before time.Time, after string, limit int) ([]community.Group, error) {
	var rows []community.Group
	err := s.selectGroups(&rows).
		Where("t.domain <> '' AND t.gone_at IS NULL AND (t.fetched_at IS NULL OR t.fetched_at < ?) AND t.id > ?", before, after).
		Where(`EXISTS (SELECT 1 FROM memberships AS m JOIN actors AS a ON a.id = m.account_id
			WHERE m.group_id = t.id AND m.state IN ('active', 'asked') AND a.domain = '')`).
		Where("NOT EXISTS (SELECT 1 FROM lanes AS l WHERE l.host = t.domain AND l.failing_since IS NOT NULL)").
		OrderExpr("t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("groups", err)
}

// Neighbours are the hosts of groups elsewhere that an account here is in; of no
// account, all hosts with which there is any tie.
func (s *Store) Neighbours(ctx context.Context, accountID string) ([]federation.Recipient, error) {
	var rows []federation.Recipient
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("memberships AS m").
		ColumnExpr("x.domain AS host, min(coalesce(nullif(x.shared_inbox, ''), x.inbox)) AS inbox, max(coalesce(i.software, '')) AS software").
		Join("JOIN actors AS a ON a.id = m.account_id").Join("JOIN actors AS g ON g.id = m.group_id").
		Join("JOIN actors AS x ON x.id IN (m.account_id, m.group_id) AND x.domain <> '' AND x.gone_at IS NULL").
		Join("LEFT JOIN instances AS i ON i.domain = x.domain").
		Where("m.state IN ('asked', 'active') AND (a.domain = '' OR g.domain = '')")
	if accountID != "" {
		q = q.Where("m.account_id = ?", accountID)
	}
	err := q.GroupExpr("x.domain").OrderExpr("x.domain").Scan(ctx)
	return rows, wrap("neighbours", err)
}
