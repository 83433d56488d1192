package federation

import (
	"math/rand/v2"
	"time"
)

// Waits between attempts.
const (
	firstLaneWait  = 30 * time.Second // so that a dead host sees at most two attempts a minute
	firstErrorWait = time.Minute      // after answers of 500 alone
	longestWait    = time.Hour
	longestDead    = 6 * time.Hour
)

// laneWait is how long a failing lane rests: as long as it has failed already,
// so that the waits double.
func laneWait(failedFor, first time.Duration, dead bool) time.Duration {
	longest := longestWait
	if dead {
		longest = longestDead
	}
	return spread(min(max(failedFor, first), longest))
}

// spread adds up to a quarter at random, so that what failed at once does not
// come back at once.
func spread(d time.Duration) time.Duration { return d + rand.N(d/4+1) }

// Waits of a delivery that its host answered 500 to, and after how many of them
// over how long it is set aside.
var errorWaits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 45 * time.Minute}

const (
	setAsideAfter = 5
	setAsideSince = time.Hour
)

func errorWait(attempts int) time.Duration {
	return errorWaits[min(max(attempts-1, 0), len(errorWaits)-1)]
}

// giveUpAfter is when an event that cannot be composed, or an activity that
// cannot be handled, has been tried long enough.
const giveUpAfter = 24 * time.Hour

// retryWait doubles from ten seconds to an hour.
func retryWait(attempts int) time.Duration {
	return spread(min(10*time.Second<<min(max(attempts-1, 0), 10), time.Hour))
}
