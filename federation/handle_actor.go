package federation

import (
	"context"
	"errors"

	"hearth/community"
)

// updateActor takes the document that an actor sent of themselves.
func (f *Federation) updateActor(ctx context.Context, in incoming) (Outcome, error) {
	doc, err := in.act.Object.Actor()
	if err != nil {
		return Outcome{}, err
	}
	if doc.ID != in.act.Actor {
		return refused("not_author"), nil
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
	if known.Type == community.ActorGroup {
		_, err = f.service.SaveRemoteGroup(ctx, groupOfDocument(doc, known.Domain))
		return accepted, err
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
