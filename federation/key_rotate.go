package federation

import (
	"context"
	"errors"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// toldAfter is how long after a rotation the world is told of it: by then every
// node has seen that there is another key, and none tells the old one as new.
const toldAfter = 2 * ringFor

// oldKeyFor is how long after a rotation the key before it signs first: until the
// world was told of the other, and some more for that to arrive.
const oldKeyFor = toldAfter + 10*time.Minute

// RotateKey gives an actor of this server another key under the same id, and has
// those who may know the one before told, under that one: Lemmy, Mbin and PieFed
// do not fetch a key anew when it says no. The one before is kept for keyOverlap.
//
// Conflict where the last rotation is younger than that, since some may still
// know only the key before it, and for an actor that has no key yet.
func (f *Federation) RotateKey(ctx context.Context, actorID, actorURI string) error {
	now := f.now()
	if err := f.mayRotate(ctx, actorID, now); err != nil {
		return err
	}
	at := now.Add(toldAfter)
	tell := community.Event{ID: secret.NewID(now), Kind: community.EventKeyChanged, OrderKey: actorID, AboutID: actorID, CreatedAt: now, NotBefore: &at}
	_, err := f.withPooledKey(ctx, func() (KeyRow, error) {
		return f.store.RotateKey(ctx, actorID, MainKeyURI(actorURI), now, tell)
	})
	if err == nil {
		f.ring.forget(actorID)
	}
	return err
}

func (f *Federation) mayRotate(ctx context.Context, actorID string, now time.Time) error {
	if _, err := f.store.CurrentKey(ctx, actorID); errors.Is(err, community.NotFound) {
		return &community.Error{Kind: community.Conflict, Key: "delivery.key_none"}
	} else if err != nil {
		return err
	}
	_, err := f.store.RetiredKey(ctx, actorID, now.Add(-keyOverlap))
	switch {
	case err == nil:
		return &community.Error{Kind: community.Conflict, Key: "delivery.key_lately"}
	case errors.Is(err, community.NotFound):
		return nil
	}
	return err
}

// Rotation counts what RotateAll did.
type Rotation struct{ Rotated, Left int }

const actorsAtOnce = 100

// RotateAll rotates the keys of all actors of this server, and leaves those that
// were rotated lately. What was done before an error stays done: running it again
// goes on.
func (f *Federation) RotateAll(ctx context.Context) (done Rotation, err error) {
	for after := ""; ; {
		actors, err := f.store.KeyedActors(ctx, after, actorsAtOnce)
		if err != nil || len(actors) == 0 {
			return done, err
		}
		for _, a := range actors {
			err := f.RotateKey(ctx, a.ID, a.URI)
			switch {
			case err == nil:
				done.Rotated++
			case errors.Is(err, community.Conflict):
				done.Left++
			default:
				return done, err
			}
		}
		after = actors[len(actors)-1].ID
	}
}

// RotateInstanceKey is RotateKey for the server itself.
func (f *Federation) RotateInstanceKey(ctx context.Context) error {
	site, err := f.service.Site(ctx)
	if err != nil {
		return err
	}
	actor, err := f.store.Actor(ctx, site.ActorID)
	if err != nil {
		return err
	}
	return f.RotateKey(ctx, actor.ID, actor.URI)
}
