package federation

import (
	"context"
	"errors"

	"hearth/federation/wire"
)

var (
	errOtherPost = errors.New("another post answers there")
	errNoPost    = errors.New("it is no post")
	errNoAuthor  = errors.New("its author is not of its own server")
	errNotForAll = errors.New("it is not for everybody")
)

// fetchPost gets the post of an id from the server that the id stands on, as it
// is there now (FEP-fe34). What comes back may be believed: it was found under
// exactly that id, at that origin, and its author is of that origin too. It is
// not judged: neither its author, nor whom it is addressed to, nor its group.
//
// Nothing is asked of this very server or of one that is refused, wherever the
// request is sent on to; who else wants the same post now shares the fetch, and a
// failure is remembered for a while (Fetcher). It is signed by the instance actor
// and never begun for somebody who reads.
//
// Errors: errOwnKey and errRefused before any network; *FetchError, which is
// FetchGone also for a Tombstone; wire.Error for what cannot be read as a post.
func (f *Federation) fetchPost(ctx context.Context, id string) (*wire.Post, error) {
	body, err := f.fetchThing(ctx, id)
	if err != nil {
		return nil, err
	}
	return readPost(body, id)
}

// fetchThing gets the document of exactly an id, of whatever kind.
func (f *Federation) fetchThing(ctx context.Context, id string) ([]byte, error) {
	if err := f.mayAsk(ctx, id); err != nil {
		return nil, err
	}
	body, final, err := f.fetcher.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	if final != id {
		return nil, notThatPost(id, errOtherPost)
	}
	return body, nil
}

// readPost reads a document that was found under an id as a post, by somebody
// there, and for everybody to be read: no message and no vote.
func readPost(body []byte, id string) (*wire.Post, error) {
	post, err := wire.DecodePost(body)
	if err != nil {
		return nil, err
	}
	switch {
	case post.ID != id:
		err = notThatPost(id, errOtherPost)
	case post.IsTombstone():
		err = &FetchError{Fault: FetchGone, URL: id}
	case !wire.IsPostType(post.Type) || post.Direct || post.IsVote():
		err = notThatPost(id, errNoPost)
	case post.Author == "" || !wire.SameOrigin(post.Author, id):
		err = notThatPost(id, errNoAuthor)
	}
	if err != nil {
		return nil, err
	}
	return post, nil
}

// fetchCreated gets what is found under an id that somebody passed on: a post, or
// an activity of its own actor. One of both is nil.
func (f *Federation) fetchCreated(ctx context.Context, id string) (*wire.Post, *wire.Activity, error) {
	body, err := f.fetchThing(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	_, kind, err := wire.Peek(body)
	if err != nil {
		return nil, nil, err
	}
	if !wire.IsActivityType(kind) {
		post, err := readPost(body, id)
		return post, nil, err
	}
	act, err := wire.Decode(body)
	if err != nil {
		return nil, nil, err
	}
	if act.ID != id || !wire.SameOrigin(act.Actor, id) {
		return nil, nil, notThatPost(id, errNoAuthor)
	}
	return nil, act, nil
}

func notThatPost(id string, why error) error {
	return &FetchError{Fault: FetchNotAcceptable, URL: id, Err: why}
}
