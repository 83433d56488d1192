package fedtest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// signatureForm is the one header a hearth may send: these parameters in this
// order, no space between them.
var signatureForm = regexp.MustCompile(`^keyId="([^"]+)",algorithm="rsa-sha256",headers="([^"]+)",signature="([A-Za-z0-9+/]+=*)"$`)

const (
	postForm = "(request-target) host date digest content-type"
	getForm  = "(request-target) host date accept"
)

// claim is what a signature header says, taken apart.
type claim struct {
	keyID   string
	covered string
	value   []byte
}

func readClaim(header http.Header) (claim, error) {
	values := header.Values("Signature")
	if len(values) != 1 {
		return claim{}, fmt.Errorf("%d Signature headers", len(values))
	}
	parts := signatureForm.FindStringSubmatch(values[0])
	if parts == nil {
		return claim{}, fmt.Errorf("a Signature not of the form that all peers read: %s", values[0])
	}
	value, err := base64.StdEncoding.DecodeString(parts[3])
	return claim{keyID: parts[1], covered: parts[2], value: value}, err
}

// Verify checks a request that reached us as the strictest of all peers would,
// and as one of the dialect's software, which may leave the query out of
// (request-target). key gives the public key that a key id names.
func (d Dialect) Verify(req *http.Request, body []byte, key func(keyID string) (*rsa.PublicKey, error), now time.Time) (keyID string, err error) {
	by, err := readClaim(req.Header)
	if err != nil {
		return "", err
	}
	if err := checkForm(req, body, by, now); err != nil {
		return by.keyID, err
	}
	public, err := key(by.keyID)
	if err != nil {
		return by.keyID, err
	}
	target, _, _ := strings.Cut(req.RequestURI, "?")
	if d.WithQuery {
		target = req.RequestURI
	}
	text := d.signedText(req, strings.Fields(by.covered), strings.ToLower(req.Method)+" "+target, now)
	sum := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], by.value); err != nil {
		return by.keyID, fmt.Errorf("%w: the signed text would be %q", err, text)
	}
	return by.keyID, nil
}

func checkForm(req *http.Request, body []byte, by claim, now time.Time) error {
	form := getForm
	if req.Method == http.MethodPost {
		form = postForm
		if got, want := req.Header.Get("Digest"), digest(body); got != want {
			return fmt.Errorf("the Digest is %q, want %q", got, want)
		}
	}
	if by.covered != form {
		return fmt.Errorf("covers %q, want %q", by.covered, form)
	}
	at, err := time.Parse(http.TimeFormat, req.Header.Get("Date"))
	if err != nil || now.Sub(at).Abs() > time.Hour {
		return fmt.Errorf("the Date is %q, want one within an hour of %s", req.Header.Get("Date"), now.UTC())
	}
	return nil
}
