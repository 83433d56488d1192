package federation

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// Asker says who asks for a document: nobody, where the request is not signed,
// or the verified server and actor. A server that is refused is turned away
// with Forbidden before its key is looked up, and a signature that does not hold
// is a *Refusal: it is not read as nobody's, because its sender means to be
// somebody and would be answered less than it is due.
//
// It is decided before the thing that is asked for is looked up, so that neither
// the answer nor how long it takes says what is there (safety.md R16).
func (f *Federation) Asker(ctx context.Context, r *http.Request) (community.Viewer, error) {
	keys, err := claimedKeys(r.Header)
	if errors.Is(err, NoSignature) {
		return community.Viewer{}, nil
	}
	if err != nil {
		return community.Viewer{}, err
	}
	if err := f.judgeKeys(ctx, keys); err != nil {
		return community.Viewer{}, err
	}
	signer, err := f.verify(ctx, r, nil)
	if err != nil {
		return community.Viewer{}, err
	}
	domain, err := f.judgeURI(ctx, signer.Owner)
	if err != nil {
		return community.Viewer{}, err
	}
	f.heardFrom(ctx, domain)
	return community.Viewer{Domain: domain, Remote: signer.Owner}, nil
}

// judgeKeys judges the servers of all keys that a request names: Forbidden where
// there is no traffic with one of them, a *Refusal where none can be used.
func (f *Federation) judgeKeys(ctx context.Context, ids []string) error {
	var why error
	usable := false
	for _, id := range ids {
		_, err := f.judgeURI(ctx, id)
		var refusal *Refusal
		switch {
		case err == nil:
			usable = true
		case !errors.As(err, &refusal):
			return err
		case why == nil:
			why = err
		}
	}
	if usable {
		return nil
	}
	return why
}

// judgeURI is the domain of a key's or an actor's URI: Forbidden where there is
// no traffic with it. We do not ask ourselves.
func (f *Federation) judgeURI(ctx context.Context, uri string) (string, error) {
	origin, err := wire.ParseIRI(uri, f.iriOptions())
	if err != nil {
		return "", refuse(MalformedSignature, "keyId: %v", err)
	}
	domain := origin.Domain()
	if domain == f.config.Host {
		return "", refuse(UnknownKey, "%q is of this server", uri)
	}
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return "", err
	}
	if policies.Judge(domain).Refused() {
		return "", community.Forbidden
	}
	return domain, nil
}

// verify says who signed a request to this server.
func (f *Federation) verify(ctx context.Context, r *http.Request, body []byte) (Signer, error) {
	now := f.now()
	return Verify(withArrival(ctx, now), r, body, f.keys, []string{f.config.Scheme + "://" + strings.ToLower(f.config.Host)}, now)
}
