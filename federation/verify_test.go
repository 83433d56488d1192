package federation_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

const stranger = "https://far.example/u/ada"

// keyring answers with one key until asked to refresh, then with the other.
type keyring struct {
	known, fresh crypto.PublicKey
	err          error
	freshErr     error
	asked        []bool
}

func (k *keyring) Key(_ context.Context, keyID string, refresh bool) (string, crypto.PublicKey, error) {
	k.asked = append(k.asked, refresh)
	if refresh {
		return stranger, k.fresh, k.freshErr
	}
	return stranger, k.known, k.err
}

func theirs() *keyring {
	key := &fedtest.PrivateKey(1).PublicKey
	return &keyring{known: key, fresh: key}
}

var oak = []string{"https://oak.example"}

const note = `{"type":"Create","id":"https://far.example/x/1"}`

// signedPost is a POST of note as it reaches us from a dialect's software.
func signedPost(t testing.TB, as fedtest.Dialect) *http.Request {
	t.Helper()
	return signed(t, as, newPost(t, "https://oak.example/inbox", note), note)
}

func signed(t testing.TB, as fedtest.Dialect, req *http.Request, body string) *http.Request {
	t.Helper()
	as.Sign(req, []byte(body), stranger+as.KeySuffix, fedtest.PrivateKey(1), noon)
	got, _ := overWire(t, req)
	return got
}

func TestEveryDialectVerifies(t *testing.T) {
	for _, as := range fedtest.Dialects() {
		t.Run(as.Software, func(t *testing.T) {
			verifies(t, as, signedPost(t, as), []byte(note))
			for _, url := range []string{
				"https://oak.example/p/1",
				"https://oak.example",
				"https://oak.example/u/caf%C3%A9/outbox?page=2&min=%20",
				"https://oak.example/a%2Fb",
			} {
				verifies(t, as, signed(t, as, newGet(t, url), ""), nil)
			}
		})
	}
}

func verifies(t *testing.T, as fedtest.Dialect, req *http.Request, body []byte) {
	t.Helper()
	want := federation.Signer{KeyID: stranger + as.KeySuffix, Owner: stranger}
	got, err := federation.Verify(t.Context(), req, body, theirs(), oak, noon)
	if err != nil || got != want {
		t.Errorf("Verify(%s %s) = %v, %v; want %v", req.Method, req.RequestURI, got, err, want)
	}
}

// CVE-2023-49079: a signature said nothing about the body, nor about the host.
func TestReplayWithAnythingChangedIsRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		body   string
		want   federation.Reason
	}{
		{"another body", func(*http.Request) {}, note + " ", federation.DigestMismatch},
		{"another body with its own digest", func(r *http.Request) {
			sum := sha256.Sum256([]byte("{}"))
			r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
		}, "{}", federation.BadSignature},
		{"no body", func(*http.Request) {}, "", federation.DigestMismatch},
		{"no digest", func(r *http.Request) { r.Header.Del("Digest") }, note, federation.DigestMissing},
		{"another host", func(r *http.Request) { r.Host = "elm.example" }, note, federation.WrongHost},
		{"another host of ours", func(r *http.Request) { r.Host = "oak.example:8443" }, note, federation.BadSignature},
		{"a host in disguise", func(r *http.Request) { r.Host = "oak.example.evil.example" }, note, federation.WrongHost},
		{"another path", func(r *http.Request) { r.RequestURI = "/u/mia/inbox" }, note, federation.BadSignature},
		{"an added query", func(r *http.Request) { r.RequestURI = "/inbox?a" }, note, federation.BadSignature},
		{"another method", func(r *http.Request) { r.Method = http.MethodPut }, note, federation.BadSignature},
		{"as a GET", func(r *http.Request) { r.Method = http.MethodGet }, note, federation.BadSignature},
		{"another content type", func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }, note, federation.BadSignature},
		{"another date", func(r *http.Request) {
			r.Header.Set("Date", noon.Add(time.Minute).Format(http.TimeFormat))
		}, note, federation.BadSignature},
		{"a second date", func(r *http.Request) {
			r.Header.Add("Date", noon.Format(http.TimeFormat))
		}, note, federation.DateOutOfWindow},
		{"a covered header taken off", func(r *http.Request) { r.Header.Del("Content-Type") }, note, federation.BadSignature},
	} {
		req := signedPost(t, fedtest.Mastodon)
		c.change(req)
		hosts := append([]string{"https://oak.example:8443"}, oak...)
		_, err := federation.Verify(t.Context(), req, []byte(c.body), theirs(), hosts, noon)
		refusedFor(t, c.name, err, c.want)
	}
}

func refusedFor(t *testing.T, name string, err error, want federation.Reason) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("%s: %v, want it to be taken", name, err)
		}
		return
	}
	var refusal *federation.Refusal
	if !errors.As(err, &refusal) || refusal.Reason != want || !errors.Is(err, want) {
		t.Errorf("%s: %v, want refused for %q", name, err, want)
	}
}

// withCovered signs a POST over exactly these headers.
func withCovered(t testing.TB, covered string) *http.Request {
	return signedPost(t, fedtest.Dialect{Post: strings.Fields(covered), Algorithm: "hs2019", WithQuery: true})
}

func TestSignatureMustCoverWhatCouldBeChanged(t *testing.T) {
	for covered, want := range map[string]federation.Reason{
		"(request-target) host date digest":              "",
		"(request-target) host (created) digest":         "",
		"digest date host (request-target) content-type": "",
		"host date digest":                               federation.HeadersNotCovered,
		"(request-target) date digest":                   federation.HeadersNotCovered,
		"(request-target) host digest":                   federation.HeadersNotCovered,
		"(request-target) host (expires) digest":         federation.HeadersNotCovered,
		"(request-target) host date":                     federation.HeadersNotCovered,
		"(request-target) host date content-type":        federation.HeadersNotCovered,
		"date":                                   federation.HeadersNotCovered,
		"":                                       federation.HeadersNotCovered,
		"(request-target) host date digest date": federation.AmbiguousSignature,
		"(request-target) (request-target) host date digest":    federation.AmbiguousSignature,
		"(request-target) host date digest (query)":             federation.BadSignature,
		"(request-target) host date digest x-not-there":         federation.BadSignature,
		"(request-target) host date digest" + many(" x-%d", 70): federation.MalformedSignature,
	} {
		_, err := federation.Verify(t.Context(), withCovered(t, covered), []byte(note), theirs(), oak, noon)
		refusedFor(t, covered, err, want)
	}
}

func many(format string, n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, format, i)
	}
	return all.String()
}

func TestWithoutASignatureNoKeyIsLookedUp(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(http.Header)
		want   federation.Reason
	}{
		{"none", func(h http.Header) { h.Del("Signature") }, federation.NoSignature},
		{"a bearer token is none", func(h http.Header) {
			h.Del("Signature")
			h.Set("Authorization", `Bearer keyId="signature"`)
		}, federation.NoSignature},
		{"in Authorization too", func(h http.Header) {
			h.Set("Authorization", "Signature "+h.Get("Signature"))
		}, federation.AmbiguousSignature},
		{"twice", func(h http.Header) { h.Add("Signature", h.Get("Signature")) }, federation.AmbiguousSignature},
		{"the other way's list", func(h http.Header) { h.Set("Signature-Input", `sig1=("@method")`) }, federation.MalformedSignature},
		{"only a word", func(h http.Header) { h.Set("Signature", "signature") }, federation.MalformedSignature},
		{"too long", func(h http.Header) {
			h.Set("Signature", h.Get("Signature")+`,x="`+strings.Repeat("x", 9000)+`"`)
		}, federation.MalformedSignature},
	} {
		req, keys := signedPost(t, fedtest.Mastodon), theirs()
		c.change(req.Header)
		_, err := federation.Verify(t.Context(), req, []byte(note), keys, oak, noon)
		refusedFor(t, c.name, err, c.want)
		if len(keys.asked) > 0 {
			t.Errorf("%s: the key was looked up", c.name)
		}
	}
}

func TestSignatureMayStandInAuthorization(t *testing.T) {
	req := signedPost(t, fedtest.Mastodon)
	req.Header.Set("Authorization", "signature "+req.Header.Get("Signature"))
	req.Header.Del("Signature")
	verifies(t, fedtest.Mastodon, req, []byte(note))

	req = signedPost(t, fedtest.Mastodon)
	req.Header.Set("Authorization", "Bearer signature,keyId,headers")
	verifies(t, fedtest.Mastodon, req, []byte(note))
}

// The library refuses each of the readable ones, or takes its headers for none.
func TestSignatureHeaderIsReadLeniently(t *testing.T) {
	param := func(h, name string) string {
		_, rest, _ := strings.Cut(h, name+`="`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	for _, c := range []struct {
		name    string
		rewrite func(string) string
		want    federation.Reason
	}{
		{"spaces after commas", func(h string) string { return strings.ReplaceAll(h, `",`, `", `) }, ""},
		{"spaces before and after", func(h string) string { return " \t" + strings.ReplaceAll(h, `",`, `" , `) + " ," }, ""},
		{"spaces around equals", func(h string) string { return strings.Replace(h, `keyId=`, `keyId = `, 1) }, ""},
		{"names in another case", func(h string) string { return strings.Replace(h, "keyId=", "KEYID=", 1) }, ""},
		{"headers in another case", func(h string) string {
			return strings.Replace(h, "(request-target)", "(Request-Target)", 1)
		}, ""},
		{"a bare algorithm", func(h string) string { return strings.Replace(h, `"rsa-sha256"`, "rsa-sha256", 1) }, ""},
		{"the other label", func(h string) string { return strings.Replace(h, "rsa-sha256", "HS2019", 1) }, ""},
		{"no label", func(h string) string { return strings.Replace(h, `algorithm="rsa-sha256",`, "", 1) }, ""},
		{"unknown parameters", func(h string) string { return `opaque="a,b=c",` + h + `,v=1` }, ""},
		{"the signature first", func(h string) string {
			before, last, _ := strings.Cut(h, `,signature=`)
			return "signature=" + last + "," + before
		}, ""},
		{"created and expires unquoted, not covered", func(h string) string { return h + ",created=1,expires=2" }, ""},
		{"keyId twice", func(h string) string { return h + `,keyId="https://evil.example/k"` }, federation.AmbiguousSignature},
		{"keyid in two cases", func(h string) string { return h + `,keyid="https://evil.example/k"` }, federation.AmbiguousSignature},
		{"headers twice", func(h string) string { return `headers="date",` + h }, federation.AmbiguousSignature},
		{"something unknown twice", func(h string) string { return `a=1,a=1,` + h }, federation.AmbiguousSignature},
		{"an open quote", func(h string) string { return strings.TrimSuffix(h, `"`) }, federation.MalformedSignature},
		{"an escaped quote", func(h string) string { return `a="\"",` + h }, federation.MalformedSignature},
		{"a quote in a bare value", func(h string) string { return `a=b"c",` + h }, federation.MalformedSignature},
		{"no comma", func(h string) string { return strings.Replace(h, `",`, `" `, 1) }, federation.MalformedSignature},
		{"no name", func(h string) string { return `="a",` + h }, federation.MalformedSignature},
		{"a name with a space", func(h string) string { return `a b="c",` + h }, federation.MalformedSignature},
		{"no keyId", func(h string) string { return strings.Replace(h, "keyId", "key", 1) }, federation.MalformedSignature},
		{"an empty keyId", func(h string) string { return strings.Replace(h, param(h, "keyId"), "", 1) }, federation.MalformedSignature},
		{"a keyId with a space", func(h string) string { return strings.Replace(h, "/u/ada", "/u/a da", 1) }, federation.MalformedSignature},
		{"no signature", func(h string) string { return strings.Replace(h, "signature", "sig", 1) }, federation.MalformedSignature},
		{"an empty signature", func(h string) string { return strings.Replace(h, param(h, "signature"), "", 1) }, federation.MalformedSignature},
		{"not base64", func(h string) string { return strings.Replace(h, param(h, "signature"), "!", 1) }, federation.MalformedSignature},
		{"forty parameters", func(h string) string { return h + many(",p%d=1", 40) }, federation.MalformedSignature},
		{"no headers", func(h string) string { return strings.Replace(h, "headers=", "h=", 1) }, federation.HeadersNotCovered},
		{"SHA-1", func(h string) string { return strings.Replace(h, "rsa-sha256", "rsa-sha1", 1) }, federation.UnsupportedAlgorithm},
		{"HMAC", func(h string) string { return strings.Replace(h, "rsa-sha256", "hmac-sha256", 1) }, federation.UnsupportedAlgorithm},
	} {
		req := signedPost(t, fedtest.Mastodon)
		before := req.Header.Get("Signature")
		after := c.rewrite(before)
		if after == before {
			t.Fatalf("%s: nothing was rewritten", c.name)
		}
		req.Header.Set("Signature", after)
		_, err := federation.Verify(t.Context(), req, []byte(note), theirs(), oak, noon)
		refusedFor(t, c.name, err, c.want)
	}
}

func TestCreatedUnderRSASHA256IsRefused(t *testing.T) {
	for _, name := range []string{"(created)", "(expires)"} {
		as := fedtest.Dialect{Post: []string{"(request-target)", "host", "date", "digest", name}, Algorithm: "rsa-sha256"}
		_, err := federation.Verify(t.Context(), signedPost(t, as), []byte(note), theirs(), oak, noon)
		refusedFor(t, name, err, federation.UnsupportedAlgorithm)
	}
}

func TestDigestIsFoundAmongOthers(t *testing.T) {
	sum := sha256.Sum256([]byte(note))
	right := base64.StdEncoding.EncodeToString(sum[:])
	wrong := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, c := range []struct {
		digest string
		want   federation.Reason
	}{
		{"sha-256=" + right, ""},
		{"SHA-512=" + wrong + ",SHA-256=" + right, ""},
		{"SHA-512=" + wrong + ", Sha-256=" + right + " ,md5=", ""},
		{"SHA-256=" + right + ",SHA-256=" + right, ""},
		{"SHA-256=" + right + ",SHA-256=" + wrong, federation.DigestMismatch},
		{"SHA-256=" + wrong + ",SHA-256=" + right, federation.DigestMismatch},
		{"SHA-256=", federation.DigestMismatch},
		{"SHA-256", federation.DigestMismatch},
		{"SHA-256=" + right[:20], federation.DigestMismatch},
		{"SHA-512=" + right, federation.DigestMissing},
		{"MD5=,", federation.DigestMissing},
		{"", federation.DigestMissing},
	} {
		as := fedtest.Dialect{Post: strings.Fields("(request-target) host date digest"), Algorithm: "hs2019"}
		req := newPost(t, "https://oak.example/inbox", note)
		as.SignWithDigest(req, c.digest, stranger+"#main-key", fedtest.PrivateKey(1), noon)
		got, _ := overWire(t, req)
		_, err := federation.Verify(t.Context(), got, []byte(note), theirs(), oak, noon)
		refusedFor(t, c.digest, err, c.want)
	}
}

func TestSignatureHoldsForItsTimeOnly(t *testing.T) {
	date := "(request-target) host date digest"
	created := "(request-target) host (created) digest"
	expires := "(request-target) host date (created) (expires) digest" // for an hour
	for _, c := range []struct {
		covered string
		late    time.Duration
		want    federation.Reason
	}{
		{date, 0, ""},
		{date, 65 * time.Minute, ""},
		{date, 65*time.Minute + time.Second, federation.DateOutOfWindow},
		{date, -time.Hour, ""},
		{date, -time.Hour - time.Second, federation.DateOutOfWindow},
		{date, 6 * 365 * 24 * time.Hour, federation.DateOutOfWindow},
		{created, 65 * time.Minute, ""},
		{created, 66 * time.Minute, federation.DateOutOfWindow},
		{created, -61 * time.Minute, federation.DateOutOfWindow},
		{expires, 2 * time.Hour, ""},
		{expires, 2*time.Hour + time.Second, federation.DateOutOfWindow},
		{expires, -61 * time.Minute, federation.DateOutOfWindow},
	} {
		_, err := federation.Verify(t.Context(), withCovered(t, c.covered), []byte(note), theirs(), oak, noon.Add(c.late))
		refusedFor(t, fmt.Sprint(c.covered, " after ", c.late), err, c.want)
	}
}

func TestNoSignatureHoldsLongerThanTwelveHours(t *testing.T) {
	as := fedtest.Dialect{
		Post:      strings.Fields("(request-target) host (created) (expires) digest"),
		Algorithm: "hs2019", Lifetime: 30 * 24 * time.Hour,
	}
	for late, want := range map[time.Duration]federation.Reason{
		12 * time.Hour:             "",
		12*time.Hour + time.Second: federation.DateOutOfWindow,
	} {
		_, err := federation.Verify(t.Context(), signedPost(t, as), []byte(note), theirs(), oak, noon.Add(late))
		refusedFor(t, late.String(), err, want)
	}
}

func TestHostIsOursByNameAndPort(t *testing.T) {
	for _, c := range []struct {
		host  string
		hosts []string
		want  federation.Reason
	}{
		{"oak.example", oak, ""},
		{"OAK.example", oak, ""},
		{"oak.example:443", oak, ""},
		{"oak.example:80", oak, federation.WrongHost},
		{"oak.example.", oak, federation.WrongHost},
		{"oak.localhost:8080", []string{"http://oak.localhost:8080"}, ""},
		{"oak.localhost", []string{"http://oak.localhost:8080"}, federation.WrongHost},
		{"oak.example", nil, federation.WrongHost},
	} {
		req := newPost(t, "https://"+c.host+"/inbox", note)
		_, err := federation.Verify(t.Context(), signed(t, fedtest.Mastodon, req, note), []byte(note), theirs(), c.hosts, noon)
		refusedFor(t, c.host, err, c.want)
	}
}

func TestRotatedKeyIsFetchedAnewOnce(t *testing.T) {
	right, wrong := &fedtest.PrivateKey(1).PublicKey, &fedtest.PrivateKey(2).PublicKey
	down := &federation.FetchError{Fault: federation.FetchUnreachable}
	gone := &federation.FetchError{Fault: federation.FetchGone}
	small := &rsa.PublicKey{N: fedtest.PrivateKey(1).Primes[0], E: 65537}
	for _, c := range []struct {
		name  string
		keys  keyring
		asked int
		want  federation.Reason
	}{
		{"known", keyring{known: right}, 1, ""},
		{"rotated", keyring{known: wrong, fresh: right}, 2, ""},
		{"not theirs", keyring{known: wrong, fresh: wrong}, 2, federation.BadSignature},
		{"not theirs, twice", keyring{known: wrong, fresh: &fedtest.PrivateKey(3).PublicKey}, 2, federation.BadSignature},
		{"unknown", keyring{err: errors.New("not listed by its owner")}, 1, federation.UnknownKey},
		{"gone", keyring{err: gone}, 1, federation.KeyGone},
		{"down", keyring{err: down}, 1, federation.KeyUnavailable},
		{"given up", keyring{err: context.DeadlineExceeded}, 1, federation.KeyUnavailable},
		{"gone since, known", keyring{known: right, freshErr: gone}, 1, ""},
		{"gone since", keyring{known: wrong, freshErr: gone}, 2, federation.KeyGone},
		{"down since", keyring{known: wrong, freshErr: down}, 2, federation.KeyUnavailable},
		{"of another kind", keyring{known: ed25519.PublicKey(make([]byte, 32))}, 1, federation.UnsupportedKey},
		{"too small", keyring{known: small}, 1, federation.UnsupportedKey},
	} {
		_, err := federation.Verify(t.Context(), signedPost(t, fedtest.Lemmy), []byte(note), &c.keys, oak, noon)
		refusedFor(t, c.name, err, c.want)
		if len(c.keys.asked) != c.asked {
			t.Errorf("%s: the source was asked %d times, want %d", c.name, len(c.keys.asked), c.asked)
		}
	}
}

func TestVerifyingChangesNothingOfTheRequest(t *testing.T) {
	req := signedPost(t, fedtest.Discourse)
	header, url := maps.Clone(req.Header), *req.URL
	verifies(t, fedtest.Discourse, req, []byte(note))
	if !maps.EqualFunc(header, req.Header, func(a, b []string) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("the header is %v, was %v", req.Header, header)
	}
	if *req.URL != url {
		t.Errorf("the URL is %v, was %v", req.URL, url)
	}
}

func TestOurOwnSignatureVerifies(t *testing.T) {
	req := newPost(t, "https://oak.example/inbox", note)
	if err := federation.Sign(req, []byte(note), federation.Key{ID: ourKey, Private: fedtest.PrivateKey(1)}, noon); err != nil {
		t.Fatal(err)
	}
	got, body := overWire(t, req)
	if _, err := federation.Verify(t.Context(), got, body, theirs(), oak, noon); err != nil {
		t.Errorf("Verify = %v", err)
	}
}

func BenchmarkVerify(b *testing.B) {
	body := bytes.Repeat([]byte("x"), 2000)
	req := signed(b, fedtest.Mastodon, newPost(b, "https://oak.example/inbox", string(body)), string(body))
	for b.Loop() {
		if _, err := federation.Verify(b.Context(), req, body, theirs(), oak, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyBareRSA(b *testing.B) {
	sum := sha256.Sum256([]byte("text"))
	value, err := rsa.SignPKCS1v15(nil, fedtest.PrivateKey(1), crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := rsa.VerifyPKCS1v15(&fedtest.PrivateKey(1).PublicKey, crypto.SHA256, sum[:], value); err != nil {
			b.Fatal(err)
		}
	}
}
