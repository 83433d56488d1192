package federation

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"hearth/community"
	"hearth/federation/wire"
)

// inEachDialect says a change of a post to some servers, to each as its software
// understands it (dialectOf): the activity under an Announce of the group's, as it
// is; or the group's boost of a thread by its address, the end of that boost, and
// what the author says without the group: that alone to whom an answer is for.
func (c *postChange) inEachDialect(ctx context.Context, inner json.RawMessage, to, answered []Recipient) error {
	activities, addresses := byDialect(to)
	if len(activities) > 0 {
		if err := c.passOn(inner, activities); err != nil {
			return err
		}
	}
	if len(addresses) > 0 {
		if err := c.sayByAddress(ctx, addresses); err != nil {
			return err
		}
	}
	c.sayDirectly(answered)
	if len(activities) == 0 {
		c.dropUnsaid()
	}
	return nil
}

// sayByAddress says a change to servers that understand no activity of a group's.
func (c *postChange) sayByAddress(ctx context.Context, to []Recipient) error {
	switch {
	case c.takesAway(): // whoever was never told of a post is not told that it is gone
		to = slices.DeleteFunc(to, func(r Recipient) bool { return !slices.Contains(c.holders, r.Host) })
		if len(to) == 0 {
			return nil
		}
		if err := c.takeBack(ctx, to); err != nil {
			return err
		}
		if c.event.Kind == community.EventPostDeleted {
			c.sayDirectly(to)
		}
	case !c.mayBeBoosted():
	case c.event.Kind == community.EventPostEdited:
		c.sayDirectly(to)
	case c.beginsToBeSeen():
		return c.boost(to)
	}
	return nil
}

// dropUnsaid leaves out what nobody is told: it is not to be found under an id.
func (c *postChange) dropUnsaid() {
	c.Activities = slices.DeleteFunc(c.Activities, func(a Activity) bool {
		return !slices.ContainsFunc(c.Deliveries, func(d Delivery) bool { return d.ActivityID == a.ID })
	})
}

func byDialect(to []Recipient) (activities, addresses []Recipient) {
	for _, r := range to {
		d := dialectOf(r.Software)
		if d.activities {
			activities = append(activities, r)
		}
		if d.addresses {
			addresses = append(addresses, r)
		}
	}
	return activities, addresses
}

// passOn announces the activity itself, in the bytes it came in.
func (c *postChange) passOn(inner json.RawMessage, to []Recipient) error {
	return c.announceAs(to, func(e wire.Envelope) wire.Message { return wire.Announce(e, inner) })
}

// announceAs has the group say something of the post to some servers.
func (c *postChange) announceAs(to []Recipient, make func(wire.Envelope) wire.Message) error {
	id, uri := c.id()
	e := c.envelope(c.group.URI)
	e.ID = uri
	raw, err := wire.Encode(make(e))
	if err != nil {
		return err
	}
	c.add(id, uri, kindOf(raw), c.group.URI, c.post.URI, raw)
	c.send(id, c.group.ID, to)
	return nil
}

// mayBeBoosted says whether a post is shown on microblogs: threads alone, since
// they show each boost by itself, and only what everybody may read everywhere, since
// they boost nothing else; of a group that takes them.
func (c *postChange) mayBeBoosted() bool {
	return !c.post.IsReply() && c.group.TakesMicroblogs() && isForEveryone(c.group, c.post.Post)
}

// beginsToBeSeen says whether a post is seen from now on. What is shown again of
// ours is told of as new before that.
func (c *postChange) beginsToBeSeen() bool {
	return c.event.Kind == community.EventPostWritten || c.event.Kind == community.EventPostShown && !c.author.IsLocal()
}

// boost announces a thread by its address. What that was said under is kept for as
// long as the post: who takes it back names it.
func (c *postChange) boost(to []Recipient) error {
	err := c.announceAs(to, func(e wire.Envelope) wire.Message { return wire.AnnounceURI(e, c.post.URI) })
	if err == nil {
		c.Boosts = append(c.Boosts, Boost{c.post.ID, c.Activities[len(c.Activities)-1].URI})
	}
	return err
}

// takeBack ends the boost of a post, if there was one.
func (c *postChange) takeBack(ctx context.Context, to []Recipient) error {
	if c.post.IsReply() {
		return nil
	}
	boosted, err := c.f.store.BoostOf(ctx, c.post.ID)
	if errors.Is(err, community.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.announceAs(to, func(e wire.Envelope) wire.Message {
		then := e
		then.ID = boosted
		return wire.Undo(e, wire.AnnounceURI(then, c.post.URI))
	})
}

// sayDirectly sends what somebody here says of their own post as they say it: of
// an Announce of that, microblogs understand nothing. Somebody elsewhere says it
// for themselves.
func (c *postChange) sayDirectly(to []Recipient) {
	said := slices.IndexFunc(c.Activities, func(a Activity) bool { return a.ActorURI == c.author.URI })
	if c.author.IsLocal() && said >= 0 {
		c.send(c.Activities[said].ID, c.author.ID, to)
	}
}
