package federation

import (
	"context"
	"encoding/json"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// composeKey tells those who may know an actor's old key what the actor is now:
// a group's followers, the groups elsewhere that a person writes to, and of the
// server itself everybody with whom there are ties. It is sent under the old key,
// and after that under the new one (send).
func (c *composer) composeKey(ctx context.Context, e community.Event) (Parcel, error) {
	actor, err := c.f.store.Actor(ctx, e.AboutID)
	if err != nil {
		return Parcel{}, err
	}
	var to []Recipient
	var document json.RawMessage
	switch actor.Type {
	case community.ActorGroup:
		e.Kind, e.GroupID = community.EventGroupChanged, &actor.ID
		return c.composeActor(ctx, e)
	case community.ActorPerson:
		if to, err = c.f.store.Neighbours(ctx, actor.ID); err == nil {
			document, err = c.f.PersonDocument(ctx, community.Viewer{}, actor.ID)
		}
	default:
		if to, err = c.f.store.Neighbours(ctx, ""); err == nil {
			document, err = c.f.InstanceDocument(ctx)
		}
	}
	if errors.Is(err, community.NotFound) || errors.Is(err, community.Gone) { // it was never told of, or is no more
		return Parcel{}, nil
	}
	if err != nil || len(to) == 0 {
		return Parcel{}, err
	}
	return c.updateOf(ctx, e, actor, document, to)
}

func (c *composer) updateOf(ctx context.Context, e community.Event, actor community.Actor, document json.RawMessage, to []Recipient) (Parcel, error) {
	p, err := c.newParcel(ctx, e)
	if err != nil {
		return Parcel{}, err
	}
	id, uri := p.id()
	raw, err := wire.Encode(wire.Update(wire.Envelope{ID: uri, Actor: actor.URI, To: []string{wire.Public}, Published: p.now}, wire.Verbatim(document)))
	if err != nil {
		return Parcel{}, err
	}
	p.add(id, uri, "Update", actor.URI, actor.URI, raw)
	p.send(id, actor.ID, to)
	return p.Parcel, nil
}
