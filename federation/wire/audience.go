package wire

import (
	"encoding/json"
	"slices"
)

// Public is the collection that everybody is in (ActivityPub 5.6). It is
// decoded from its three spellings and encoded in this one, which is the only
// one that Lemmy and Mastodon both know.
const Public = ActivityStreams + "#Public"

// audience is the ids a property addresses: one or many, strings or objects.
func audience(raw json.RawMessage) []string {
	var ids []string
	for _, one := range oneOrMany(raw) {
		id := idOf(one)
		switch word(one) {
		case "as:Public", "Public":
			id = Public
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// IsPublic says whether any of the lists addresses everybody, in the first line
// or, as Mastodon's "unlisted", in the second.
func IsPublic(lists ...[]string) bool {
	return slices.ContainsFunc(lists, func(list []string) bool { return slices.Contains(list, Public) })
}
