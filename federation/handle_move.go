package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/federation/wire"
)

// handleMove follows somebody to another account of theirs, where both accounts
// say so (alsoKnownAs, movedTo); or a thread to another group.
func (f *Federation) handleMove(ctx context.Context, in incoming) (Outcome, error) {
	if in.act.Object.ID != in.act.Actor {
		return f.doMove(ctx, in, act{Activity: in.act})
	}
	known, err := f.store.ActorByURI(ctx, in.act.Actor)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if in.act.Target.ID == "" || known.Type == community.ActorGroup {
		return ignored("target"), nil
	}
	both, err := f.bothSayMoved(ctx, in.act.Actor, in.act.Target.ID)
	if err != nil || !both {
		return refused("not_confirmed"), err
	}
	return accepted, f.service.ReceiveMove(ctx, in.act.Actor, in.act.Target.ID)
}

// bothSayMoved asks the servers of both accounts, now: what was known of either is
// from before.
func (f *Federation) bothSayMoved(ctx context.Context, from, to string) (bool, error) {
	before, err := f.fetchActor(ctx, from)
	if err != nil {
		return false, err
	}
	after, err := f.fetchActor(ctx, to)
	if err != nil {
		return false, err
	}
	if before.MovedTo != to || after.Type == community.ActorGroup || !slices.Contains(after.AlsoKnownAs, from) {
		return false, nil
	}
	_, err = f.account(ctx, to)
	return err == nil, err
}

// doMove is a thread that goes from one group to another (PieFed). It is followed
// where one server speaks for both groups, both are known here, and whoever moves it
// looks after the one it leaves; else it is a fact: a thread stands in one group, and
// nobody puts one into a group that did not take it.
func (f *Federation) doMove(ctx context.Context, in incoming, a act) (Outcome, error) {
	post, from, err := f.postAndGroup(ctx, a.Object.ID)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if reason, err := f.oversees(ctx, a, from); reason != "" || err != nil {
		return refused(reason), err
	}
	to, err := f.groupAt(ctx, a.Target.ID)
	switch {
	case err != nil && !errors.Is(err, community.NotFound):
		return Outcome{}, err
	case err != nil, to.ID == from.ID, post.IsReply(), a.undone, !wire.SameOrigin(to.URI, from.URI):
		return ignored("target"), nil
	}
	err = f.service.ReceiveThreadMove(ctx, community.ThreadMove{PostID: post.ID, FromID: from.ID, ToID: to.ID, Epoch: in.epoch})
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: to.ID}, err
}
