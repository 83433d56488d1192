package fedtest

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Trust makes the servers know a key, so that they need not fetch it from its
// owner: for tests of what only sends.
func (w *World) Trust(keyID string, key *rsa.PublicKey) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trusted[keyID] = key
}

// RememberKeys has the servers fetch a key once and know it from then on, as most
// software does for a day: for tests of many deliveries.
func (w *World) RememberKeys() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.remembers = true
}

// publicKey is the key that keyID names: the one trusted, or else the one in
// the document that its URL leads to, as every stranger would find it.
func (w *World) publicKey(keyID string) (*rsa.PublicKey, error) {
	w.mu.Lock()
	key, trusted := w.trusted[keyID]
	remembers := w.remembers
	w.mu.Unlock()
	if trusted {
		return key, nil
	}
	req, err := http.NewRequest(http.MethodGet, strings.Split(keyID, "#")[0], nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", mediaType)
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the key %s cannot be had: status %d", keyID, resp.StatusCode)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if key, err = keyIn(body, keyID); err == nil && remembers {
		w.Trust(keyID, key)
	}
	return key, err
}

func keyIn(document []byte, keyID string) (*rsa.PublicKey, error) {
	var actor struct {
		PublicKey struct {
			ID           string `json:"id"`
			PublicKeyPem string `json:"publicKeyPem"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal(document, &actor); err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(actor.PublicKey.PublicKeyPem))
	if actor.PublicKey.ID != keyID || block == nil {
		return nil, fmt.Errorf("the document of %s has no such key", keyID)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	return key, nil
}

func (w *World) nextKey() *rsa.PrivateKey {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keys++
	return PrivateKey(w.keys - 1)
}
