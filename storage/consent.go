package storage

import (
	"context"

	"hearth/community"
)

// InsertConsent stores a consent.
func (s *Store) InsertConsent(ctx context.Context, c community.Consent) error {
	return insert(ctx, s, "consents", &c)
}

// Consents are what a person agreed to, the newest first.
func (s *Store) Consents(ctx context.Context, userID string) ([]community.Consent, error) {
	var rows []community.Consent
	err := selectFrom(s, "consents", &rows).Where("t.user_id = ?", userID).
		OrderExpr("t.given_at DESC, t.id DESC").Limit(500).Scan(ctx)
	return rows, wrap("consents", err)
}
