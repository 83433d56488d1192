package community

import (
	"context"
	"maps"
	"slices"
)

// BelowStore reads what hangs below a post, and what of somebody was put away.
type BelowStore interface {
	// ShownBelow are some posts below another, answers to answers too, by id after the
	// one named, that are shown or may be: by the answer to a question that is open, or once
	// somebody read them or they joined.
	ShownBelow(ctx context.Context, root Post, after string, limit int) ([]string, error)
	// HiddenBelow is ShownBelow of those that are hidden.
	HiddenBelow(ctx context.Context, root Post, after string, limit int) ([]string, error)
	// HiddenPostsIn are some hidden posts of an account in a group, or in all groups
	// of a domain where no group is named, by id after the one named.
	HiddenPostsIn(ctx context.Context, authorID, groupID, domain, after string, limit int) ([]string, error)
}

// hideBelow hides what hangs below a post that its group elsewhere hid with all that
// answers it (Lemmy's withReplies). Where it ends before its time, what is hidden is
// hidden, and the next try goes on. What nobody saw goes as if it had never come, and
// does not come again.
func (s *Service) hideBelow(ctx context.Context, root Post, d Deletion) error {
	return s.eachThere(ctx, root.GroupID, d.Epoch, func(ctx context.Context, tx Store, after string) ([]string, error) {
		return tx.ShownBelow(ctx, root, after, barredAtOnce)
	}, func(ctx context.Context, tx Store, post *Post, group Group) error {
		if post.IsUnseen() {
			return s.dropThere(ctx, tx, *post, d)
		}
		if !oneOf(post.stateHere(), PostPublished, PostHidden) { // somebody deleted it meanwhile
			return nil
		}
		return s.markHiddenThere(ctx, tx, post, group, d.Why)
	})
}

// showBelow shows again what hangs below a post, as its group elsewhere says.
func (s *Service) showBelow(ctx context.Context, root Post, d Deletion) error {
	return s.eachThere(ctx, root.GroupID, d.Epoch, func(ctx context.Context, tx Store, after string) ([]string, error) {
		return tx.HiddenBelow(ctx, root, after, barredAtOnce)
	}, func(ctx context.Context, tx Store, post *Post, group Group) error {
		return s.showThere(ctx, tx, post, group, NoticeShownThere)
	})
}

// showSomebodys shows again what somebody wrote in groups elsewhere whose authority
// takes a bar back with all that went with it (Lemmy's restoreData). Nobody hears of
// each: the end of the bar is what they hear of.
func (s *Service) showSomebodys(ctx context.Context, b Bar) error {
	return s.eachThere(ctx, "", b.Epoch, func(ctx context.Context, tx Store, after string) ([]string, error) {
		return tx.HiddenPostsIn(ctx, b.AccountID, b.GroupID, b.Domain, after, barredAtOnce)
	}, func(ctx context.Context, tx Store, post *Post, group Group) error {
		return s.showThere(ctx, tx, post, group, "")
	})
}

// eachThere does something with posts of groups elsewhere, some in one transaction.
// Where a group is named, one of ours, or a post of another, is left alone.
func (s *Service) eachThere(
	ctx context.Context, groupID string, epoch int64,
	some func(ctx context.Context, tx Store, after string) ([]string, error), do func(context.Context, Store, *Post, Group) error,
) error {
	for after, more := "", true; more; {
		var ids []string
		err := s.store.InTx(ctx, func(tx Store) (err error) {
			if err := sameEpoch(ctx, tx, epoch); err != nil {
				return err
			}
			if ids, err = some(ctx, tx, after); err != nil {
				return err
			}
			posts, err := tx.PostsAndRootsToChange(ctx, ids)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := s.oneThere(ctx, tx, posts[id], groupID, do); err != nil {
					return err
				}
			}
			return recountThreads(ctx, tx, posts)
		})
		if err != nil {
			return err
		}
		if more = len(ids) == barredAtOnce; more {
			after = ids[len(ids)-1]
		}
	}
	return nil
}

func (s *Service) oneThere(ctx context.Context, tx Store, post Post, groupID string, do func(context.Context, Store, *Post, Group) error) error {
	if post.ID == "" { // nobody saw it, and it was erased meanwhile
		return nil
	}
	group, err := tx.Group(ctx, post.GroupID)
	if err != nil || group.IsLocal() || groupID != "" && group.ID != groupID {
		return err
	}
	return do(ctx, tx, &post, group)
}

// recountThreads counts the threads of some posts anew, each once.
func recountThreads(ctx context.Context, tx Store, posts map[string]Post) error {
	roots := map[string]bool{}
	for _, p := range posts {
		if p.ID != "" && !p.IsUnseen() { // which no thread counts, and may be gone with it
			roots[p.ThreadID] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(roots)) {
		if err := tx.RecountThread(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// showThere shows a post that its group elsewhere had hidden, but for what moderators
// of here hid: that is theirs to undo (R36). kind is what its author hears; empty for
// nothing. The count of its thread is the caller's.
func (s *Service) showThere(ctx context.Context, tx Store, post *Post, group Group, kind string) error {
	if post.stateHere() != PostHidden {
		return nil
	}
	if hidden, err := isHiddenHere(ctx, tx, post.ID); err != nil || hidden {
		return err
	}
	if err := tx.MarkHiddenThere(ctx, post.ID, group.Domain, ""); err != nil {
		return err
	}
	post.become(PostPublished)
	if err := tx.UpdatePost(ctx, *post); err != nil {
		return err
	}
	// What was hidden there and changed since is not kept here to be read.
	if err := tx.EraseVersions(ctx, post.ID); err != nil {
		return err
	}
	if kind == "" {
		return nil
	}
	return s.tellAuthor(ctx, tx, kind, *post)
}
