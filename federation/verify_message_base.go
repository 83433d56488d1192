package federation

import (
	"strconv"
	"strings"
)

// derivedComponents are those of RFC 9421 2.2 that are of a request as a whole.
var derivedComponents = []string{"@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"}

// signatureBases are the texts that the signature may be over, the likeliest first.
// Who fetches a key by its id may sign the fragment too (Fedify), which is not sent:
// that of our keys is known.
func (v verification) signatureBases(sig messageSignature) ([]string, error) {
	uri := v.origin + targetReceived(v.req)
	base, err := v.signatureBase(sig, uri)
	if err != nil || !v.onlyReads() || !sig.covers("@target-uri") {
		return []string{base}, err
	}
	ofKey, err := v.signatureBase(sig, MainKeyURI(uri))
	return []string{base, ofKey}, err
}

// signatureBase is RFC 9421 2.5. Where it speaks of the address it means the one
// under which we are known, which a proxy in front of us may have another for.
func (v verification) signatureBase(sig messageSignature, uri string) (string, error) {
	var base strings.Builder
	for _, name := range sig.covered {
		value, ok := v.component(name, uri)
		if !ok {
			return "", refuse(BadSignature, "%s is covered and not there", name)
		}
		base.WriteString(strconv.Quote(name) + ": " + value + "\n")
	}
	base.WriteString(`"@signature-params": ` + sig.params)
	return base.String(), nil
}

func (v verification) component(name, uri string) (string, bool) {
	path, query := v.target()
	scheme, authority, _ := strings.Cut(v.origin, "://")
	switch name {
	case "@method":
		return v.req.Method, true
	case "@target-uri":
		return uri, true
	case "@authority":
		return authority, true
	case "@scheme":
		return scheme, true
	case "@request-target":
		return targetReceived(v.req), true
	case "@path":
		return path, true
	case "@query":
		return "?" + strings.TrimPrefix(query, "?"), true
	case "host":
		return v.req.Host, true
	}
	return fieldValue(v.req.Header, name)
}

// target is the request line's path and, with its mark, its query.
func (v verification) target() (path, query string) {
	target := targetReceived(v.req)
	path = targetWithoutQuery(target)
	return path, target[len(path):]
}
