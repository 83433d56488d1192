package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// askOrigin asks the author's own server about a post that only its group said
// (FEP-fe34). Its words are the ones that count, from then on too: what it does not
// have any more, or has by somebody else, is taken away. A server that does not
// answer, or not with a post for everybody, says nothing: the post keeps its mark.
func (f *Federation) askOrigin(ctx context.Context, q community.Inquiry, epoch int64) error {
	known, err := f.store.PostByURI(ctx, q.URI)
	if err != nil || known.Verified != community.VerifiedGroup {
		return err
	}
	author, err := f.store.Account(ctx, known.AuthorID)
	if err != nil {
		return err
	}
	origin := community.Origin{URI: q.URI, Epoch: epoch, Version: known.Version}
	post, err := f.fetchPost(ctx, q.URI)
	switch {
	case isGoneAt(q.URI, err), errors.Is(err, errNoAuthor), err == nil && post.Author != author.URI:
		return f.service.DenyPost(ctx, origin)
	case err != nil:
		return err
	case len(post.To)+len(post.CC) > 0 && !post.IsPublic():
		return notThatPost(q.URI, errNotForAll) // its words are not to be shown here
	}
	if ok, err := f.isOfGroup(ctx, known.GroupID, post); err != nil {
		return err
	} else if !ok {
		return f.service.DenyPost(ctx, origin) // it stands where its author put it
	}
	origin.Inbound = inboundOf(post)
	origin.Inbound.Mentioned = f.mentionedHere(post)
	return f.service.ConfirmPost(ctx, origin)
}

// askWhetherGone asks the author's own server about a post that its group says its
// author deleted. One that is there but not for everybody stays hidden, as its group
// wants it; a server that says nothing of it for a week has it erased.
func (f *Federation) askWhetherGone(ctx context.Context, q community.Inquiry, epoch int64) error {
	known, err := f.store.PostByURI(ctx, q.URI)
	if err != nil {
		return err
	}
	author, err := f.store.Account(ctx, known.AuthorID)
	if err != nil {
		return err
	}
	origin := community.Origin{URI: q.URI, Epoch: epoch, Version: known.Version}
	post, err := f.fetchPost(ctx, q.URI)
	switch {
	case isGoneAt(q.URI, err), errors.Is(err, errNoAuthor), err == nil && post.Author != author.URI:
		return f.service.EraseGone(ctx, origin)
	case err != nil:
		return err
	case len(post.To)+len(post.CC) > 0 && !post.IsPublic():
		return notThatPost(q.URI, errNotForAll)
	}
	return f.service.KeepPost(ctx, origin, q.ID)
}

// isOfGroup says whether a post may stand in a group, by what its author's server
// says of it.
func (f *Federation) isOfGroup(ctx context.Context, groupID string, post *wire.Post) (bool, error) {
	group, err := f.store.Group(ctx, groupID)
	if err != nil {
		return false, err
	}
	return isOf(ctx, f.store, group, post, nil)
}

// isGoneAt says whether an error is that there is nothing at exactly an id: what a
// server leads to from there it may have lost without the post.
func isGoneAt(id string, err error) bool {
	var fetch *FetchError
	return errors.As(err, &fetch) && fetch.Fault == FetchGone && fetch.URL == id
}
