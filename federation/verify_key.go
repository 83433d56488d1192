package federation

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
)

// proof is a signature and the texts that it may be over, the likeliest first:
// what is left is to ask its key.
type proof struct {
	keyID string
	kind  keyKind
	texts []string
	value []byte
}

// keyKind is how a signature says that it was made: RSA is PKCS #1 v1.5 with
// SHA-256 and nothing else.
type keyKind string

const (
	anyKey     keyKind = ""
	rsaKey     keyKind = "RSA"
	ed25519Key keyKind = "Ed25519"
)

// verify asks the key, and once more after it was fetched anew.
func (p proof) verify(ctx context.Context, keys KeySource) (Signer, error) {
	owner, known, err := p.key(ctx, keys, false)
	if err != nil {
		return Signer{}, err
	}
	if p.isBy(known) {
		return Signer{KeyID: p.keyID, Owner: owner}, nil
	}
	owner, fresh, err := p.key(ctx, keys, true)
	if err != nil {
		return Signer{}, err
	}
	if !fresh.Equal(known) && p.isBy(fresh) {
		return Signer{KeyID: p.keyID, Owner: owner}, nil
	}
	return Signer{}, refuse(BadSignature, "by key %q", p.keyID)
}

func (p proof) isBy(key PublicKey) bool {
	for _, text := range p.texts {
		if signedBy(key, text, p.value) {
			return true
		}
	}
	return false
}

func signedBy(key PublicKey, text string, value []byte) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		sum := sha256.Sum256([]byte(text))
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], value) == nil
	case ed25519.PublicKey:
		return ed25519.Verify(key, []byte(text), value)
	}
	return false
}

// PublicKey is a key of crypto/rsa or crypto/ed25519: what such keys have in
// common.
type PublicKey interface{ Equal(crypto.PublicKey) bool }

// Keys outside of these sizes are refused: smaller ones can be broken, larger
// ones cost the verifier more than the sender.
const minKeyBits, maxKeyBits = 2048, 8192

func (p proof) key(ctx context.Context, keys KeySource, refresh bool) (string, PublicKey, error) {
	owner, found, err := keys.Key(ctx, p.keyID, refresh)
	if err != nil {
		return "", nil, &Refusal{Reason: keyReason(err), Detail: p.keyID, Err: err}
	}
	kind := anyKey
	switch key := found.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
			return "", nil, refuse(UnsupportedKey, "%q has %d bits", p.keyID, bits)
		}
		kind = rsaKey
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return "", nil, refuse(UnsupportedKey, "%q has %d bytes", p.keyID, len(key))
		}
		kind = ed25519Key
	default:
		return "", nil, refuse(UnsupportedKey, "%q is a %T", p.keyID, found)
	}
	if p.kind != anyKey && p.kind != kind {
		return "", nil, refuse(UnsupportedKey, "%q is of %s, its signature of %s", p.keyID, kind, p.kind)
	}
	return owner, found.(PublicKey), nil
}

// keyReason keeps the difference between "no" and "not now": a sender that is
// told to try again later will, one that is refused gives the activity up.
func keyReason(err error) Reason {
	switch {
	case errors.Is(err, FetchGone):
		return KeyGone
	case errors.Is(err, FetchUnreachable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return KeyUnavailable
	}
	return UnknownKey
}
