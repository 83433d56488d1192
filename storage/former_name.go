package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/uptrace/bun"
)

type formerNameRow struct{ NameHash string }

// hashName is what is kept of a name whose person is no more: whoever reads the
// table reads no name, and cannot tell whose it was.
func hashName(name string) string {
	sum := sha256.Sum256([]byte("name:" + name))
	return hex.EncodeToString(sum[:])
}

// insertFormerName keeps a name from ever being given again.
func (s *Store) insertFormerName(ctx context.Context, name string) error {
	_, err := s.write.NewInsert().Model(&formerNameRow{hashName(name)}).ModelTableExpr("former_names").
		On("CONFLICT (name_hash) DO NOTHING").Exec(ctx)
	return wrap("former names", err)
}

// formerNames are those of some names that somebody had who is no more.
func (s *Store) formerNames(ctx context.Context, names []string) (map[string]bool, error) {
	former := map[string]bool{}
	if len(names) == 0 {
		return former, nil
	}
	byHash := make(map[string]string, len(names))
	hashes := make([]string, len(names))
	for i, name := range names {
		hashes[i] = hashName(name)
		byHash[hashes[i]] = name
	}
	var found []string
	err := s.read.NewSelect().Table("former_names").Column("name_hash").Where("name_hash IN (?)", bun.List(hashes)).Scan(ctx, &found)
	for _, hash := range found {
		former[byHash[hash]] = true
	}
	return former, wrap("former names", err)
}
