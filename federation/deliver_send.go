package federation

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// deliverTimeout bounds one attempt once it is signed; the client gives up on
// the first byte after ten seconds. It is under a third of a lease.
const deliverTimeout = 19 * time.Second

// answerRead is how much of an answer is read so that its connection can serve
// again. Nothing in it is of any use.
const answerRead = 4 << 10

var errNoBytes = errors.New("the activity has no bytes any more")

// send delivers once, or while the actor has two keys a second time where the
// answer may be about the first: signed anew, by the other. Without a second key
// an answer of 401 is tried once more.
func (f *Federation) send(ctx context.Context, e Errand) attempt {
	first, second, err := f.keysFor(ctx, e)
	if err != nil {
		return attempt{errand: e, at: f.now(), err: &unsent{err}}
	}
	a := f.post(ctx, e, first)
	switch {
	case a.verdict() == unsigned && second == nil:
		a = f.post(ctx, e, first)
	case second != nil && a.mayMeanTheKey():
		a = f.post(ctx, e, *second)
	}
	return a
}

// keysFor are the keys to sign with, in their order. What tells of the new one is
// always signed with the old one first.
func (f *Federation) keysFor(ctx context.Context, e Errand) (first Key, second *Key, err error) {
	k, err := f.ring.key(ctx, e.ActorID)
	if err != nil {
		return Key{}, nil, err
	}
	if k.previous != nil && e.Activity.Type == "Update" && e.Activity.ObjectURI == e.Activity.ActorURI {
		return *k.previous, &k.current, nil
	}
	first, second = k.inOrder(f.now())
	return first, second, nil
}

func (f *Federation) post(ctx context.Context, e Errand, key Key) attempt {
	a := attempt{errand: e, at: f.now()}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.Inbox, bytes.NewReader(e.Activity.Raw))
	if err != nil {
		a.err = ErrProhibited
		return a
	}
	req.Header.Set("Content-Type", activityMedia)
	if err := Sign(req, e.Activity.Raw, key, a.at); err != nil {
		a.err = &unsent{err}
		return a
	}
	timed, cancel := context.WithTimeout(ctx, deliverTimeout)
	defer cancel()
	resp, err := f.client.Do(req.WithContext(timed))
	if err != nil {
		a.err = err
		return a
	}
	defer resp.Body.Close()
	io.CopyN(io.Discard, resp.Body, answerRead)
	a.status, a.retryAfter = resp.StatusCode, retryAfter(resp.Header, f.now())
	return a
}
