package web

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// What stands at /g/{id}, /p/{id} and /u/{id} has two faces: a page for people,
// and a document for their servers. Which one a request gets is decided before
// it reaches a router, because the two know their readers by different means: a
// page by the browser's session, a document by the signature. Both go through
// the same judgement in the community.

// face is what of this server a path shows.
type face int

const (
	onlyPage face = iota
	onlyDocument
	pageOrDocument // by Accept
)

// below are the last parts of documents that have no page.
var below = []string{"inbox", "outbox", "followers", "moderators", "featured", "context", "replies"}

// faceOf says which faces a path has. A group's or person's name is never of an
// id's form, so that pages below a name are never taken for documents.
func faceOf(path string) face {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch parts[0] {
	case "actor", "inbox", "x", "nodeinfo":
		return onlyDocument
	case ".well-known":
		if len(parts) == 2 && slices.Contains([]string{"webfinger", "host-meta", "nodeinfo"}, parts[1]) {
			return onlyDocument
		}
	case "g", "u", "p":
		return faceBelow(parts)
	}
	if len(parts) == 1 && strings.HasPrefix(parts[0], "@") {
		return pageOrDocument
	}
	return onlyPage
}

func faceBelow(parts []string) face {
	switch {
	case len(parts) == 2:
		return pageOrDocument
	case len(parts) < 2 || !slices.Contains(below, parts[2]):
		return onlyPage
	case parts[0] == "p" && community.IsPostID(parts[1]), community.IsActorID(parts[1]):
		return onlyDocument
	}
	return onlyPage
}

// wantsDocument says whether a request is one of a server's, and sets Vary where
// that was decided by Accept.
func wantsDocument(h http.Header, r *http.Request) bool {
	switch faceOf(r.URL.Path) {
	case onlyDocument:
		return true
	case pageOrDocument:
		h.Add("Vary", "Accept")
		return prefersDocument(r.Header)
	}
	return false
}

// prefersDocument reads Accept (RFC 9110 12.5.1). A page wins ties, and where
// nothing is said.
func prefersDocument(header http.Header) bool {
	var page, document quality
	for entry := range strings.SplitSeq(strings.Join(header.Values("Accept"), ","), ",") {
		mediaType, params, err := mime.ParseMediaType(strings.TrimSpace(entry))
		if err != nil {
			continue
		}
		q := qualityOf(params)
		switch mediaType {
		case "text/html", "application/xhtml+xml":
			page.take(exactly, q)
		case wire.MediaType:
			document.take(exactly, q)
		case "application/ld+json":
			if p, said := params["profile"]; !said || slices.Contains(strings.Fields(p), wire.ActivityStreams) {
				document.take(exactly, q)
			}
		case "text/*":
			page.take(ofItsKind, q)
		case "application/*":
			document.take(ofItsKind, q)
		case "*/*":
			page.take(anything, q)
			document.take(anything, q)
		}
	}
	return document.value > page.value
}

// How closely an entry of Accept names a media type.
const (
	anything = iota + 1
	ofItsKind
	exactly
)

// quality is what Accept says of one thing: the closest entry counts, and of
// several as close the best.
type quality struct {
	closeness int
	value     float64
}

func (q *quality) take(closeness int, value float64) {
	if closeness > q.closeness || closeness == q.closeness && value > q.value {
		*q = quality{closeness, value}
	}
}

func qualityOf(params map[string]string) float64 {
	text, said := params["q"]
	if !said {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
