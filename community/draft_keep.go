package community

import (
	"context"
	"errors"
)

// KeepDraft saves what somebody has written so far, whatever is still to be
// mended in it. It may be called as often as words change. Anybody signed in
// who may know of the group may keep a draft for it: joining can come after.
// Conflict when the draft was sent meanwhile; Invalid when it is too long.
func (s *Service) KeepDraft(ctx context.Context, v Viewer, d Draft) error {
	d = d.tidy()
	var p problems
	d.checkSize(&p)
	if err := p.err(); err != nil {
		return err
	}
	if !v.IsMember(s.now()) {
		return fail(Forbidden, "write.paused")
	}
	site, err := s.store.Site(ctx)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		post, err := s.placeDraft(ctx, tx, v, site, d)
		if err != nil {
			return err
		}
		d.fill(&post, "")
		post.Title = d.Title
		return s.storeDraft(ctx, tx, v, post)
	})
}

// placeDraft is an empty draft at the place it is for, by the account that the
// Viewer has there.
func (s *Service) placeDraft(ctx context.Context, tx Store, v Viewer, site Site, d Draft) (Post, error) {
	place, err := s.writingPlace(ctx, tx, v, d.GroupID, d.ParentID)
	if err != nil {
		return Post{}, err
	}
	post := place.newPost(site, d.ID, place.author(v), s.now())
	post.State, post.Source = PostDraft, d.Text
	return post, nil
}

func (s *Service) storeDraft(ctx context.Context, tx Store, v Viewer, post Post) error {
	known, err := tx.Post(ctx, post.ID)
	switch {
	case isNotFound(err):
		return s.insertDraft(ctx, tx, v, post)
	case err != nil:
		return err
	case !v.Owns(known.AuthorID):
		return fail(NotFound, "error.not_found")
	case known.State != PostDraft:
		return fail(Conflict, "draft.sent")
	}
	if err := tx.UpdateDraft(ctx, post); errors.Is(err, Conflict) {
		return fail(Conflict, "draft.sent")
	} else if err != nil {
		return err
	}
	return nil
}

func (s *Service) insertDraft(ctx context.Context, tx Store, v Viewer, post Post) error {
	kept, err := tx.Drafts(ctx, v.AccountIDs(), maxDrafts)
	if err != nil {
		return err
	}
	if len(kept) >= maxDrafts {
		return fail(TooMany, "draft.too_many", "Max", maxDrafts)
	}
	return tx.InsertPost(ctx, post)
}

// Drafts are what a person began and has not sent, the last saved first.
func (s *Service) Drafts(ctx context.Context, v Viewer) ([]KeptDraft, error) {
	if v.User == nil {
		return nil, nil
	}
	return s.store.Drafts(ctx, v.AccountIDs(), maxDrafts)
}

// Draft is one of the Viewer's own drafts; NotFound for any other.
func (s *Service) Draft(ctx context.Context, v Viewer, id string) (Draft, error) {
	p, err := s.store.Post(ctx, id)
	if err == nil && (p.State != PostDraft || v.User == nil || !v.Owns(p.AuthorID)) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return Draft{}, err
	}
	return draftOf(p), nil
}

// DiscardDraft deletes one of the Viewer's own drafts; NotFound for any other.
func (s *Service) DiscardDraft(ctx context.Context, v Viewer, id string) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	return s.store.DeleteDraft(ctx, id, v.AccountIDs())
}

// EraseDrafts erases a batch of drafts that were last saved 30 days ago or
// before (R44), and returns how many.
func (s *Service) EraseDrafts(ctx context.Context) (int, error) {
	return s.store.DeleteDrafts(ctx, s.now().Add(-draftLife), tidyBatch)
}
