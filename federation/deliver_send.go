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

// signingKeys are an actor's, in the order to try them: the second is nil but
// while a rotation is young.
type signingKeys struct {
	first  Key
	second *Key
}

// keysFor are the keys to sign a delivery with. What tells of the new one is
// always signed with the old one first.
func (f *Federation) keysFor(ctx context.Context, e Errand) (signingKeys, error) {
	k, err := f.ring.key(ctx, e.ActorID)
	if err != nil {
		return signingKeys{}, err
	}
	if k.previous != nil && e.Activity.Type == "Update" && e.Activity.ObjectURI == e.Activity.ActorURI {
		return signingKeys{*k.previous, &k.current}, nil
	}
	first, second := k.inOrder(f.now())
	return signingKeys{first, second}, nil
}

// signs is Sign or signMessage.
type signs func(req *http.Request, body []byte, key Key, now time.Time) error

// post is one request, signed anew.
func (f *Federation) post(ctx context.Context, e Errand, key Key, sign signs) attempt {
	a := attempt{errand: e, at: f.now()}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.Inbox, bytes.NewReader(e.Activity.Raw))
	if err != nil {
		a.err = ErrProhibited
		return a
	}
	req.Header.Set("Content-Type", activityMedia)
	if err := sign(req, e.Activity.Raw, key, a.at); err != nil {
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
	a.asksForMessage = asksForMessage(resp.StatusCode, resp.Header)
	return a
}
