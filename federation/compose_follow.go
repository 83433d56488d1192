package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// composeFollow tells a group elsewhere that somebody here follows it or no
// longer does, or somebody elsewhere how a group here answered.
func (c *composer) composeFollow(ctx context.Context, e community.Event) (Parcel, error) {
	p, err := c.newParcel(ctx, e)
	if err != nil || e.GroupID == nil || e.AccountID == nil {
		return Parcel{}, err
	}
	m, err := c.f.store.Membership(ctx, *e.GroupID, *e.AccountID)
	if errors.Is(err, community.NotFound) || err == nil && m.FollowURI == "" {
		return Parcel{}, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	group, err := c.groupOf(ctx, *e.GroupID)
	if err != nil {
		return Parcel{}, err
	}
	account, err := c.accountOf(ctx, *e.AccountID)
	if err != nil {
		return Parcel{}, err
	}
	follow := wire.Follow(wire.Envelope{ID: m.FollowURI, Actor: account.URI}, group.URI)
	if e.Kind == community.EventFollowAnswered {
		return p.answer(ctx, group, account, m, follow)
	}
	return p.ask(ctx, group, account, m, follow)
}

// answer is the group's yes or no, to the follower's own inbox.
func (p *parcel) answer(ctx context.Context, group community.Group, account community.Account, m community.Membership, follow wire.Message) (Parcel, error) {
	if !group.IsLocal() || account.IsLocal() || m.State == community.MemberAsked {
		return Parcel{}, nil
	}
	return p.single(ctx, group.Actor, account.Actor, m.FollowURI, func(e wire.Envelope) wire.Message {
		if m.IsActive() {
			return wire.Accept(e, follow)
		}
		return wire.Reject(e, follow)
	})
}

// ask is the Follow itself, or its Undo.
func (p *parcel) ask(ctx context.Context, group community.Group, account community.Account, m community.Membership, follow wire.Message) (Parcel, error) {
	if group.IsLocal() || !account.IsLocal() || account.DisclosedAt == nil {
		return Parcel{}, nil
	}
	if p.event.Kind == community.EventLeft {
		if m.IsActive() || m.State == community.MemberAsked {
			return Parcel{}, nil // back again since
		}
		return p.single(ctx, account.Actor, group.Actor, group.URI, func(e wire.Envelope) wire.Message { return wire.Undo(e, follow) })
	}
	if m.State != community.MemberAsked {
		return Parcel{}, nil
	}
	raw, err := wire.Encode(follow)
	if err != nil {
		return Parcel{}, err
	}
	if err := p.hasKey(ctx, account.Actor); err != nil {
		return Parcel{}, err
	}
	id := followID(m.FollowURI)
	p.add(id, m.FollowURI, "Follow", account.URI, group.URI, raw)
	p.send(id, account.ID, []Recipient{{Host: group.Domain, Inbox: group.Inbox}})
	return p.Parcel, nil
}

// followID is our id of a Follow by its address.
func followID(uri string) string { return uri[len(uri)-26:] }

// single is one activity of one actor here for the inbox of one elsewhere.
func (p *parcel) single(ctx context.Context, from, to community.Actor, objectURI string, make func(wire.Envelope) wire.Message) (Parcel, error) {
	if err := p.hasKey(ctx, from); err != nil {
		return Parcel{}, err
	}
	id, uri := p.id()
	raw, err := wire.Encode(make(wire.Envelope{ID: uri, Actor: from.URI}))
	if err != nil {
		return Parcel{}, err
	}
	p.add(id, uri, kindOf(raw), from.URI, objectURI, raw)
	p.send(id, from.ID, []Recipient{{Host: to.Domain, Inbox: to.Inbox}})
	return p.Parcel, nil
}

// composeFollowRefused turns a Follow of a person down, in its own words.
func (c *composer) composeFollowRefused(ctx context.Context, e community.Event) (Parcel, error) {
	p, err := c.newParcel(ctx, e)
	if err != nil || e.AccountID == nil {
		return Parcel{}, err
	}
	kept, err := c.activity(ctx, e.AboutID)
	if errors.Is(err, community.NotFound) {
		return Parcel{}, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	account, err := c.accountOf(ctx, *e.AccountID)
	if err != nil {
		return Parcel{}, err
	}
	follower, err := c.f.store.ActorByURI(ctx, kept.ActorURI)
	if errors.Is(err, community.NotFound) {
		return Parcel{}, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	follow := wire.Follow(wire.Envelope{ID: kept.URI, Actor: follower.URI}, account.URI)
	return p.single(ctx, account.Actor, follower, kept.URI, func(e wire.Envelope) wire.Message { return wire.Reject(e, follow) })
}
