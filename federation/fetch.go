package federation

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"hearth/federation/wire"
)

// FetcherConfig is what a Fetcher works with.
type FetcherConfig struct {
	// Client is one of NewClient's: the Fetcher leaves it to the client where
	// a request may go.
	Client *http.Client
	// Keys are the instance actor's: the one to sign with, and while it has two
	// the one to sign with if the first is not known. Nobody else ever signs a
	// fetch, so that no member can be seen reading.
	Keys func(context.Context) (first Key, second *Key, err error)
	// Domain is our own, with the port where it is unusual: nothing of it is
	// ever fetched, because we know better.
	Domain string
	// May judges each request before it is made, also one that a redirect leads
	// to: the servers that nothing is asked of. nil allows all.
	May func(ctx context.Context, url string) error
	// Now is the clock; nil is the real one.
	Now func() time.Time
}

// Fetcher gets what stands on other servers. Whoever asks for the same URL at
// the same time shares one fetch; a host is asked for at most four things at
// once; and what failed is not tried again for a while (see memory), so that a
// message which names a thousand URLs costs neither us nor them a thousand
// requests.
type Fetcher struct {
	config  FetcherConfig
	flights singleflight.Group
	hosts   turns
	failed  memory
	ways    bounded[SignatureChoice] // by host
}

// NewFetcher makes one; a process needs no more.
func NewFetcher(config FetcherConfig) *Fetcher {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.May == nil {
		config.May = func(context.Context, string) error { return nil }
	}
	return &Fetcher{config: config, ways: newBounded[SignatureChoice](maxRemote)}
}

// Document fetches the ActivityStreams document at url and gives it with the
// URL that it was served from, which is its id. A document is believed only
// under its own id (CVE-2024-23832): one that says another id is fetched once
// more from there if that is the same origin, and else refused. A fragment of
// url is left out. That the id is the one asked for is the caller's to check:
// a redirect may have led to another.
//
// Errors are *FetchError. The bytes are shared: they are not to be changed.
func (f *Fetcher) Document(ctx context.Context, url string) (doc []byte, finalURL string, err error) {
	where, _, _ := strings.Cut(url, "#")
	got, err := f.get(ctx, where, activityDocument)
	if err != nil {
		return nil, "", err
	}
	id, err := documentID(got.body)
	if err != nil {
		return nil, "", got.unusable(err)
	}
	if id == got.url {
		return got.body, id, nil
	}
	if !wire.SameOrigin(id, got.url) {
		return nil, "", got.unusable(errOtherID)
	}
	return f.underItsID(ctx, id)
}

var errOtherID = errors.New("its id is not where it stands")

func (f *Fetcher) underItsID(ctx context.Context, id string) ([]byte, string, error) {
	got, err := f.get(ctx, id, activityDocument)
	if err != nil {
		return nil, "", err
	}
	said, err := documentID(got.body)
	if err != nil {
		return nil, "", got.unusable(err)
	}
	if said != id || got.url != id {
		return nil, "", got.unusable(errOtherID)
	}
	return got.body, id, nil
}

// documentID also reads keys that stand alone, which need not have a type.
func documentID(body []byte) (string, error) {
	named, _, err := wire.Peek(body)
	if err == nil && named.ID != "" {
		return named.ID, nil
	}
	if err == nil || errors.Is(err, wire.Error{Reason: wire.NoType}) {
		key, keyErr := wire.DecodeKey(body)
		return key.ID, keyErr
	}
	return "", err
}

func (a answer) unusable(err error) error {
	return &FetchError{Fault: FetchNotAcceptable, URL: a.url, Status: a.status, Err: err}
}

// fetchTimeout bounds one fetch with all its redirects.
const fetchTimeout = 30 * time.Second

// get is a fetch with its redirects, shared among all who want it now. It goes
// on when the first of them gives up, because the others have not.
func (f *Fetcher) get(ctx context.Context, url string, want manner) (answer, error) {
	if err := f.failed.recall(url, f.config.Now()); err != nil {
		return answer{}, err
	}
	if err := spend(ctx); err != nil {
		return answer{}, err
	}
	shared := f.flights.DoChan(want.name+" "+url, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		got, err := f.follow(ctx, url, want)
		f.failed.note(url, err, f.config.Now())
		return got, err
	})
	select {
	case result := <-shared:
		got, _ := result.Val.(answer)
		return got, result.Err
	case <-ctx.Done():
		return answer{}, &FetchError{Fault: FetchUnreachable, URL: url, Err: ctx.Err()}
	}
}
