package community

import (
	"context"
	"time"

	"hearth/community/markup"
	"hearth/community/secret"
)

// ReceivePost takes a post from another server into its group: one of ours,
// where its author must be a member, or our copy of one elsewhere, where
// somebody here must be. What is here already comes back as it is.
func (s *Service) ReceivePost(ctx context.Context, in Inbound) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, in.Epoch); err != nil {
			return err
		}
		if post, err = tx.PostByURI(ctx, in.URI); !isNotFound(err) {
			return err
		}
		if gone, err := tx.IsTombstone(ctx, in.URI); err != nil || gone {
			return orElse(err, fail(Forbidden, "receive.deleted"))
		}
		place, err := s.receivingPlace(ctx, tx, in)
		if err != nil {
			return err
		}
		post, err = s.settle(ctx, tx, place, in)
		return err
	})
	return post, err
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// receivingPlace finds and judges where a post from elsewhere is to stand.
func (s *Service) receivingPlace(ctx context.Context, tx Store, in Inbound) (writingPlace, error) {
	var place writingPlace
	var err error
	if place.group, err = tx.Group(ctx, in.GroupID); err != nil {
		return place, err
	}
	place.membership, err = tx.Membership(ctx, in.GroupID, in.AuthorID)
	if err != nil && !isNotFound(err) {
		return place, err
	}
	if err := s.mayStand(ctx, tx, place, in.AuthorID); err != nil {
		return place, err
	}
	if in.InReplyToURI == "" {
		return place, nil
	}
	parent, err := tx.PostByURI(ctx, in.InReplyToURI)
	if isNotFound(err) || err == nil && parent.GroupID != in.GroupID {
		return place, fail(NotFound, "receive.unknown")
	}
	if err != nil {
		return place, err
	}
	root, err := tx.PostToChange(ctx, parent.ThreadID)
	if err != nil {
		return place, err
	}
	place.root, place.parent = &root, &parent
	if !place.group.IsLocal() {
		return place, nil
	}
	return place, mayReceiveReply(root, parent, place.membership)
}

func (s *Service) mayStand(ctx context.Context, tx Store, place writingPlace, authorID string) error {
	if !place.group.IsLocal() {
		followed, err := tx.HasLocalMembers(ctx, place.group.ID)
		if err == nil && !followed {
			err = fail(Forbidden, "receive.nobody_follows")
		}
		return err
	}
	author, err := tx.Account(ctx, authorID)
	if err != nil {
		return err
	}
	if err := mayReceive(place.group, author, place.membership, s.now()); err != nil || place.group.Reach != ReachNamed {
		return err
	}
	named, err := tx.IsNamedServer(ctx, place.group.ID, author.Domain)
	if err == nil && !named {
		err = fail(Forbidden, "receive.not_named")
	}
	return err
}

// settle stores a post from elsewhere and all that follows from it.
func (s *Service) settle(ctx context.Context, tx Store, place writingPlace, in Inbound) (Post, error) {
	site, err := tx.Site(ctx)
	if err != nil {
		return Post{}, err
	}
	now := s.now()
	post := place.newPost(site, secret.NewID(now), in.AuthorID, now)
	in.fill(&post, now)
	if in.Private {
		post.Readers = ReadersMembers
	}
	if err := tx.InsertPost(ctx, post); err != nil {
		return Post{}, err
	}
	if err := tx.GrowThread(ctx, post); err != nil {
		return Post{}, err
	}
	if err := s.tellOfPost(ctx, tx, Viewer{}, place, post, nil); err != nil {
		return Post{}, err
	}
	if !place.group.IsLocal() || !federates(site, place.group, post) {
		return post, nil
	}
	e := newPostEvent(now, EventPostWritten, post)
	e.AboutID = in.ActivityID
	return post, tx.InsertEvent(ctx, e)
}

// fill puts what the other server said into a new post. Its time is believed
// only backwards: nothing is younger than its arrival.
func (in Inbound) fill(p *Post, now time.Time) {
	p.URI, p.URL, p.Link, p.InReplyToURI = in.URI, in.URL, in.Link, in.InReplyToURI
	if p.URL == "" {
		p.URL = in.URI
	}
	p.NoteText, p.Language = in.NoteText, in.Language
	p.Source, p.HTML, p.Renderer, p.Verified = in.Source, in.HTML, markup.Version, in.Verified
	if !p.IsReply() {
		p.Title = in.Title
	}
	if !in.Published.IsZero() && in.Published.Before(now) {
		p.PublishedAt = in.Published.UTC().Truncate(time.Microsecond)
	}
}
