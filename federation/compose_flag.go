package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// composeFlags asks other servers to look at what was reported here: in the
// instance's name, so that nobody learns who reported (safety.md R19). Each
// server has a Flag of its own, and hears of no other that was asked.
func (c *composer) composeFlags(ctx context.Context, e community.Event) (Parcel, error) {
	p, err := c.newParcel(ctx, e)
	if err != nil {
		return Parcel{}, err
	}
	letters, err := c.f.service.ReportLetters(ctx, e.AboutID)
	if errors.Is(err, community.NotFound) || err == nil && len(letters) == 0 {
		return Parcel{}, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	site, err := c.site(ctx)
	if err != nil {
		return Parcel{}, err
	}
	actor, err := c.f.store.Actor(ctx, site.ActorID)
	if err != nil {
		return Parcel{}, err
	}
	if err := p.hasKey(ctx, actor); err != nil {
		return Parcel{}, err
	}
	for _, l := range letters {
		if err := p.flag(site, actor.ID, l); err != nil {
			return Parcel{}, err
		}
	}
	return p.Parcel, nil
}

// flag says nothing of when: that could tell who reported.
func (p *parcel) flag(site community.Site, actorID string, l community.ReportLetter) error {
	uri := site.Base() + "/x/" + l.ActivityID
	raw, err := wire.Encode(wire.Flag(wire.Envelope{
		ID: uri, Actor: instanceURI(site), To: []string{l.To}, Audience: l.Audience,
	}, l.Objects, l.Words))
	if err != nil {
		return err
	}
	p.add(l.ActivityID, uri, "Flag", instanceURI(site), l.Objects[len(l.Objects)-1], raw)
	p.send(l.ActivityID, actorID, []Recipient{{Host: l.Host, Inbox: l.Inbox}})
	return nil
}
