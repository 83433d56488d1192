package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/federation/wire"
)

// maxNesting bounds how deep Announces stand in each other.
const maxNesting = 4

// unfold gives the things that an Announce carries, each by itself: those of an
// array (PieFed), of a collection (Discourse), and of an Announce within it, which
// adds nothing to what the outer one says (NodeBB).
func unfold(ref wire.Ref) []wire.Ref { return unfoldTo(nil, ref, maxNesting) }

func unfoldTo(all []wire.Ref, ref wire.Ref, nesting int) []wire.Ref {
	for _, one := range ref.All() {
		if len(all) == wire.MaxItems {
			return all
		}
		within, ok := within(one)
		switch {
		case !ok:
			all = append(all, one)
		case nesting > 0:
			for _, inner := range within {
				all = unfoldTo(all, inner, nesting-1)
			}
		}
	}
	return all
}

// within is what stands in something that only carries other things.
func within(ref wire.Ref) ([]wire.Ref, bool) {
	switch kind := ref.Type(); {
	case kind == "Announce":
		inner, err := ref.Activity()
		if err != nil {
			return nil, true
		}
		return []wire.Ref{inner.Object}, true
	case wire.IsCollectionType(kind):
		c, err := ref.Collection()
		if err != nil {
			return nil, true
		}
		return c.Inline(), true
	}
	return nil, false
}

// postAnnounced takes a post that a group passes on by itself, as if it were its
// Create (NodeBB, Lemmy beside the activity, Mbin's boosts). It is believed as it
// stands where its author is of the group's own server, and else asked for there
// where it comes from (FEP-fe34).
func (f *Federation) postAnnounced(ctx context.Context, in incoming, group community.Group, ref wire.Ref) (Outcome, error) {
	post, err := ref.Post()
	if err != nil {
		return Outcome{}, err
	}
	if !wire.SameOrigin(post.ID, group.URI) || !wire.SameOrigin(post.Author, group.URI) || post.Direct || post.IsVote() {
		return f.linkAnnounced(ctx, in, group, post.ID, "")
	}
	return f.takeInto(ctx, in, arrival{post: post, group: group, verified: community.VerifiedSigned}, nil)
}

// linkAnnounced takes what a group passes on by its id alone: a post, or an
// activity. by is its author where that was said, or empty. What is here already
// is not asked for again.
func (f *Federation) linkAnnounced(ctx context.Context, in incoming, group community.Group, id, by string) (Outcome, error) {
	if f.isOurs(id) {
		return f.seenShown(ctx, group, id)
	}
	if out, err := f.alreadyHere(ctx, group, id); err != nil || out.Outcome != "" {
		return out, err
	}
	if no, err := f.mayFetchFor(ctx, group); err != nil || no.Outcome != "" {
		return no, err
	}
	post, act, err := f.fetchCreated(ctx, id)
	if err != nil {
		return Outcome{}, err
	}
	if act != nil {
		return f.activityFetched(ctx, in, group, act)
	}
	if by != "" && post.Author != by {
		return refused("not_author"), nil
	}
	return f.takeInto(ctx, in, arrival{post: post, group: group, verified: community.VerifiedOrigin}, nil)
}

// activityFetched does what an activity says that was found at its own server.
func (f *Federation) activityFetched(ctx context.Context, in incoming, group community.Group, act *wire.Activity) (Outcome, error) {
	switch {
	case act.Type == "Announce":
		return ignored("object"), nil
	case act.Type != "Create":
		return f.handlePassedOn(ctx, in, group, act)
	case act.Object.IsURI():
		if wire.SameOrigin(act.Object.ID, act.ID) && act.Object.ID != act.ID {
			return f.linkAnnounced(ctx, in, group, act.Object.ID, act.Actor)
		}
		return refused("not_author"), nil
	}
	post, err := act.Object.Post()
	if err != nil {
		return Outcome{}, err
	}
	if post.Author != act.Actor || !wire.SameOrigin(post.ID, post.Author) {
		return refused("not_author"), nil
	}
	return f.takeInto(ctx, in, arrival{post: post, group: group, verified: community.VerifiedOrigin}, act)
}

// alreadyHere is the outcome for a post that is known, or none.
func (f *Federation) alreadyHere(ctx context.Context, group community.Group, uri string) (Outcome, error) {
	known, err := f.store.PostByURI(ctx, uri)
	switch {
	case errors.Is(err, community.NotFound):
		return Outcome{}, nil
	case err != nil:
		return Outcome{}, err
	case known.GroupID != group.ID:
		return refused("another_group"), nil
	}
	return f.taken(known), nil
}

// mayFetchFor says why nothing is asked for on a group's word: nobody here
// follows it.
func (f *Federation) mayFetchFor(ctx context.Context, group community.Group) (Outcome, error) {
	followed, err := f.store.HasLocalMembers(ctx, group.ID)
	if err == nil && !followed {
		return refused("nobody_follows"), nil
	}
	return Outcome{}, err
}

// takeInto stores a post in the group that passed it on, unless it is another's.
// act is the activity that it came in, nil where there was none.
func (f *Federation) takeInto(ctx context.Context, in incoming, a arrival, act *wire.Activity) (Outcome, error) {
	if ok, err := isOf(ctx, in.known, a.group, a.post, act); err != nil || !ok {
		return refused("another_group"), err
	}
	return f.takePost(ctx, in, a)
}

// maxGroupsAsked bounds the names that are looked up to find another group's.
const maxGroupsAsked = 16

// isOf says whether a post may stand in a group that passes it on: every post
// stands in exactly one, so what names another group that is known, and not this
// one, is that one's to pass on. What names none is whose it says who passes it on.
func isOf(ctx context.Context, known places, group community.Group, post *wire.Post, act *wire.Activity) (bool, error) {
	said, candidates := post.Audience, wire.GroupCandidatesOf(post)
	if act != nil {
		said, candidates = slices.Concat(act.Audience, said), wire.GroupCandidates(act)
	}
	if slices.Contains(said, group.URI) {
		return true, nil
	}
	if another, err := namesGroup(ctx, known, said); another || err != nil {
		return false, err
	}
	if slices.Contains(candidates, group.URI) {
		return true, nil
	}
	another, err := namesGroup(ctx, known, candidates)
	return !another, err
}

// namesGroup says whether one of some ids is a group's that is known.
func namesGroup(ctx context.Context, known places, ids []string) (bool, error) {
	for _, id := range ids[:min(len(ids), maxGroupsAsked)] {
		actor, err := known.ActorByURI(ctx, id)
		if err == nil && actor.Type == community.ActorGroup {
			return true, nil
		}
		if err != nil && !errors.Is(err, community.NotFound) {
			return false, err
		}
	}
	return false, nil
}
