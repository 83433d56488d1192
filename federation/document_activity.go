package federation

import (
	"context"
	"encoding/json"
	"errors"

	"hearth/community"
)

// DocumentStore finds what this server sent, and whom it knows.
type DocumentStore interface {
	// OutgoingActivity is one of ours by our id for it; NotFound for none.
	OutgoingActivity(ctx context.Context, id string) (Activity, error)
	// ActorByName is NotFound for a name that nobody here or elsewhere is known by.
	ActorByName(ctx context.Context, domain, name string) (community.Actor, error)
}

// ActivityDocument is an activity that this server made, in the bytes that
// travelled, as long as they are kept: NodeBB and Mastodon fetch what an Announce
// carries. What went to one server alone (a Follow, its answer, a report) is
// read by that server alone, and the rest by whoever may read what it is about.
func (f *Federation) ActivityDocument(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	a, err := f.store.OutgoingActivity(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(a.Raw) == 0 || f.mayReadActivity(ctx, v, a) != nil {
		return nil, community.NotFound
	}
	return json.RawMessage(a.Raw), nil
}

func (f *Federation) mayReadActivity(ctx context.Context, v community.Viewer, a Activity) error {
	switch {
	case a.Domain != "" && a.Domain != v.Domain:
		return community.NotFound
	case a.Domain != "":
		return nil
	case a.PostID != nil:
		err := f.service.SharesPost(ctx, v, *a.PostID)
		if a.Type == "Delete" && errors.Is(err, community.Gone) {
			return nil
		}
		return err
	case a.GroupID != nil:
		_, err := f.service.SharedWithin(ctx, v, *a.GroupID)
		return err
	}
	return community.NotFound
}
