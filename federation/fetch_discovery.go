package federation

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"hearth/federation/wire"
)

// WebFinger is asked for with a signature, although most servers answer anybody:
// a group that names the servers it reaches is known by name to those alone.
var (
	descriptor = manner{name: "descriptor", accept: wire.JRDMediaType + ", application/json", signed: true, takes: isDescriptorMedia}
	plainJSON  = manner{name: "json", accept: "application/json", takes: isDescriptorMedia}
)

func isDescriptorMedia(mediaType string, _ map[string]string) bool {
	return mediaType == wire.JRDMediaType || mediaType == "application/json"
}

var (
	errLoopBack  = errors.New("its subject does not lead back to it")
	errOtherHost = errors.New("it names another host's document")
	errNoActor   = errors.New("it leads to no actor")
)

// WebFinger asks host who name is (RFC 7033) and gives the handle that the
// answer settles on, with the answer. Where the subject is another handle than
// the one asked for, that handle's own host is asked, and has to say the same
// subject and the same actor; whoever names somebody else's handle is not
// believed. host has its port where that is unusual.
func (f *Fetcher) WebFinger(ctx context.Context, name, host string) (wire.Handle, *wire.JRD, error) {
	asked, err := wire.ParseHandle(name+"@"+host, anyName)
	if err != nil {
		return wire.Handle{}, nil, &FetchError{Fault: FetchRefused, URL: name + "@" + host, Err: err}
	}
	first, _, err := f.finger(ctx, asked)
	if err != nil {
		return wire.Handle{}, nil, err
	}
	subject, err := wire.ParseHandle(first.Subject, anyName)
	if err != nil { // none that another host could speak for
		return asked, first, nil
	}
	if sameHandle(subject, asked) {
		return subject, first, nil
	}
	second, at, err := f.finger(ctx, subject)
	if err != nil {
		return wire.Handle{}, nil, err
	}
	again, err := wire.ParseHandle(second.Subject, anyName)
	if err != nil || !sameHandle(again, subject) || second.ActorID("") != first.ActorID("") {
		return wire.Handle{}, nil, at.unusable(errLoopBack)
	}
	return subject, second, nil
}

// ConfirmHandle holds an actor to the name in its document: WebFinger for that
// name at the host of its id has to lead back to exactly that id, as Mastodon
// demands it of us too. It gives the handle under which the actor is known,
// which may be on another host.
func (f *Fetcher) ConfirmHandle(ctx context.Context, actorID, preferredUsername string) (wire.Handle, error) {
	origin, err := wire.ParseIRI(actorID, anyName)
	if err != nil {
		return wire.Handle{}, &FetchError{Fault: FetchRefused, URL: actorID, Err: err}
	}
	handle, found, err := f.WebFinger(ctx, preferredUsername, origin.Domain())
	if err != nil {
		return wire.Handle{}, err
	}
	for _, link := range found.Links {
		if link.Rel == wire.RelSelf && link.Href == actorID {
			return handle, nil
		}
	}
	return wire.Handle{}, &FetchError{Fault: FetchNotAcceptable, URL: actorID, Err: errLoopBack}
}

// anyName reads names of every kind of server; the client judges them.
var anyName = wire.IRIOptions{Development: true}

func sameHandle(a, b wire.Handle) bool {
	return strings.EqualFold(a.Name, b.Name) && a.Host == b.Host
}

func (f *Fetcher) finger(ctx context.Context, handle wire.Handle) (*wire.JRD, answer, error) {
	got, err := f.get(ctx, siteOf(handle.Host)+"/.well-known/webfinger?resource="+url.QueryEscape(handle.Acct()), descriptor)
	if err != nil {
		return nil, answer{}, err
	}
	found, err := wire.DecodeJRD(got.body)
	if err != nil {
		return nil, answer{}, got.unusable(err)
	}
	if found.ActorID("") == "" {
		return nil, answer{}, got.unusable(errNoActor)
	}
	return found, got, nil
}

// siteOf is where a domain answers: https, but for the names of development.
func siteOf(domain string) string {
	host, _, _ := strings.Cut(domain, ":")
	if isLocal(host) {
		return "http://" + domain
	}
	return "https://" + domain
}

// NodeInfo asks host what it runs. The document is fetched only from the
// origin that listed it (CVE-2026-62857). host is a domain as wire folds it.
func (f *Fetcher) NodeInfo(ctx context.Context, host string) (wire.Software, error) {
	origin, err := wire.ParseIRI(siteOf(host), anyName)
	if err != nil || origin.Domain() != host {
		return wire.Software{}, &FetchError{Fault: FetchRefused, URL: host, Err: err}
	}
	list, err := f.get(ctx, siteOf(host)+"/.well-known/nodeinfo", plainJSON)
	if err != nil {
		return wire.Software{}, err
	}
	links, err := wire.DecodeJRD(list.body)
	if err != nil {
		return wire.Software{}, list.unusable(err)
	}
	where := links.NodeInfoURL()
	if !wire.SameOrigin(where, list.url) {
		return wire.Software{}, list.unusable(errOtherHost)
	}
	got, err := f.get(ctx, where, plainJSON)
	if err != nil {
		return wire.Software{}, err
	}
	said, err := wire.DecodeNodeInfo(got.body)
	if err != nil {
		return wire.Software{}, got.unusable(err)
	}
	return said, nil
}
