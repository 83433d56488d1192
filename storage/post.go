package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertPost stores a post; Conflict when its id or URI is known.
func (s *Store) InsertPost(ctx context.Context, p community.Post) error {
	return insert(ctx, s, "posts", &p)
}

// InsertPosts stores posts, all or none; Conflict when an id or URI is known.
func (s *Store) InsertPosts(ctx context.Context, posts []community.Post) error {
	return insertAll(ctx, s, "posts", posts)
}

// Post is the post of an id, whatever its state.
func (s *Store) Post(ctx context.Context, id string) (community.Post, error) {
	return one[community.Post](ctx, s, "posts", "t.id = ?", id)
}

// PostsByID are the posts of some ids, by id.
func (s *Store) PostsByID(ctx context.Context, ids []string) (map[string]community.Post, error) {
	byID := make(map[string]community.Post, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	var rows []community.Post
	if err := selectFrom(s, "posts", &rows).Where("t.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap("posts", err)
	}
	for _, p := range rows {
		byID[p.ID] = p
	}
	return byID, nil
}

// PostToChange is the post of an id, locked until the transaction ends. The
// update that changes nothing takes the row's lock on both engines; what is read
// after it is the newest.
func (s *Store) PostToChange(ctx context.Context, id string) (community.Post, error) {
	if _, err := s.write.ExecContext(ctx, "UPDATE posts SET version = version WHERE id = ?", id); err != nil {
		return community.Post{}, wrap("post", err)
	}
	return s.Post(ctx, id)
}

// PostsToChange are the posts of some ids, by id, locked until the transaction ends.
func (s *Store) PostsToChange(ctx context.Context, ids []string) (map[string]community.Post, error) {
	if err := s.lockPosts(ctx, ids); err != nil {
		return nil, err
	}
	return s.postsByID(ctx, ids)
}

// PostsAndRootsToChange is community.ReceiveStore's.
func (s *Store) PostsAndRootsToChange(ctx context.Context, ids []string) (map[string]community.Post, error) {
	rows, err := some[postInThread](ctx, s, "posts", "t.id", ids)
	if err != nil {
		return nil, err
	}
	if err := s.lockInThreads(ctx, rows); err != nil {
		return nil, err
	}
	return s.postsByID(ctx, ids)
}

func (s *Store) postsByID(ctx context.Context, ids []string) (map[string]community.Post, error) {
	rows, err := some[community.Post](ctx, s, "posts", "t.id", ids)
	posts := make(map[string]community.Post, len(rows))
	for _, p := range rows {
		posts[p.ID] = p
	}
	return posts, err
}

// updatePost begins an update of all of a post but its id and what counts its thread.
func (s *Store) updatePost(p *community.Post) *bun.UpdateQuery {
	return s.write.NewUpdate().Model(p).ModelTableExpr("posts").
		ExcludeColumn("id", "uri", "replies", "last_activity_at").Where("id = ?", p.ID)
}

// UpdatePost stores all of a post but its counters.
func (s *Store) UpdatePost(ctx context.Context, p community.Post) error {
	res, err := s.updatePost(&p).Exec(ctx)
	if err != nil {
		return wrap("post", err)
	}
	return touched(res)
}

// PublishPost stores what was a draft until now; Conflict when it no longer is.
func (s *Store) PublishPost(ctx context.Context, p community.Post) error {
	res, err := s.updatePost(&p).Set("last_activity_at = ?", p.LastActivityAt).Where("state = ?", community.PostDraft).Exec(ctx)
	return conflictIfNone("post", res, err)
}

// InsertPostVersion stores what a post said before an edit.
func (s *Store) InsertPostVersion(ctx context.Context, v community.PostVersion) error {
	return insert(ctx, s, "post_versions", &v)
}

// PostVersions are what a post said before, the newest first.
func (s *Store) PostVersions(ctx context.Context, postID string) ([]community.PostVersion, error) {
	var rows []community.PostVersion
	err := selectFrom(s, "post_versions", &rows).Where("t.post_id = ?", postID).OrderExpr("t.version DESC").Limit(100).Scan(ctx)
	return rows, wrap("post versions", err)
}

// EraseVersions deletes what a post said before.
func (s *Store) EraseVersions(ctx context.Context, postID string) error {
	_, err := s.write.NewDelete().Table("post_versions").Where("post_id = ?", postID).Exec(ctx)
	return wrap("post_versions", err)
}

// ErasePost deletes what hangs on a post's words.
func (s *Store) ErasePost(ctx context.Context, postID string) error {
	for _, table := range []string{"post_versions", "supports", "attachments", "held_words"} {
		if _, err := s.write.NewDelete().Table(table).Where("post_id = ?", postID).Exec(ctx); err != nil {
			return wrap(table, err)
		}
	}
	// What another server said of the words may repeat them.
	if _, err := s.write.NewRaw("UPDATE reach SET rejection = '', hidden_why = '' WHERE post_id = ? AND (rejection <> '' OR hidden_why <> '')", postID).Exec(ctx); err != nil {
		return wrap("reach", err)
	}
	_, err := s.write.NewDelete().Table("notices").Where("post_id = ?", postID).
		Where("kind IN (?)", bun.List([]string{community.NoticeReply, community.NoticeAnswer, community.NoticeMention, community.NoticeSupport})).Exec(ctx)
	return wrap("notices", err)
}

// ReleaseURI is community.PostStore's.
func (s *Store) ReleaseURI(ctx context.Context, postID string) error {
	_, err := s.write.NewRaw("UPDATE posts SET uri = 'urn:hearth:denied:' || id WHERE id = ?", postID).Exec(ctx)
	return wrap("post", err)
}

// PeopleByName are the people of this server of some folded names.
func (s *Store) PeopleByName(ctx context.Context, names []string) (map[string]community.Actor, error) {
	byName := make(map[string]community.Actor, len(names))
	if len(names) == 0 {
		return byName, nil
	}
	var rows []community.Actor
	err := selectFrom(s, "actors", &rows).Where("t.domain = '' AND t.type = ? AND t.gone_at IS NULL AND t.away_at IS NULL", community.ActorPerson).
		Where("t.name IN (?)", bun.List(names)).Scan(ctx)
	for _, a := range rows {
		byName[a.Name] = a
	}
	return byName, wrap("people", err)
}
