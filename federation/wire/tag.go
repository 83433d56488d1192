package wire

import (
	"encoding/json"
	"strings"
)

// Tag is what the words refer to: Mention, Hashtag, Emoji, or what a peer
// invented.
type Tag struct {
	Type string
	ID   string
	Name string // as given: mentions come with, without, and with half a handle
	Href string // a Mention's actor
	Icon *Image // of an Emoji
}

// tags reads one or many, whatever their types.
func tags(raw json.RawMessage) []Tag {
	var all []Tag
	for _, one := range oneOrMany(raw) {
		f := members(one)
		if f == nil {
			continue
		}
		tag := Tag{Type: typeOf(f), ID: f.id("id"), Href: f.id("href"), Icon: bestImage(f.get("icon"))}
		if tag.Name, _ = f.localized("name", ""); tag.Name == "" {
			tag.Name = f.text("preferredUsername") // CommunityPostTag (Lemmy)
		}
		all = append(all, tag)
	}
	return all
}

// Label is the name without the sign its type puts before it.
func (t Tag) Label() string {
	switch t.Type {
	case "Mention":
		return strings.TrimLeft(t.Name, "@!")
	case "Hashtag":
		return strings.TrimLeft(t.Name, "#")
	}
	return strings.Trim(t.Name, ":")
}

// mentions is the actors that tags mention.
func mentions(all []Tag) []string {
	var ids []string
	for _, tag := range all {
		if tag.Type == "Mention" && tag.Href != "" {
			ids = append(ids, tag.Href)
		}
	}
	return ids
}
