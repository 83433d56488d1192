package federation

import (
	"net/http"
	"strings"
)

// The text and the RSA below are ours although the library has both: it reads
// created and expires by the wall clock with ten seconds' grace, before it
// lets anybody verify, and half of the peers' clocks are worse than that.

// signedTexts are the texts that the signature may be over, likeliest first:
// with the query in (request-target), then, of what only reads, without, as
// PieFed, Mbin, Discourse and Fedify sign. No inbox of ours has a query, so of a
// POST one that is not signed was added by somebody else.
func signedTexts(req *http.Request, sig signature) ([]string, error) {
	target := targetReceived(req)
	text, err := signedText(req, sig, target)
	if err != nil {
		return nil, err
	}
	texts := []string{text}
	reads := req.Method == http.MethodGet || req.Method == http.MethodHead
	if bare := targetWithoutQuery(target); reads && bare != target {
		text, err = signedText(req, sig, bare)
		texts = append(texts, text)
	}
	return texts, err
}

// targetReceived is the request line's own bytes: an escaped path decoded and
// escaped again need not be what was signed.
func targetReceived(req *http.Request) string {
	if strings.HasPrefix(req.RequestURI, "/") {
		return req.RequestURI
	}
	return req.URL.RequestURI()
}

func targetWithoutQuery(target string) string {
	path, _, _ := strings.Cut(target, "?")
	return path
}

// signedText is section 2.3 of the draft.
func signedText(req *http.Request, sig signature, target string) (string, error) {
	lines := make([]string, len(sig.covered))
	for i, name := range sig.covered {
		value, ok := signedValue(req, sig, name, target)
		if !ok {
			return "", refuse(BadSignature, "%s is covered and not there", name)
		}
		lines[i] = name + ": " + value
	}
	return strings.Join(lines, "\n"), nil
}

func signedValue(req *http.Request, sig signature, name, target string) (string, bool) {
	switch name {
	case "(request-target)":
		return strings.ToLower(req.Method) + " " + target, true
	case "(created)":
		return sig.created, sig.created != ""
	case "(expires)":
		return sig.expires, sig.expires != ""
	case "host":
		return req.Host, true
	}
	return fieldValue(req.Header, name)
}

// fieldValue is a header as both ways of signing have it: all its lines, trimmed,
// in one.
func fieldValue(header http.Header, name string) (string, bool) {
	values := header.Values(name)
	trimmed := make([]string, len(values))
	for i, value := range values {
		trimmed[i] = strings.TrimSpace(value)
	}
	return strings.Join(trimmed, ", "), len(values) > 0
}
