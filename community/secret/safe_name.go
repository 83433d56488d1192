package secret

import "crypto/rand"

var (
	calm   = []string{"quiet", "slow", "soft", "early", "late", "mild", "plain", "steady", "warm", "clear"}
	things = []string{"heron", "lantern", "river", "harbour", "meadow", "kettle", "willow", "pebble", "orchard", "cloud"}
)

// SafeNames suggests n names that say nothing of whoever takes one.
func SafeNames(n int) []string {
	names := make([]string, n)
	b := make([]byte, 2*n)
	rand.Read(b)
	for i := range names {
		names[i] = calm[int(b[2*i])%len(calm)] + "-" + things[int(b[2*i+1])%len(things)]
	}
	return names
}
