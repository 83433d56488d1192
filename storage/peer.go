package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/federation"
)

// Peer is federation.PeerStore's.
func (s *Store) Peer(ctx context.Context, domain string) (federation.Peer, error) {
	return one[federation.Peer](ctx, s, "instances", "t.domain = ?", domain)
}

// NotePeer is federation.PeerStore's.
func (s *Store) NotePeer(ctx context.Context, p federation.Peer) error {
	_, err := s.write.NewRaw(`INSERT INTO instances (domain, software, version, first_seen_at, nodeinfo_at) VALUES (?0, ?1, ?2, ?3, ?3)
		ON CONFLICT (domain) DO UPDATE SET nodeinfo_at = excluded.nodeinfo_at,
			version = CASE WHEN excluded.software = '' THEN instances.version ELSE excluded.version END,
			software = coalesce(nullif(excluded.software, ''), instances.software)`, p.Domain, p.Software, p.Version, p.NodeinfoAt).Exec(ctx)
	return wrap("instance", err)
}

// StalePeers is federation.PeerStore's.
func (s *Store) StalePeers(ctx context.Context, known, unknown time.Time, after string, limit int) (domains []string, err error) {
	err = s.read.NewSelect().TableExpr("actors AS a").ColumnExpr("DISTINCT a.domain").Join("LEFT JOIN instances AS i ON i.domain = a.domain").
		Where("a.domain <> '' AND a.gone_at IS NULL AND a.domain > ?", after).
		Where("(i.nodeinfo_at IS NULL OR i.nodeinfo_at < ? OR i.software = '' AND i.nodeinfo_at < ?)", known, unknown).
		Where(`EXISTS (SELECT 1 FROM memberships AS m JOIN actors AS g ON g.id = m.group_id
			WHERE m.account_id = a.id AND m.state IN ('active', 'asked') AND g.domain = '')`).
		Where("NOT EXISTS (SELECT 1 FROM lanes AS l WHERE l.host = a.domain AND l.failing_since IS NOT NULL)").
		OrderExpr("a.domain").Limit(int64(limit)).Scan(ctx, &domains)
	return domains, wrap("instances", err)
}

// StrayFollowers is federation.PeerStore's. Which groups take microblogs is
// community.Group's to say; this asks the same of rows.
func (s *Store) StrayFollowers(ctx context.Context, software []string, limit int) ([]federation.Follower, error) {
	var rows []federation.Follower
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("memberships AS m").ColumnExpr("m.group_id AS group_id, m.account_id AS account_id").
		Join("JOIN groups AS g ON g.actor_id = m.group_id").Join("JOIN actors AS ga ON ga.id = m.group_id").
		Join("JOIN actors AS a ON a.id = m.account_id").Join("JOIN instances AS i ON i.domain = a.domain").
		Where("i.software IN (?) AND ga.domain = '' AND a.domain <> ''", bun.List(software)).
		Where("m.state IN (?, ?) AND (g.sensitive OR NOT g.microblogs)", community.MemberActive, community.MemberAsked).
		OrderExpr("m.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("memberships", err)
}

// BoostOf is federation.PeerStore's.
func (s *Store) BoostOf(ctx context.Context, postID string) (string, error) {
	b, err := one[federation.Boost](ctx, s, "boosts", "t.post_id = ?", postID)
	return b.URI, err
}

// saveBoosts keeps under which id posts are announced by their address; the last
// one of a post is the one that holds.
func (s *Store) saveBoosts(ctx context.Context, all []federation.Boost) error {
	last := byKey(all, func(b federation.Boost) string { return b.PostID })
	rows := all[:0:0]
	for _, b := range all {
		if last[b.PostID] == b {
			rows = append(rows, b)
		}
	}
	return insertRows(ctx, s, "boosts", rows, "CONFLICT (post_id) DO UPDATE SET uri = excluded.uri")
}
