package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// NewToken is 256 random bits for an address or a cookie.
func NewToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// HashToken is what is kept of a token or a code: its SHA-256 in hex.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// codeLetters have no pair that looks alike.
const codeLetters = "23456789abcdefghjkmnpqrstuvwxyz"

// NewCode is a code that a person can write down, such as k7pm-3fqt-x2dz-h4wn.
func NewCode() string {
	var b [64]byte
	var s strings.Builder
	for s.Len() < 19 {
		rand.Read(b[:])
		for _, x := range b {
			if x >= 248 || s.Len() == 19 {
				continue
			}
			s.WriteByte(codeLetters[int(x)%len(codeLetters)])
			if n := s.Len(); n%5 == 4 && n < 19 {
				s.WriteByte('-')
			}
		}
	}
	return s.String()
}

// FoldCode is a code as it was made, whatever way a person typed it back.
func FoldCode(typed string) string {
	var letters []rune
	for _, r := range strings.ToLower(typed) {
		if strings.ContainsRune(codeLetters, r) {
			if len(letters)%5 == 4 {
				letters = append(letters, '-')
			}
			letters = append(letters, r)
		}
	}
	return string(letters)
}

// Sign is the payload with a signature that holds for one purpose only.
func Sign(key []byte, purpose string, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString(payload) + "." + base64.RawURLEncoding.EncodeToString(mac(key, purpose, payload))
}

// Open is the payload of what Sign made; false for anything else.
func Open(key []byte, purpose, signed string) ([]byte, bool) {
	text, sum, _ := strings.Cut(signed, ".")
	payload, err1 := base64.RawURLEncoding.DecodeString(text)
	got, err2 := base64.RawURLEncoding.DecodeString(sum)
	if err1 != nil || err2 != nil || !hmac.Equal(got, mac(key, purpose, payload)) {
		return nil, false
	}
	return payload, true
}

func mac(key []byte, purpose string, payload []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose + "\x00"))
	h.Write(payload)
	return h.Sum(nil)
}
