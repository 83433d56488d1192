package storage

import (
	"context"
	"time"

	"hearth/community"
)

// InsertApplication stores an application to join.
func (s *Store) InsertApplication(ctx context.Context, a community.Application) error {
	return insert(ctx, s, "applications", &a)
}

// Application is the application of an id.
func (s *Store) Application(ctx context.Context, id string) (community.Application, error) {
	return one[community.Application](ctx, s, "applications", "t.id = ?", id)
}

// ApplicationByCode is the application of a receipt's hashed code.
func (s *Store) ApplicationByCode(ctx context.Context, codeHash string) (community.Application, error) {
	return one[community.Application](ctx, s, "applications", "t.code_hash = ?", codeHash)
}

// DecideApplication stores the decision on one that waits; Conflict on one that
// was decided.
func (s *Store) DecideApplication(ctx context.Context, a community.Application) error {
	res, err := s.write.NewUpdate().Table("applications").
		Set("state = ?, reply = ?, decided_at = ?", a.State, a.Reply, a.DecidedAt).
		Where("id = ? AND state = ?", a.ID, community.ApplicationWaiting).Exec(ctx)
	if err != nil {
		return wrap("application", err)
	}
	return touchedOr(res, community.Conflict, "apply.decided")
}

// CountWaiting is how many applications wait.
func (s *Store) CountWaiting(ctx context.Context) (int, error) {
	n, err := s.read.NewSelect().Table("applications").Where("state = ?", community.ApplicationWaiting).Count(ctx)
	return int(n), wrap("applications", err)
}

// EraseAnswers blanks the answers of a batch of old decisions.
func (s *Store) EraseAnswers(ctx context.Context, decidedBefore, now time.Time, limit int) (int, error) {
	old := s.write.NewSelect().Table("applications").Column("id").
		Where("answer_erased_at IS NULL AND decided_at <= ?", decidedBefore).Limit(int64(limit))
	return affect(s.write.NewUpdate().Table("applications").
		Set("answer = '', group_id = NULL, answer_erased_at = ?", now).Where("id IN (?)", old).Exec(ctx))
}

// RefusedPeople are people refused before a time whose row still opens with a password.
func (s *Store) RefusedPeople(ctx context.Context, decidedBefore time.Time, limit int) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().TableExpr("users AS u").ColumnExpr("u.id").Join("JOIN applications AS a ON a.user_id = u.id").
		Where("u.state = 'refused' AND u.password_hash <> '' AND a.decided_at <= ?", decidedBefore).
		OrderExpr("u.id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap("applications", err)
}
