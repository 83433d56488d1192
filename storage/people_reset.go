package storage

import (
	"context"
	"time"

	"hearth/community"
)

// InsertResetLink stores a link to choose a new password.
func (s *Store) InsertResetLink(ctx context.Context, l community.ResetLink) error {
	return insert(ctx, s, "reset_links", &l)
}

// ResetLink is the link of a hashed token.
func (s *Store) ResetLink(ctx context.Context, tokenHash string) (community.ResetLink, error) {
	return one[community.ResetLink](ctx, s, "reset_links", "t.token_hash = ?", tokenHash)
}

// UseResetLink marks it used in one statement, so that it is used once.
func (s *Store) UseResetLink(ctx context.Context, tokenHash string, now time.Time) error {
	res, err := s.write.NewUpdate().Table("reset_links").Set("used_at = ?", now).
		Where("token_hash = ? AND used_at IS NULL AND expires_at > ?", tokenHash, now).Exec(ctx)
	if err != nil {
		return wrap("reset link", err)
	}
	return touchedOr(res, community.Gone, "reset.gone")
}

// DeleteResetLinks forgets a person's that were not used.
func (s *Store) DeleteResetLinks(ctx context.Context, userID string) error {
	_, err := s.write.NewDelete().Table("reset_links").Where("user_id = ? AND used_at IS NULL", userID).Exec(ctx)
	return wrap("reset link", err)
}

// DeleteOldResetLinks forgets a batch of those that ended before a time.
func (s *Store) DeleteOldResetLinks(ctx context.Context, endedBefore time.Time, limit int) (int, error) {
	old := s.write.NewSelect().Table("reset_links").Column("token_hash").Where("expires_at < ?", endedBefore).Limit(int64(limit))
	return affect(s.write.NewDelete().Table("reset_links").Where("token_hash IN (?)", old).Exec(ctx))
}
