package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// handleUndo takes back what its actor did: a Follow, an act of somebody who looks
// after a group, a reaction.
func (f *Federation) handleUndo(ctx context.Context, in incoming) (Outcome, error) {
	if !in.act.Object.IsEmbedded() {
		if out, follow, err := f.undoFollowByID(ctx, in); follow || err != nil {
			return out, err
		}
	}
	undone, err := f.undone(ctx, in.act)
	if undone == nil || err != nil {
		return ignored("undo_of_unknown"), err
	}
	switch {
	case undone.Actor != in.act.Actor:
		return refused("not_author"), nil
	case undone.Type == "Follow":
		return f.undoFollow(ctx, in, undone)
	case undone.Type == "Announce":
		return reaction(undone.Type), nil
	}
	return f.undo(ctx, in, act{Activity: undone, undone: true, undo: in.act})
}

// undoPassedOn takes back what a group's authority did: whoever of it did it.
func (f *Federation) undoPassedOn(ctx context.Context, in incoming, group community.Group, undo *wire.Activity) (Outcome, error) {
	undone, err := f.undone(ctx, undo)
	if undone == nil || err != nil {
		return ignored("undo_of_unknown"), err
	}
	if undone.Type == "Announce" {
		return reaction(undone.Type), nil
	}
	return f.undo(ctx, in, act{Activity: undone, group: group, passedOn: true, undone: true, undo: undo})
}

// maxUndone bounds the waiting acts that one Undo is compared with.
const maxUndone = 20

// undo takes an act back: what of it was done, and what still waits for the post that
// it is about, which would be done after this.
func (f *Federation) undo(ctx context.Context, in incoming, a act) (Outcome, error) {
	waiting, err := f.store.WaitingAbout(ctx, in.Activity, maxUndone)
	if err != nil {
		return Outcome{}, err
	}
	var ended []string
	for _, w := range waiting {
		if a.takesBack(w, in.ActorURI) {
			ended = append(ended, w.ID)
		}
	}
	if err := f.store.EndWaiting(ctx, ended, "undone", f.now()); err != nil {
		return Outcome{}, err
	}
	out, err := f.do(ctx, in, a)
	if len(ended) > 0 && (errors.Is(err, community.NotFound) || err == nil && out.Outcome == Refused) {
		return accepted, nil // there was nothing else
	}
	return out, err
}

// takesBack says whether an activity that waits is the one that is undone, under
// whichever id: by the same sender, and where no group passes it on, of the same actor.
func (a act) takesBack(waiting Activity, sender string) bool {
	if waiting.ActorURI != sender {
		return false
	}
	act := decodedOrNil(waiting.Raw)
	for range maxNesting {
		if act == nil || act.Type != "Announce" {
			break
		}
		inner, err := act.Object.Activity()
		if err != nil {
			return false
		}
		act = inner
	}
	return act != nil && act.Type == a.Type && act.Object.ID == a.Object.ID && act.Target.ID == a.Target.ID && (a.passedOn || act.Actor == a.Actor)
}

// undone is the activity that an Undo takes back: embedded, under whichever id; or
// named, as it came to us or as its own server shows it. Nil where it is nowhere.
func (f *Federation) undone(ctx context.Context, undo *wire.Activity) (*wire.Activity, error) {
	if undo.Object.IsEmbedded() {
		inner, err := undo.Object.Activity()
		if err != nil {
			return nil, nil
		}
		return inner, nil
	}
	uri := undo.Object.ID
	if uri == "" || !wire.SameOrigin(uri, undo.Actor) {
		return nil, nil
	}
	known, err := f.store.ReceivedActivity(ctx, uri)
	if err == nil && len(known.Raw) > 0 {
		return decodedOrNil(known.Raw), nil
	}
	if err != nil && !errors.Is(err, community.NotFound) {
		return nil, err
	}
	return f.fetchActivity(ctx, uri)
}

func decodedOrNil(raw []byte) *wire.Activity {
	act, err := wire.Decode(raw)
	if err != nil {
		return nil
	}
	return act
}

// fetchActivity is an activity as its own server shows it, believed under its own
// id alone and of an actor of its origin; nil where it shows none. What cannot be
// had now may be had later.
func (f *Federation) fetchActivity(ctx context.Context, uri string) (*wire.Activity, error) {
	if err := f.mayAsk(ctx, uri); err != nil {
		return nil, err
	}
	body, final, err := f.fetcher.Document(ctx, uri)
	if errors.Is(err, FetchUnreachable) {
		return nil, err
	}
	if err != nil || final != uri {
		return nil, nil
	}
	act := decodedOrNil(body)
	if act == nil || act.ID != uri || !wire.SameOrigin(act.Actor, uri) {
		return nil, nil
	}
	return act, nil
}

// undoFollowByID takes back a Follow that is named by its id alone, if it is its
// sender's own. False where the id is no Follow's.
func (f *Federation) undoFollowByID(ctx context.Context, in incoming) (out Outcome, follow bool, err error) {
	m, err := f.store.MembershipByFollow(ctx, in.act.Object.ID)
	if errors.Is(err, community.NotFound) {
		return Outcome{}, false, nil
	}
	if err != nil {
		return Outcome{}, false, err
	}
	follower, err := f.store.Account(ctx, m.AccountID)
	if err != nil {
		return Outcome{}, true, err
	}
	if follower.URI != in.act.Actor {
		return refused("not_author"), true, nil
	}
	return Outcome{Outcome: Accepted, GroupID: m.GroupID}, true, f.service.ReceiveUnfollow(ctx, m.GroupID, m.AccountID)
}

// undoFollow takes back a Follow, whatever its id was. An Undo that names it by its id
// alone does not stand behind it in the queue, and it may still wait there.
func (f *Federation) undoFollow(ctx context.Context, in incoming, follow *wire.Activity) (Outcome, error) {
	if !in.act.Object.IsEmbedded() {
		if waits, err := f.waits(ctx, in.act.Object.ID); err != nil || waits {
			return Outcome{RetryAt: f.now().Add(newcomerLook)}, err
		}
	}
	group, err := f.store.ActorByURI(ctx, follow.Object.ID)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	follower, err := f.store.ActorByURI(ctx, in.act.Actor)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Outcome: Accepted, GroupID: group.ID}, f.service.ReceiveUnfollow(ctx, group.ID, follower.ID)
}

// waits says whether an activity, named by its id, came and is still to be handled.
func (f *Federation) waits(ctx context.Context, uri string) (bool, error) {
	known, err := f.store.ReceivedActivity(ctx, uri)
	if errors.Is(err, community.NotFound) {
		return false, nil
	}
	return known.State == Waiting, err
}
