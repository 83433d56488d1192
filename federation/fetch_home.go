package federation

import (
	"context"
	"strings"
)

// documentAtHome is an activityDocument for which no other server is ever asked.
var documentAtHome = manner{name: "activity at home", accept: acceptActivities, signed: true, stays: true, takes: isActivityMedia}

// AtHome is Document, but of the server of url alone, and only under that very
// address.
func (f *Fetcher) AtHome(ctx context.Context, url string) ([]byte, error) {
	got, err := f.get(ctx, url, documentAtHome)
	if err != nil {
		return nil, err
	}
	id, err := documentID(got.body)
	if err != nil {
		return nil, got.unusable(err)
	}
	if id != url || got.url != url {
		return nil, got.unusable(errOtherID)
	}
	return got.body, nil
}

// ListAtHome fetches a collection, or a page of one, from the server of url
// alone. It need not say its own id, as some pages do not: what stands in it is
// believed one by one.
func (f *Fetcher) ListAtHome(ctx context.Context, url string) ([]byte, error) {
	where, _, _ := strings.Cut(url, "#")
	got, err := f.get(ctx, where, documentAtHome)
	return got.body, err
}
