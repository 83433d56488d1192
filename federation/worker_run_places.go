package federation

import (
	"context"
	"errors"
	"time"

	"hearth/community"
)

// errAlone says that an activity cannot be handled with others.
var errAlone = errors.New("federation: to be handled by itself")

// runPlaces reads each actor, account and group once for a run. What of them may
// change and is judged by is read again in the run's transaction.
type runPlaces struct {
	places
	posts    map[string]bool // of the run itself: nobody knows yet what becomes of them
	actors   map[string]community.Actor
	accounts map[string]community.Account
	groups   map[string]community.Group
}

func newRunPlaces(known places, posts map[string]bool) *runPlaces {
	return &runPlaces{known, posts, map[string]community.Actor{}, map[string]community.Account{}, map[string]community.Group{}}
}

// ActorByURI is places'.
func (p *runPlaces) ActorByURI(ctx context.Context, uri string) (community.Actor, error) {
	return once(ctx, p.actors, uri, p.places.ActorByURI)
}

// Account is places'.
func (p *runPlaces) Account(ctx context.Context, id string) (community.Account, error) {
	return once(ctx, p.accounts, id, p.places.Account)
}

// Group is places'.
func (p *runPlaces) Group(ctx context.Context, id string) (community.Group, error) {
	return once(ctx, p.groups, id, p.places.Group)
}

// PostByURI is places', but errAlone for a post of the run itself.
func (p *runPlaces) PostByURI(ctx context.Context, uri string) (community.Post, error) {
	if p.posts[uri] {
		return community.Post{}, errAlone
	}
	return p.places.PostByURI(ctx, uri)
}

// fresh is the account of an actor that need not be fetched, or errAlone.
func (p *runPlaces) fresh(ctx context.Context, uri string, now time.Time) (community.Account, error) {
	actor, err := p.ActorByURI(ctx, uri)
	if err != nil || actor.IsStale(now) {
		return community.Account{}, errAlone
	}
	return p.Account(ctx, actor.ID)
}

// once is what was read before under a key, or is read now.
func once[T any](ctx context.Context, read map[string]T, key string, from func(context.Context, string) (T, error)) (T, error) {
	if known, ok := read[key]; ok {
		return known, nil
	}
	value, err := from(ctx, key)
	if err == nil {
		read[key] = value
	}
	return value, err
}
