package wire

import (
	"encoding/json"

	"golang.org/x/text/language"
)

// Language is a language tag and its name, as Lemmy writes both. The name is
// for people and may be empty.
type Language struct {
	Identifier string `json:"identifier"` // BCP 47; never "und"
	Name       string `json:"name"`
}

// languages reads what a thing is written in: tags, or Lemmy's objects, one or
// several. What is not a tag, or "und", is no language.
func languages(raw json.RawMessage) []Language {
	var all []Language
	for _, one := range oneOrMany(raw) {
		said := Language{Identifier: text(one)}
		if f := members(one); f != nil {
			said = Language{f.text("identifier"), f.text("name")}
		}
		if said.Identifier = languageTag(said.Identifier); said.Identifier != "" {
			all = append(all, said)
		}
	}
	return all
}

func languageTag(said string) string {
	tag, err := language.Parse(said)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}
