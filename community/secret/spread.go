package secret

import (
	"math/rand/v2"
	"time"
)

// Spread is a random part of a time, to the microsecond: what many wait for does
// not happen at once, and the moments tell nothing of each other.
func Spread(most time.Duration) time.Duration {
	return rand.N(most).Truncate(time.Microsecond)
}
