package storage

import (
	"context"

	"hearth/community"
)

// InsertPost stores a post; Conflict when its id or URI is known.
func (s *Store) InsertPost(ctx context.Context, p community.Post) error {
	return insert(ctx, s, "posts", &p)
}

// Post is the post of an id, whatever its state.
func (s *Store) Post(ctx context.Context, id string) (community.Post, error) {
	return one[community.Post](ctx, s, "posts", "t.id = ?", id)
}

// UpdatePost stores all of a post.
func (s *Store) UpdatePost(ctx context.Context, p community.Post) error {
	return update(ctx, s, "posts", &p, "id = ?", p.ID)
}
