package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/federation/wire"
)

// errWaits is a parent that is here and waits for its own.
var errWaits = errors.New("federation: what it answers waits itself")

// errNotThere is a parent that may not stand in the group of what answers it.
var errNotThere = &community.Error{Kind: community.Forbidden, Key: "receive.another_group"}

// askParent gets a post that orphans wait for and takes it into their group, if it
// may stand there; with it they are joined. One whose own parent is missing waits in
// turn. What came by itself meanwhile is only joined.
func (f *Federation) askParent(ctx context.Context, q community.Inquiry, epoch int64) error {
	parent, err := f.service.ReceiveParent(ctx, q.URI, epoch)
	switch {
	case err != nil || parent.IsHere || !parent.IsAwaited:
		return err
	case parent.Waits:
		return errWaits
	}
	group, err := f.store.Group(ctx, q.GroupID)
	if err != nil {
		return err
	}
	if followed, err := f.store.HasLocalMembers(ctx, group.ID); err != nil || !followed && !group.IsLocal() {
		return err
	}
	post, err := f.fetchPost(ctx, q.URI)
	if err != nil {
		return err
	}
	if err := f.mayBeParent(ctx, group, post); err != nil {
		return err
	}
	author, err := f.account(ctx, post.Author)
	if err != nil {
		return err
	}
	inbound := inboundOf(post)
	inbound.GroupID, inbound.AuthorID, inbound.Verified, inbound.Epoch = group.ID, author.ID, community.VerifiedOrigin, epoch
	inbound.Mentioned, inbound.Private = f.mentionedHere(post), !post.IsPublic()
	inbound.IsFetched, inbound.Depth = true, q.Depth
	if _, err = f.service.ReceivePost(ctx, inbound); err != nil {
		return err
	}
	// It may have come by itself while it was asked for, in a transaction that could
	// not see what waits for it yet.
	_, err = f.service.ReceiveParent(ctx, q.URI, epoch)
	return err
}

// mayBeParent says whether a post that nobody sent may stand in a group because
// something there answers it. It must be addressed to a group of ours, as what is
// sent to it is. A group elsewhere says by passing on an answer that the post is
// its own, unless it is another's, or not for everybody.
func (f *Federation) mayBeParent(ctx context.Context, group community.Group, post *wire.Post) error {
	isNamed := slices.Contains(wire.GroupCandidatesOf(post), group.URI)
	if !isNamed && (group.IsLocal() || !post.IsPublic()) {
		return errNotThere
	}
	if ok, err := isOf(ctx, f.store, group, post, nil); err != nil || ok {
		return err
	}
	return errNotThere
}
