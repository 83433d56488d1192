package federation

import (
	"context"
	"crypto"

	"hearth/community"
)

// OpenPrivate opens a sealed key, SealPrivate seals one.
var (
	OpenPrivate = openPrivate
	SealPrivate = sealPrivate
)

// KeysOf is an actor's key and the one before it.
func (f *Federation) KeysOf(ctx context.Context, actorID string) (Key, *Key, error) {
	k, err := f.ring.key(ctx, actorID)
	return k.current, k.previous, err
}

// RemoteKey is the KeySource's.
func (f *Federation) RemoteKey(ctx context.Context, keyID string, refresh bool) (string, crypto.PublicKey, error) {
	return f.keys.Key(ctx, keyID, refresh)
}

// HandleWith puts another handler of incoming activities in the place of ours.
func (f *Federation) HandleWith(fn func(context.Context, Activity) Outcome) { f.handleActivity = fn }

// ComposeWith puts another composer in the place of ours.
func (f *Federation) ComposeWith(fn func(context.Context, community.Event) (Parcel, error)) {
	f.composeEvent = fn
}
