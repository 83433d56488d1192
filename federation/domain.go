package federation

import (
	"strings"

	"golang.org/x/net/idna"

	"hearth/community"
)

// ASCIIDomain is a typed or pasted domain in the form in which domains are kept
// (RFC 5891), with its "*." and its port where it had them. What is none stays as
// it is, for whoever keeps it to refuse.
func ASCIIDomain(typed string) string {
	domain := community.PastedDomain(typed)
	rest, isWild := strings.CutPrefix(domain, "*.")
	host, port, hasPort := strings.Cut(rest, ":")
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return typed
	}
	if isWild {
		ascii = "*." + ascii
	}
	if hasPort {
		ascii += ":" + port
	}
	return ascii
}
