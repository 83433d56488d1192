package storage

import (
	"context"
	"time"

	"hearth/community"
)

// PostByURI is a post by its ActivityPub id, compared byte by byte.
func (s *Store) PostByURI(ctx context.Context, uri string) (community.Post, error) {
	return one[community.Post](ctx, s, "posts", "t.uri = ?", uri)
}

// PostsByURI are the posts of some URIs, by URI.
func (s *Store) PostsByURI(ctx context.Context, uris []string) (map[string]community.Post, error) {
	rows, err := some[community.Post](ctx, s, "posts", "t.uri", uris)
	return byKey(rows, func(p community.Post) string { return p.URI }), err
}

// HasLocalMembers says whether an account of this server is in the group.
func (s *Store) HasLocalMembers(ctx context.Context, groupID string) (bool, error) {
	var rows []struct{ AccountID string }
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("memberships AS t").ColumnExpr("t.account_id").
		Join("JOIN actors AS a ON a.id = t.account_id").
		Where("t.group_id = ? AND t.state = 'active' AND a.domain = ''", in.arg(groupID)).Limit(1)
	err := in.scan(ctx, q, &rows)
	return len(rows) > 0, wrap("members", err)
}

// MembershipByFollow finds a membership by the Follow that made it.
func (s *Store) MembershipByFollow(ctx context.Context, followURI string) (community.Membership, error) {
	return one[community.Membership](ctx, s, "memberships", "t.follow_uri = ? AND t.follow_uri <> ''", followURI)
}

// IsNamedServer says whether a group names the domain among those it reaches.
func (s *Store) IsNamedServer(ctx context.Context, groupID, domain string) (bool, error) {
	ok, err := s.read.NewSelect().TableExpr("group_servers AS t").
		Where("t.group_id = ? AND t.domain = ?", groupID, domain).Exists(ctx)
	return ok, wrap("named servers", err)
}

type withdrawalRow struct {
	URI   string
	ByURI string
	At    time.Time
}

// InsertWithdrawal notes who said of a post that it was deleted before it came.
func (s *Store) InsertWithdrawal(ctx context.Context, uri, by string, now time.Time) error {
	_, err := s.write.NewInsert().Model(&withdrawalRow{uri, by, now}).ModelTableExpr("withdrawals").
		On("CONFLICT (uri, by_uri) DO NOTHING").Exec(ctx)
	return wrap("withdrawal", err)
}

// EndWithdrawal takes it back.
func (s *Store) EndWithdrawal(ctx context.Context, uri, by string) error {
	_, err := s.write.NewDelete().Table("withdrawals").Where("uri = ? AND by_uri = ?", uri, by).Exec(ctx)
	return wrap("withdrawal", err)
}

// withdrawn are both tables: the binary before this one writes no names.
const withdrawn = "(SELECT uri, by_uri, at FROM withdrawals UNION ALL SELECT uri, '' AS by_uri, at FROM tombstones)"

// Withdrawals are who said so of some URIs, by URI.
func (s *Store) Withdrawals(ctx context.Context, uris []string) (map[string][]string, error) {
	rows, err := some[withdrawalRow](ctx, s, withdrawn, "t.uri", uris)
	gone := make(map[string][]string, len(rows))
	for _, row := range rows {
		gone[row.URI] = append(gone[row.URI], row.ByURI)
	}
	return gone, err
}

// MarkShown notes that a group's server passed a post of ours on.
func (s *Store) MarkShown(ctx context.Context, postID, host string, now time.Time) error {
	_, err := s.write.NewRaw(`INSERT INTO reach (post_id, host, shown_at) VALUES (?, ?, ?)
		ON CONFLICT (post_id, host) DO UPDATE SET shown_at = coalesce(reach.shown_at, excluded.shown_at)`, postID, host, now).Exec(ctx)
	return wrap("reach", err)
}

// MarkRejected is community.ReceiveStore's.
func (s *Store) MarkRejected(ctx context.Context, postID, host, why string, now time.Time) error {
	_, err := s.write.NewRaw("UPDATE reach SET rejected_at = ?, rejection = ? WHERE post_id = ? AND host = ?", now, why, postID, host).Exec(ctx)
	return wrap("reach", err)
}

// LivingPosts are posts of an account that are not deleted yet.
func (s *Store) LivingPosts(ctx context.Context, authorID string, limit int) (ids []string, err error) {
	err = s.read.NewSelect().Table("posts").Column("id").Where("author_id = ? AND state <> 'deleted'", authorID).
		OrderExpr("id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap("posts", err)
}

// EndMemberships takes an account out of all groups.
func (s *Store) EndMemberships(ctx context.Context, accountID string, now time.Time) error {
	_, err := s.write.NewUpdate().Table("memberships").Set("state = 'left', role = 'member', changed_at = ?", now).
		Where("account_id = ? AND state IN ('active', 'asked')", accountID).Exec(ctx)
	return wrap("memberships", err)
}
