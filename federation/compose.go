package federation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation/wire"
)

// compose says what an event becomes for the world, from how things stand now:
// what has become private, hidden or gone since is not sent. An empty Parcel is
// an event that nobody is to hear of.
func (c *composer) compose(ctx context.Context, e community.Event) (Parcel, error) {
	site, err := c.site(ctx)
	if err != nil || site.IsClosed() {
		return Parcel{}, err
	}
	switch e.Kind {
	case community.EventPostWritten, community.EventPostEdited, community.EventPostDeleted, community.EventPostHidden, community.EventPostShown,
		community.EventThreadLocked, community.EventThreadUnlocked, community.EventThreadPinned, community.EventThreadUnpinned:
		return c.composePost(ctx, e)
	case community.EventJoined, community.EventLeft, community.EventFollowAnswered:
		return c.composeFollow(ctx, e)
	case community.EventFollowRefused:
		return c.composeFollowRefused(ctx, e)
	case community.EventGroupChanged:
		return c.composeActor(ctx, e)
	case community.EventKeyChanged:
		return c.composeKey(ctx, e)
	case community.EventReportForwarded:
		return c.composeFlags(ctx, e)
	case community.EventAccountGone:
		return c.composeFarewell(ctx, e)
	}
	return Parcel{}, nil
}

// parcel gathers what one event becomes.
type parcel struct {
	*composer
	event    community.Event
	policies *policy.Snapshot
	now      time.Time
	askAfter *time.Time // of what is sent: from when on its author is asked first
	Parcel
}

func (c *composer) newParcel(ctx context.Context, e community.Event) (*parcel, error) {
	policies, err := c.judging(ctx)
	return &parcel{composer: c, event: e, policies: policies, now: c.f.now()}, err
}

// id is a new activity's own, and its address.
func (p *parcel) id() (id, uri string) {
	id = secret.NewID(p.now)
	return id, p.f.config.Scheme + "://" + p.f.config.Host + "/x/" + id
}

// add keeps an activity of ours, to be served under its id.
func (p *parcel) add(id, uri, kind, actorURI, objectURI string, raw []byte) {
	sum := sha256.Sum256(raw)
	p.Activities = append(p.Activities, Activity{
		ID: id, URI: uri, Direction: Outgoing, Type: kind, ActorURI: actorURI, ObjectURI: objectURI, OrderKey: p.event.OrderKey,
		GroupID: p.event.GroupID, PostID: p.event.PostID, State: Finished, Outcome: Accepted, Raw: raw, Size: len(raw),
		Hash: hex.EncodeToString(sum[:]), ReceivedAt: p.now, FinishedAt: &p.now,
	})
}

// send queues an activity for each host that is talked to, by this server and by the
// group that it is about, once.
func (p *parcel) send(activityID, actorID string, to []Recipient) {
	for _, r := range to {
		if r.Inbox == "" || p.policies.JudgeIn(groupOrNone(p.event.GroupID), r.Host).Refused() {
			continue
		}
		p.Deliveries = append(p.Deliveries, Delivery{
			ActivityID: activityID, ActorID: actorID, Inbox: r.Inbox, Host: r.Host, OrderKey: p.event.OrderKey,
			PostID: p.event.PostID, State: DeliveryWaiting, CreatedAt: p.now, AskAfter: p.askAfter,
		})
	}
}

// groupOrNone is the id of the group that something is about, empty where it is about none.
func groupOrNone(id *string) string {
	if id == nil {
		return ""
	}
	return *id
}

// reaches notes which hosts will have a copy of the event's post.
func (p *parcel) reaches() {
	for _, d := range p.Deliveries {
		p.Reach = append(p.Reach, Reach{PostID: *p.event.PostID, Host: d.Host})
	}
}

// hasKey makes sure that an actor of ours can sign, before anything of it leaves.
func (p *parcel) hasKey(ctx context.Context, a community.Actor) error {
	if _, err := p.f.KeyOf(ctx, a.ID); !errors.Is(err, community.NotFound) {
		return err
	}
	return p.f.TakeKey(ctx, a.ID, a.URI)
}

func kindOf(raw []byte) string {
	_, kind, err := wire.Peek(raw)
	if err != nil {
		return ""
	}
	return kind
}
