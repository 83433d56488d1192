package secret

import (
	"crypto/rand"
	"strings"
)

// codeLetters has nothing that looks like something else: no 0 and o, no 1, i
// and l.
const codeLetters = "23456789abcdefghjkmnpqrstuvwxyz"

const (
	codeLength = 16
	codeGroup  = 4
)

// NewCode returns 79 random bits as a person can write them down: four groups
// of four, such as k7pm-3fqt-x2dz-h4wn.
func NewCode() string {
	letters := make([]byte, 0, codeLength)
	for len(letters) < codeLength {
		if l, ok := randomLetter(); ok {
			letters = append(letters, l)
		}
	}
	return grouped(letters)
}

// randomLetter fails for the few bytes that would make some letters likelier
// than others.
func randomLetter() (byte, bool) {
	const even = 256 - 256%len(codeLetters)
	var b [1]byte
	rand.Read(b[:])
	return codeLetters[int(b[0])%len(codeLetters)], int(b[0]) < even
}

// FoldCode returns a code as NewCode made it, whatever a person typed it back
// with: capitals, spaces, other dashes or none. What cannot be in a code is
// passed over.
func FoldCode(typed string) string {
	var letters []byte
	for _, r := range strings.ToLower(typed) {
		if strings.ContainsRune(codeLetters, r) {
			letters = append(letters, byte(r))
		}
	}
	return grouped(letters)
}

func grouped(letters []byte) string {
	var code strings.Builder
	for i, l := range letters {
		if i > 0 && i%codeGroup == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(l)
	}
	return code.String()
}
