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
	post, err := wire.DecodePost(body)
	if err != nil {
		return nil, err
	}
	return post, soundPost(post, id)
}

// soundPost holds a document to being the post of an id, by somebody there.
func soundPost(post *wire.Post, id string) error {
	switch {
	case post.ID != id:
		return notThatPost(id, errOtherPost)
	case post.IsTombstone():
		return &FetchError{Fault: FetchGone, URL: id}
	case !wire.IsPostType(post.Type):
		return notThatPost(id, errNoPost)
	case post.Author == "" || !wire.SameOrigin(post.Author, id):
		return notThatPost(id, errNoAuthor)
	}
	return nil
}

func notThatPost(id string, why error) error {
	return &FetchError{Fault: FetchNotAcceptable, URL: id, Err: why}
}
