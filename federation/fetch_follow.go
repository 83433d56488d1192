package federation

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"hearth/federation/wire"
)

// maxRedirects is how far a fetch is sent on, as in Mastodon.
const maxRedirects = 3

var (
	errOurs      = errors.New("it is ours")
	errRedirects = errors.New("too many redirects, or in a circle")
	errScheme    = errors.New("a redirect to another scheme")
	errLocation  = errors.New("a redirect to nowhere")
	errAway      = errors.New("a redirect to another server")
)

// follow fetches url and goes where its server sends it, signing and judging
// each step anew.
func (f *Fetcher) follow(ctx context.Context, url string, want manner) (answer, error) {
	visited := map[string]bool{}
	for !visited[url] && len(visited) <= maxRedirects {
		visited[url] = true
		got, err := f.step(ctx, url, want)
		if err != nil {
			return answer{}, err
		}
		if !got.isRedirect() {
			return got, got.fault(f.config.Now())
		}
		from := url
		if url, err = nextURL(url, got.header); err != nil {
			return answer{}, got.unusable(err)
		}
		if want.stays && !wire.SameOrigin(from, url) {
			return answer{}, got.unusable(errAway)
		}
	}
	return answer{}, &FetchError{Fault: FetchNotAcceptable, URL: url, Err: errRedirects}
}

// step is one request, once it is this fetch's turn at the host.
func (f *Fetcher) step(ctx context.Context, url string, want manner) (answer, error) {
	origin, err := wire.ParseIRI(url, wire.IRIOptions{Development: true, Fetch: true})
	if err != nil {
		return answer{}, &FetchError{Fault: FetchRefused, URL: url, Err: err}
	}
	if origin.Domain() == f.config.Domain {
		return answer{}, &FetchError{Fault: FetchRefused, URL: url, Err: errOurs}
	}
	if err := f.config.May(ctx, url); err != nil {
		return answer{}, notAllowed(url, err)
	}
	leave, err := f.hosts.enter(ctx, origin.Domain())
	if err != nil {
		return answer{}, &FetchError{Fault: FetchUnreachable, URL: url, Err: err}
	}
	defer leave()
	got, err := f.ask(ctx, url, want)
	if err != nil {
		return answer{}, err
	}
	return got, nil
}

// notAllowed is what our own judgement of a request makes of it. It is not
// remembered: the next one may be judged otherwise.
func notAllowed(url string, err error) error {
	fault := FetchUnreachable // it could not be judged now
	if errors.Is(err, errRefused) || errors.Is(err, errOwnKey) || errors.As(err, new(wire.Error)) {
		fault = FetchRefused
	}
	return &FetchError{Fault: fault, URL: url, Err: &unsent{err}}
}

func (a answer) isRedirect() bool {
	switch a.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func nextURL(from string, header http.Header) (string, error) {
	base, err := url.Parse(from)
	if err != nil {
		return "", err
	}
	locations := header.Values("Location")
	if len(locations) != 1 || locations[0] == "" {
		return "", errLocation
	}
	next, err := base.Parse(locations[0])
	if err != nil {
		return "", errLocation
	}
	if !strings.EqualFold(next.Scheme, base.Scheme) {
		return "", errScheme
	}
	next.Fragment, next.RawFragment = "", ""
	return next.String(), nil
}
