package federation

import (
	"context"
	"encoding/json"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// Documents are read for a Viewer as Asker gives it. Their errors are NotFound
// for what is not there or not for the asker, without a difference; and Gone,
// with a Tombstone beside the error, for what the asker may have seen before it
// was deleted.

// GroupDocument is a group of this server.
func (f *Federation) GroupDocument(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	g, err := f.service.SharedGroup(ctx, v, community.GroupRef{ID: id})
	if err != nil {
		return goneActor(g.Actor, err)
	}
	rules, err := f.service.SharedRules(ctx, g)
	if err != nil {
		return nil, err
	}
	pem, err := f.PublicKeyPEM(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	return wire.Encode(groupDocument(g.Group, rules, pem))
}

// PersonDocument is an account of this server.
func (f *Federation) PersonDocument(ctx context.Context, _ community.Viewer, id string) (json.RawMessage, error) {
	a, err := f.service.SharedAccount(ctx, id)
	if err != nil {
		return goneActor(a.Actor, err)
	}
	pem, err := f.PublicKeyPEM(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return wire.Encode(personDocument(a, pem))
}

// InstanceDocument is the server itself. It is for everybody, signed or not:
// whoever verifies our signature reads it first.
func (f *Federation) InstanceDocument(ctx context.Context) (json.RawMessage, error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return nil, err
	}
	pem, err := f.PublicKeyPEM(ctx, site.ActorID)
	if err != nil {
		return nil, err
	}
	return wire.Encode(instanceDocument(site, pem))
}

// PostDocument is a post that was written here.
func (f *Federation) PostDocument(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	p, g, err := f.service.SharedPost(ctx, v, id)
	if errors.Is(err, community.Gone) {
		return withTombstone(tombstone(p.Post), err)
	}
	if err != nil {
		return nil, err
	}
	mentions, err := f.service.SharedMentions(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := f.took(ctx, v, p.ID); err != nil {
		return nil, err
	}
	return wire.Encode(postDocument(p, g, mentions[p.ID]))
}

func goneActor(a community.Actor, err error) (json.RawMessage, error) {
	if !errors.Is(err, community.Gone) {
		return nil, err
	}
	return withTombstone(wire.Tombstone{ID: a.URI, FormerType: a.Type, Deleted: *a.GoneAt}, err)
}

func withTombstone(t wire.Tombstone, gone error) (json.RawMessage, error) {
	doc, err := wire.Encode(t)
	if err != nil {
		return nil, err
	}
	return doc, gone
}
