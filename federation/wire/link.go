package wire

import (
	"encoding/json"
	"slices"
	"strings"
)

// Link is one of the ways to a thing outside ActivityPub: its page, or a file
// of it.
type Link struct {
	Href      string
	MediaType string // empty where unsaid
	Rel       string
}

// links reads the forms of url: an IRI, a Link, or an array of both.
func links(raw json.RawMessage) []Link {
	var all []Link
	for _, one := range oneOrMany(raw) {
		link := Link{Href: iri(one)}
		if f := members(one); f != nil {
			link = Link{iri(f.get("href", "url")), mediaType(f), f.text("rel")}
		}
		if link.Href != "" {
			all = append(all, link)
		}
	}
	return all
}

// pageOf is the link a reader would open: the HTML one, or else the first that
// does not say what it is, or else the first.
func pageOf(all []Link) string {
	for _, wanted := range []string{"text/html", ""} {
		if i := slices.IndexFunc(all, func(l Link) bool { return l.MediaType == wanted }); i >= 0 {
			return all[i].Href
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[0].Href
}

// mediaType is in lower case and without parameters.
func mediaType(f fields) string {
	bare, _, _ := strings.Cut(f.text("mediaType"), ";")
	return strings.ToLower(strings.TrimSpace(bare))
}
