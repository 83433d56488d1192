package domainlist

import (
	"strings"

	"golang.org/x/net/idna"

	"hearth/community"
)

// fold is a name as it stands in a list, in the form in which domains are kept, or
// what is wrong with it. Starred is no mistake: who writes a public list may hide
// names in it, and which ones is not for guessing. NotAServer is an address that goes
// on after the server's name, or somebody's name: never short for the server.
func fold(typed string) (domain string, found Kind) {
	pasted := community.PastedDomain(typed)
	switch {
	case strings.TrimSpace(typed) == "":
		return "", NoDomain
	case strings.ContainsRune(typed, '<'):
		return "", HTML
	case strings.Trim(pasted, "*.") == "":
		return "", Everybody
	case strings.ContainsRune(strings.TrimPrefix(pasted, "*."), '*'):
		return "", Starred
	case strings.ContainsAny(pasted, "/@?#") && !strings.ContainsAny(pasted, " \t"):
		return "", NotAServer
	}
	domain, err := community.FoldDomain(ascii(typed))
	if err != nil {
		return "", NotADomain
	}
	return domain, ""
}

// ascii is a name of any alphabet in its IDNA form (RFC 5891), with its port and
// without "*."; what is none stays as it is, and so does what is ASCII already.
func ascii(typed string) string {
	if isASCII(typed) {
		return typed
	}
	domain := strings.TrimPrefix(community.PastedDomain(typed), "*.")
	host, port, hasPort := strings.Cut(domain, ":")
	host, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return typed
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
