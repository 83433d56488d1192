package community

import (
	"context"
	"math"
	"slices"
)

// EditPost changes the words of the Viewer's own post and keeps what it said
// before. d.Version is the version that was edited: Conflict when the post has
// become another since. The same words again change nothing.
func (s *Service) EditPost(ctx context.Context, v Viewer, id string, d Draft) (post Post, err error) {
	words, err := s.readWords(ctx, d.tidy().Text)
	if err != nil {
		return Post{}, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.postToEdit(ctx, tx, v, id)
		if err != nil {
			return err
		}
		post, err = tx.PostToChange(ctx, id)
		if err != nil {
			return err
		}
		if post.ParentID != nil {
			d.ParentID = *post.ParentID
		}
		d = d.tidy()
		if err := d.check(); err != nil {
			return err
		}
		return s.editPost(ctx, tx, v, seen, &post, d, words)
	})
	return post, err
}

func (s *Service) editPost(ctx context.Context, tx Store, v Viewer, seen PostSeen, post *Post, d Draft, words words) error {
	before, was := post.Said(), *post
	d.fill(post, words.html)
	if sameWords(was, *post) {
		return nil
	}
	if d.Version != before.Version {
		return fail(Conflict, "edit.changed")
	}
	now := s.now()
	post.Version, post.EditedAt = before.Version+1, &now
	if err := tx.InsertPostVersion(ctx, before); err != nil {
		return err
	}
	if err := tx.UpdatePost(ctx, *post); err != nil {
		return err
	}
	if err := endWarning(ctx, tx, seen.Group, *post); err != nil {
		return err
	}
	if err := s.tellOfMentions(ctx, tx, v, *post, words.mentioned, anybody); err != nil {
		return err
	}
	site, err := tx.Site(ctx)
	if err != nil || !federates(site, seen.Group, *post) {
		return err
	}
	if shared, err := isEditShared(ctx, tx, seen.Group, *post); err != nil || !shared {
		return err
	}
	return tx.InsertEvent(ctx, newPostEvent(now, EventPostEdited, *post))
}

// isEditShared says whether others hear of a change of a post: of what is shown,
// and, in a group elsewhere, its server of what it hid itself, so that its
// moderators read the words that they may show again. What was hidden here stays
// here (R18).
func isEditShared(ctx context.Context, store Store, g Group, p Post) (bool, error) {
	if p.State != PostHidden || g.IsLocal() {
		return p.State == PostPublished, nil
	}
	hidden, err := isHiddenHere(ctx, store, p.ID)
	return !hidden, err
}

// IsEditShared is for whoever tells other servers of a change, after the fact.
func (s *Service) IsEditShared(ctx context.Context, g Group, p Post) (bool, error) {
	return isEditShared(ctx, s.store, g, p)
}

// isHiddenHere says whether moderators of here hid a post and did not show it
// again, whatever its group's server says.
func isHiddenHere(ctx context.Context, store Store, postID string) (bool, error) {
	hid, err := store.LastDecisionOn(ctx, SubjectPost, postID, DecidedHide)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	shown, err := store.LastDecisionOn(ctx, SubjectPost, postID, DecidedShow)
	if isNotFound(err) {
		return true, nil
	}
	return err == nil && hid.DecidedAt.After(shown.DecidedAt), err
}

// sameWords says whether two states of a post read the same to their author.
func sameWords(a, b Post) bool {
	return a.Title == b.Title && a.Source == b.Source && a.NoteTopics == b.NoteTopics && a.NoteText == b.NoteText &&
		a.Wants == b.Wants && a.Language == b.Language
}

// postToEdit judges whether the Viewer may edit a post: NotFound where they may
// not even read it.
func (s *Service) postToEdit(ctx context.Context, store Store, v Viewer, id string) (PostSeen, error) {
	seen, err := s.postFor(ctx, store, v, id)
	if err != nil {
		return PostSeen{}, err
	}
	return seen, mayEdit(v, seen.Post, seen.Group, seen.Membership, s.now())
}

// PostToEdit is the Viewer's own post as its form shows it, its group, and what
// they may see of its thread's root.
func (s *Service) PostToEdit(ctx context.Context, v Viewer, id string) (Draft, PostSeen, error) {
	seen, err := s.postToEdit(ctx, s.store, v, id)
	seen.Root = s.rootAsSeen(v, seen)
	if err != nil {
		return Draft{}, seen, err
	}
	return draftOf(seen.Post), seen, nil
}

// PostVersions is a post with what it said before, the newest first, for those
// who may see its words. What a moderator hid of it only its author and the
// moderators see.
func (s *Service) PostVersions(ctx context.Context, v Viewer, id string) (PostSeen, []PostVersion, error) {
	seen, err := s.postFor(ctx, s.store, v, id)
	if err != nil {
		return PostSeen{}, nil, err
	}
	if !maySeeWords(v, seen.Post, seen.Membership, s.now()) {
		return PostSeen{}, nil, goneOrNot(seen.Post)
	}
	versions, err := s.store.PostVersions(ctx, id)
	if err == nil {
		err = s.hideMediaBefore(ctx, seen, versions)
	}
	if err != nil || v.Owns(seen.Post.AuthorID) || mayModerate(v, seen.Membership, s.now()) {
		return seen, versions, err
	}
	from, err := s.shownFrom(ctx, id)
	return seen, slices.DeleteFunc(versions, func(old PostVersion) bool { return old.Version < from }), err
}

// shownFrom is the first version of a post that everybody who reads it may see:
// what it said before it was hidden, and until it was shown again, is what the
// moderators took out of sight, and stays there for all but its author and them.
func (s *Service) shownFrom(ctx context.Context, id string) (version int, err error) {
	d, err := s.store.LastDecisionOn(ctx, SubjectPost, id, DecidedShow)
	if isNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	seen, err := s.store.DecisionSeen(ctx, d.ID, Reader{Now: s.now()})
	if err == nil && seen.Payload.DecisionID == "" {
		return math.MaxInt, nil // the words that said which were erased
	}
	return seen.Payload.Words().Version, err
}

// postFor is a post that the Viewer may read, with what it is judged by.
// NotFound for any other, and for drafts.
func (s *Service) postFor(ctx context.Context, store Store, v Viewer, id string) (PostSeen, error) {
	seen, err := store.PostSeen(ctx, id, s.reader(v))
	if err != nil {
		return PostSeen{}, err
	}
	now := s.now()
	readable := mayReadPost(v, seen.Post, seen.Group, seen.Membership, now) &&
		mayReadPost(v, seen.Root, seen.Group, seen.Membership, now)
	if !readable || seen.Post.State == PostDraft {
		return PostSeen{}, fail(NotFound, "error.not_found")
	}
	return seen, nil
}

// goneOrNot is what somebody hears who could have read a post whose words are
// not shown: Gone when its author deleted it, otherwise NotFound.
func goneOrNot(p Post) error {
	if p.isTakenBack() {
		return fail(Gone, "thread.post_gone")
	}
	return fail(NotFound, "error.not_found")
}
