package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/mr-tron/base58"
)

// maxProofs bounds the proofs of one document that are looked at.
const maxProofs = 4

// Proof is an integrity proof of a document by the cryptosuite eddsa-jcs-2022
// (FEP-8b32): whoever has the key said exactly this, whoever passes it on.
type Proof struct {
	Method  string    // the id of the key; that it is its author's is the caller's to check
	Expires time.Time // zero for never

	signed []byte
	value  []byte
}

// Proofs are those of a document that can be verified here; raw are its exact
// bytes. All others are left out: they are worth no more than none.
func Proofs(raw json.RawMessage) []Proof {
	if !isObject(raw) {
		return nil
	}
	f := members(raw)
	var proofs []Proof
	for _, one := range oneOrMany(f.get("proof")) {
		if len(proofs) == maxProofs {
			break
		}
		if p, ok := newProof(f, members(one)); ok {
			proofs = append(proofs, p)
		}
	}
	return proofs
}

func newProof(document, proof fields) (Proof, bool) {
	p := Proof{Method: proof.id("verificationMethod"), Expires: proof.stamp("expires"), value: multibase(proof.text("proofValue"))}
	switch {
	case proof.text("type") != "DataIntegrityProof", proof.text("cryptosuite") != "eddsa-jcs-2022", proof.text("proofPurpose") != "assertionMethod",
		p.Method == "", len(p.value) != ed25519.SignatureSize, proof.get("expires") != nil && p.Expires.IsZero():
		return Proof{}, false
	}
	unsecured := document.without("proof")
	if context := proof.get("@context"); context != nil {
		if !beginsWith(document.get("@context"), context) {
			return Proof{}, false
		}
		unsecured = append(unsecured.without("@context"), field{"@context", context})
	}
	config, err := canonicalHash(proof.without("proofValue"))
	if err != nil {
		return Proof{}, false
	}
	said, err := canonicalHash(unsecured)
	p.signed = slices.Concat(config, said)
	return p, err == nil
}

// IsBy says whether a key made the proof, and it holds at a time.
func (p Proof) IsBy(key ed25519.PublicKey, now time.Time) bool {
	return len(key) == ed25519.PublicKeySize && (p.Expires.IsZero() || now.Before(p.Expires)) && ed25519.Verify(key, p.signed, p.value)
}

// beginsWith says whether a document's context has all of its proof's, in order
// (Data Integrity EdDSA Cryptosuites 3.3.2).
func beginsWith(context, start json.RawMessage) bool {
	all, first := oneOrMany(context), oneOrMany(start)
	if len(first) > len(all) {
		return false
	}
	return slices.EqualFunc(first, all[:len(first)], func(a, b json.RawMessage) bool { return bytes.Equal(a, b) })
}

// canonicalHash is the SHA-256 of an object in its canonical form (RFC 8785).
func canonicalHash(f fields) ([]byte, error) {
	canonical, err := jcs.Transform(f.encode())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(canonical)
	return sum[:], nil
}

// without are the members but one.
func (f fields) without(key string) fields {
	return slices.DeleteFunc(slices.Clone(f), func(one field) bool { return one.key == key })
}

// encode is the members as an object again.
func (f fields) encode() []byte {
	raw := []byte{'{'}
	for i, one := range f {
		if i > 0 {
			raw = append(raw, ',')
		}
		key, _ := json.Marshal(one.key) // a string always can be
		raw = append(append(append(raw, key...), ':'), one.raw...)
	}
	return append(raw, '}')
}

// multibase reads base58btc, the one base that these keys and proofs come in;
// nothing for what is none.
func multibase(text string) []byte {
	if len(text) < 2 || len(text) > 256 || text[0] != 'z' {
		return nil
	}
	read, err := base58.Decode(text[1:])
	if err != nil {
		return nil
	}
	return read
}

// ed25519Code is how a Multikey says that it is an Ed25519 public key (Multicodec,
// ed25519-pub).
var ed25519Code = []byte{0xed, 0x01}

// Ed25519 is the key of a Multikey (FEP-521a); nil for one of another kind.
func (k Multikey) Ed25519() ed25519.PublicKey {
	key, ok := bytes.CutPrefix(multibase(k.Multibase), ed25519Code)
	if !ok || len(key) != ed25519.PublicKeySize {
		return nil
	}
	return ed25519.PublicKey(key)
}
