package federation

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"time"

	"hearth/community"
	"hearth/federation/wire"
)

// proofKey is a key for proofs as its owner's server listed it.
type proofKey struct {
	owner  string
	public ed25519.PublicKey
	until  time.Time
}

// vouched is a post that a group passed on, with how its authorship is known: by its
// author's own key where a proof stands in the activity or in the post (FEP-8b32),
// and otherwise as it was.
func (f *Federation) vouched(ctx context.Context, a arrival, inner *wire.Activity) arrival {
	if a.verified != community.VerifiedGroup {
		return a
	}
	if inner.HasProof && f.isProven(ctx, inner.Raw, a.post.Author) || a.post.HasProof && f.isProven(ctx, a.post.Raw, a.post.Author) {
		a.verified, a.isProven = community.VerifiedSigned, true
	}
	return a
}

// isProven says whether a document carries a proof by a key that its author's own
// document lists for assertions (FEP-521a). Where that cannot be found out now, it
// is not.
func (f *Federation) isProven(ctx context.Context, raw json.RawMessage, author string) bool {
	for _, proof := range wire.Proofs(raw) {
		if !wire.SameOrigin(proof.Method, author) {
			continue
		}
		key, ok := f.proofKeyOf(ctx, proof.Method, author)
		if ok && proof.IsBy(key, f.now()) {
			return true
		}
	}
	return false
}

// proofKeyOf is a key that an author lists; remembered for as long as keys are
// believed, and else read from the author's document.
func (f *Federation) proofKeyOf(ctx context.Context, method, author string) (ed25519.PublicKey, bool) {
	known, ok := f.proofKeys.get(method)
	if !ok || !f.now().Before(known.until) {
		if _, err := f.fetchActor(ctx, author); err != nil { // which remembers its keys
			return nil, false
		}
		known, ok = f.proofKeys.get(method)
	}
	return known.public, ok && known.owner == author && f.now().Before(known.until)
}

// maxProofKeys bounds what is remembered of one actor.
const maxProofKeys = 8

// rememberProofKeys keeps the keys that an actor's document lists as the actor's own.
func (f *Federation) rememberProofKeys(doc *wire.Actor) {
	until := f.now().Add(keyBelievedFor)
	for _, k := range doc.Multikeys[:min(len(doc.Multikeys), maxProofKeys)] {
		public := k.Ed25519()
		if public != nil && k.Controller == doc.ID && wire.SameOrigin(k.ID, doc.ID) {
			f.proofKeys.put(k.ID, proofKey{doc.ID, public, until})
		}
	}
}
