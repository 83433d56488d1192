package federation

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// Keys are made ahead, because making one takes as long as fifty signatures and
// nobody should wait for it; and so that the time a key was made says nothing
// of when its actor came to be (safety.md 3.4).
const (
	pooledKeys = 8
	keyBits    = 2048 // larger ones are refused by some, and cost every signature
)

// keyPool says when the pool may be low.
type keyPool struct{ low chan struct{} }

// fillPool keeps the pool full, one key after another, and has the instance's
// own ready as soon as there is an instance.
func (f *Federation) fillPool(ctx context.Context) {
	for {
		if err := f.fill(ctx); err != nil && ctx.Err() == nil {
			f.config.Log.Error().Err(err).Msg("keys")
		}
		if !f.await(ctx, f.pool.low) {
			return
		}
	}
}

func (f *Federation) fill(ctx context.Context) error {
	for {
		n, err := f.store.CountPooledKeys(ctx)
		if err != nil {
			return err
		}
		if n >= pooledKeys {
			break
		}
		row, err := f.makeKey()
		if err != nil {
			return err
		}
		if err := f.store.InsertKey(ctx, row); err != nil {
			return err
		}
	}
	_, err := f.instanceKey(ctx)
	if errors.Is(err, community.NotFound) { // not set up yet
		return nil
	}
	return err
}

// makeKey is a key of nobody's yet.
func (f *Federation) makeKey() (KeyRow, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return KeyRow{}, err
	}
	row := KeyRow{ID: secret.NewActorID(), CreatedAt: f.now()}
	if row.PublicPEM, err = publicPEM(&private.PublicKey); err != nil {
		return KeyRow{}, err
	}
	row.PrivateKey, err = sealPrivate(f.config.SealKey, row.ID, private)
	return row, err
}

// withPooledKey runs take, which takes a key of the pool; where there is none,
// one is made and take runs again.
func (f *Federation) withPooledKey(ctx context.Context, take func() (KeyRow, error)) (KeyRow, error) {
	defer signal(f.pool.low)
	for {
		row, err := take()
		if !errors.Is(err, community.NotFound) {
			return row, err
		}
		made, err := f.makeKey()
		if err != nil {
			return KeyRow{}, err
		}
		if err := f.store.InsertKey(ctx, made); err != nil {
			return KeyRow{}, err
		}
	}
}

// MainKeyURI is the id of an actor's key: one and the same for ever, also when
// the key is another. Lemmy finds the actor by cutting the fragment off.
func MainKeyURI(actorURI string) string { return actorURI + "#main-key" }

// TakeKey gives an actor of this server a key. One that has one keeps it.
func (f *Federation) TakeKey(ctx context.Context, actorID, actorURI string) error {
	_, err := f.takeKey(ctx, actorID, actorURI)
	return err
}

func (f *Federation) takeKey(ctx context.Context, actorID, actorURI string) (KeyRow, error) {
	row, err := f.withPooledKey(ctx, func() (KeyRow, error) {
		return f.store.TakePooledKey(ctx, actorID, MainKeyURI(actorURI), f.now())
	})
	if errors.Is(err, community.Conflict) {
		return f.store.CurrentKey(ctx, actorID)
	}
	return row, err
}

// keyOverlap is how long after a rotation receivers may still know the old key
// alone.
const keyOverlap = 24 * time.Hour
