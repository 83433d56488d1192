package storage

import (
	"context"
	"time"

	"hearth/community"
)

type siteRow struct {
	ID int
	community.Site
}

// Site returns the one row, or NotFound before setup.
func (s *Store) Site(ctx context.Context) (community.Site, error) {
	row, err := one[siteRow](ctx, s, "site", "t.id = 1")
	return row.Site, err
}

// InsertSite stores it; Conflict when there is one.
func (s *Store) InsertSite(ctx context.Context, site community.Site) error {
	return insert(ctx, s, "site", &siteRow{ID: 1, Site: site})
}

// UpdateSite stores all of it except what is frozen.
func (s *Store) UpdateSite(ctx context.Context, site community.Site) error {
	res, err := s.write.NewUpdate().Model(&siteRow{ID: 1, Site: site}).ModelTableExpr("site").
		ExcludeColumn("id", "scheme", "host", "actor_id", "set_up_at").Where("id = 1").Exec(ctx)
	if err != nil {
		return wrap("site", err)
	}
	return touched(res)
}

type setupTokenRow struct {
	TokenHash string
	CreatedAt time.Time
}

// InsertSetupToken keeps the hash of a one-time setup address.
func (s *Store) InsertSetupToken(ctx context.Context, hash string, now time.Time) error {
	return insert(ctx, s, "setup_tokens", &setupTokenRow{hash, now})
}

// SetupTokenExists says whether the address is still good.
func (s *Store) SetupTokenExists(ctx context.Context, hash string) (bool, error) {
	var row setupTokenRow
	ok, err := selectFrom(s, "setup_tokens", &row).Where("t.token_hash = ?", hash).Exists(ctx)
	return ok, wrap("setup token", err)
}

// DeleteSetupTokens ends all setup addresses.
func (s *Store) DeleteSetupTokens(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "DELETE FROM setup_tokens")
	return wrap("setup token", err)
}

// SiteOfAnySchema is the site of a database that may never have been migrated:
// NotFound where there is not even a table for it.
func (s *Store) SiteOfAnySchema(ctx context.Context) (community.Site, error) {
	row, err := oneOfAnySchema[siteRow](ctx, s, "site", "t.id = 1")
	if isNoTable(err) {
		return row.Site, &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return row.Site, err
}
