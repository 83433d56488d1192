package federation

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// InteractPath is where members of other servers, sent here by a page of ours
// that they saw there, and our own, sent by a page elsewhere, say what to do
// with a thing; its "uri" names the thing.
const InteractPath = "/authorize_interaction"

// WebFinger answers who a resource is (RFC 7033): an acct: of this server, or
// the address of an actor's document or page. rels, where any are given, are
// the only relations wanted of it. Invalid for what is no resource; NotFound for
// what is not ours, not there, or not to be known by the asker.
func (f *Federation) WebFinger(ctx context.Context, v community.Viewer, resource string, rels []string) (json.RawMessage, error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return nil, err
	}
	a, err := f.fingered(ctx, v, site, resource)
	if errors.Is(err, community.Gone) {
		return nil, community.NotFound
	}
	if err != nil {
		return nil, err
	}
	handle := wire.Handle{Name: a.Name, Host: site.Host}
	found := wire.WebFinger(handle, a.Type, a.URI, a.URL, site.Base()+InteractPath+"?uri={uri}")
	if len(rels) > 0 {
		found.Links = slices.DeleteFunc(found.Links, func(l wire.JRDLink) bool { return !slices.Contains(rels, l.Rel) })
	}
	return wire.Encode(found)
}

func (f *Federation) fingered(ctx context.Context, v community.Viewer, site community.Site, resource string) (community.Actor, error) {
	scheme, _, _ := strings.Cut(resource, ":")
	switch strings.ToLower(scheme) {
	case "acct":
		return f.byHandle(ctx, v, site, resource)
	case "https", "http":
		return f.byAddress(ctx, v, site, resource)
	}
	if u, err := url.Parse(resource); err != nil || u.Scheme == "" {
		return community.Actor{}, community.Invalid
	}
	return community.Actor{}, community.NotFound
}

func (f *Federation) byHandle(ctx context.Context, v community.Viewer, site community.Site, resource string) (community.Actor, error) {
	name, host, found := strings.Cut(resource[len("acct:"):], "@")
	if !found || name == "" || host == "" || strings.ContainsAny(resource, " \t\r\n/?#") {
		return community.Actor{}, community.Invalid
	}
	if community.Fold(host) != site.Host {
		return community.Actor{}, community.NotFound
	}
	return f.byName(ctx, v, site, community.Fold(name))
}

func (f *Federation) byName(ctx context.Context, v community.Viewer, site community.Site, name string) (community.Actor, error) {
	if name == site.Host {
		return f.instanceActor(site), nil
	}
	return f.service.SharedActor(ctx, v, name)
}

// instanceActor is named after the server, and has no page but the server's.
func (f *Federation) instanceActor(site community.Site) community.Actor {
	return community.Actor{URI: instanceURI(site), Type: community.ActorApplication, Name: site.Host, URL: site.Base() + "/about"}
}

// byAddress finds the actor whose document or page is at an address of ours.
func (f *Federation) byAddress(ctx context.Context, v community.Viewer, site community.Site, resource string) (community.Actor, error) {
	u, err := url.Parse(resource)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(resource, " \t\r\n") {
		return community.Actor{}, community.Invalid
	}
	if u.Scheme != site.Scheme || community.Fold(u.Host) != site.Host || u.RawQuery != "" {
		return community.Actor{}, community.NotFound
	}
	switch where := addressOf(u.Path); where.kind {
	case "instance":
		return f.instanceActor(site), nil
	case "name":
		return f.byName(ctx, v, site, community.Fold(where.what))
	case "group":
		g, err := f.service.SharedGroup(ctx, v, community.GroupRef{ID: where.what})
		return g.Actor, err
	case "person":
		a, err := f.service.SharedAccount(ctx, where.what)
		return a.Actor, err
	}
	return community.Actor{}, community.NotFound
}

// address is what a path of this server leads to: kind is instance, name (of a
// person or a group), group or person by id, post, or empty.
type address struct{ kind, what string }

func addressOf(path string) address {
	if path == "/actor" {
		return address{kind: "instance"}
	}
	if name, ok := strings.CutPrefix(path, "/@"); ok && isSegment(name) {
		return address{"name", name}
	}
	for prefix, kind := range map[string]string{"/g/": "group", "/u/": "person", "/p/": "post"} {
		what, ok := strings.CutPrefix(path, prefix)
		switch {
		case !ok || !isSegment(what):
		case kind == "group" && !community.IsActorID(what):
			return address{"name", what}
		default:
			return address{kind, what}
		}
	}
	return address{}
}

func isSegment(s string) bool { return s != "" && !strings.Contains(s, "/") }

// HostMeta is the XRD that leads to WebFinger (RFC 6415).
func (f *Federation) HostMeta() ([]byte, error) {
	return wire.HostMeta(f.config.Scheme + "://" + f.config.Host)
}
