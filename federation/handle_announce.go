package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/wire"
)

// handleAnnounce takes what a group elsewhere passes on to its followers
// (FEP-1b12). The group vouches for it: only it decides what stands in it.
func (f *Federation) handleAnnounce(ctx context.Context, in incoming) (Outcome, error) {
	group, out, err := f.announcer(ctx, in)
	if err != nil || group.ID == "" {
		return out, err
	}
	f.hasSpoken(group)
	switch objects := unfold(in.act.Object); len(objects) {
	case 0:
		return ignored("object"), nil
	case 1:
		return f.handleCarried(ctx, in, group, objects[0])
	default:
		return f.handleBatch(ctx, in, group, objects)
	}
}

// handleCarried does what one thing says that an Announce carries: an activity, a
// post, or the id of either.
func (f *Federation) handleCarried(ctx context.Context, in incoming, group community.Group, ref wire.Ref) (Outcome, error) {
	switch {
	case ref.IsURI():
		return f.linkAnnounced(ctx, in, group, ref.ID, "")
	case wire.IsPostType(ref.Type()):
		return f.postAnnounced(ctx, in, group, ref)
	case !wire.IsActivityType(ref.Type()):
		return ignored("object"), nil
	}
	inner, err := ref.Activity()
	if err != nil {
		return Outcome{}, err
	}
	return f.handlePassedOn(ctx, in, group, inner)
}

// handleBatch does what one Announce carries of several (PieFed), each by itself:
// a no to one is nothing to the others. Of its bytes only what has to be tried
// again is left, so that nothing is done twice, and no post's words stay in them.
func (f *Federation) handleBatch(ctx context.Context, in incoming, group community.Group, objects []wire.Ref) (out Outcome, err error) {
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return Outcome{}, err
	}
	var waiting []wire.Ref
	for _, ref := range objects {
		one := f.oneOfBatch(ctx, in, group, policies, ref)
		if !one.RetryAt.IsZero() {
			waiting = append(waiting, ref)
		}
		if weight(one) > weight(out) {
			out = one
		}
	}
	out.Left = &Rest{}
	if len(waiting) > 0 {
		out.Left.Raw = in.act.Carrying(waiting)
	}
	return out, nil
}

// oneOfBatch does one of them; a fault in it is its own.
func (f *Federation) oneOfBatch(ctx context.Context, in incoming, group community.Group, policies *policy.Snapshot, ref wire.Ref) (outcome Outcome) {
	defer f.withoutFault(in.Activity, &outcome)
	if f.isRefusedInside(policies, ref) {
		return refused("inner_policy")
	}
	out, err := f.handleCarried(ctx, in, group, ref)
	if err != nil {
		return f.outcomeOf(in.Activity, err)
	}
	return out
}

// weight orders what became of the parts of a batch by what it says of the whole.
func weight(o Outcome) int {
	if !o.RetryAt.IsZero() {
		return 5
	}
	return slices.Index([]string{"", Ignored, Refused, Held, Accepted}, o.Outcome)
}

// announcer is the group elsewhere that announces, or what became of it.
func (f *Federation) announcer(ctx context.Context, in incoming) (community.Group, Outcome, error) {
	actor, err := in.known.ActorByURI(ctx, in.act.Actor)
	if errors.Is(err, community.NotFound) || err == nil && (actor.Type != community.ActorGroup || actor.IsLocal()) {
		return community.Group{}, ignored("not_a_group"), nil
	}
	if err != nil {
		return community.Group{}, Outcome{}, err
	}
	group, err := in.known.Group(ctx, actor.ID)
	return group, Outcome{}, err
}

// handlePassedOn does what a group's follower does with one activity that the
// group took.
func (f *Federation) handlePassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	switch inner.Type {
	case "Create":
		return f.createPassedOn(ctx, in, group, inner)
	case "Update":
		return f.updatePassedOn(ctx, in, group, inner)
	}
	return f.actPassedOn(ctx, in, group, inner)
}

func (f *Federation) createPassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	if inner.Object.IsURI() {
		return f.linkAnnounced(ctx, in, group, inner.Object.ID, inner.Actor)
	}
	post, err := inner.Object.Post()
	if err != nil {
		return Outcome{}, err
	}
	if f.isOurs(post.ID) {
		return f.seenShown(ctx, group, post.ID)
	}
	a, out := passedOn(group, inner, post)
	if a.post == nil {
		return out, nil
	}
	return f.takeInto(ctx, in, f.vouched(ctx, a, inner), inner)
}

// passedOn is a post that a group passes on, or why it is not taken from it.
func passedOn(group community.Group, inner *wire.Activity, post *wire.Post) (arrival, Outcome) {
	if post.Author != inner.Actor || !wire.SameOrigin(post.ID, post.Author) {
		return arrival{}, refused("not_author")
	}
	verified := community.VerifiedGroup
	if wire.SameOrigin(post.Author, group.URI) {
		verified = community.VerifiedSigned
	}
	return arrival{post: post, group: group, verified: verified}, Outcome{}
}

// seenShown notes that a group passed a post of ours on: it is shown there.
func (f *Federation) seenShown(ctx context.Context, group community.Group, uri string) (Outcome, error) {
	post, err := f.store.PostByURI(ctx, uri)
	if errors.Is(err, community.NotFound) {
		return refused("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if post.GroupID != group.ID {
		return refused("another_group"), nil
	}
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: group.ID}, f.service.NoteShown(ctx, post.ID, group.Domain)
}

func (f *Federation) updatePassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	if wire.IsActorType(inner.Object.Type()) {
		return f.groupChanged(ctx, act{Activity: inner, group: group, passedOn: true})
	}
	post, err := inner.Object.Post()
	if err != nil {
		return Outcome{}, err
	}
	if f.isOurs(post.ID) {
		return ignored("own"), nil
	}
	if post.Author != inner.Actor || !wire.SameOrigin(post.ID, post.Author) {
		return refused("not_author"), nil
	}
	ok, err := f.standsIn(ctx, post.ID, group)
	if err == nil && !ok {
		return refused("another_group"), nil
	}
	verified := community.VerifiedGroup
	if wire.SameOrigin(post.Author, group.URI) {
		verified = community.VerifiedSigned
	}
	out := Outcome{}
	if ok {
		out, err = f.takeEdit(ctx, in, f.vouched(ctx, arrival{post: post, group: group, verified: verified}, inner))
	}
	if errors.Is(err, community.NotFound) { // it came before its Create
		return f.createPassedOn(ctx, in, group, inner)
	}
	return out, err
}

// standsIn says whether a post that is known stands in the group: nobody
// decides about another group's. What is not known may come yet: of the group's own
// server it is the group's to speak of, and of others it is NotFound until then.
func (f *Federation) standsIn(ctx context.Context, uri string, group community.Group) (bool, error) {
	post, err := f.store.PostByURI(ctx, uri)
	if errors.Is(err, community.NotFound) && wire.SameOrigin(uri, group.URI) {
		return true, nil
	}
	return err == nil && post.GroupID == group.ID, err
}

// isOurs says whether an id stands on this server.
func (f *Federation) isOurs(uri string) bool {
	return domainOfURI(uri, f.iriOptions()) == f.config.Host
}
