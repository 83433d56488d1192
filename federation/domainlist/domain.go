package domainlist

import (
	"strings"

	"golang.org/x/net/idna"

	"hearth/community"
)

// fold is a name as it stands in a list, in the form in which domains are kept, or
// what is wrong with it. Starred is no mistake: who writes a public list may hide
// names in it, and which ones is not for guessing.
func fold(typed string) (domain string, found Kind) {
	typed = strings.TrimSpace(typed)
	rest := strings.TrimPrefix(typed, "*.")
	switch {
	case typed == "":
		return "", NoDomain
	case strings.ContainsRune(typed, '<'):
		return "", HTML
	case strings.Trim(typed, "*. ") == "":
		return "", Everybody
	case strings.ContainsRune(rest, '*'):
		return "", Starred
	case isWithinAServer(rest):
		return "", NotAServer
	}
	domain, err := community.FoldDomain(ascii(typed))
	if err != nil {
		return "", NotADomain
	}
	return domain, ""
}

// isWithinAServer says of an address that it goes on after the server's name, and
// of a name that it is somebody's.
func isWithinAServer(typed string) bool {
	if !strings.ContainsAny(typed, "/@?#") {
		return false
	}
	pasted := community.PastedDomain(typed)
	return strings.ContainsAny(pasted, "/@?#") && !strings.ContainsAny(pasted, " \t")
}

// ascii is a name of any alphabet in its IDNA form (RFC 5891), with its "*." and its
// port; what is none stays as it is.
func ascii(typed string) string {
	if isASCII(typed) {
		return typed
	}
	domain, isWild := strings.CutPrefix(community.PastedDomain(typed), "*.")
	host, port, hasPort := strings.Cut(domain, ":")
	host, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return typed
	}
	if isWild {
		host = "*." + host
	}
	if hasPort {
		host += ":" + port
	}
	return host
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
