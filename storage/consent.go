package storage

import (
	"context"
	"time"

	"hearth/community"
)

// InsertConsent stores a consent.
func (s *Store) InsertConsent(ctx context.Context, c community.Consent) error {
	return insert(ctx, s, "consents", &c)
}

// Consent is the consent of an id, withdrawn or not.
func (s *Store) Consent(ctx context.Context, id string) (community.Consent, error) {
	return one[community.Consent](ctx, s, "consents", "t.id = ?", id)
}

// WithdrawConsent notes when a consent was withdrawn; the first time counts.
func (s *Store) WithdrawConsent(ctx context.Context, id string, at time.Time) error {
	_, err := s.write.NewUpdate().Table("consents").Set("withdrawn_at = ?", at).
		Where("id = ? AND withdrawn_at IS NULL", id).Exec(ctx)
	return wrap("consents", err)
}

// EndConsents withdraws an account's consents for a group, of one scope or of all.
func (s *Store) EndConsents(ctx context.Context, accountID, groupID, scope string, at time.Time) error {
	q := s.write.NewUpdate().Table("consents").Set("withdrawn_at = ?", at).
		Where("account_id = ? AND group_id = ? AND withdrawn_at IS NULL", accountID, groupID)
	if scope != "" {
		q = q.Where("scope = ?", scope)
	}
	_, err := q.Exec(ctx)
	return wrap("consents", err)
}

// LiveConsents are what a person agreed to and has not withdrawn, the newest first.
func (s *Store) LiveConsents(ctx context.Context, userID string) ([]community.Consent, error) {
	var rows []community.Consent
	err := selectFrom(s, "consents", &rows).Where("t.user_id = ? AND t.withdrawn_at IS NULL", userID).
		OrderExpr("t.given_at DESC, t.id DESC").Limit(500).Scan(ctx)
	return rows, wrap("consents", err)
}

// Consents are what a person agreed to, the newest first.
func (s *Store) Consents(ctx context.Context, userID string) ([]community.Consent, error) {
	var rows []community.Consent
	err := selectFrom(s, "consents", &rows).Where("t.user_id = ?", userID).
		OrderExpr("t.given_at DESC, t.id DESC").Limit(500).Scan(ctx)
	return rows, wrap("consents", err)
}

// HasConsent says whether an account's consent for a group is in force.
func (s *Store) HasConsent(ctx context.Context, accountID, groupID, scope string) (bool, error) {
	ok, err := s.read.NewSelect().TableExpr("consents AS t").
		Where("t.account_id = ? AND t.group_id = ? AND t.scope = ? AND t.withdrawn_at IS NULL", accountID, groupID, scope).Exists(ctx)
	return ok, wrap("consent", err)
}

// CopyHosts says whether an account's consent to copies of what it writes in a
// group is in force, and which servers have members in the group, by name.
func (s *Store) CopyHosts(ctx context.Context, accountID, groupID string, limit int) (community.CopyHosts, error) {
	var rows []struct {
		Agreed bool
		Domain string
	}
	domains := s.read.NewSelect().TableExpr("memberships AS t").ColumnExpr("DISTINCT a.domain").
		Join("JOIN actors AS a ON a.id = t.account_id").
		Where("t.group_id = ? AND t.state = 'active' AND a.domain <> ''", groupID).
		OrderExpr("a.domain").Limit(int64(limit))
	agreed := s.read.NewSelect().TableExpr("consents AS c").ColumnExpr("1").
		Where("c.account_id = ? AND c.group_id = ? AND c.scope = ? AND c.withdrawn_at IS NULL", accountID, groupID, community.ConsentFederate)
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("(SELECT 1) AS one").
		ColumnExpr("EXISTS (?) AS agreed", agreed).ColumnExpr("coalesce(d.domain, '') AS domain").
		Join("LEFT JOIN (?) AS d ON TRUE", domains).OrderExpr("d.domain").Scan(ctx)
	var copies community.CopyHosts
	for _, r := range rows {
		copies.Agreed = r.Agreed
		if r.Domain != "" {
			copies.Hosts = append(copies.Hosts, r.Domain)
		}
	}
	return copies, wrap("copies", err)
}
