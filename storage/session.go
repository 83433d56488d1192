package storage

import (
	"context"
	"errors"
	"time"

	"hearth/community"
)

type browserSessionRow struct {
	TokenHash string
	Data      []byte
	ExpiresAt time.Time
}

// BrowserSession is what belongs to a browser; false when unknown or expired.
func (s *Store) BrowserSession(ctx context.Context, tokenHash string, now time.Time) ([]byte, bool, error) {
	row, err := one[browserSessionRow](ctx, s, "browser_sessions", "t.token_hash = ? AND t.expires_at > ?", tokenHash, now)
	if errors.Is(err, community.NotFound) {
		return nil, false, nil
	}
	return row.Data, err == nil, err
}

// SaveBrowserSession stores or replaces a browser's session.
func (s *Store) SaveBrowserSession(ctx context.Context, tokenHash string, data []byte, expires time.Time) error {
	row := browserSessionRow{tokenHash, data, expires.UTC()}
	_, err := s.write.NewInsert().Model(&row).ModelTableExpr("browser_sessions").
		On("CONFLICT (token_hash) DO UPDATE").Set("data = EXCLUDED.data, expires_at = EXCLUDED.expires_at").Exec(ctx)
	return wrap("browser session", err)
}

// DeleteBrowserSession forgets a browser.
func (s *Store) DeleteBrowserSession(ctx context.Context, tokenHash string) error {
	_, err := s.write.NewDelete().Table("browser_sessions").Where("token_hash = ?", tokenHash).Exec(ctx)
	return wrap("browser session", err)
}

// DeleteExpiredSessions forgets a batch of browsers whose time is over.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time, limit int) (int, error) {
	old := s.write.NewSelect().Table("browser_sessions").Column("token_hash").Where("expires_at <= ?", now).Limit(int64(limit))
	return affect(s.write.NewDelete().Table("browser_sessions").Where("token_hash IN (?)", old).Exec(ctx))
}
