package community

import (
	"context"

	"hearth/community/policy"
)

// judging is by which policies everything at this desk is judged: those that the
// caller judged by, or else those that hold now.
func (d *desk) judging(ctx context.Context) (*policy.Snapshot, error) {
	if d.policies != nil {
		return d.policies, nil
	}
	epoch, err := d.tx.PolicyEpoch(ctx)
	if err != nil {
		return nil, err
	}
	site, err := d.tx.Site(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.tx.AllPolicies(ctx)
	if err == nil {
		d.policies = policy.NewSnapshot(epoch, site.FrontDoor, site.Host, all)
	}
	return d.policies, err
}

// on is what is done with a kind of traffic by somebody in a group: the most that was
// decided about their server and, of a group elsewhere, about the group's.
func (d *desk) on(ctx context.Context, t policy.Traffic, g Group, author Account) (policy.Treatment, error) {
	policies, err := d.judging(ctx)
	if err != nil || author.IsLocal() {
		return policy.Pass, err
	}
	treatment := policies.JudgeIn(g.ID, author.Domain).On(t)
	if !g.IsLocal() {
		treatment = max(treatment, policies.JudgeIn(g.ID, g.Domain).On(t))
	}
	return treatment, nil
}

// isReadFirst says whether words that somebody says at a place wait for a moderator
// (R34), and is Forbidden for those that are not taken at all. The place's speaker was
// judged before.
func (d *desk) isReadFirst(ctx context.Context, place writingPlace, authorID string) (bool, error) {
	author, err := once(d.accounts, authorID, func() (Account, error) { return d.tx.Account(ctx, authorID) })
	if err != nil {
		return false, err
	}
	treatment, err := d.on(ctx, policy.TheirWords, place.group, author)
	switch {
	case err != nil:
		return false, err
	case treatment == policy.Refuse:
		return false, fail(Forbidden, "receive.policy")
	case treatment == policy.Members:
		known, err := d.isKnownThere(ctx, place, author)
		return !known, err
	}
	return treatment == policy.Wait, nil
}

// isKnownThere says whether somebody whose words only members' groups take belongs to
// one. Of a group elsewhere only its own server knows who does: there it is whoever is
// of that server, which those who read there chose, and whoever wrote there before.
func (d *desk) isKnownThere(ctx context.Context, place writingPlace, author Account) (bool, error) {
	if place.group.IsLocal() || author.Domain == place.group.Domain {
		return place.membership.IsActive() || !place.group.IsLocal(), nil
	}
	return once(d.known, membershipKey{place.group.ID, author.ID}, func() (bool, error) {
		return d.tx.HasShown(ctx, place.group.ID, author.ID)
	})
}

// judge is isReadFirst of what came a moment ago, and Forbidden too for what is of a
// past that is not taken, and for more than somebody can be asked to read.
func (d *desk) judge(ctx context.Context, place writingPlace, in Inbound) (bool, error) {
	if err := d.isPastTaken(ctx, in, place.group); err != nil {
		return false, err
	}
	isReadFirst, err := d.isReadFirst(ctx, place, in.AuthorID)
	if err == nil && isReadFirst && !place.isMissing {
		err = d.mayHold(ctx, in.GroupID, d.accounts[in.AuthorID].Domain)
	}
	return isReadFirst, err
}

// audible is who may be told of somebody, whose account was read before. What a
// moderator has read is told of like any other.
func (d *desk) audible(ctx context.Context, g Group, authorID string) (audible, error) {
	treatment, err := d.on(ctx, policy.NoticeOf, g, d.accounts[authorID])
	return treatment == policy.Members, err
}

// isPastTaken is Forbidden for what was written before a group was followed, where
// that is not taken.
func (d *desk) isPastTaken(ctx context.Context, in Inbound, g Group) error {
	if !in.Backfilled {
		return nil
	}
	treatment, err := d.on(ctx, policy.Past, g, d.accounts[in.AuthorID])
	if err == nil && treatment == policy.Refuse {
		err = fail(Forbidden, "receive.past")
	}
	return err
}

// mayHold is Forbidden where too much of a server waits in a group already: what waits
// gives way to nothing, and whoever reads it has a day of it.
func (d *desk) mayHold(ctx context.Context, groupID, host string) error {
	key := serverKey{groupID, host}
	waiting, err := once(d.waiting, key, func() (int, error) { return d.tx.CountHeldFrom(ctx, groupID, host) })
	if err == nil && waiting >= maxHeldOfServer {
		err = fail(Forbidden, "receive.too_many_unread")
	}
	if err == nil {
		d.waiting[key] = waiting + 1
	}
	return err
}
