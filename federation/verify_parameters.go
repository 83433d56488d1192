package federation

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signature is what a Signature header says, not yet believed.
type signature struct {
	keyID     string
	algorithm string   // lower case; empty when not said
	covered   []string // lower case, in the order signed
	value     []byte
	created   string // as written, because that is what was signed
	expires   string
}

func (s signature) covers(name string) bool { return slices.Contains(s.covered, name) }

const (
	maxSignatureBytes  = 8 << 10
	maxSignatureParams = 32
	maxCovered         = 64 // Fedify covers every header there is
)

// readSignature finds the one signature of a request. It reads what the
// library's parser refuses (spaces after commas, commas in quotes, parameters
// in any case and order) and refuses what that parser would guess at.
func readSignature(header http.Header) (signature, error) {
	text, err := signatureText(header)
	if err != nil {
		return signature{}, err
	}
	params, err := splitParameters(text)
	if errors.Is(err, errDoubled) {
		return signature{}, refuse(AmbiguousSignature, "%v", err)
	}
	if err != nil {
		return signature{}, refuse(MalformedSignature, "%v", err)
	}
	return params.signature()
}

// signatureText is the parameters' text from Signature or, in its older place,
// from Authorization. Both at once, or several of one, are two answers to the
// question of who speaks.
func signatureText(header http.Header) (string, error) {
	texts := slices.Concat(header.Values("Signature"), signaturesInAuthorization(header))
	switch {
	case len(texts) == 0:
		return "", refuse(NoSignature, "")
	case len(texts) > 1:
		return "", refuse(AmbiguousSignature, "%d signatures", len(texts))
	case len(texts[0]) > maxSignatureBytes:
		return "", refuse(MalformedSignature, "%d bytes", len(texts[0]))
	}
	return texts[0], nil
}

func signaturesInAuthorization(header http.Header) (texts []string) {
	for _, value := range header.Values("Authorization") {
		scheme, params, _ := strings.Cut(strings.TrimSpace(value), " ")
		if strings.EqualFold(scheme, "Signature") {
			texts = append(texts, params)
		}
	}
	return texts
}

// parameters are a signature's, by lower-case name, unquoted.
type parameters map[string]string

var errDoubled = errors.New("a parameter is given twice")

func splitParameters(text string) (parameters, error) {
	params := parameters{}
	for {
		text = strings.TrimLeft(text, " \t,")
		if text == "" {
			return params, nil
		}
		name, rest, found := strings.Cut(text, "=")
		name = strings.ToLower(strings.TrimRight(name, " \t"))
		if !found || name == "" || strings.ContainsFunc(name, notInName) {
			return nil, errors.New("a parameter has no name or no value")
		}
		if _, given := params[name]; given {
			return nil, errDoubled
		}
		if len(params) == maxSignatureParams {
			return nil, errors.New("too many parameters")
		}
		value, rest, err := cutValue(strings.TrimLeft(rest, " \t"))
		if err != nil {
			return nil, err
		}
		params[name], text = value, rest
	}
}

func notInName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// cutValue reads one value, quoted or bare, and leaves what follows its comma.
// A backslash is refused: to some readers it escapes the quote after it, to
// others it does not.
func cutValue(text string) (value, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text, ",")
		value = strings.TrimRight(value, " \t")
		if value == "" || strings.ContainsAny(value, " \t\"\\") {
			return "", "", errors.New("an unquoted value cannot be read")
		}
		return value, rest, nil
	}
	value, rest, closed := strings.Cut(text[1:], `"`)
	rest = strings.TrimLeft(rest, " \t")
	if !closed || strings.Contains(value, `\`) || rest != "" && rest[0] != ',' {
		return "", "", errors.New("a quoted value cannot be read")
	}
	return value, rest, nil
}

func (p parameters) signature() (signature, error) {
	value, err := base64.StdEncoding.DecodeString(p["signature"])
	if err != nil || len(value) == 0 {
		return signature{}, refuse(MalformedSignature, "the signature is not base64")
	}
	if p["keyid"] == "" || strings.ContainsFunc(p["keyid"], unquotable) {
		return signature{}, refuse(MalformedSignature, "no usable keyId")
	}
	covered := strings.Fields(strings.ToLower(p["headers"]))
	if len(covered) > maxCovered {
		return signature{}, refuse(MalformedSignature, "%d headers", len(covered))
	}
	return signature{
		keyID:     p["keyid"],
		algorithm: strings.ToLower(p["algorithm"]),
		covered:   covered,
		value:     value,
		created:   p["created"],
		expires:   p["expires"],
	}, nil
}

// unixTime reads a created or expires parameter. Only expires may have
// decimals; they are beneath what any window here is measured in.
func unixTime(text string) (time.Time, bool) {
	whole, _, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 40)
	return time.Unix(seconds, 0), err == nil && seconds > 0
}
