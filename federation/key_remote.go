package federation

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/singleflight"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation/wire"
)

// How long a stranger's key is believed, and how often it is asked for anew.
// Believing it for ever would let whoever stole it sign for ever.
// A key that said no is asked for anew at once, since keys rotate, and then not for
// keyDoubtedOnce: whoever names somebody's key in vain has their server asked for it no
// more often than that.
const (
	keyBelievedFor   = 24 * time.Hour
	keyRefreshedOnce = 5 * time.Minute
	keyDoubtedOnce   = time.Minute
)

// remoteKeys are strangers' keys: remembered, else fetched, as far as policy,
// the source's conduct and the last fetch allow it.
type remoteKeys struct {
	f       *Federation
	known   bounded[knownKey]
	asked   bounded[time.Time] // when a key was last fetched or tried to be
	doubted bounded[time.Time] // when a key was last fetched because it had said no
	doubts  singleflight.Group // who doubts a key at the same time waits for one fetch
	tripped bounded[time.Time] // until when nothing is fetched for a source
	fetches *crowd             // by source
}

type knownKey struct {
	owner     string
	public    PublicKey
	fetchedAt time.Time
}

// Bounds of the memory (CVE-2026-69132).
const maxRemote = 10_000

func newRemoteKeys(f *Federation) *remoteKeys {
	return &remoteKeys{f: f, known: newBounded[knownKey](maxRemote), asked: newBounded[time.Time](maxRemote), doubted: newBounded[time.Time](maxRemote), tripped: newBounded[time.Time](maxRemote), fetches: newCrowd(fetchesOfOne)}
}

var (
	errOwnKey  = errors.New("federation: a key of this very server")
	errRefused = errors.New("federation: its server is refused")
	errDoubted = errors.New("it was fetched anew a moment ago")
)

// Key is KeySource's. A key that is known is given without any network. What
// fails to be fetched anew stays believed as it was: an actor who is gone has
// no key to fetch, and its Delete is signed with the one we know.
func (r *remoteKeys) Key(ctx context.Context, keyID string, refresh bool) (string, crypto.PublicKey, error) {
	if err := r.f.mayKnow(ctx, keyID); err != nil {
		return "", nil, err
	}
	k, err := r.remembered(ctx, keyID)
	now := r.f.now()
	switch {
	case errors.Is(err, community.NotFound):
		k, err = r.fetch(ctx, keyID)
	case err != nil:
	case refresh:
		k, err = r.doubt(ctx, keyID, k, now)
	case now.Sub(k.fetchedAt) > keyBelievedFor && !r.askedLately(keyID, k, now):
		if fresh, failed := r.fetch(ctx, keyID); failed == nil {
			k = fresh
		}
	}
	if err != nil {
		return "", nil, err
	}
	return k.owner, k.public, nil
}

// doubt fetches a key anew that said no to a signature, unless that was done since the
// request came. Where it may not be fetched yet, or cannot be, nobody knows whether it
// changed: the sender is told to come again, and by then it can be. One whose owner's
// server has it no more stays believed as it was.
func (r *remoteKeys) doubt(ctx context.Context, keyID string, k knownKey, now time.Time) (knownKey, error) {
	if !k.fetchedAt.Before(cameAt(ctx, now)) {
		return k, nil
	}
	fresh, err := r.fetchTogether(ctx, keyID, k, now)
	if errors.Is(err, FetchUnreachable) {
		return k, err
	}
	if err != nil {
		return k, nil
	}
	return fresh, nil
}

// fetchTogether fetches a key that is doubted once for all who doubt it at the same
// time. That one of them may not fetch it now says nothing about the others.
func (r *remoteKeys) fetchTogether(ctx context.Context, keyID string, k knownKey, now time.Time) (knownKey, error) {
	for {
		asked := false
		fresh, err, _ := r.doubts.Do(keyID, func() (any, error) {
			asked = true
			return r.fetchDoubted(ctx, keyID, k, now)
		})
		if asked || !errors.Is(err, errTripped) && !errors.Is(err, ErrCrowded) {
			return fresh.(knownKey), err
		}
	}
}

func (r *remoteKeys) fetchDoubted(ctx context.Context, keyID string, k knownKey, now time.Time) (knownKey, error) {
	if known, ok := r.known.get(keyID); ok && known.fetchedAt.After(k.fetchedAt) {
		return known, nil // by somebody who doubted it just before
	}
	if at, ok := r.doubted.get(keyID); ok && now.Sub(at) < keyDoubtedOnce {
		return k, &FetchError{Fault: FetchUnreachable, URL: keyID, RetryAfter: keyDoubtedOnce - now.Sub(at), Err: errDoubted}
	}
	return r.fetch(ctx, keyID, r.doubted)
}

type cameKey struct{}

// withArrival notes when a request came: what was fetched since is as new as can be.
func withArrival(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, cameKey{}, at)
}

func cameAt(ctx context.Context, now time.Time) time.Time {
	if at, ok := ctx.Value(cameKey{}).(time.Time); ok {
		return at
	}
	return now
}

type policiesKey struct{}

// withPolicies has a request judged by one reading of the policies, as long as
// nothing is fetched for it.
func withPolicies(ctx context.Context, policies *policy.Snapshot) context.Context {
	return context.WithValue(ctx, policiesKey{}, policies)
}

// mayKnow judges the server of a key that may be known, by the request's own
// reading of the policies where there is one.
func (f *Federation) mayKnow(ctx context.Context, uri string) error {
	if policies, ok := ctx.Value(policiesKey{}).(*policy.Snapshot); ok {
		return f.judge(policies, uri)
	}
	return f.mayAsk(ctx, uri)
}

// mayAsk judges the server of a key by the policies of this moment, before
// anything is asked of it.
func (f *Federation) mayAsk(ctx context.Context, uri string) error {
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return err
	}
	return f.judge(policies, uri)
}

func (f *Federation) judge(policies *policy.Snapshot, uri string) error {
	origin, err := wire.ParseIRI(uri, f.iriOptions())
	if err != nil {
		return fmt.Errorf("federation: key: %w", err)
	}
	switch {
	case origin.Domain() == f.config.Host:
		return errOwnKey
	case policies.Judge(origin.Domain()).Refused():
		return errRefused
	}
	return nil
}

func (f *Federation) iriOptions() wire.IRIOptions {
	return wire.IRIOptions{Development: f.config.Development}
}

func (r *remoteKeys) askedLately(keyID string, k knownKey, now time.Time) bool {
	if now.Sub(k.fetchedAt) < keyRefreshedOnce {
		return true
	}
	at, ok := r.asked.get(keyID)
	return ok && now.Sub(at) < keyRefreshedOnce
}

func (r *remoteKeys) remembered(ctx context.Context, keyID string) (knownKey, error) {
	if k, ok := r.known.get(keyID); ok {
		return k, nil
	}
	row, err := r.f.store.RemoteKey(ctx, keyID)
	if err != nil {
		return knownKey{}, err
	}
	public, err := parsePublicKey(row.PublicPEM)
	if err != nil {
		return knownKey{}, fmt.Errorf("federation: key %s: %w", keyID, err)
	}
	k := knownKey{owner: row.OwnerURI, public: public}
	if row.FetchedAt != nil {
		k.fetchedAt = *row.FetchedAt
	}
	r.known.put(keyID, k)
	return k, nil
}

// fetch asks the key's server, unless the one who sent us there has lately sent
// us where there was none. That it was asked is noted in asked, and in what else is
// given, once nothing keeps it from being asked.
func (r *remoteKeys) fetch(ctx context.Context, keyID string, noted ...bounded[time.Time]) (knownKey, error) {
	now, source := r.f.now(), sourceOf(ctx)
	if until, ok := r.tripped.get(source); ok && source != "" && now.Before(until) {
		return knownKey{}, &FetchError{Fault: FetchUnreachable, URL: keyID, Err: errTripped}
	}
	if err := r.f.mayAsk(ctx, keyID); err != nil {
		return knownKey{}, err
	}
	leave, ok := r.fetches.enter(source)
	if !ok {
		return knownKey{}, &FetchError{Fault: FetchUnreachable, URL: keyID, Err: ErrCrowded}
	}
	defer leave()
	for _, when := range append(noted, r.asked) {
		when.put(keyID, now)
	}
	owned, err := r.f.fetcher.FetchKey(ctx, keyID)
	if err == nil {
		err = r.f.mayAsk(ctx, owned.Owner) // the key may stand elsewhere than its owner
	}
	if err != nil {
		r.trip(ctx, source, now)
		return knownKey{}, err
	}
	return r.keep(ctx, owned, now)
}

func (r *remoteKeys) keep(ctx context.Context, owned OwnedKey, now time.Time) (knownKey, error) {
	text, err := publicPEM(owned.Public)
	if err != nil {
		return knownKey{}, err
	}
	row := KeyRow{ID: secret.NewActorID(), URI: &owned.ID, OwnerURI: owned.Owner, PublicPEM: text, CreatedAt: now, FetchedAt: &now}
	if err := r.f.store.SaveRemoteKey(ctx, row); err != nil {
		return knownKey{}, err
	}
	k := knownKey{owned.Owner, owned.Public, now}
	r.known.put(owned.ID, k)
	return k, nil
}
