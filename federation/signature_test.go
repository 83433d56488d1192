package federation_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

const ourKey = "https://oak.example/u/mia#main-key"

func ours() federation.Key {
	return federation.Key{ID: ourKey, Private: fedtest.PrivateKey(0)}
}

func newPost(t testing.TB, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/activity+json")
	return req
}

func newGet(t testing.TB, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/activity+json")
	return req
}

// overWire is req as a server reads its bytes.
func overWire(t testing.TB, req *http.Request) (*http.Request, []byte) {
	t.Helper()
	var sent bytes.Buffer
	if err := req.Write(&sent); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&sent))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got, body
}

func keyZero(string) (*rsa.PublicKey, error) { return &fedtest.PrivateKey(0).PublicKey, nil }

func TestSignedRequestIsTakenByTheStrictestPeer(t *testing.T) {
	for _, url := range []string{
		"https://far.example/inbox",
		"https://far.example",
		"https://far.example/",
		"https://far.example:8443/inbox",
		"https://far.example/u/caf%C3%A9/inbox",
		"https://far.example/u/café/inbox",
		"https://far.example/a%2Fb/c%20d",
		"https://far.example//double//inbox",
		"https://far.example/inbox?to=%C3%A9&x=1",
		"https://far.example/inbox?",
		"https://fär.example/inbox",
		"https://far.example/users/(x)/a'b;c=d",
	} {
		post := newPost(t, url, `{"type":"Like"}`)
		if err := federation.Sign(post, []byte(`{"type":"Like"}`), ours(), noon); err != nil {
			t.Errorf("Sign(POST %s) = %v", url, err)
		}
		takenByMastodon(t, post)
		get := newGet(t, url)
		if err := federation.Sign(get, nil, ours(), noon); err != nil {
			t.Errorf("Sign(GET %s) = %v", url, err)
		}
		takenByMastodon(t, get)
	}
}

func takenByMastodon(t *testing.T, sent *http.Request) {
	t.Helper()
	req, body := overWire(t, sent)
	keyID, err := fedtest.Mastodon.Verify(req, body, keyZero, noon)
	if err != nil || keyID != ourKey {
		t.Errorf("%s %s: signed by %q, %v; want %q", sent.Method, sent.URL, keyID, err, ourKey)
	}
}

func TestSigningAgainReplacesTheFirstSignature(t *testing.T) {
	req := newPost(t, "https://far.example/inbox", "two")
	req.Header.Set("Signature-Input", "sig1=()")
	for _, attempt := range []struct {
		body string
		at   time.Time
	}{{"one", noon}, {"two", noon.Add(2 * time.Hour)}} {
		if err := federation.Sign(req, []byte(attempt.body), ours(), attempt.at); err != nil {
			t.Fatal(err)
		}
	}
	got, body := overWire(t, req)
	if _, err := fedtest.Mastodon.Verify(got, body, keyZero, noon.Add(2*time.Hour)); err != nil {
		t.Errorf("the second attempt does not verify: %v", err)
	}
	for _, name := range []string{"Signature", "Digest", "Date"} {
		if n := len(got.Header.Values(name)); n != 1 {
			t.Errorf("%d %s headers, want 1", n, name)
		}
	}
	if got.Header.Get("Signature-Input") != "" {
		t.Error("Signature-Input is still there")
	}
}

func TestWhatCannotBeSignedBearsNoSignature(t *testing.T) {
	full := func() *http.Request { return newPost(t, "https://far.example/inbox", "{}") }
	with := func(change func(*http.Request)) *http.Request {
		req := full()
		req.Header.Set("Signature", "old")
		change(req)
		return req
	}
	for _, c := range []struct {
		name string
		req  *http.Request
		body []byte
		key  federation.Key
	}{
		{"no content type", with(func(r *http.Request) { r.Header.Del("Content-Type") }), []byte("{}"), ours()},
		{"two content types", with(func(r *http.Request) { r.Header.Add("Content-Type", "text/plain") }), []byte("{}"), ours()},
		{"no body for a POST", full(), nil, ours()},
		{"a body for a GET", newGet(t, "https://far.example/"), []byte("{}"), ours()},
		{"another method", with(func(r *http.Request) { r.Method = http.MethodPut }), []byte("{}"), ours()},
		{"an opaque URL", with(func(r *http.Request) { r.URL.Opaque = "//evil.example/inbox" }), []byte("{}"), ours()},
		{"no key", full(), []byte("{}"), federation.Key{ID: ourKey}},
		{"a quote in the key id", full(), []byte("{}"), federation.Key{ID: `https://oak.example/"`, Private: fedtest.PrivateKey(0)}},
		{"no key id", full(), []byte("{}"), federation.Key{Private: fedtest.PrivateKey(0)}},
		{"no accept", with(func(r *http.Request) { r.Method = http.MethodGet }), nil, ours()},
	} {
		if err := federation.Sign(c.req, c.body, c.key, noon); err == nil {
			t.Errorf("%s: signed, want an error", c.name)
		}
		for _, name := range []string{"Signature", "Digest"} {
			if got := c.req.Header.Get(name); got != "" {
				t.Errorf("%s: %s is %q, want none", c.name, name, got)
			}
		}
	}
}

func BenchmarkSign(b *testing.B) {
	body := bytes.Repeat([]byte("x"), 2000)
	req := newPost(b, "https://far.example/inbox", "")
	for b.Loop() {
		if err := federation.Sign(req, body, ours(), noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignBareRSA(b *testing.B) {
	sum := sha256.Sum256([]byte("text"))
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(nil, fedtest.PrivateKey(0), crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
}
