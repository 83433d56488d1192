package federation

import (
	"context"
	"encoding/json"
	"time"

	"hearth/community"
	"hearth/federation/wire"
)

// composeActor tells the followers of a group here what it is now; of a group
// that names its servers only those. Of an account nothing that others are told
// ever changes: its names are for good, and what it says of itself stays here.
func (c *composer) composeActor(ctx context.Context, e community.Event) (Parcel, error) {
	p, err := c.newParcel(ctx, e)
	if err != nil || e.GroupID == nil {
		return Parcel{}, err
	}
	group, err := c.groupOf(ctx, *e.GroupID)
	if err != nil || !group.IsLocal() || group.Reach == community.ReachNowhere {
		return Parcel{}, err
	}
	if !group.TakesMicroblogs() { // it may have taken them until now
		signal(c.f.wakes.strays)
	}
	to, err := p.followersReached(ctx, group, group.Reach)
	if err != nil || len(to) == 0 {
		return Parcel{}, err
	}
	if err := p.hasKey(ctx, group.Actor); err != nil {
		return Parcel{}, err
	}
	document, err := c.f.GroupDocument(ctx, community.Viewer{Domain: to[0].Host}, group.ID)
	if err != nil {
		return Parcel{}, err
	}
	id, uri := p.id()
	raw, err := wire.Encode(wire.Update(groupEnvelope(group, uri, p.now), wire.Verbatim(json.RawMessage(document))))
	if err != nil {
		return Parcel{}, err
	}
	p.add(id, uri, "Update", group.URI, group.URI, raw)
	p.send(id, group.ID, to)
	return p.Parcel, nil
}

// groupEnvelope addresses what a group says of itself as what is written in it
// now: to everybody only where everybody may read it everywhere.
func groupEnvelope(g community.Group, uri string, now time.Time) wire.Envelope {
	to, cc := audienceOf(g, community.Post{Readers: g.Readers, Reach: g.Reach})
	return wire.Envelope{ID: uri, Actor: g.URI, To: to, CC: cc, Audience: g.URI, Published: now}
}
