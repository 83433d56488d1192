package storage

import (
	"context"
	"time"

	"hearth/community"
)

// InsertSignIn stores a sign-in.
func (s *Store) InsertSignIn(ctx context.Context, in community.SignIn) error {
	return insert(ctx, s, "sign_ins", &in)
}

// SignIn is a sign-in, ended or not.
func (s *Store) SignIn(ctx context.Context, id string) (community.SignIn, error) {
	return one[community.SignIn](ctx, s, "sign_ins", "t.id = ?", id)
}

// SignIns are a person's live sign-ins, the last seen first.
func (s *Store) SignIns(ctx context.Context, userID string) ([]community.SignIn, error) {
	var rows []community.SignIn
	err := selectFrom(s, "sign_ins", &rows).Where("t.user_id = ? AND t.ended_at IS NULL", userID).
		OrderExpr("t.seen_at DESC, t.id").Limit(100).Scan(ctx)
	return rows, wrap("sign-ins", err)
}

// EndSignIns ends one of a person's sign-ins, or all when id is empty.
func (s *Store) EndSignIns(ctx context.Context, userID, id string, now time.Time) error {
	q := s.write.NewUpdate().Table("sign_ins").Set("ended_at = ?", now).Where("user_id = ? AND ended_at IS NULL", userID)
	if id != "" {
		q = q.Where("id = ?", id)
	}
	_, err := q.Exec(ctx)
	return wrap("sign-in", err)
}

// EndOtherSignIns ends all of a person's but one.
func (s *Store) EndOtherSignIns(ctx context.Context, userID, keep string, now time.Time) error {
	_, err := s.write.NewUpdate().Table("sign_ins").Set("ended_at = ?", now).
		Where("user_id = ? AND id <> ? AND ended_at IS NULL", userID, keep).Exec(ctx)
	return wrap("sign-in", err)
}

// EndIdleSignIns ends a batch of those not seen since a time.
func (s *Store) EndIdleSignIns(ctx context.Context, seenBefore, now time.Time, limit int) (int, error) {
	idle := s.write.NewSelect().Table("sign_ins").Column("id").
		Where("ended_at IS NULL AND seen_at <= ?", seenBefore).Limit(int64(limit))
	return affect(s.write.NewUpdate().Table("sign_ins").Set("ended_at = ?", now).Where("id IN (?)", idle).Exec(ctx))
}

// DeleteEndedSignIns forgets a batch of those ended before a time.
func (s *Store) DeleteEndedSignIns(ctx context.Context, endedBefore time.Time, limit int) (int, error) {
	old := s.write.NewSelect().Table("sign_ins").Column("id").Where("ended_at < ?", endedBefore).Limit(int64(limit))
	return affect(s.write.NewDelete().Table("sign_ins").Where("id IN (?)", old).Exec(ctx))
}

// TouchSignIn notes when a sign-in was last seen.
func (s *Store) TouchSignIn(ctx context.Context, id string, now time.Time) error {
	_, err := s.write.NewUpdate().Table("sign_ins").Set("seen_at = ?", now).Where("id = ?", id).Exec(ctx)
	return wrap("sign-in", err)
}

// CountTry counts one try under a key, in one statement, so that nodes agree.
func (s *Store) CountTry(ctx context.Context, key string, now time.Time, window time.Duration) (int, error) {
	old := now.Add(-window)
	var tries int
	err := s.write.NewRaw(`INSERT INTO throttles (key, tries, since) VALUES (?, 1, ?)
		ON CONFLICT (key) DO UPDATE SET
		  tries = CASE WHEN throttles.since < ? THEN 1 ELSE throttles.tries + 1 END,
		  since = CASE WHEN throttles.since < ? THEN excluded.since ELSE throttles.since END
		RETURNING tries`, key, now, old, old).Scan(ctx, &tries)
	return tries, wrap("tries", err)
}

// DeleteOldTries forgets a batch of counts that began before a time.
func (s *Store) DeleteOldTries(ctx context.Context, before time.Time, limit int) (int, error) {
	old := s.write.NewSelect().Table("throttles").Column("key").Where("since < ?", before).Limit(int64(limit))
	return affect(s.write.NewDelete().Table("throttles").Where("key IN (?)", old).Exec(ctx))
}

// ForgetTries starts a key again at none.
func (s *Store) ForgetTries(ctx context.Context, key string) error {
	_, err := s.write.NewDelete().Table("throttles").Where("key = ?", key).Exec(ctx)
	return wrap("tries", err)
}

// ModeratorSeen is when any active moderator or admin was last seen.
func (s *Store) ModeratorSeen(ctx context.Context) (time.Time, error) {
	var row community.SignIn
	err := s.read.NewSelect().Model(&row).ModelTableExpr("sign_ins AS i").ColumnExpr("i.*").
		Join("JOIN users AS u ON u.id = i.user_id").
		Where("u.role IN (?, ?) AND u.state = ?", community.RoleModerator, community.RoleAdmin, community.UserActive).
		OrderExpr("i.seen_at DESC").Limit(1).Scan(ctx)
	return row.SeenAt, wrap("sign-in", err)
}
