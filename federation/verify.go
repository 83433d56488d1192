package federation

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"net/http"
	"time"
)

// KeySource finds the public key that a key id names.
type KeySource interface {
	// Key gives the key and the actor that owns it, by the rule of ActorKey.
	// With refresh it asks the key's own server again instead of a cache;
	// asked to too often it may answer with the key it already gave. Errors
	// that are FetchGone or FetchUnreachable are told apart from the others.
	Key(ctx context.Context, keyID string, refresh bool) (owner string, pub crypto.PublicKey, err error)
}

// Signer is whom a verified request speaks for. Owner is exactly the actor that
// owns the key: comparing it with the activity's actor is the caller's part
// (FEP-fe34; CVE-2025-54888).
type Signer struct {
	KeyID string
	Owner string
}

// Verify says who signed req (draft-cavage-http-signatures-12), or returns a
// *Refusal. body is what was read of req's body, once, with ReadDocument's cap;
// hosts are the names under which we are reached, with a port where it is not
// the default one.
//
// Refused before any key is looked up, so before any network: a signature that
// can be read in two ways; one that does not cover (request-target), host, and
// date or (created), and on anything but GET and HEAD also digest; one made for
// another host (CVE-2023-49079); a body that is not the one in Digest; a time
// outside of the window of checkTimes.
//
// A key that says no is fetched anew once, because keys rotate. RSA with
// SHA-256 is the only algorithm whatever label the request bears. req is only
// read: it may be shared.
func Verify(ctx context.Context, req *http.Request, body []byte, keys KeySource, hosts []string, now time.Time) (Signer, error) {
	sig, err := readSignature(req.Header)
	if err != nil {
		return Signer{}, err
	}
	if err := checkCovered(req, sig); err != nil {
		return Signer{}, err
	}
	if err := checkHost(req.Host, hosts); err != nil {
		return Signer{}, err
	}
	if err := checkTimes(req.Header, sig, now); err != nil {
		return Signer{}, err
	}
	if err := checkDigest(req.Header, sig, body); err != nil {
		return Signer{}, err
	}
	texts, err := signedTexts(req, sig)
	if err != nil {
		return Signer{}, err
	}
	return verifyByKey(ctx, sig, texts, keys)
}

func verifyByKey(ctx context.Context, sig signature, texts []string, keys KeySource) (Signer, error) {
	owner, known, err := publicKey(ctx, sig.keyID, keys, false)
	if err != nil {
		return Signer{}, err
	}
	if signedBy(known, texts, sig.value) {
		return Signer{KeyID: sig.keyID, Owner: owner}, nil
	}
	owner, fresh, err := publicKey(ctx, sig.keyID, keys, true)
	if err != nil {
		return Signer{}, err
	}
	if !fresh.Equal(known) && signedBy(fresh, texts, sig.value) {
		return Signer{KeyID: sig.keyID, Owner: owner}, nil
	}
	return Signer{}, refuse(BadSignature, "by key %q", sig.keyID)
}

// Keys outside of these sizes are refused: smaller ones can be broken, larger
// ones cost the verifier more than the sender.
const minKeyBits, maxKeyBits = 2048, 8192

func publicKey(ctx context.Context, keyID string, keys KeySource, refresh bool) (string, *rsa.PublicKey, error) {
	owner, found, err := keys.Key(ctx, keyID, refresh)
	if err != nil {
		return "", nil, &Refusal{Reason: keyReason(err), Detail: keyID, Err: err}
	}
	pub, ok := found.(*rsa.PublicKey)
	if !ok {
		return "", nil, refuse(UnsupportedKey, "%q is a %T", keyID, found)
	}
	if bits := pub.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return "", nil, refuse(UnsupportedKey, "%q has %d bits", keyID, bits)
	}
	return owner, pub, nil
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
