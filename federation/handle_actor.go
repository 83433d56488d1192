package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// handleDelete takes a post's words away, of a group that it is gone, or of somebody
// who is no more all they wrote.
func (f *Federation) handleDelete(ctx context.Context, in incoming) (Outcome, error) {
	if in.act.Object.ID == in.act.Actor {
		return accepted, f.service.MarkActorGone(ctx, in.act.Actor)
	}
	if wire.SameOrigin(in.act.Object.ID, in.act.Actor) {
		if group, err := f.groupAt(ctx, in.act.Object.ID); !errors.Is(err, community.NotFound) {
			return f.lookAt(ctx, group, err)
		}
	}
	return f.handleAct(ctx, in)
}

// handleChange follows an edit, or what an actor says of themselves. A change of
// words that were not for anybody here is no more for them than the words were.
func (f *Federation) handleChange(ctx context.Context, in incoming) (Outcome, error) {
	if wire.IsActorType(in.act.Object.Type()) {
		return f.updateActor(ctx, in)
	}
	_, err := f.store.PostByURI(ctx, in.act.Object.ID)
	if errors.Is(err, community.NotFound) {
		out, err := f.message(ctx, in)
		if err != nil || out.Outcome != "" {
			return out, err
		}
	}
	return f.handleUpdate(ctx, in)
}

// updateActor takes the document that an actor sent of themselves.
func (f *Federation) updateActor(ctx context.Context, in incoming) (Outcome, error) {
	doc, err := in.act.Object.Actor()
	if err != nil {
		return Outcome{}, err
	}
	if doc.ID != in.act.Actor {
		return f.groupChanged(ctx, act{Activity: in.act})
	}
	if err := errors.Join(doc.Refusal(), f.checkInboxes(doc)); err != nil {
		return refused("unreadable"), nil
	}
	known, err := f.store.ActorByURI(ctx, doc.ID)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if err := f.confirmName(ctx, known, doc); err != nil {
		return Outcome{}, err
	}
	if known.Type == community.ActorGroup {
		g, err := f.keepGroup(ctx, doc, known.Domain)
		f.askLater(inDoubt{id: g.ID, moderators: true})
		return Outcome{Outcome: Accepted, GroupID: g.ID}, err
	}
	_, err = f.service.SaveRemoteAccount(ctx, accountOf(doc, known.Domain))
	return accepted, err
}

// groupAt is the group elsewhere of an id; NotFound where there is none.
func (f *Federation) groupAt(ctx context.Context, uri string) (community.Group, error) {
	actor, err := f.store.ActorByURI(ctx, uri)
	if err == nil && (actor.Type != community.ActorGroup || actor.IsLocal()) {
		err = community.NotFound
	}
	if err != nil {
		return community.Group{}, err
	}
	return f.store.Group(ctx, actor.ID)
}

// lookAt believes of a group that it was deleted, or is there again, what its
// server says when it is asked: some take that back (Lemmy).
func (f *Federation) lookAt(ctx context.Context, group community.Group, err error) (Outcome, error) {
	if err == nil {
		err = f.refreshGroup(ctx, group, true)
	}
	return Outcome{Outcome: Accepted, GroupID: group.ID}, err
}
