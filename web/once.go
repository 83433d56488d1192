package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
)

// sessionOnce begins the keys of words for the next page alone that the database
// must not be able to read, such as a link of which only the hash is kept. They
// wait in the browser's session, sealed with its token, of which the database
// has only the hash.
const sessionOnce = "once "

// What is shown once.
const (
	onceInvitation = "invitation"
	onceResetLink  = "reset link of " // and whose
)

// keepOnce keeps words of a kind until takeOnce.
func (v *visit) keepOnce(kind, words string) error {
	box, err := v.onceBox()
	if err != nil {
		return err
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	v.server.sessions.Put(v.ctx(), sessionOnce+kind, box.Seal(nonce, nonce, []byte(words), nil))
	return nil
}

// takeOnce is what was kept, or nothing; what cannot be read any more is nothing.
func (v *visit) takeOnce(kind string) string {
	if !v.server.sessions.Exists(v.ctx(), sessionOnce+kind) {
		return ""
	}
	sealed := v.server.sessions.PopBytes(v.ctx(), sessionOnce+kind)
	box, err := v.onceBox()
	if err != nil || len(sealed) < box.NonceSize() {
		return ""
	}
	words, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	if err != nil {
		return ""
	}
	return string(words)
}

func (v *visit) onceBox() (cipher.AEAD, error) {
	key := sha256.Sum256([]byte("once\x00" + v.server.sessions.Token(v.ctx())))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
