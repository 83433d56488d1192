package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/community/policy"
)

// errUnsaved is of an event that rests on what became of one before it, which is
// not saved yet.
var errUnsaved = errors.New("federation: rests on what is not saved yet")

// composer makes parcels of the events of one claim, and reads once what several
// of them need. It is made after the claim, and not used for another: whatever
// happened before an event is in what the composer reads for it (see
// docs/decisions/0016-parcels-in-batches.md).
type composer struct {
	f       *Federation
	unsaved map[string]bool // order keys of which something is composed and not saved

	place      *community.Site
	policies   *policy.Snapshot
	posts      map[string]community.SharedPost
	activities map[string]Activity
	groups     map[string]community.Group
	accounts   map[string]community.Account
	audiences  map[string]*Audience
}

func (f *Federation) newComposer() *composer {
	return &composer{
		f: f, unsaved: map[string]bool{}, posts: map[string]community.SharedPost{}, activities: map[string]Activity{},
		groups: map[string]community.Group{}, accounts: map[string]community.Account{}, audiences: map[string]*Audience{},
	}
}

// foresee reads at once what the events of a batch are about. What it does not
// find, or may not read, is read for its event, which is then the one to fail.
func (c *composer) foresee(ctx context.Context, events []ClaimedEvent) {
	var posts, activities []string
	for _, e := range events {
		if e.PostID == nil {
			continue
		}
		posts = append(posts, *e.PostID)
		if e.AboutID != "" && e.AboutID != community.AboutMended {
			activities = append(activities, e.AboutID)
		}
	}
	if len(posts) < 2 {
		return
	}
	if found, err := c.f.store.SharedPostsOf(ctx, distinct(posts)); err == nil {
		c.posts = found
	}
	if found, err := c.f.store.StoredActivities(ctx, distinct(activities)); err == nil {
		c.activities = found
	}
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rests is errUnsaved where something before the parcel's event, in its order
// key, is composed and not saved: what is read now would not know of it.
func (p *parcel) rests() error {
	if p.unsaved[p.event.OrderKey] {
		return errUnsaved
	}
	return nil
}

func (c *composer) site(ctx context.Context) (community.Site, error) {
	if c.place != nil {
		return *c.place, nil
	}
	site, err := c.f.service.Site(ctx)
	if err == nil {
		c.place = &site
	}
	return site, err
}

func (c *composer) judging(ctx context.Context) (*policy.Snapshot, error) {
	if c.policies != nil {
		return c.policies, nil
	}
	policies, err := c.f.service.Policies(ctx)
	if err == nil {
		c.policies = policies
	}
	return policies, err
}

func (c *composer) sharedPost(ctx context.Context, id string) (community.SharedPost, error) {
	return once(ctx, c.posts, id, func(ctx context.Context, id string) (community.SharedPost, error) {
		return c.f.store.SharedPost(ctx, id, "")
	})
}

func (c *composer) activity(ctx context.Context, id string) (Activity, error) {
	return once(ctx, c.activities, id, c.f.store.StoredActivity)
}

func (c *composer) groupOf(ctx context.Context, id string) (community.Group, error) {
	return once(ctx, c.groups, id, c.f.store.Group)
}

func (c *composer) accountOf(ctx context.Context, id string) (community.Account, error) {
	return once(ctx, c.accounts, id, c.f.store.Account)
}

// audience is whom a group tells.
func (c *composer) audience(ctx context.Context, g community.Group) (*Audience, error) {
	return once(ctx, c.audiences, g.ID, func(ctx context.Context, id string) (*Audience, error) {
		policies, err := c.judging(ctx)
		if err != nil {
			return nil, err
		}
		a := &Audience{GroupID: id, Reach: g.Reach, Epoch: policies.Epoch(), Microblogs: g.TakesMicroblogs()}
		if a.Followers, err = c.f.store.Followers(ctx, id); err != nil || g.Reach != community.ReachNamed {
			return a, err
		}
		a.Servers, err = c.f.store.GroupServers(ctx, id)
		return a, err
	})
}
