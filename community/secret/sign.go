package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// signed is strict: a signed text can be spelled in one way only.
var signed = base64.RawURLEncoding.Strict()

// Sign returns payload and an HMAC-SHA256 of it (RFC 2104) as one text that
// needs no escape in a form, an address or a cookie. The signature holds for
// one purpose only, so that what was signed for a form does not open a door.
// The payload can be read by whoever has the text, and does not end by itself:
// put a time into it.
func Sign(key []byte, purpose string, payload []byte) string {
	return signed.EncodeToString(payload) + "." + signed.EncodeToString(mac(key, purpose, payload))
}

// Open returns the payload of a text that Sign made with the same key for the
// same purpose, and false for any other. It takes equally long for every wrong
// signature.
func Open(key []byte, purpose, text string) ([]byte, bool) {
	left, right, _ := strings.Cut(text, ".")
	if strings.ContainsAny(text, "\r\n") { // which the decoder would skip
		return nil, false
	}
	payload, err := signed.DecodeString(left)
	if err != nil {
		return nil, false
	}
	sum, err := signed.DecodeString(right)
	if err != nil || !hmac.Equal(sum, mac(key, purpose, payload)) {
		return nil, false
	}
	return payload, true
}

// mac covers the length of the purpose, so that nothing can be moved from it
// into the payload.
func mac(key []byte, purpose string, payload []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(purpose))))
	h.Write([]byte(purpose))
	h.Write(payload)
	return h.Sum(nil)
}
