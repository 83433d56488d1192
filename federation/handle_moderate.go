package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// actPassedOn does what a group's follower does with an act of its authority that
// the group took.
func (f *Federation) actPassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	switch inner.Type {
	case "Delete":
		return f.takeDeletePassedOn(ctx, in, group, inner)
	case "Undo":
		return f.undoPassedOn(ctx, in, group, inner)
	case "Lock":
		yes := true
		return f.mark(ctx, group, community.ThreadMark{URI: inner.Object.ID, Lock: &yes})
	case "Add", "Remove":
		return f.pinPassedOn(ctx, group, inner)
	}
	return ignored("inner_type"), nil
}

// handleDelete takes a post's words away as its author says, or somebody who is
// no more.
func (f *Federation) handleDelete(ctx context.Context, in incoming) (Outcome, error) {
	if in.act.Object.ID == in.act.Actor {
		return accepted, f.service.MarkActorGone(ctx, in.act.Actor)
	}
	if !wire.SameOrigin(in.act.Object.ID, in.act.Actor) {
		return refused("not_author"), nil
	}
	if group, err := f.groupAt(ctx, in.act.Object.ID); !errors.Is(err, community.NotFound) {
		return f.lookAt(ctx, group, err)
	}
	return f.takeDelete(ctx, in, in.act, false)
}

func (f *Federation) takeDelete(ctx context.Context, in incoming, act *wire.Activity, byGroup bool) (Outcome, error) {
	post, err := f.service.ReceiveDelete(ctx, community.Deletion{
		URI: act.Object.ID, ActorURI: act.Actor, ActivityID: in.ID, ByGroup: byGroup, Epoch: in.epoch,
	})
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: post.GroupID}, err
}

func (f *Federation) takeDeletePassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	if inner.Object.ID == group.URI {
		return f.lookAt(ctx, group, nil)
	}
	if ok, err := f.standsIn(ctx, inner.Object.ID, group); !ok {
		return refused("another_group"), err
	}
	return f.takeDelete(ctx, in, inner, true)
}

func (f *Federation) undoPassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	undone, err := inner.Object.Activity()
	if err != nil {
		return ignored("inner_type"), nil
	}
	switch undone.Type {
	case "Delete":
		if undone.Object.ID == group.URI {
			return f.lookAt(ctx, group, nil)
		}
		if ok, err := f.standsIn(ctx, undone.Object.ID, group); !ok {
			return refused("another_group"), err
		}
		post, err := f.service.ReceiveRestore(ctx, community.Deletion{URI: undone.Object.ID, ActorURI: inner.Actor, ByGroup: true, Epoch: in.epoch})
		return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: group.ID}, err
	case "Lock":
		no := false
		return f.mark(ctx, group, community.ThreadMark{URI: undone.Object.ID, Lock: &no})
	}
	return ignored("inner_type"), nil
}

func (f *Federation) pinPassedOn(ctx context.Context, group community.Group, inner *wire.Activity) (Outcome, error) {
	if inner.Target.ID == "" || inner.Target.ID != group.FeaturedURI {
		return ignored("target"), nil
	}
	pin := inner.Type == "Add"
	return f.mark(ctx, group, community.ThreadMark{URI: inner.Object.ID, Pin: &pin})
}

func (f *Federation) mark(ctx context.Context, group community.Group, m community.ThreadMark) (Outcome, error) {
	m.GroupURI = group.URI
	post, err := f.service.ReceiveThreadMark(ctx, m)
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: group.ID}, err
}
