package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/community/policy"
)

// handleFollow takes somebody into a group of ours, or asks its moderators
// (FEP-1b12). A Follow of a person is turned down.
func (f *Federation) handleFollow(ctx context.Context, in incoming) (Outcome, error) {
	target, err := f.store.ActorByURI(ctx, in.act.Object.ID)
	if errors.Is(err, community.NotFound) || err == nil && !target.IsLocal() {
		return refused("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	follower, err := f.account(ctx, in.act.Actor)
	if err != nil {
		return Outcome{}, err
	}
	if target.Type != community.ActorGroup {
		return refused("people_are_not_followed"), f.service.TurnFollowDown(ctx, target.ID, follower.ID, in.ID)
	}
	software, again, err := f.softwareFor(ctx, in.Activity, follower.Domain)
	if err != nil || !again.IsZero() {
		return Outcome{RetryAt: again, Reason: "software"}, err
	}
	verdict := in.policies.JudgeIn(target.ID, follower.Domain)
	if verdict.Refused() { // by the group: it hears nothing, as from a server that refuses it
		return Outcome{Outcome: Refused, Reason: "policy", GroupID: target.ID}, nil
	}
	treatment := verdict.On(policy.TheirFollow)
	m, err := f.service.ReceiveFollow(ctx, community.InboundFollow{
		GroupID: target.ID, AccountID: follower.ID, URI: in.act.ID, Microblog: isMicroblog(software), Treatment: treatment, Epoch: in.epoch,
	})
	if errors.Is(err, community.NotFound) {
		return refused("unknown"), nil
	}
	switch {
	case err == nil && m.State == community.MemberAsked:
		return Outcome{Outcome: Held, GroupID: target.ID}, nil
	case err == nil && m.State == community.MemberLeft && treatment == policy.Refuse:
		return Outcome{Outcome: Refused, Reason: "no_new_follows", GroupID: target.ID}, nil
	case err == nil && m.State == community.MemberLeft && isMicroblog(software):
		return f.turnedDown(ctx, target.ID)
	}
	return Outcome{Outcome: Accepted, GroupID: target.ID}, err
}

// turnedDown is what became of the Follow of somebody of a microblog server: a group
// says no to them for what they are, or to everybody.
func (f *Federation) turnedDown(ctx context.Context, groupID string) (Outcome, error) {
	group, err := f.store.Group(ctx, groupID)
	if err == nil && !group.TakesMicroblogs() {
		return Outcome{Outcome: Refused, Reason: "no_microblogs", GroupID: groupID}, nil
	}
	return Outcome{Outcome: Accepted, GroupID: groupID}, err
}

// handleAnswer takes a group's yes or no to a Follow of ours: named by its id,
// or embedded, where some software makes the id anew. Or its no to words of ours.
func (f *Federation) handleAnswer(ctx context.Context, in incoming) (Outcome, error) {
	if group, err := f.groupAt(ctx, in.act.Actor); err == nil {
		f.hasSpoken(group)
	}
	if out, words, err := f.takeRejection(ctx, in); words || err != nil {
		return out, err
	}
	yes := in.act.Type == "Accept"
	uri := in.act.Object.ID
	if in.act.Object.IsEmbedded() {
		found, err := f.followOf(ctx, in)
		if err != nil {
			return Outcome{}, err
		}
		uri = found
	}
	defer signal(f.wakes.jobs) // what was written before is to be fetched
	return accepted, f.service.ReceiveFollowAnswer(ctx, uri, in.act.Actor, yes, in.epoch)
}

// followOf is the id of the Follow that an embedded one stands for: the one that
// its actor sent to whoever answers.
func (f *Federation) followOf(ctx context.Context, in incoming) (string, error) {
	inner, err := in.act.Object.Activity()
	if err != nil {
		return "", err
	}
	follower, err := f.store.ActorByURI(ctx, inner.Actor)
	if errors.Is(err, community.NotFound) || err == nil && !follower.IsLocal() {
		return inner.ID, nil
	}
	if err != nil {
		return "", err
	}
	group, err := f.store.ActorByURI(ctx, in.act.Actor)
	if errors.Is(err, community.NotFound) {
		return inner.ID, nil
	}
	if err != nil {
		return "", err
	}
	m, err := f.store.Membership(ctx, group.ID, follower.ID)
	if errors.Is(err, community.NotFound) {
		return inner.ID, nil
	}
	return m.FollowURI, err
}
