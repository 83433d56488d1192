package federation

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// sealKeySize is AES-256's.
const sealKeySize = 32

// errSeal is what opening a private key with another SealKey fails with.
var errSeal = errors.New("federation: a private key cannot be opened: the secrets file is not the one it was sealed with")

// sealPrivate is PKCS #8 under AES-256-GCM (NIST SP 800-38D), the nonce in
// front. The row's id is the additional data, so that a key moved to another
// row opens nothing.
func sealPrivate(sealKey []byte, id string, key *rsa.PrivateKey) ([]byte, error) {
	box, err := sealer(sealKey)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("federation: key: %w", err)
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	return box.Seal(nonce, nonce, der, []byte(id)), nil
}

func openPrivate(sealKey []byte, id string, sealed []byte) (*rsa.PrivateKey, error) {
	box, err := sealer(sealKey)
	if err != nil {
		return nil, err
	}
	if len(sealed) < box.NonceSize() {
		return nil, errSeal
	}
	nonce, text := sealed[:box.NonceSize()], sealed[box.NonceSize():]
	der, err := box.Open(nil, nonce, text, []byte(id))
	if err != nil {
		return nil, errSeal
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("federation: key: %w", err)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("federation: key: a %T", key)
	}
	return private, nil
}

// CheckSealKey is an error where a key of this server was sealed with another
// SealKey.
func CheckSealKey(sealKey []byte, key KeyRow) error {
	_, err := openPrivate(sealKey, key.ID, key.PrivateKey)
	return err
}

func sealer(sealKey []byte) (cipher.AEAD, error) {
	if len(sealKey) != sealKeySize {
		return nil, fmt.Errorf("federation: the seal key has %d bytes, not %d", len(sealKey), sealKeySize)
	}
	block, err := aes.NewCipher(sealKey)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// publicPEM is SPKI, as every peer reads it.
func publicPEM(key PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("federation: key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}
