package secret

import (
	"crypto/rand"
	"encoding/binary"
	"strconv"
)

var (
	calm = []string{
		"amber", "autumn", "bright", "calm", "clear", "cosy", "early", "easy", "even", "fair",
		"gentle", "golden", "green", "hazel", "hidden", "kind", "late", "light", "little", "long",
		"lucky", "mellow", "mild", "misty", "new", "open", "pale", "patient", "plain", "quiet",
		"rainy", "round", "sandy", "silver", "slow", "small", "snowy", "soft", "spring", "steady",
		"still", "summer", "sunny", "tidy", "warm", "wide", "winter", "wooden",
	}
	things = []string{
		"acorn", "anchor", "apple", "badger", "basket", "beacon", "birch", "blanket", "bridge", "candle",
		"cedar", "chimney", "cloud", "clover", "compass", "cottage", "creek", "cushion", "drum", "feather",
		"fern", "finch", "forest", "garden", "harbour", "hedge", "heron", "hill", "kettle", "lake",
		"lantern", "leaf", "maple", "meadow", "mitten", "moon", "moss", "oak", "orchard", "otter",
		"owl", "pebble", "pine", "pocket", "pond", "quilt", "raft", "reed", "river", "robin",
		"saddle", "sail", "shell", "spoon", "star", "stone", "teapot", "thimble", "thistle", "tulip",
		"valley", "walnut", "willow", "wren",
	}
)

// SafeNames suggests n names that say nothing of whoever takes one.
func SafeNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = calm[below(len(calm))] + "-" + things[below(len(things))]
	}
	return names
}

// NumberedNames are SafeNames with two digits, for a place where many are taken.
func NumberedNames(n int) []string {
	names := SafeNames(n)
	for i := range names {
		names[i] += "-" + strconv.Itoa(10+below(90))
	}
	return names
}

// below is a random number under n, which is small against 2^32.
func below(n int) int {
	var b [4]byte
	rand.Read(b[:])
	return int(binary.BigEndian.Uint32(b[:]) % uint32(n))
}
