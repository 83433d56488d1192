package storage

import (
	"context"

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

// UpdateUser stores all of a person.
func (s *Store) UpdateUser(ctx context.Context, u community.User) error {
	return update(ctx, s, "users", &u, "id = ?", u.ID)
}

// UserIDs are the active people of an instance role.
func (s *Store) UserIDs(ctx context.Context, role string) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Table("users").Column("id").
		Where("role = ? AND state = ?", role, community.UserActive).OrderExpr("id").Limit(500).Scan(ctx, &ids)
	return ids, wrap("users", err)
}
