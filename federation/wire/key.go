package wire

import (
	"encoding/json"
	"strings"
)

// PublicKey is a key for HTTP signatures as an actor publishes it (Security
// Vocabulary v1).
type PublicKey struct {
	ID    string `json:"id"`
	Owner string `json:"owner"` // a claim: true only if the owner lists the key
	PEM   string `json:"publicKeyPem"`
}

// Multikey is a key for integrity proofs (FEP-521a).
type Multikey struct {
	ID, Controller, Multibase string
}

// keys reads publicKey: one or several, without those that have no PEM. A key
// that names no owner is the actor's whose document it stands in.
func keys(raw json.RawMessage, actor string) []PublicKey {
	var all []PublicKey
	for _, one := range oneOrMany(raw) {
		key := newKey(members(one))
		if key.Owner == "" {
			key.Owner = actor
		}
		if key.ID != "" && key.PEM != "" {
			all = append(all, key)
		}
	}
	return all
}

func newKey(f fields) PublicKey {
	return PublicKey{ID: f.id("id"), Owner: f.id("owner", "controller"), PEM: strings.TrimSpace(f.text("publicKeyPem"))}
}

func multikeys(raw json.RawMessage) []Multikey {
	var all []Multikey
	for _, one := range oneOrMany(raw) {
		f := members(one)
		if key := (Multikey{f.id("id"), f.id("controller"), f.text("publicKeyMultibase")}); key.ID != "" && key.Multibase != "" {
			all = append(all, key)
		}
	}
	return all
}

// DecodeKey reads a key that is served as a document of its own. Its owner is a
// claim by whoever served it: fetch the owner, and believe it only if
// Actor.Key answers for the same id (CVE-2026-96625).
func DecodeKey(body []byte) (PublicKey, error) {
	_, root, err := document(body, false)
	if err != nil {
		return PublicKey{}, err
	}
	key := newKey(root)
	switch {
	case key.ID == "":
		return PublicKey{}, Error{BadID}
	case key.Owner == "" || key.PEM == "":
		return PublicKey{}, Error{NotAKey}
	}
	return key, nil
}
