package community

import (
	"context"
	"time"
)

// writingPlace is where words are to stand: a group, and for a reply the post
// it answers with its thread's root. membership is the writer's own.
type writingPlace struct {
	group      Group
	membership Membership
	root       *Post // nil begins a thread
	parent     *Post
	isMissing  bool // there is one, and it is not here

	isReadFirst bool // what is said there waits for a moderator
}

// writingPlace finds where words are to stand. NotFound where the Viewer may not
// know of it, or may not read what they would answer.
func (s *Service) writingPlace(ctx context.Context, store Store, v Viewer, groupID, parentID string) (writingPlace, error) {
	if parentID == "" {
		seen, err := s.groupFor(ctx, store, v, groupID)
		return writingPlace{group: seen.Group, membership: seen.Membership}, err
	}
	seen, err := store.PostSeen(ctx, parentID, s.reader(v))
	if err != nil {
		return writingPlace{}, err
	}
	now := s.now()
	if !mayReadPost(v, seen.Root, seen.Group, seen.Membership, now) ||
		!mayReadPost(v, seen.Post, seen.Group, seen.Membership, now) || seen.Post.State == PostDraft {
		return writingPlace{}, fail(NotFound, "error.not_found")
	}
	return writingPlace{group: seen.Group, membership: seen.Membership, root: &seen.Root, parent: &seen.Post}, nil
}

// author is the account that writes there: the membership's, or before joining
// the acting one.
func (w writingPlace) author(v Viewer) string {
	if w.membership.IsActive() {
		return w.membership.AccountID
	}
	return v.ActingID()
}

// may says why the Viewer may not write there now; nil where they may.
func (w writingPlace) may(v Viewer, now time.Time) error {
	if w.parent == nil {
		return mayBegin(v, w.group, w.membership, now)
	}
	if err := mayPost(v, w.group, w.membership, now); err != nil {
		return err
	}
	return mayReply(v, *w.root, *w.parent, w.membership, now)
}

// stays keeps the thread of a reply in its group until the transaction ends: one
// elsewhere may be moved to another. Conflict where it just was.
func (w writingPlace) stays(ctx context.Context, tx Store) error {
	if w.root == nil || w.group.IsLocal() {
		return nil
	}
	root, err := tx.PostToChange(ctx, w.root.ID)
	if err == nil && root.GroupID != w.group.ID {
		err = Conflict
	}
	return err
}

// newPost is an empty post of this server at the place. A reply is no wider
// than its thread.
func (w writingPlace) newPost(site Site, id, authorID string, now time.Time) Post {
	uri := site.Base() + "/p/" + id
	p := Post{
		ID: id, URI: uri, URL: uri, GroupID: w.group.ID, AuthorID: authorID, ThreadID: id, State: PostPublished, Version: 1,
		Readers: w.group.Readers, Reach: w.group.Reach, Listed: w.group.Listed, Verified: VerifiedLocal,
		PublishedAt: now, ReceivedAt: now, LastActivityAt: now,
	}
	if w.parent != nil {
		p.ThreadID, p.ParentID, p.InReplyToURI = w.root.ID, &w.parent.ID, w.parent.URI
		p.Readers = NarrowerReaders(p.Readers, w.root.Readers)
		p.Reach = NarrowerReach(p.Reach, w.root.Reach)
		p.Listed = p.Listed && w.root.Listed
	}
	return p
}
