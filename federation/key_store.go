package federation

import (
	"context"
	"time"

	"hearth/community"
)

// KeyRow is a key as it is kept: one of an actor's here, with its private half
// sealed; one that waits in the pool, of nobody yet; or a stranger's, with the
// public half alone.
type KeyRow struct {
	ID         string  // random; what its private half is sealed with (keySeal)
	ActorID    *string // whose of ours it is; nil in the pool and for strangers
	URI        *string // the key's id; of an actor's keys only the current one has it
	OwnerURI   string  // the stranger that owns up to it
	PublicPEM  string
	PrivateKey []byte // PKCS #8, sealed
	CreatedAt  time.Time
	TakenAt    *time.Time
	RetiredAt  *time.Time
	FetchedAt  *time.Time
}

// KeyStore keeps keys, ours and strangers'. Reads are NotFound for what is not there.
type KeyStore interface {
	Actor(ctx context.Context, id string) (community.Actor, error)
	// CountPooledKeys is how many wait to be taken.
	CountPooledKeys(ctx context.Context) (int, error)
	InsertKey(ctx context.Context, k KeyRow) error
	// TakePooledKey gives one of the pool to an actor; no two ever get the same
	// one. NotFound when the pool is empty, Conflict when the actor has one.
	TakePooledKey(ctx context.Context, actorID, uri string, now time.Time) (KeyRow, error)
	// RotateKey retires an actor's key and gives it one of the pool under the
	// same URI, and stores the event that tells of it: all or nothing. NotFound
	// when the pool is empty.
	RotateKey(ctx context.Context, actorID, uri string, now time.Time, tell community.Event) (KeyRow, error)
	// KeyedActors lists this server's actors that have a key, by id, after one.
	KeyedActors(ctx context.Context, after string, limit int) ([]community.Actor, error)
	// CurrentKey is what an actor of ours signs with.
	CurrentKey(ctx context.Context, actorID string) (KeyRow, error)
	// RetiredKey is the one before it, if it was retired since.
	RetiredKey(ctx context.Context, actorID string, since time.Time) (KeyRow, error)
	// RemoteKey is a stranger's, by its URI.
	RemoteKey(ctx context.Context, uri string) (KeyRow, error)
	// SaveRemoteKey keeps a stranger's in place of what was known under its URI.
	// It never touches one of ours.
	SaveRemoteKey(ctx context.Context, k KeyRow) error
}
