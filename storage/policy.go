package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
	"hearth/community/policy"
)

// PolicyEpoch is the present epoch of the policies.
func (s *Store) PolicyEpoch(ctx context.Context) (int64, error) {
	return s.policyEpoch(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// HoldPolicyEpoch is the present epoch, held until the transaction ends.
func (s *Store) HoldPolicyEpoch(ctx context.Context) (int64, error) {
	return s.policyEpoch(ctx, s.shared)
}

func (s *Store) policyEpoch(ctx context.Context, more func(*bun.SelectQuery) *bun.SelectQuery) (int64, error) {
	var rows []struct{ Epoch int64 }
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("policy_epoch AS t").ColumnExpr("t.epoch").Where("t.id = 1")
	row, err := first(&rows, in.scan(ctx, more(q), &rows))
	return row.Epoch, wrap("policy epoch", err)
}

// RaisePolicyEpoch begins the next epoch and returns it. On PostgreSQL who shares
// a row is let past whoever waits to change it: in a flood the change would never
// have its turn. Behind a lock of the table they queue.
func (s *Store) RaisePolicyEpoch(ctx context.Context) (int64, error) {
	if s.engine == postgres {
		if _, err := s.write.NewRaw("LOCK TABLE policy_epoch IN EXCLUSIVE MODE").Exec(ctx); err != nil {
			return 0, wrap("policy epoch", err)
		}
	}
	var epoch int64
	err := s.write.NewRaw("UPDATE policy_epoch SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch").Scan(ctx, &epoch)
	return epoch, wrap("policy epoch", err)
}

// SavePolicy stores a verdict; one that replaces another keeps its beginning.
func (s *Store) SavePolicy(ctx context.Context, p policy.Policy) error {
	_, err := s.write.NewInsert().Model(&p).ModelTableExpr("domain_policies").
		On("CONFLICT (domain, group_id) DO UPDATE").
		Set(`severity = EXCLUDED.severity, reject_media = EXCLUDED.reject_media, reject_reports = EXCLUDED.reject_reports,
			no_new_follows = EXCLUDED.no_new_follows, public_reason = EXCLUDED.public_reason, private_note = EXCLUDED.private_note,
			owner_id = EXCLUDED.owner_id, changed_at = EXCLUDED.changed_at, review_at = EXCLUDED.review_at,
			ends_at = EXCLUDED.ends_at, lifts_itself = EXCLUDED.lifts_itself`).Exec(ctx)
	return wrap("policy", err)
}

// DeletePolicy takes the instance's verdict on a domain back, or is NotFound.
func (s *Store) DeletePolicy(ctx context.Context, domain string) error {
	res, err := s.write.NewDelete().Table("domain_policies").Where("domain = ? AND group_id = ''", domain).Exec(ctx)
	if err != nil {
		return wrap("policy", err)
	}
	return touched(res)
}

// AllPolicies are the instance's and all groups'. The list is as long as people made
// it: the snapshot needs all.
func (s *Store) AllPolicies(ctx context.Context) ([]policy.Policy, error) {
	var rows []policy.Policy
	err := selectFrom(s, "domain_policies", &rows).Scan(ctx)
	return rows, wrap("policies", err)
}

// PoliciesAfter are the instance's own, by domain, after one.
func (s *Store) PoliciesAfter(ctx context.Context, domain string, limit int) ([]policy.Policy, error) {
	var rows []policy.Policy
	err := selectFrom(s, "domain_policies", &rows).Where("t.group_id = '' AND t.domain > ?", domain).
		OrderExpr("t.domain").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("policies", err)
}

// TiesTo are the memberships between here and a domain or those below it.
func (s *Store) TiesTo(ctx context.Context, domain string) ([]community.Membership, error) {
	below := "%." + domain
	var rows []community.Membership
	err := selectFrom(s, "memberships", &rows).
		Join("JOIN actors AS a ON a.id = t.account_id").Join("JOIN actors AS g ON g.id = t.group_id").
		Where("t.state IN ('asked', 'active')").
		Where("(a.domain = ? OR a.domain LIKE ? OR a.domain LIKE ? OR g.domain = ? OR g.domain LIKE ? OR g.domain LIKE ?)",
			domain, below, domain+":%", domain, below, domain+":%").Scan(ctx)
	return rows, wrap("ties", err)
}

// CutTies marks memberships severed and keeps what they were.
func (s *Store) CutTies(ctx context.Context, cut []community.Severance, now time.Time) error {
	if err := insertAll(ctx, s, "severances", cut); err != nil || len(cut) == 0 {
		return err
	}
	ids := make([]string, len(cut))
	for i, c := range cut {
		ids[i] = c.MembershipID
	}
	_, err := s.write.NewUpdate().Table("memberships").Set("state = 'severed', changed_at = ?", now).
		Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return wrap("ties", err)
}

// TiesCut are community.PolicyStore's.
func (s *Store) TiesCut(ctx context.Context, domain string, after time.Time, limit int) ([]community.Membership, error) {
	var rows []community.Membership
	err := selectFrom(s, "memberships", &rows).Where("t.state = 'severed' AND t.follow_uri <> ''").
		Where("t.id IN (SELECT c.membership_id FROM severances AS c WHERE c.domain = ? AND c.cut_at > ?)", domain, after).
		OrderExpr("t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("ties", err)
}

// Severances of a domain, the newest first.
func (s *Store) Severances(ctx context.Context, domain string, limit int) ([]community.Severance, error) {
	var rows []community.Severance
	err := selectFrom(s, "severances", &rows).Where("t.domain = ?", domain).OrderExpr("t.cut_at DESC, t.id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("severances", err)
}
