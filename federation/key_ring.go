package federation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"hearth/community"
)

// Bounds of what is kept in memory of our own keys. Another node's rotation is
// seen after ringFor; until then the old key still holds everywhere.
const (
	ringFor = time.Minute
	maxRing = 1000
)

// keyring has the keys of this server's actors, opened once and not for every
// signature: opening one costs as much as a signature.
type keyring struct {
	f       *Federation
	flights singleflight.Group
	mu      sync.Mutex
	keys    map[string]ringKey // by actor
}

// ringKey is what an actor signs with, and before it while a rotation is young.
type ringKey struct {
	current  Key
	previous *Key
	retired  time.Time // when previous was
	pem      string
	until    time.Time
}

func newKeyring(f *Federation) *keyring { return &keyring{f: f, keys: map[string]ringKey{}} }

// KeyOf is what an actor of this server signs with. An actor that has no key
// yet gets one. NotFound for an actor that is not of here.
func (f *Federation) KeyOf(ctx context.Context, actorID string) (Key, error) {
	k, err := f.ring.key(ctx, actorID)
	return k.current, err
}

// PublicKeyPEM is what stands in the actor's document.
func (f *Federation) PublicKeyPEM(ctx context.Context, actorID string) (string, error) {
	k, err := f.ring.key(ctx, actorID)
	return k.pem, err
}

// instanceKey is the instance actor's: it signs fetches and reports.
func (f *Federation) instanceKey(ctx context.Context) (Key, error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return Key{}, err
	}
	return f.KeyOf(ctx, site.ActorID)
}

// fetchKeys are what the instance actor signs a fetch with.
func (f *Federation) fetchKeys(ctx context.Context) (first Key, second *Key, err error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return Key{}, nil, err
	}
	k, err := f.ring.key(ctx, site.ActorID)
	if err != nil {
		return Key{}, nil, err
	}
	first, second = k.inOrder(f.now())
	return first, second, nil
}

// inOrder are the keys to sign with, and to sign with if the first is not known:
// nil while there is but one. Most peers do not ask for a key anew when one does
// not fit. So the old one comes first until they can have heard of the other.
func (k ringKey) inOrder(now time.Time) (first Key, second *Key) {
	if k.previous != nil && now.Before(k.retired.Add(oldKeyFor)) {
		return *k.previous, &k.current
	}
	return k.current, k.previous
}

func (r *keyring) key(ctx context.Context, actorID string) (ringKey, error) {
	now := r.f.now()
	r.mu.Lock()
	known, ok := r.keys[actorID]
	r.mu.Unlock()
	if ok && now.Before(known.until) {
		return known, nil
	}
	// A fan-out asks for one key hundreds of times at once.
	opened, err, _ := r.flights.Do(actorID, func() (any, error) { return r.open(context.WithoutCancel(ctx), actorID, now) })
	if err != nil {
		return ringKey{}, err
	}
	return r.keep(actorID, opened.(ringKey)), nil
}

func (r *keyring) keep(actorID string, k ringKey) ringKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.keys) >= maxRing {
		r.keys = map[string]ringKey{}
	}
	r.keys[actorID] = k
	return k
}

func (r *keyring) forget(actorID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.keys, actorID)
}

func (r *keyring) open(ctx context.Context, actorID string, now time.Time) (ringKey, error) {
	row, err := r.f.store.CurrentKey(ctx, actorID)
	if errors.Is(err, community.NotFound) {
		row, err = r.f.firstKey(ctx, actorID)
	}
	if err != nil {
		return ringKey{}, err
	}
	k := ringKey{pem: row.PublicPEM, until: now.Add(ringFor)}
	if k.current, err = r.f.unlock(row, *row.URI); err != nil {
		return ringKey{}, err
	}
	old, err := r.f.store.RetiredKey(ctx, actorID, now.Add(-keyOverlap))
	if errors.Is(err, community.NotFound) {
		return k, nil
	}
	if err != nil {
		return ringKey{}, err
	}
	previous, err := r.f.unlock(old, *row.URI)
	k.previous, k.retired = &previous, *old.RetiredAt
	return k, err
}

func (f *Federation) unlock(row KeyRow, uri string) (Key, error) {
	private, err := openPrivate(f.config.SealKey, row.ID, row.PrivateKey)
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", uri, err)
	}
	return Key{ID: uri, Private: private}, nil
}

func (f *Federation) firstKey(ctx context.Context, actorID string) (KeyRow, error) {
	actor, err := f.store.Actor(ctx, actorID)
	if err != nil {
		return KeyRow{}, err
	}
	if !actor.IsLocal() {
		return KeyRow{}, fmt.Errorf("federation: key of %s: %w", actor.URI, community.NotFound)
	}
	return f.takeKey(ctx, actor.ID, actor.URI)
}
