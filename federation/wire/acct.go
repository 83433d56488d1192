package wire

import (
	"strings"
	"unicode"
)

// maxHandle bounds each side of a handle.
const maxHandle = 255

// Handle is an actor's name as people write it, and WebFinger's acct: resource
// (RFC 7565).
type Handle struct {
	Name string // as given; peers compare it without regard to case
	Host string // folded as Origin.Domain is
}

func (h Handle) String() string { return h.Name + "@" + h.Host }

// Acct is the handle as a WebFinger resource.
func (h Handle) Acct() string { return "acct:" + h.String() }

// ParseHandle reads name@host with what people and servers put before it: acct:
// and one of !, @ and ~, of which the wire knows nothing (federation by name
// has one space of names for people and groups).
func ParseHandle(s string, opts IRIOptions) (Handle, error) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "acct:")
	if s != "" && strings.ContainsRune("!@~", rune(s[0])) {
		s = s[1:]
	}
	name, host, found := strings.Cut(s, "@")
	if !found || !isName(name) || host == "" || len(host) > maxHandle || strings.ContainsAny(host, "/?#@\\") {
		return Handle{}, Error{BadHandle}
	}
	origin, err := ParseIRI("https://"+host, opts)
	if err != nil {
		return Handle{}, err
	}
	return Handle{name, origin.Domain()}, nil
}

// isName takes what Lemmy's and Mastodon's patterns take between them: letters
// and digits of any script, underscore, dot and hyphen.
func isName(name string) bool {
	return name != "" && len(name) <= maxHandle && strings.IndexFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("_.-", r)
	}) < 0
}
