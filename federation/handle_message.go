package federation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// notTaken is a refusal of words that are meant for no group here. They are not
// kept: nobody here was to read them, and now nobody does.
func notTaken(reason string) Outcome {
	out := refused(reason)
	out.Left = &Rest{}
	return out
}

// handleVote turns a vote down: a Question is text here, and nothing is counted.
func (f *Federation) handleVote(context.Context, incoming) (Outcome, error) {
	return notTaken("poll_vote"), nil
}

// message says what an activity that carries words is, where it is none for a
// group: a vote, or a message to some people. The zero Outcome is for all else.
func (f *Federation) message(ctx context.Context, in incoming) (Outcome, error) {
	posts := postsIn(in.act)
	switch {
	case len(posts) == 0:
		return Outcome{}, nil
	case !slices.ContainsFunc(posts, func(p *wire.Post) bool { return !p.IsVote() }):
		return notTaken("poll_vote"), nil
	case in.act.Direct || posts[0].Direct:
		return notTaken("direct_message"), nil
	case len(posts) > 1 || isPublic(posts[0], in.act):
		return Outcome{}, nil
	}
	toGroup, err := f.isToGroup(ctx, in, posts[0])
	if err != nil || toGroup {
		return Outcome{}, err
	}
	return notTaken("direct_message"), nil
}

// postsIn are the posts that an activity carries.
func postsIn(act *wire.Activity) (posts []*wire.Post) {
	for _, ref := range act.Object.All() {
		if post, err := ref.Post(); err == nil && !wire.IsActorType(post.Type) {
			posts = append(posts, post)
		}
	}
	return posts
}

// isToGroup says whether words that are not for everybody are addressed to a group:
// what they answer, or whom they mention, lets nobody else read them.
func (f *Federation) isToGroup(ctx context.Context, in incoming, post *wire.Post) (bool, error) {
	for _, uri := range slices.Concat(post.Audience, in.act.Audience, post.To, post.CC, in.act.To, in.act.CC) {
		actor, err := in.known.ActorByURI(ctx, strings.TrimSuffix(uri, "/followers"))
		if err == nil && actor.Type == community.ActorGroup {
			return true, nil
		}
		if err != nil && !errors.Is(err, community.NotFound) {
			return false, err
		}
	}
	return false, nil
}

// outside is what becomes of words for everybody that stand in no group here.
func outside(err error) (Outcome, error) {
	var e *community.Error
	if errors.As(err, &e) && e.Key == "receive.no_group" {
		return notTaken("no_group"), nil
	}
	return Outcome{}, err
}
