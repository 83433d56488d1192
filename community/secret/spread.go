package secret

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"time"
)

// Spread is a random part of a time, to the microsecond: what many wait for does
// not happen at once, and the moments tell nothing of each other.
func Spread(most time.Duration) time.Duration {
	return rand.N(most).Truncate(time.Microsecond)
}

// SpreadOf is Spread, the same at each look for the same secret and whose it is:
// who does not know the secret cannot tell one from another.
func SpreadOf(most time.Duration, secret, whose string) time.Duration {
	sum := sha256.Sum256([]byte(strings.Join([]string{"spread", secret, whose}, "\x00")))
	return time.Duration(binary.BigEndian.Uint64(sum[:]) % uint64(most)).Truncate(time.Microsecond)
}
