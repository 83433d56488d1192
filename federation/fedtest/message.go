package fedtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Message is one signature by RFC 9421 as a test wants it. Its zero value covers
// nothing and says nothing.
type Message struct {
	Label   string   // sig1 where it is empty
	Covered []string // in order
	Params  string   // what follows the list, as `;created=1;keyid="..."`
	URI     string   // @target-uri; of the request itself where it is empty
}

// Sign adds the signature to req by an *rsa.PrivateKey or an ed25519.PrivateKey.
// What it covers of the header must stand there.
func (m Message) Sign(req *http.Request, key crypto.Signer) {
	if m.Label == "" {
		m.Label = "sig1"
	}
	input := `()`
	if len(m.Covered) > 0 {
		input = `("` + strings.Join(m.Covered, `" "`) + `")`
	}
	input += m.Params
	value := sealed(key, messageBase(req, m.Covered, m.uri(req), input))
	req.Header.Add("Signature-Input", m.Label+"="+input)
	req.Header.Add("Signature", m.Label+"=:"+base64.StdEncoding.EncodeToString(value)+":")
}

func (m Message) uri(req *http.Request) string {
	if m.URI != "" {
		return m.URI
	}
	path := req.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	if req.URL.RawQuery != "" {
		path += "?" + req.URL.RawQuery
	}
	return req.URL.Scheme + "://" + req.URL.Host + path
}

func sealed(key crypto.Signer, text string) []byte {
	if key, ok := key.(ed25519.PrivateKey); ok {
		return ed25519.Sign(key, []byte(text))
	}
	sum := sha256.Sum256([]byte(text))
	value, err := key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		panic(err)
	}
	return value
}

// messageBase is RFC 9421 2.5, for a target by its address.
func messageBase(req *http.Request, covered []string, uri, input string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	authority, target, _ := strings.Cut(rest, "/")
	path, query, _ := strings.Cut("/"+target, "?")
	derived := map[string]string{
		"@method": req.Method, "@target-uri": uri, "@authority": authority, "@scheme": scheme,
		"@request-target": "/" + target, "@path": path, "@query": "?" + query, "host": authority,
	}
	var text strings.Builder
	for _, name := range covered {
		value, ok := derived[name]
		if !ok {
			value = strings.Join(req.Header.Values(name), ", ")
		}
		fmt.Fprintf(&text, "%q: %s\n", name, value)
	}
	return text.String() + `"@signature-params": ` + input
}

// ContentDigest is that header's value for a body (RFC 9530).
func ContentDigest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// signMessage signs as the dialect's software does by RFC 9421.
func (d Dialect) signMessage(req *http.Request, body []byte, keyID string, key *rsa.PrivateKey, now time.Time) {
	d.dress(req, digest(body), now)
	req.Header.Del("Digest")
	covered := d.Get
	if req.Method == http.MethodPost {
		covered = d.Post
		req.Header.Set("Content-Digest", ContentDigest(body))
	}
	params := fmt.Sprintf(`;alg="rsa-v1_5-sha256";keyid=%q;created=%d`, keyID, now.Unix())
	Message{Covered: covered, Params: params}.Sign(req, key)
}

// The form of RFC 9421 that a hearth may send.
var (
	inputForm = regexp.MustCompile(`^sig1=(\(([^)]*)\);created=(\d+);keyid="([^"]+)";alg="rsa-v1_5-sha256")$`)
	valueForm = regexp.MustCompile(`^sig1=:([A-Za-z0-9+/]+=*):$`)
)

const (
	postMessage = `"@method" "@target-uri" "content-digest" "content-type"`
	getMessage  = `"@method" "@target-uri" "accept"`
)

// VerifyMessage is Verify of a request that is signed by RFC 9421, which reached
// us at origin, as https://far.example. It is as strict as Mastodon.
func VerifyMessage(req *http.Request, body []byte, origin string, key func(keyID string) (*rsa.PublicKey, error), now time.Time) (keyID string, err error) {
	inputs, values := req.Header.Values("Signature-Input"), req.Header.Values("Signature")
	if len(inputs) != 1 || len(values) != 1 {
		return "", fmt.Errorf("%d Signature-Input and %d Signature headers", len(inputs), len(values))
	}
	input, value := inputForm.FindStringSubmatch(inputs[0]), valueForm.FindStringSubmatch(values[0])
	if input == nil || value == nil {
		return "", fmt.Errorf("not of the form that all peers read: %s, %s", inputs[0], values[0])
	}
	keyID = input[4]
	if err := checkMessage(req, body, input[2], input[3], now); err != nil {
		return keyID, err
	}
	public, err := key(keyID)
	if err != nil {
		return keyID, err
	}
	covered := strings.Fields(strings.ReplaceAll(input[2], `"`, ""))
	text := messageBase(req, covered, origin+req.RequestURI, input[1])
	seal, err := base64.StdEncoding.DecodeString(value[1])
	if err != nil {
		return keyID, err
	}
	sum := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], seal); err != nil {
		return keyID, fmt.Errorf("%w: the signed text would be %q", err, text)
	}
	return keyID, nil
}

func checkMessage(req *http.Request, body []byte, covered, created string, now time.Time) error {
	form := getMessage
	if req.Method == http.MethodPost {
		form = postMessage
		if got, want := req.Header.Get("Content-Digest"), ContentDigest(body); got != want {
			return fmt.Errorf("the Content-Digest is %q, want %q", got, want)
		}
	}
	if covered != form {
		return fmt.Errorf("covers %s, want %s", covered, form)
	}
	if req.Header.Get("Digest") != "" {
		return fmt.Errorf("a Digest of another way to sign is left")
	}
	seconds, err := strconv.ParseInt(created, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > time.Hour {
		return fmt.Errorf("created is %s, want one within an hour of %s", created, now.UTC())
	}
	return nil
}
