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
	// WasSentTo says whether an activity of ours was made for a host.
	WasSentTo(ctx context.Context, activityID, host string) (bool, error)
	// NoteCopies keeps that hosts have copies of posts (Reach), for those that are
	// not known to yet.
	NoteCopies(ctx context.Context, taken []Copy) error
	// HostsUnmet are those of some hosts at which no inbox is known.
	HostsUnmet(ctx context.Context, hosts []string) ([]string, error)
	// ActorByName is NotFound for a name that nobody here or elsewhere is known by.
	ActorByName(ctx context.Context, domain, name string) (community.Actor, error)
}

// ActivityDocument is an activity that this server made, in the bytes that
// travelled, as long as they are kept: NodeBB and Mastodon fetch what an Announce
// carries. What says who follows whom, or who reported what, is for the server
// that it was made for alone; the rest is for whoever may read what it is about.
func (f *Federation) ActivityDocument(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	a, err := f.store.OutgoingActivity(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(a.Raw) == 0 {
		return nil, community.NotFound
	}
	if err := f.mayReadActivity(ctx, v, a); errors.Is(err, community.Gone) {
		return nil, community.NotFound
	} else if err != nil {
		return nil, err
	}
	if a.PostID != nil && bringsWords(kindSaid(a)) {
		if err := f.took(ctx, v, *a.PostID); err != nil {
			return nil, err
		}
	}
	return json.RawMessage(a.Raw), nil
}

// kindSaid is what an activity says: of an Announce, what the announced one does.
func kindSaid(a Activity) string {
	if a.Type == "Announce" {
		return announcedType(a.Raw)
	}
	return a.Type
}

func (f *Federation) mayReadActivity(ctx context.Context, v community.Viewer, a Activity) error {
	switch {
	case isBetweenTwo(a):
		return f.mayReadLetter(ctx, v, a)
	case a.PostID != nil && kindSaid(a) == "Delete":
		return f.mayReadDelete(ctx, v, a)
	case a.PostID != nil:
		return f.service.SharesPost(ctx, v, *a.PostID)
	case a.GroupID != nil:
		_, err := f.service.SharedWithin(ctx, v, *a.GroupID)
		return err
	}
	return community.NotFound
}

// mayReadDelete lets those read that a post was deleted, or hidden by its group,
// who may read the post or might have, or may read in its group. It has no words.
func (f *Federation) mayReadDelete(ctx context.Context, v community.Viewer, a Activity) error {
	err := f.service.SharesPost(ctx, v, *a.PostID)
	switch {
	case errors.Is(err, community.Gone):
		return nil
	case errors.Is(err, community.NotFound) && a.GroupID != nil:
		_, err = f.service.SharedWithin(ctx, v, *a.GroupID)
	}
	return err
}

// isBetweenTwo says whether an activity names somebody to one server alone. An
// Undo that is about no post takes a Follow back.
func isBetweenTwo(a Activity) bool {
	switch a.Type {
	case "Create", "Update", "Delete", "Announce", "Add", "Remove", "Lock":
		return false
	case "Undo":
		return a.PostID == nil
	}
	return true
}

func (f *Federation) mayReadLetter(ctx context.Context, v community.Viewer, a Activity) error {
	if v.Domain == "" {
		return community.NotFound
	}
	sent, err := f.store.WasSentTo(ctx, a.ID, v.Domain)
	if err == nil && !sent {
		err = community.NotFound
	}
	return err
}
