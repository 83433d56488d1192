package community

import (
	"context"
	"errors"
	"time"
)

// DeletePost takes back the Viewer's own post: its words, earlier versions and
// support are erased, its place in the thread stays. Deleting what is deleted
// is no error. NotFound where it is not theirs.
func (s *Service) DeletePost(ctx context.Context, v Viewer, id string) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		known, err := ownPost(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if known == nil || known.State == PostDraft {
			return fail(NotFound, "error.not_found")
		}
		post = *known
		if !mayDelete(v, post) {
			return nil
		}
		return s.deletePost(ctx, tx, &post)
	})
	return post, err
}

func (s *Service) deletePost(ctx context.Context, tx Store, p *Post) error {
	if err := s.erasePost(ctx, tx, p); err != nil || !mayHaveLeft(*p) {
		return err
	}
	return tx.InsertEvent(ctx, newPostEvent(s.now(), EventPostDeleted, *p))
}

// erasePost takes a post's words and all that hangs on them, and leaves its place.
func (s *Service) erasePost(ctx context.Context, tx Store, p *Post) error {
	now := s.now()
	if err := eraseWords(ctx, tx, p, now); err != nil {
		return err
	}
	return forgetUnsent(ctx, tx, []string{p.ID}, now)
}

// eraseWords is erasePost but for what of the words is on its way.
func eraseWords(ctx context.Context, tx Store, p *Post, now time.Time) error {
	p.erase()
	p.State, p.BeforeAway, p.BeforeFreeze, p.DeletedAt, p.PinnedAt = PostDeleted, "", "", &now, nil
	if err := tx.UpdatePost(ctx, *p); err != nil {
		return err
	}
	if err := tx.ErasePost(ctx, p.ID); err != nil {
		return err
	}
	return tx.RecountThread(ctx, p.ThreadID)
}

// eraseSome erases some posts of an account, and says whether there may be more.
// events are what others are told of one that may have left this server.
func (s *Service) eraseSome(ctx context.Context, tx Store, accountID string, events func(Post) ([]Event, error)) (more bool, err error) {
	ids, err := tx.LivingPosts(ctx, accountID, goneAtOnce)
	if err != nil {
		return false, err
	}
	posts, err := tx.PostsToChange(ctx, ids)
	if err != nil {
		return false, err
	}
	now, erased, told, orphans := s.now(), []string(nil), []Event(nil), []string(nil)
	for _, id := range ids {
		post := posts[id]
		switch {
		case post.State == PostDeleted: // by another node, a moment ago
			continue
		case post.IsUnseen():
			orphans = append(orphans, id)
			continue
		}
		if err := eraseWords(ctx, tx, &post, now); err != nil {
			return false, err
		}
		erased = append(erased, id)
		if !mayHaveLeft(post) {
			continue
		}
		some, err := events(post)
		if err != nil {
			return false, err
		}
		told = append(told, some...)
	}
	if err := errors.Join(forgetUnsent(ctx, tx, erased, now), s.dropOrphans(ctx, tx, orphans)); err != nil {
		return false, err
	}
	return len(ids) == goneAtOnce, tx.InsertEvents(ctx, told)
}

// forgetUnsent stops what has not gone out of the words of posts yet, and erases the
// bytes of what has.
func forgetUnsent(ctx context.Context, tx Store, postIDs []string, now time.Time) error {
	if err := tx.CancelDeliveries(ctx, postIDs, now); err != nil {
		return err
	}
	return tx.BlankActivities(ctx, postIDs)
}

// PostToDelete is the Viewer's own post with its group, to be shown before it is
// deleted. Its author need not be in the group any more.
func (s *Service) PostToDelete(ctx context.Context, v Viewer, id string) (Post, Group, error) {
	p, err := s.store.Post(ctx, id)
	if err == nil && !mayDelete(v, p) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return Post{}, Group{}, err
	}
	g, err := s.store.Group(ctx, p.GroupID)
	return p, g, err
}
