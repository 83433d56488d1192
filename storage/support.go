package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertSupport stores support, and says whether it is new.
func (s *Store) InsertSupport(ctx context.Context, sup community.Support) (bool, error) {
	res, err := s.write.NewInsert().Model(&sup).ModelTableExpr("supports").On("CONFLICT (post_id, account_id, kind) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, wrap("support", err)
	}
	return touched(res) == nil, nil
}

// DeleteSupport takes one kind of support back.
func (s *Store) DeleteSupport(ctx context.Context, postID string, accountIDs []string, kind string) error {
	if len(accountIDs) == 0 {
		return nil
	}
	_, err := s.write.NewDelete().Table("supports").
		Where("post_id = ? AND kind = ? AND account_id IN (?)", postID, kind, bun.List(accountIDs)).Exec(ctx)
	return wrap("support", err)
}

// maxSupporters bounds the names under the posts of one page.
const maxSupporters = 500

// Supporters are who supports some posts, without those whom the person blocked.
func (s *Store) Supporters(ctx context.Context, postIDs []string, userID string) ([]community.Supporter, error) {
	if len(postIDs) == 0 {
		return nil, nil
	}
	var rows []community.Supporter
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("supports AS t").ColumnExpr("t.post_id, t.kind, a.title").
		Join("JOIN actors AS a ON a.id = t.account_id").
		Where("t.post_id IN (?)", in.array(postIDs)).Where("a.away_at IS NULL").Where("NOT "+blocked("t.account_id", "a.domain"), in.arg(userID)).
		OrderExpr("t.given_at, t.account_id").Limit(maxSupporters)
	err := in.scan(ctx, q, &rows)
	return rows, wrap("support", err)
}
