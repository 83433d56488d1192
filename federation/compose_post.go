package federation

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"hearth/community"
	"hearth/federation/wire"
)

// postChange is a change of a post with all that is said of it.
type postChange struct {
	*parcel
	post   community.SharedPost
	group  community.Group
	author community.Account

	holders []string // of what takes it away: hosts that have or may have a copy
}

// composePost tells a group's followers of a change in it, or a group elsewhere
// of what somebody here wrote.
func (k *composer) composePost(ctx context.Context, e community.Event) (Parcel, error) {
	if e.PostID == nil {
		return Parcel{}, nil
	}
	c, err := k.postChange(ctx, e)
	if errors.Is(err, community.NotFound) {
		return Parcel{}, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	if !c.mayLeave() {
		return Parcel{}, nil
	}
	inner, err := c.inner(ctx)
	if err != nil || inner == nil {
		return Parcel{}, err
	}
	if !c.group.IsLocal() {
		return c.toGroup(ctx, inner)
	}
	return c.announce(ctx, inner)
}

func (k *composer) postChange(ctx context.Context, e community.Event) (postChange, error) {
	p, err := k.newParcel(ctx, e)
	if err != nil {
		return postChange{}, err
	}
	c := postChange{parcel: p}
	if c.post, err = k.sharedPost(ctx, *e.PostID); err != nil {
		return c, err
	}
	c.Of = &PostStamp{c.post.ID, c.post.State, c.post.Version}
	if c.group, err = k.groupOf(ctx, c.post.GroupID); err != nil {
		return c, err
	}
	c.author, err = k.accountOf(ctx, c.post.AuthorID)
	return c, err
}

// takesAway says whether it is told so that copies elsewhere go.
func (c *postChange) takesAway() bool {
	return c.event.Kind == community.EventPostDeleted || c.event.Kind == community.EventPostHidden
}

// mayLeave judges by how things stand now: what became narrower does not go out
// any more, except to say that it is gone.
func (c *postChange) mayLeave() bool {
	if c.takesAway() {
		return c.post.Reach != community.ReachNowhere
	}
	if community.NarrowerReach(c.post.Reach, c.group.Reach) == community.ReachNowhere {
		return false
	}
	return !c.author.IsLocal() || c.author.DisclosedAt != nil
}

// inner is the activity itself, as its author or the group says it: a remote
// author's in the very bytes it came in, ours made anew. Nil where nothing is to
// be said any more.
func (c *postChange) inner(ctx context.Context) (json.RawMessage, error) {
	shown := c.post.State == community.PostPublished || c.isFrozenHere()
	switch c.event.Kind {
	case community.EventPostEdited:
		if shared, err := c.f.service.IsEditShared(ctx, c.group, c.post.Post); err != nil || !shared && !c.isFrozenHere() {
			return nil, err
		}
		return c.words(ctx)
	case community.EventPostWritten:
		if !shown {
			return nil, nil
		}
		return c.words(ctx)
	case community.EventPostDeleted:
		if !c.author.IsLocal() {
			return c.verbatim(ctx)
		}
		return c.ours(c.author.Actor, c.envelope(c.author.URI), func(e wire.Envelope) wire.Message { return wire.Delete(e, tombstone(c.post.Post)) })
	case community.EventPostHidden:
		if shown {
			return nil, nil
		}
		return c.byGroup(func(e wire.Envelope) wire.Message { return wire.Removal(e, wire.URI(c.post.URI)) })
	case community.EventPostShown:
		if !shown {
			return nil, nil
		}
		if c.event.AboutID == community.AboutMended {
			if edit, err := c.verbatim(ctx); err != nil || edit == nil {
				return nil, err
			}
		}
		return c.byGroup(func(e wire.Envelope) wire.Message {
			return wire.Undo(e, wire.Removal(c.again(e), wire.URI(c.post.URI)))
		})
	}
	return c.threadMark()
}

// isFrozenHere says whether somebody of here wrote a post in a group whose server is
// refused by now: it does not go, and its author is to read so.
func (c *postChange) isFrozenHere() bool {
	return c.post.BeforeFreeze == community.PostPublished && c.author.IsLocal() && !c.group.IsLocal()
}

// threadMark is what moderators say of a thread as it is now.
func (c *postChange) threadMark() (json.RawMessage, error) {
	featured := c.group.URI + featuredPath
	switch c.event.Kind {
	case community.EventThreadLocked:
		return c.byGroup(func(e wire.Envelope) wire.Message { return wire.Lock(e, c.post.URI) })
	case community.EventThreadUnlocked:
		return c.byGroup(func(e wire.Envelope) wire.Message { return wire.Undo(e, wire.Lock(c.again(e), c.post.URI)) })
	case community.EventThreadPinned:
		return c.byGroup(func(e wire.Envelope) wire.Message { return wire.Add(e, c.post.URI, featured) })
	}
	return c.byGroup(func(e wire.Envelope) wire.Message { return wire.Remove(e, c.post.URI, featured) })
}

// again is an envelope for the message that an Undo carries, under an id of its own.
func (c *postChange) again(e wire.Envelope) wire.Envelope {
	e.ID += "#undone"
	return e
}

// words is a Create or Update of the post.
func (c *postChange) words(ctx context.Context) (json.RawMessage, error) {
	if !c.author.IsLocal() {
		return c.verbatim(ctx)
	}
	mentions, err := c.f.service.SharedMentions(ctx, c.post)
	if err != nil {
		return nil, err
	}
	document := postDocument(c.post, c.group, mentions[c.post.ID])
	return c.ours(c.author.Actor, c.envelope(c.author.URI), func(e wire.Envelope) wire.Message {
		if c.event.Kind == community.EventPostEdited {
			return wire.Update(e, document)
		}
		return wire.Create(e, document)
	})
}

// verbatim is what the author's server sent, byte for byte. After its bytes were
// blanked nothing is passed on.
func (c *postChange) verbatim(ctx context.Context) (json.RawMessage, error) {
	kept, err := c.activity(ctx, c.event.AboutID)
	if c.event.AboutID == community.AboutMended {
		kept, err = c.f.store.LastEdit(ctx, c.post.ID)
	}
	if errors.Is(err, community.NotFound) || err == nil && len(kept.Raw) == 0 {
		return nil, nil
	}
	return kept.Raw, err
}

func (c *postChange) byGroup(make func(wire.Envelope) wire.Message) (json.RawMessage, error) {
	if !c.group.IsLocal() {
		return nil, nil
	}
	return c.ours(c.group.Actor, c.envelope(c.group.URI), make)
}

// ours makes an activity of an actor here, and keeps it.
func (c *postChange) ours(actor community.Actor, e wire.Envelope, make func(wire.Envelope) wire.Message) (json.RawMessage, error) {
	id, uri := c.id()
	e.ID = uri
	raw, err := wire.Encode(make(e))
	if err == nil {
		c.add(id, uri, kindOf(raw), actor.URI, c.post.URI, raw)
	}
	return raw, err
}

// envelope addresses what is said of the post as the post itself is addressed.
func (c *postChange) envelope(actor string) wire.Envelope {
	to, cc := audienceOf(c.group, c.post.Post)
	return wire.Envelope{Actor: actor, To: to, CC: cc, Audience: c.group.URI, Published: c.now}
}

// toGroup sends what somebody here wrote to the group's own server, which passes
// it on. Of one that is refused by now it is noted that it does not go.
func (c *postChange) toGroup(ctx context.Context, _ json.RawMessage) (Parcel, error) {
	if !c.author.IsLocal() || len(c.Activities) == 0 {
		return Parcel{}, nil
	}
	if held, behind, err := c.isHeldBack(ctx); err != nil || held {
		return behind, err
	}
	if c.policies.Judge(c.group.Domain).Refused() {
		return Parcel{Of: c.Of, Reach: []Reach{{PostID: c.post.ID, Host: c.group.Domain, Refused: community.RefusedHere, NeverBegun: true}}}, nil
	}
	if err := c.hasKey(ctx, c.author.Actor); err != nil {
		return Parcel{}, err
	}
	var to []Recipient
	if !c.takesAway() { // what the group's server never got it does not learn from its deletion
		to = append(to, Recipient{Host: c.group.Domain, Inbox: inboxOf(c.group.Actor)})
	}
	to, err := c.andHolders(ctx, to)
	if err != nil {
		return Parcel{}, err
	}
	answered, err := c.answered(ctx, to)
	if err != nil || len(to)+len(answered) == 0 {
		return Parcel{}, err
	}
	c.send(c.Activities[0].ID, c.author.ID, to)
	c.askAfter = nil // what waits is asked about for the group's server
	c.send(c.Activities[0].ID, c.author.ID, answered)
	c.reaches()
	return c.Parcel, nil
}

func inboxOf(a community.Actor) string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}

// announce passes an activity on to the group's followers (FEP-1b12), to each as its
// software understands it.
func (c *postChange) announce(ctx context.Context, inner json.RawMessage) (Parcel, error) {
	to, err := c.recipients(ctx)
	if err != nil {
		return Parcel{}, err
	}
	answered, err := c.answered(ctx, groupSoftware(to))
	if err != nil || len(to)+len(answered) == 0 {
		return Parcel{}, err
	}
	if err := c.hasKey(ctx, c.group.Actor); err != nil {
		return Parcel{}, err
	}
	if c.author.IsLocal() && c.author.DisclosedAt != nil {
		if err := c.hasKey(ctx, c.author.Actor); err != nil {
			return Parcel{}, err
		}
	}
	if err := c.inEachDialect(ctx, inner, to, answered); err != nil || len(c.Deliveries) == 0 {
		return Parcel{}, err
	}
	if !c.takesAway() { // whoever hears of it may ask for it
		c.reaches()
	}
	return c.Parcel, nil
}

// followersReached are a group's followers, as far as something reaches. The
// parcel rests on who they are from then on.
func (p *parcel) followersReached(ctx context.Context, g community.Group, reach string) ([]Recipient, error) {
	a, err := p.audience(ctx, g)
	if err != nil {
		return nil, err
	}
	p.To = a
	if reach != community.ReachNamed {
		return slices.Clone(a.Followers), nil
	}
	return slices.DeleteFunc(slices.Clone(a.Followers), func(r Recipient) bool { return !slices.Contains(a.Servers, r.Host) }), nil
}

// recipients are the group's followers, of a group that names its servers only
// those; and for what takes a post away also every host that ever had it, and none
// that is known to have nothing of it: it would be told of an id. The author's own
// server wrote it and hears of it. Of a group whose words stay here by now they are
// these alone.
func (c *postChange) recipients(ctx context.Context) (to []Recipient, err error) {
	if reach := community.NarrowerReach(c.post.Reach, c.group.Reach); reach != community.ReachNowhere {
		if to, err = c.followersReached(ctx, c.group, reach); err != nil {
			return nil, err
		}
	}
	if !c.takesAway() {
		return to, nil
	}
	if to, err = c.andHolders(ctx, to); err != nil {
		return nil, err
	}
	spared, err := c.f.store.NeverBegun(ctx, c.post.ID)
	return slices.DeleteFunc(to, func(r Recipient) bool {
		return r.Host != c.author.Domain && slices.Contains(spared, r.Host)
	}), err
}

// andHolders adds, where it takes a post away, the hosts that have a copy: those
// that got one, and those that took one by asking until now.
func (c *postChange) andHolders(ctx context.Context, to []Recipient) ([]Recipient, error) {
	if !c.takesAway() {
		return to, nil
	}
	if err := c.rests(); err != nil {
		return nil, err
	}
	if _, err := c.f.writeCopies(ctx); err != nil {
		return nil, err
	}
	whose := c.f.store.Holders
	if c.event.AboutID == community.AboutOwed { // the others were told
		to, whose = nil, c.f.store.OwedHolders
	}
	holders, err := whose(ctx, c.post.ID)
	if err != nil {
		return nil, err
	}
	for _, h := range holders {
		c.holders = append(c.holders, h.Host)
		if !slices.ContainsFunc(to, func(r Recipient) bool { return r.Host == h.Host }) {
			to = append(to, h)
		}
	}
	return to, nil
}
