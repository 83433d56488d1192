package storage

import (
	"context"
	"time"

	"hearth/community"
	"hearth/federation"
)

// CountPooledKeys is how many keys wait to be taken.
func (s *Store) CountPooledKeys(ctx context.Context) (int, error) {
	n, err := s.read.NewSelect().Table("actor_keys").Where("actor_id IS NULL AND private_key IS NOT NULL").Count(ctx)
	return int(n), wrap("keys", err)
}

// InsertKey stores a key.
func (s *Store) InsertKey(ctx context.Context, k federation.KeyRow) error {
	return insert(ctx, s, "actor_keys", &k)
}

// TakePooledKey gives the oldest of the pool to an actor: NotFound when it is
// empty, Conflict when the actor has one.
func (s *Store) TakePooledKey(ctx context.Context, actorID, uri string, now time.Time) (federation.KeyRow, error) {
	var row federation.KeyRow
	pick := "SELECT id FROM actor_keys WHERE actor_id IS NULL AND private_key IS NOT NULL ORDER BY created_at LIMIT 1"
	err := s.write.NewRaw("UPDATE actor_keys SET actor_id = ?, uri = ?, taken_at = ? WHERE "+s.claimed("id", pick)+" RETURNING *",
		actorID, uri, now).Scan(ctx, &row)
	return row, wrap("key", err)
}

// RotateKey retires an actor's key, gives it one of the pool and stores an event,
// all or nothing.
func (s *Store) RotateKey(ctx context.Context, actorID, uri string, now time.Time, tell community.Event) (row federation.KeyRow, err error) {
	err = s.inTx(ctx, func(tx *Store) error {
		_, err := tx.write.NewRaw("UPDATE actor_keys SET uri = NULL, retired_at = ? WHERE actor_id = ? AND retired_at IS NULL", now, actorID).Exec(ctx)
		if err != nil {
			return wrap("key", err)
		}
		if row, err = tx.TakePooledKey(ctx, actorID, uri, now); err != nil {
			return err
		}
		return tx.InsertEvent(ctx, tell)
	})
	return row, err
}

// KeyedActors are this server's actors that have a key, by id, after one.
func (s *Store) KeyedActors(ctx context.Context, after string, limit int) ([]community.Actor, error) {
	var rows []community.Actor
	q := selectFrom(s, "actors", &rows).Where("t.domain = '' AND t.gone_at IS NULL").
		Where("EXISTS (SELECT 1 FROM actor_keys AS k WHERE k.actor_id = t.id AND k.retired_at IS NULL AND k.private_key IS NOT NULL)")
	err := bySmallest(q, "t.id", after).Limit(int64(limit)).Scan(ctx)
	return rows, wrap("actors", err)
}

// CurrentKey is what an actor of this server signs with.
func (s *Store) CurrentKey(ctx context.Context, actorID string) (federation.KeyRow, error) {
	return one[federation.KeyRow](ctx, s, "actor_keys", "t.actor_id = ? AND t.retired_at IS NULL AND t.private_key IS NOT NULL", actorID)
}

// SealedKeyOfAnySchema is some key of this server's, of a database that may never
// have been migrated: NotFound where there is none, or not even a table for it.
func (s *Store) SealedKeyOfAnySchema(ctx context.Context) (federation.KeyRow, error) {
	key, err := oneOfAnySchema[federation.KeyRow](ctx, s, "actor_keys", "t.private_key IS NOT NULL")
	if isNoTable(err) {
		return key, &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return key, err
}

// RetiredKey is the last that an actor signed with before, if it was retired since.
func (s *Store) RetiredKey(ctx context.Context, actorID string, since time.Time) (federation.KeyRow, error) {
	var row federation.KeyRow
	err := selectFrom(s, "actor_keys", &row).Where("t.actor_id = ? AND t.retired_at > ? AND t.private_key IS NOT NULL", actorID, since).
		OrderExpr("t.retired_at DESC").Limit(1).Scan(ctx)
	return row, wrap("key", err)
}

// RemoteKey is a stranger's key by its URI; never one of this server's.
func (s *Store) RemoteKey(ctx context.Context, uri string) (federation.KeyRow, error) {
	return one[federation.KeyRow](ctx, s, "actor_keys", "t.uri = ? AND t.private_key IS NULL", uri)
}

// SaveRemoteKey keeps a stranger's key in place of what was known under its
// URI. Conflict when the URI is that of one of this server's.
func (s *Store) SaveRemoteKey(ctx context.Context, k federation.KeyRow) error {
	res, err := s.write.NewInsert().Model(&k).ModelTableExpr("actor_keys").On("CONFLICT (uri) DO UPDATE").
		Set("owner_uri = excluded.owner_uri, public_pem = excluded.public_pem, fetched_at = excluded.fetched_at").
		Where("actor_keys.private_key IS NULL").Exec(ctx)
	if err != nil {
		return wrap("key", err)
	}
	if touched(res) != nil {
		return community.Conflict
	}
	return nil
}
