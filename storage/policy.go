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

// SavePolicy stores a verdict; one that replaces another keeps its beginning, and that
// of a suspension that still held: the binary before this one loosens a verdict and
// leaves its beginning there.
func (s *Store) SavePolicy(ctx context.Context, p policy.Policy) error {
	_, err := s.write.NewInsert().Model(&p).ModelTableExpr("domain_policies").
		On("CONFLICT (domain, group_id) DO UPDATE").
		Set(`severity = EXCLUDED.severity, reject_media = EXCLUDED.reject_media, reject_reports = EXCLUDED.reject_reports,
			no_new_follows = EXCLUDED.no_new_follows, public_reason = EXCLUDED.public_reason, private_note = EXCLUDED.private_note,
			owner_id = EXCLUDED.owner_id, changed_at = EXCLUDED.changed_at, review_at = EXCLUDED.review_at,
			ends_at = EXCLUDED.ends_at, lifts_itself = EXCLUDED.lifts_itself,
			suspended_at = CASE WHEN domain_policies.severity = 'suspend' AND domain_policies.suspended_at IS NOT NULL AND EXCLUDED.suspended_at IS NOT NULL THEN domain_policies.suspended_at ELSE EXCLUDED.suspended_at END,
			purged_at = CASE WHEN domain_policies.severity = 'suspend' AND domain_policies.suspended_at IS NOT NULL AND EXCLUDED.suspended_at IS NOT NULL THEN domain_policies.purged_at END`).Exec(ctx)
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

// PoliciesAbove are community.PolicyStore's.
func (s *Store) PoliciesAbove(ctx context.Context, hosts []string) ([]policy.Policy, error) {
	var domains []string
	for _, host := range hosts {
		domains = append(domains, policy.Above(host)...)
	}
	if len(domains) == 0 {
		return nil, nil
	}
	var rows []policy.Policy
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("domain_policies AS t").ColumnExpr(columnsOf[policy.Policy](s, "t", "")).
		Where(in.among("t.domain", domains)).Where("t.group_id = ''")
	return rows, wrap("policies", in.scan(ctx, q, &rows))
}

// CutTies marks memberships severed and keeps what they were. Of somebody who is away
// it is what they come back to.
func (s *Store) CutTies(ctx context.Context, cut []community.Severance, now time.Time) error {
	if err := insertAll(ctx, s, "severances", cut); err != nil || len(cut) == 0 {
		return err
	}
	ids := make([]string, len(cut))
	for i, c := range cut {
		ids[i] = c.MembershipID
	}
	_, err := s.write.NewRaw(`UPDATE memberships SET changed_at = ?0, before_away = CASE state WHEN 'away' THEN 'severed' ELSE before_away END,
		state = CASE state WHEN 'away' THEN state ELSE 'severed' END WHERE id IN (?1)`, now, bun.List(ids)).Exec(ctx)
	return wrap("ties", err)
}

// Severances of a domain, the newest first.
func (s *Store) Severances(ctx context.Context, domain string, limit int) ([]community.Severance, error) {
	var rows []community.Severance
	err := selectFrom(s, "severances", &rows).Where("t.domain = ?", domain).OrderExpr("t.cut_at DESC, t.id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("severances", err)
}
