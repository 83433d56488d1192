package storage

import (
	"context"

	"hearth/community"
)

// InsertBlock stores a block; one that is there stays as it is.
func (s *Store) InsertBlock(ctx context.Context, b community.Block) error {
	_, err := s.write.NewInsert().Model(&b).ModelTableExpr("blocks").On("CONFLICT (user_id, kind, what) DO NOTHING").Exec(ctx)
	return wrap("block", err)
}

// DeleteBlock ends a block, if there is one.
func (s *Store) DeleteBlock(ctx context.Context, userID, kind, what string) error {
	_, err := s.write.NewDelete().Table("blocks").Where("user_id = ? AND kind = ? AND what = ?", userID, kind, what).Exec(ctx)
	return wrap("block", err)
}

// Blocks are a person's, the newest first.
func (s *Store) Blocks(ctx context.Context, userID string) ([]community.BlockView, error) {
	var rows []community.BlockView
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("blocks AS t").ColumnExpr("t.*").
		ColumnExpr("coalesce(a.title, '') AS title, coalesce(a.name, '') AS name, coalesce(a.domain, '') AS domain").
		Join("LEFT JOIN actors AS a ON a.id = t.what AND t.kind = 'account'").
		Where("t.user_id = ?", userID).OrderExpr("t.since DESC, t.what").Limit(community.MaxBlocks).Scan(ctx)
	return rows, wrap("blocks", err)
}
