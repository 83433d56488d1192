package federation

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"hearth/federation/wire"
)

// OwnedKey is a public key and the actor that owns up to it.
type OwnedKey struct {
	ID     string
	Owner  string
	Public PublicKey
	Actor  []byte // the owner's document, in which the key stands
}

// ErrNotOwned is under the error about a key that the actor it names does not
// list.
var ErrNotOwned = errors.New("the key's owner does not list it")

// KeyOwner is the actor that the document under a key id names: itself where it
// is an actor's, or else the owner of a key that stands alone. It is a claim of
// whoever served the document.
func KeyOwner(keyDocument []byte) (string, error) {
	if actor, err := wire.DecodeActor(keyDocument); err == nil {
		return actor.ID, nil
	}
	key, err := wire.DecodeKey(keyDocument)
	if err != nil {
		return "", fmt.Errorf("federation: key: %w", err)
	}
	return key.Owner, nil
}

// ActorKey decides whose keyID is, from the document found under it and the
// document of the actor whom that one names; the same twice where it is the
// actor's own. The key is taken out of the actor's document alone: a key that
// says whose it is proves nothing (CVE-2026-96625), and neither does an actor's
// address that leads to another actor (GHSA-8863-8468-7hq7).
func ActorKey(keyID string, keyDocument, actorDocument []byte) (OwnedKey, error) {
	owner, err := KeyOwner(keyDocument)
	if err != nil {
		return OwnedKey{}, err
	}
	actor, err := wire.DecodeActor(actorDocument)
	if err != nil {
		return OwnedKey{}, fmt.Errorf("federation: key: %w", err)
	}
	if actor.ID != owner {
		return OwnedKey{}, fmt.Errorf("federation: key %s: %w", keyID, ErrNotOwned)
	}
	public, err := listedKey(actor, keyID)
	if err != nil {
		return OwnedKey{}, fmt.Errorf("federation: key %s: %w", keyID, err)
	}
	return OwnedKey{ID: keyID, Owner: owner, Public: public, Actor: actorDocument}, nil
}

// listedKey is a key that an actor lists as their own: for HTTP signatures, or else
// the Ed25519 key of a Multikey (FEP-521a), by which RFC 9421 can be signed too.
func listedKey(actor *wire.Actor, keyID string) (PublicKey, error) {
	if key, listed := actor.Key(keyID); listed {
		return parsePublicKey(key.PEM)
	}
	for _, key := range actor.Multikeys {
		if public := key.Ed25519(); public != nil && key.ID == keyID && key.Controller == actor.ID {
			return public, nil
		}
	}
	return nil, ErrNotOwned
}

// FetchKey fetches what ActorKey decides on: one document, or two where the
// key stands alone. Errors of the fetch are *FetchError.
func (f *Fetcher) FetchKey(ctx context.Context, keyID string) (OwnedKey, error) {
	keyDocument, at, err := f.Document(ctx, keyID)
	if err != nil {
		return OwnedKey{}, err
	}
	owner, err := KeyOwner(keyDocument)
	if err != nil {
		return OwnedKey{}, err
	}
	if owner == at {
		return ActorKey(keyID, keyDocument, keyDocument)
	}
	actorDocument, _, err := f.Document(ctx, owner)
	if err != nil {
		return OwnedKey{}, err
	}
	return ActorKey(keyID, keyDocument, actorDocument)
}

// parsePublicKey reads SPKI, as all peers publish it, and PKCS #1, as some old
// keys stand.
func parsePublicKey(text string) (PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM")
	}
	if block.Type == "RSA PUBLIC KEY" {
		return x509.ParsePKCS1PublicKey(block.Bytes)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	switch key := parsed.(type) {
	case *rsa.PublicKey:
		return key, nil
	case ed25519.PublicKey:
		return key, nil
	}
	return nil, fmt.Errorf("a %T", parsed)
}
