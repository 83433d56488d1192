package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertUser stores a person; Conflict when the sign-in name is taken.
func (s *Store) InsertUser(ctx context.Context, u community.User) error {
	return insert(ctx, s, "users", &u)
}

// User is the person of an id.
func (s *Store) User(ctx context.Context, id string) (community.User, error) {
	return one[community.User](ctx, s, "users", "t.id = ?", id)
}

// UserByLogin is the person of a folded sign-in name.
func (s *Store) UserByLogin(ctx context.Context, login string) (community.User, error) {
	return one[community.User](ctx, s, "users", "t.login = ?", login)
}

// UpdateUser stores what a person chooses for themselves, and neither role,
// state nor password: those are written apart, so that saving a page of
// settings cannot undo a decision made in the meantime.
func (s *Store) UpdateUser(ctx context.Context, u community.User) error {
	res, err := s.write.NewUpdate().Model(&u).ModelTableExpr("users").
		Column("email", "language", "zone", "country", "home_order", "exit_everywhere", "discreet", "exit_explained_at").
		Where("id = ?", u.ID).Exec(ctx)
	if err != nil {
		return wrap("user", err)
	}
	return touched(res)
}

// SetUserState stores whether a person may act, until is for a suspension.
func (s *Store) SetUserState(ctx context.Context, id, state string, until *time.Time) error {
	return s.setUser(ctx, id, "state = ?, suspended_until = ?", state, until)
}

// SetUserRole stores what a person may do to the instance.
func (s *Store) SetUserRole(ctx context.Context, id, role string) error {
	return s.setUser(ctx, id, "role = ?", role)
}

// SetPasswordHash stores a new password's hash.
func (s *Store) SetPasswordHash(ctx context.Context, id, hash string) error {
	return s.setUser(ctx, id, "password_hash = ?", hash)
}

func (s *Store) setUser(ctx context.Context, id, set string, args ...any) error {
	res, err := s.write.NewUpdate().Table("users").Set(set, args...).Where("id = ?", id).Exec(ctx)
	if err != nil {
		return wrap("user", err)
	}
	return touched(res)
}

// UserIDs are the active people of an instance role.
func (s *Store) UserIDs(ctx context.Context, roles ...string) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Table("users").Column("id").
		Where("role IN (?) AND state = ?", bun.List(roles), community.UserActive).OrderExpr("id").Limit(500).Scan(ctx, &ids)
	return ids, wrap("users", err)
}

// UserIDsAfter are the next people after an id who were let in.
func (s *Store) UserIDsAfter(ctx context.Context, after string, limit int) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Table("users").Column("id").
		Where("id > ? AND state IN (?, ?)", after, community.UserActive, community.UserSuspended).OrderExpr("id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap("users", err)
}

// UserToChange is the person of an id, locked until the transaction ends.
func (s *Store) UserToChange(ctx context.Context, id string) (community.User, error) {
	if _, err := s.write.ExecContext(ctx, "UPDATE users SET state = state WHERE id = ?", id); err != nil {
		return community.User{}, wrap("user", err)
	}
	return s.User(ctx, id)
}

// UserToAct is community.UserStore's.
func (s *Store) UserToAct(ctx context.Context, id string) (community.User, error) {
	var rows []community.User
	err := s.shared(selectFrom(s, "users", &rows).Where("t.id = ?", id)).Scan(ctx)
	u, err := first(&rows, err)
	return u, wrap("user", err)
}

// EndSuspensions lifts the suspensions whose end is not after now.
func (s *Store) EndSuspensions(ctx context.Context, now time.Time) (int, error) {
	people, err := affect(s.write.NewUpdate().Table("users").Set("state = ?, suspended_until = NULL", community.UserActive).
		Where("state = ? AND suspended_until <= ?", community.UserSuspended, now).Exec(ctx))
	if err != nil {
		return 0, err
	}
	_, err = s.write.NewUpdate().Table("accounts").Set("suspended_at = NULL, suspended_until = NULL").
		Where("suspended_until <= ?", now).Exec(ctx)
	return people, wrap("accounts", err)
}
