package federation

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// trippedFor is how long nothing is fetched for a source that sent us where
// there was no key, as in Mastodon: a stranger must not choose whom we ask.
const trippedFor = 5 * time.Minute

var errTripped = errors.New("its source sent us to a key that was none, a moment ago")

type sourceKey struct{}

// WithSource tells verification where a request came from, so that one who
// sends forged key ids makes us fetch few of them. Those of one IPv6 /64 count
// as one. The address is kept in memory only, and for minutes.
func WithSource(ctx context.Context, address netip.Addr) context.Context {
	address = address.Unmap()
	source := address.String()
	if address.Is6() {
		if prefix, err := address.Prefix(64); err == nil {
			source = prefix.String()
		}
	}
	return context.WithValue(ctx, sourceKey{}, source)
}

func sourceOf(ctx context.Context) string {
	source, _ := ctx.Value(sourceKey{}).(string)
	return source
}

// trip remembers that a source's key could not be had. That the sender gave up
// waiting is nobody's fault.
func (r *remoteKeys) trip(ctx context.Context, source string, now time.Time) {
	if source != "" && ctx.Err() == nil {
		r.tripped.put(source, now.Add(trippedFor))
	}
}
