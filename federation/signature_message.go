package federation

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// signMessage is Sign by RFC 9421, in the one form that Mastodon and Fedify take:
// a POST covers exactly "@method" "@target-uri" "content-digest" "content-type",
// a GET "@method" "@target-uri" "accept", with created, keyid and alg.
func signMessage(req *http.Request, body []byte, key Key, now time.Time) error {
	unsign(req.Header)
	covered, err := messageCoverage(req, body)
	if err != nil {
		return fmt.Errorf("federation: sign: %w", err)
	}
	if body != nil {
		sum := sha256.Sum256(body)
		req.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
	}
	params := fmt.Sprintf(`("%s");created=%d;keyid="%s";alg="rsa-v1_5-sha256"`, strings.Join(covered, `" "`), now.Unix(), key.ID)
	value, err := sealText(req.Context(), messageText(req, covered, params), key)
	if err != nil {
		unsign(req.Header)
		return fmt.Errorf("federation: sign: %w", err)
	}
	req.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	req.Header.Set("Signature-Input", "sig1="+params)
	req.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(value)+":")
	return nil
}

// messageCoverage is coverage in the words of RFC 9421; what cannot be signed in
// one way cannot in the other.
func messageCoverage(req *http.Request, body []byte) ([]string, error) {
	if _, err := coverage(req, body); err != nil {
		return nil, err
	}
	if req.Method == http.MethodGet {
		return []string{"@method", "@target-uri", "accept"}, nil
	}
	return []string{"@method", "@target-uri", "content-digest", "content-type"}, nil
}

// messageText is RFC 9421 2.5.
func messageText(req *http.Request, covered []string, params string) string {
	var text strings.Builder
	for _, name := range covered {
		value, _ := fieldValue(req.Header, name)
		switch name {
		case "@method":
			value = req.Method
		case "@target-uri":
			value = targetURI(req)
		}
		fmt.Fprintf(&text, "\"%s\": %s\n", name, value)
	}
	return text.String() + `"@signature-params": ` + params
}

// targetURI is the address as its server knows it (RFC 9110 4.2.3): the host in
// lower case, without the port that goes without saying.
func targetURI(req *http.Request) string {
	host := strings.ToLower(hostSent(req))
	usual := map[string]string{"https": ":443", "http": ":80"}[req.URL.Scheme]
	return req.URL.Scheme + "://" + strings.TrimSuffix(host, usual) + req.URL.RequestURI()
}
