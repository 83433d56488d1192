package fedtest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Dialect is how one software signs what it sends, each covering other headers
// in another order, with or without the query.
type Dialect struct {
	Software  string   // NodeInfo's software.name
	Post, Get []string // what is covered, in order; "*" is every header there is
	Algorithm string
	WithQuery bool          // the query stands in (request-target)
	KeySuffix string        // what follows the actor's id in a key id
	Lifetime  time.Duration // from (created) to (expires); an hour when 0
	Message   bool          // by RFC 9421; Algorithm, WithQuery and Lifetime are the draft's
}

// The dialects, as their sources had them.
var (
	Mastodon = Dialect{
		Software:  "mastodon",
		Post:      []string{"host", "date", "digest", "content-type", "(request-target)"},
		Get:       []string{"host", "date", "accept", "(request-target)"},
		Algorithm: "rsa-sha256", WithQuery: true, KeySuffix: "#main-key",
	}
	Lemmy = Dialect{
		Software:  "lemmy",
		Post:      []string{"(request-target)", "content-type", "date", "digest", "host"},
		Get:       []string{"(request-target)", "accept", "date", "digest", "host"},
		Algorithm: "hs2019", WithQuery: true, KeySuffix: "#main-key",
	}
	PieFed = Dialect{
		Software:  "piefed",
		Post:      []string{"(request-target)", "host", "date", "digest", "content-type"},
		Get:       []string{"(request-target)", "host", "date", "accept"},
		Algorithm: "rsa-sha256", KeySuffix: "#main-key",
	}
	Mbin = Dialect{
		Software:  "mbin",
		Post:      []string{"(request-target)", "date", "host", "digest"},
		Get:       []string{"(request-target)", "date", "host"},
		Algorithm: "rsa-sha256", KeySuffix: "#main-key",
	}
	NodeBB = Dialect{
		Software:  "nodebb",
		Post:      []string{"(request-target)", "host", "date", "digest"},
		Get:       []string{"(request-target)", "host", "date"},
		Algorithm: "rsa-sha256", WithQuery: true, KeySuffix: "#key",
	}
	Discourse = Dialect{
		Software:  "discourse",
		Post:      []string{"host", "date", "digest", "(request-target)", "(created)", "(expires)"},
		Get:       []string{"host", "date", "(request-target)", "(created)", "(expires)"},
		Algorithm: "hs2019", KeySuffix: "#main-key",
	}
	GoToSocial = Dialect{
		Software:  "gotosocial",
		Post:      []string{"(request-target)", "host", "date", "digest"},
		Get:       []string{"(request-target)", "host", "date"},
		Algorithm: "hs2019", WithQuery: true, KeySuffix: "/main-key",
	}
	WordPress = Dialect{
		Software:  "wordpress",
		Post:      []string{"(request-target)", "host", "date", "digest"},
		Get:       []string{"(request-target)", "host", "date"},
		Algorithm: "rsa-sha256", WithQuery: true, KeySuffix: "#main-key",
	}
	Fedify = Dialect{
		Software:  "fedify",
		Post:      []string{"(request-target)", "*"},
		Get:       []string{"(request-target)", "*"},
		Algorithm: "rsa-sha256", KeySuffix: "#main-key",
	}
	// FedifyFirst is how Fedify knocks first.
	FedifyFirst = Dialect{
		Software:  "fedify",
		Post:      []string{"@method", "@target-uri", "@authority", "host", "date", "content-digest"},
		Get:       []string{"@method", "@target-uri", "@authority", "host", "date"},
		KeySuffix: "#main-key", Message: true,
	}
)

// Dialects are all of them.
func Dialects() []Dialect {
	return []Dialect{Mastodon, Lemmy, PieFed, Mbin, NodeBB, Discourse, GoToSocial, WordPress, Fedify, FedifyFirst}
}

// Sign signs req, whose body will be body, as the dialect's software would at
// that time. It shares no code with what it is there to test. Date and Digest
// are set unless the dialect covers none; whatever else is covered must stand
// on req.
func (d Dialect) Sign(req *http.Request, body []byte, keyID string, key *rsa.PrivateKey, now time.Time) {
	if d.Message {
		d.signMessage(req, body, keyID, key, now)
		return
	}
	d.SignWithDigest(req, digest(body), keyID, key, now)
}

// SignWithDigest is Sign by the draft, with a Digest header of the test's own
// making.
func (d Dialect) SignWithDigest(req *http.Request, digest, keyID string, key *rsa.PrivateKey, now time.Time) {
	d.dress(req, digest, now)
	covered := d.covered(req)
	text := d.signedText(req, covered, d.target(req), now)
	sum := sha256.Sum256([]byte(text))
	value, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	req.Header.Set("Signature", d.header(keyID, covered, value, now))
}

func (d Dialect) dress(req *http.Request, digest string, now time.Time) {
	req.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	if req.Method == http.MethodPost || slices.Contains(d.Get, "digest") {
		req.Header.Set("Digest", digest)
	}
	if req.Host == "" {
		req.Host = req.URL.Host
	}
}

func (d Dialect) covered(req *http.Request) []string {
	named := d.Get
	if req.Method == http.MethodPost {
		named = d.Post
	}
	if !slices.Contains(named, "*") {
		return named
	}
	all := []string{"host"}
	for name := range req.Header {
		all = append(all, strings.ToLower(name))
	}
	slices.Sort(all)
	return append([]string{"(request-target)"}, all...)
}

func (d Dialect) target(req *http.Request) string {
	target := req.URL.EscapedPath()
	if target == "" {
		target = "/"
	}
	if d.WithQuery && req.URL.RawQuery != "" {
		target += "?" + req.URL.RawQuery
	}
	return strings.ToLower(req.Method) + " " + target
}

func (d Dialect) expires(now time.Time) int64 {
	if d.Lifetime == 0 {
		return now.Add(time.Hour).Unix()
	}
	return now.Add(d.Lifetime).Unix()
}

func (d Dialect) header(keyID string, covered []string, value []byte, now time.Time) string {
	params := []string{
		fmt.Sprintf("keyId=%q", keyID),
		fmt.Sprintf("algorithm=%q", d.Algorithm),
	}
	if slices.Contains(covered, "(created)") {
		params = append(params,
			fmt.Sprintf(`created="%d"`, now.Unix()),
			fmt.Sprintf(`expires="%d"`, d.expires(now)))
	}
	params = append(params,
		fmt.Sprintf("headers=%q", strings.Join(covered, " ")),
		fmt.Sprintf("signature=%q", base64.StdEncoding.EncodeToString(value)))
	return strings.Join(params, ",")
}

func (d Dialect) signedText(req *http.Request, covered []string, target string, now time.Time) string {
	var text strings.Builder
	for i, name := range covered {
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(name + ": ")
		switch name {
		case "(request-target)":
			text.WriteString(target)
		case "(created)":
			fmt.Fprint(&text, now.Unix())
		case "(expires)":
			fmt.Fprint(&text, d.expires(now))
		case "host":
			text.WriteString(req.Host)
		default:
			text.WriteString(strings.Join(req.Header.Values(name), ", "))
		}
	}
	return text.String()
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}
