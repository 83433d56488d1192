package federation

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"github.com/dunglas/httpsfv"
)

// verifyMessage is Verify of RFC 9421. Of several signatures one is enough, but
// each stands for itself: what it does not cover no other covers for it.
func (v verification) verifyMessage(ctx context.Context) (Signer, error) {
	signatures, err := readMessageSignatures(v.req.Header)
	if err != nil {
		return Signer{}, err
	}
	var why error
	for _, sig := range signatures {
		signer, err := v.verifyLabel(ctx, sig)
		if err == nil {
			return signer, nil
		}
		if why == nil || errors.Is(err, KeyUnavailable) { // which is the one worth another try
			why = err
		}
	}
	return Signer{}, why
}

func (v verification) verifyLabel(ctx context.Context, sig messageSignature) (Signer, error) {
	kind, err := keyKindOf(sig.algorithm)
	if err != nil {
		return Signer{}, err
	}
	if err := v.checkComponents(sig); err != nil {
		return Signer{}, err
	}
	if err := v.checkAge(sig); err != nil {
		return Signer{}, err
	}
	if err := v.checkContentDigest(sig); err != nil {
		return Signer{}, err
	}
	texts, err := v.signatureBases(sig)
	if err != nil {
		return Signer{}, err
	}
	return proof{keyID: sig.keyID, kind: kind, texts: texts, value: sig.value}.verify(ctx, v.keys)
}

// keyKindOf is what a label of RFC 9421 6.2 means. Where there is none the key
// itself says how it signs.
func keyKindOf(algorithm string) (keyKind, error) {
	switch algorithm {
	case "":
		return anyKey, nil
	case "rsa-v1_5-sha256":
		return rsaKey, nil
	case "ed25519":
		return ed25519Key, nil
	}
	return "", refuse(UnsupportedAlgorithm, "%q", algorithm)
}

// checkComponents holds a signature to what must stand under it: the method, all
// of the address, when it was made, and of what brings a body its digest.
func (v verification) checkComponents(sig messageSignature) error {
	switch {
	case !sig.covers("@method"):
		return refuse(HeadersNotCovered, "@method")
	case !v.coversAddress(sig):
		return refuse(HeadersNotCovered, "@target-uri")
	case !v.onlyReads() && !sig.covers("content-digest"):
		return refuse(HeadersNotCovered, "content-digest")
	case sig.created == 0:
		return refuse(HeadersNotCovered, "created")
	}
	return nil
}

func (v verification) coversAddress(sig messageSignature) bool {
	if sig.covers("@target-uri") {
		return true
	}
	_, query := v.target()
	return sig.covers("@authority") &&
		(sig.covers("@request-target") || sig.covers("@path") && (query == "" || sig.covers("@query")))
}

func (v verification) checkAge(sig messageSignature) error {
	made, ends := time.Unix(sig.created, 0), time.Time{}
	if sig.expires > 0 {
		ends = time.Unix(sig.expires, 0)
	}
	return checkWindow(made, ends, v.now)
}

// checkContentDigest compares the body with a covered Content-Digest (RFC 9530):
// with each entry of an algorithm that counts as safe, of which one is wanted.
func (v verification) checkContentDigest(sig messageSignature) error {
	if !sig.covers("content-digest") {
		return nil
	}
	entries, err := readDictionary("Content-Digest", v.req.Header.Values("Content-Digest"))
	if err != nil {
		return err
	}
	compared := false
	for _, entry := range entries {
		sum := digestOf(entry.label, v.body)
		if sum == nil {
			continue
		}
		item, _ := entry.value.(httpsfv.Item)
		stated, _ := item.Value.([]byte)
		if subtle.ConstantTimeCompare(stated, sum) != 1 {
			return refuse(DigestMismatch, "%s", entry.label)
		}
		compared = true
	}
	if !compared {
		return refuse(DigestMissing, "")
	}
	return nil
}

// digestOf is nil for an algorithm that says nothing here.
func digestOf(algorithm string, body []byte) []byte {
	switch algorithm {
	case "sha-256":
		sum := sha256.Sum256(body)
		return sum[:]
	case "sha-512":
		sum := sha512.Sum512(body)
		return sum[:]
	}
	return nil
}

func (v verification) onlyReads() bool {
	return v.req.Method == http.MethodGet || v.req.Method == http.MethodHead
}
