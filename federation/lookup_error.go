package federation

import (
	"errors"
	"net/http"

	"hearth/community"
	"hearth/federation/wire"
)

// errNothingHere is a document of something that has no page here.
var errNothingHere = errors.New("federation: neither a group nor a person nor in a group")

// lookupError is the sentence for whatever kept an address from leading
// anywhere. An error of our own stays as it is.
func lookupError(err error, domain string) error {
	var fetch *FetchError
	var shape wire.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errRefused):
		return lookupFailed(community.Forbidden, "lookup.refused", domain)
	case errors.Is(err, community.NotFound), errors.Is(err, errOwnKey), errors.Is(err, FetchGone), errors.Is(err, ErrProhibited):
		return lookupFailed(community.NotFound, "lookup.not_found", domain)
	case errors.Is(err, FetchUnreachable):
		return lookupFailed(community.Unavailable, "lookup.unreachable", domain)
	case errors.As(err, &fetch) && (fetch.Status == http.StatusUnauthorized || fetch.Status == http.StatusForbidden):
		return lookupFailed(community.Forbidden, "lookup.private", domain)
	case errors.As(err, &fetch), errors.As(err, &shape), errors.Is(err, errNothingHere), errors.Is(err, errOtherActor):
		return lookupFailed(community.Invalid, "lookup.nothing_here", domain)
	case errors.Is(err, community.Conflict):
		return lookupFailed(community.Conflict, "lookup.another", domain)
	}
	return err
}

func lookupFailed(kind community.Kind, key, domain string) error {
	e := &community.Error{Kind: kind, Key: key}
	if domain != "" {
		e.Args = map[string]any{"Server": domain}
	}
	return e
}
