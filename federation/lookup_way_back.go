package federation

import (
	"context"
	"net/url"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// WayBack is where somebody's own server takes the address of a thing here that
// they want to follow: for a whole handle the page that WebFinger names, if it
// is on that server, and else the page that most servers have. text is a server
// or a handle on one. Only a handle makes us ask, and its policy is judged first.
//
// Errors are *community.Error: Invalid for what names no server, Forbidden for
// one that is refused.
func (f *Federation) WayBack(ctx context.Context, text, uri string) (address, server string, err error) {
	handle, host, err := f.readServer(text)
	if err != nil {
		return "", "", lookupFailed(community.Invalid, "elsewhere.not_server", "")
	}
	if err := f.mayAsk(ctx, siteOf(host)); err != nil {
		return "", "", lookupError(err, host)
	}
	usual := siteOf(host) + InteractPath + "?uri=" + url.QueryEscape(uri)
	if handle.Name == "" {
		return usual, host, nil
	}
	_, found, err := f.fetcher.WebFinger(ctx, handle.Name, host)
	if err != nil {
		return usual, host, nil // it may be shy of WebFinger and have the page all the same
	}
	if template := found.SubscribeTemplate(); wire.SameOrigin(strings.ReplaceAll(template, "{uri}", ""), siteOf(host)) {
		return strings.ReplaceAll(template, "{uri}", url.QueryEscape(uri)), host, nil
	}
	return usual, host, nil
}

// readServer reads far.example, https://far.example/..., or a handle there.
func (f *Federation) readServer(text string) (wire.Handle, string, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "@") && !strings.Contains(text, "://") {
		handle, err := wire.ParseHandle(text, f.iriOptions())
		return handle, handle.Host, err
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	origin, err := wire.ParseIRI(text, f.iriOptions())
	return wire.Handle{}, origin.Domain(), err
}
