package federation

import (
	"context"
	"crypto"
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

// Verify says who signed req, by RFC 9421 where Signature-Input is there and else
// by draft-cavage-http-signatures-12, or returns a *Refusal. body is what was read
// of req's body, once, with ReadDocument's cap; origins are the addresses under
// which we are known, as https://oak.example, in lower case and with a port where
// it is not the default one.
//
// Refused before any key is looked up, so before any network: a signature that
// can be read in two ways; one that does not cover the method, the address with
// its host, when it was made, and on anything but GET and HEAD the body's digest;
// one made for another host (CVE-2023-49079); a body that is not the one in the
// digest; a time outside of the window of checkWindow.
//
// A key that says no is fetched anew once, because keys rotate. RSA with SHA-256
// is the only algorithm whatever label the request bears, and in RFC 9421 Ed25519
// where the actor has such a key. req is only read: it may be shared.
func Verify(ctx context.Context, req *http.Request, body []byte, keys KeySource, origins []string, now time.Time) (Signer, error) {
	origin, err := ourOrigin(req.Host, origins)
	if err != nil {
		return Signer{}, err
	}
	v := verification{req: req, body: body, keys: keys, origin: origin, now: now}
	if isMessageSigned(req.Header) {
		return v.verifyMessage(ctx)
	}
	return v.verifyDraft(ctx)
}

// verification is one request that is being verified.
type verification struct {
	req    *http.Request
	body   []byte
	keys   KeySource
	origin string // of ours, to which it came
	now    time.Time
}

func (v verification) verifyDraft(ctx context.Context) (Signer, error) {
	sig, err := readSignature(v.req.Header)
	if err != nil {
		return Signer{}, err
	}
	if err := checkCovered(v.req, sig); err != nil {
		return Signer{}, err
	}
	if err := checkTimes(v.req.Header, sig, v.now); err != nil {
		return Signer{}, err
	}
	if err := checkDigest(v.req.Header, sig, v.body); err != nil {
		return Signer{}, err
	}
	texts, err := signedTexts(v.req, sig)
	if err != nil {
		return Signer{}, err
	}
	return proof{keyID: sig.keyID, kind: rsaKey, texts: texts, value: sig.value}.verify(ctx, v.keys)
}

// claimedKeys are the ids of the keys by which a request says that it is signed,
// in either way; a *Refusal where it cannot be read, NoSignature where it says
// nothing.
func claimedKeys(header http.Header) ([]string, error) {
	if !isMessageSigned(header) {
		sig, err := readSignature(header)
		return []string{sig.keyID}, err
	}
	signatures, err := readMessageSignatures(header)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(signatures))
	for i, sig := range signatures {
		ids[i] = sig.keyID
	}
	return ids, nil
}
