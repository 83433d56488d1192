package federation_test

import (
	"bufio"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// vector is a signed request that another software or a specification has.
type vector struct {
	Source    string            `json:"source"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Header    map[string]string `json:"header"`
	Body      string            `json:"body"`
	PublicKey string            `json:"publicKeyPem"`
	KeyID     string            `json:"keyId"`
	At        time.Time         `json:"at"`
}

func (v vector) key(t *testing.T) crypto.PublicKey {
	t.Helper()
	block, _ := pem.Decode([]byte(v.PublicKey))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// asServed is the request as a server reads its bytes.
func asServed(t testing.TB, lines ...string) *http.Request {
	t.Helper()
	req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.Join(lines, "\r\n") + "\r\n\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func (v vector) request(t *testing.T) (req *http.Request, origin string) {
	t.Helper()
	scheme, rest, _ := strings.Cut(v.URL, "://")
	host, target, _ := strings.Cut(rest, "/")
	lines := []string{v.Method + " /" + target + " HTTP/1.1", "Host: " + host}
	for name, value := range v.Header {
		if !strings.EqualFold(name, "host") {
			lines = append(lines, name+": "+value)
		}
	}
	return asServed(t, lines...), scheme + "://" + host
}

func TestMessagesThatOthersSignedVerify(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc9421/*.json")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d vectors, %v; want those of Mastodon and of Fedify", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v vector
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			keys := &keyring{known: v.key(t), fresh: v.key(t)}
			req, origin := v.request(t)
			got, err := federation.Verify(t.Context(), req, []byte(v.Body), keys, []string{origin}, v.At)
			if err != nil || got.KeyID != v.KeyID {
				t.Errorf("got %+v, %v; want it signed by %s", got, err, v.KeyID)
			}
			req.RequestURI += "/x"
			_, err = federation.Verify(t.Context(), req, []byte(v.Body), keys, []string{origin}, v.At)
			refusedFor(t, "another path", err, federation.BadSignature)
		})
	}
}

var (
	messageGet  = []string{"@method", "@target-uri"}
	messagePost = []string{"@method", "@target-uri", "content-digest"}
)

const messageParams = `;created=1773489600;keyid="https://far.example/u/ada#main-key"` // at noon

// aMessage is a POST of note to oak's inbox, signed as m says and as it is served.
func aMessage(t testing.TB, m fedtest.Message) *http.Request {
	t.Helper()
	req := newPost(t, "https://oak.example/inbox", note)
	req.Header.Set("Content-Digest", fedtest.ContentDigest([]byte(note)))
	m.Sign(req, fedtest.PrivateKey(1))
	got, _ := overWire(t, req)
	return got
}

func verifyNote(t testing.TB, req *http.Request) error {
	t.Helper()
	_, err := federation.Verify(t.Context(), req, []byte(note), theirs(), oak, noon)
	return err
}

func TestMessageMustCoverWhatCouldBeChanged(t *testing.T) {
	for covered, want := range map[string]federation.Reason{
		"@method @target-uri content-digest":                           "",
		"content-digest @target-uri @method":                           "",
		"@method @authority @path content-digest":                      "",
		"@method @authority @request-target content-digest":            "",
		"@method @authority @path @query content-digest":               "",
		"@method @scheme @target-uri content-digest content-type host": "",
		"@target-uri content-digest":                                   federation.HeadersNotCovered,
		"@method content-digest":                                       federation.HeadersNotCovered,
		"@method @path content-digest":                                 federation.HeadersNotCovered,
		"@method @authority content-digest":                            federation.HeadersNotCovered,
		"@method @authority @query content-digest":                     federation.HeadersNotCovered,
		"@method @target-uri":                                          federation.HeadersNotCovered,
		"@method @target-uri digest":                                   federation.HeadersNotCovered,
		"":                                                             federation.HeadersNotCovered,
		"@method @target-uri content-digest x-not-there":               federation.BadSignature,
		"@method @target-uri content-digest @status":                   federation.MalformedSignature,
		"@method @target-uri content-digest @signature-params":         federation.MalformedSignature,
		"@method @target-uri content-digest @query-param":              federation.MalformedSignature,
		"@method @target-uri Content-Digest":                           federation.MalformedSignature,
		"@method @target-uri content-digest content-digest":            federation.AmbiguousSignature,
		"@method @target-uri content-digest" + many(" x-%d", 70):       federation.MalformedSignature,
	} {
		req := aMessage(t, fedtest.Message{Covered: strings.Fields(covered), Params: messageParams})
		refusedFor(t, covered, verifyNote(t, req), want)
	}
}

// A query that @path leaves out could be anybody's.
func TestMessageOverAPathCoversTheQueryToo(t *testing.T) {
	for covered, want := range map[string]federation.Reason{
		"@method @target-uri":                "",
		"@method @authority @path @query":    "",
		"@method @authority @request-target": "",
		"@method @authority @path":           federation.HeadersNotCovered,
	} {
		req := newGet(t, "https://oak.example/outbox?page=2&x=%20")
		fedtest.Message{Covered: strings.Fields(covered), Params: messageParams}.Sign(req, fedtest.PrivateKey(1))
		got, _ := overWire(t, req)
		_, err := federation.Verify(t.Context(), got, nil, theirs(), oak, noon)
		refusedFor(t, covered, err, want)
	}
}

func TestMessageIsReadOneWayOnly(t *testing.T) {
	both := func(h http.Header, from, to string) {
		for _, name := range []string{"Signature", "Signature-Input"} {
			h.Set(name, strings.Replace(h.Get(name), from, to, 1))
		}
	}
	input := func(change func(string) string) func(http.Header) {
		return func(h http.Header) { h.Set("Signature-Input", change(h.Get("Signature-Input"))) }
	}
	after := func(more string) func(http.Header) { return input(func(s string) string { return s + more }) }
	for _, c := range []struct {
		name   string
		change func(http.Header)
		want   federation.Reason
	}{
		{"another label", func(h http.Header) { both(h, "sig1", "far-1") }, ""},
		{"white space", input(func(s string) string { return " " + strings.Replace(s, `" "`, `"   "`, 1) + " " }), ""},
		{"an empty line of each", func(h http.Header) { h.Add("Signature-Input", ""); h.Add("Signature", "") }, ""},
		{"a signature without its list", func(h http.Header) { h.Add("Signature", "more=:AAAA:") }, ""},
		{"no signature", func(h http.Header) { h.Del("Signature") }, federation.MalformedSignature},
		{"the draft's", func(h http.Header) { h.Set("Signature", `keyId="a",signature="AAAA"`) }, federation.MalformedSignature},
		{"one in Authorization too", func(h http.Header) { h.Set("Authorization", `Signature keyId="a"`) }, federation.AmbiguousSignature},
		{"a bearer token beside it", func(h http.Header) { h.Set("Authorization", "Bearer Signature") }, ""},
		{"no list", input(func(string) string { return "" }), federation.MalformedSignature},
		{"no list, but a word", input(func(string) string { return "sig1=x" }), federation.MalformedSignature},
		{"a list of words", input(func(s string) string { return strings.Replace(s, `"@method"`, `method`, 1) }), federation.MalformedSignature},
		{"part of a field", input(func(s string) string {
			return strings.Replace(s, `"content-digest"`, `"content-digest";key="sha-256"`, 1)
		}), federation.MalformedSignature},
		{"an open quote", after(`;x="`), federation.MalformedSignature},
		{"a comma at the end", after(`,`), federation.MalformedSignature},
		{"the label twice, in one line", after(`, sig1=("@method");created=1`), federation.AmbiguousSignature},
		{"the label twice, in two lines", func(h http.Header) { h.Add("Signature-Input", `sig1=();created=1`) }, federation.AmbiguousSignature},
		{"two signatures of a label", func(h http.Header) { h.Add("Signature", "sig1=:AAAA:") }, federation.AmbiguousSignature},
		{"two signatures of a label, in one line", func(h http.Header) { h.Set("Signature", "sig1=:AAAA:, "+h.Get("Signature")) }, federation.AmbiguousSignature},
		{"created twice", after(`;created=1773489601`), federation.AmbiguousSignature},
		{"keyid twice", input(func(s string) string { return strings.Replace(s, ";keyid", `;keyid="https://evil.example/k";keyid`, 1) }), federation.AmbiguousSignature},
		{"an unsigned parameter", after(`;nonce="b"`), federation.BadSignature},
		{"a mark in quotes", after(`;nonce="a;b,c\";"`), federation.BadSignature},
		{"created as text", input(func(s string) string { return strings.Replace(s, "1773489600", `"1773489600"`, 1) }), federation.MalformedSignature},
		{"created before time", input(func(s string) string { return strings.Replace(s, "1773489600", `-1`, 1) }), federation.MalformedSignature},
		{"no created", input(func(s string) string { return strings.Replace(s, ";created=1773489600", "", 1) }), federation.HeadersNotCovered},
		{"no keyid", input(func(s string) string { return strings.Replace(s, ";keyid=", ";key=", 1) }), federation.MalformedSignature},
		{"a keyid with a space", input(func(s string) string { return strings.Replace(s, "/u/ada", "/u/a da", 1) }), federation.MalformedSignature},
		{"a keyid that is a word", input(func(s string) string { return strings.Replace(s, `"https://far.example/u/ada#main-key"`, "main", 1) }), federation.MalformedSignature},
		{"alg as a word", after(`;alg=ed25519`), federation.MalformedSignature},
		{"HMAC", after(`;alg="hmac-sha256"`), federation.UnsupportedAlgorithm},
		{"RSA-PSS", after(`;alg="rsa-pss-sha512"`), federation.UnsupportedAlgorithm},
		{"an empty value", func(h http.Header) { h.Set("Signature", "sig1=::") }, federation.MalformedSignature},
		{"a value that is text", func(h http.Header) { h.Set("Signature", `sig1="AAAA"`) }, federation.MalformedSignature},
		{"too long", after(`;x="` + strings.Repeat("x", 9000) + `"`), federation.MalformedSignature},
		{"five labels", after(many(`, l%d=()`, 4)), federation.MalformedSignature},
	} {
		req := aMessage(t, fedtest.Message{Covered: messagePost, Params: messageParams})
		c.change(req.Header)
		refusedFor(t, c.name, verifyNote(t, req), c.want)
	}
}

// Proxies sign too. One signature that holds is enough, but each stands for itself.
func TestOneSignatureOfSeveralIsEnough(t *testing.T) {
	good := fedtest.Message{Label: "far", Covered: messagePost, Params: messageParams + `;tag="app";nonce="n"`}
	proxys := fedtest.Message{Label: "proxy", Covered: []string{"@authority"}, Params: `;created=1773489600;keyid="cdn";tag="web-bot-auth"`}
	unread := func(h http.Header) {
		h.Set("Signature-Input", `odd=("@status"), `+h.Get("Signature-Input"))
	}
	addressOnly := fedtest.Message{Label: "a", Covered: messageGet, Params: messageParams}
	digestOnly := fedtest.Message{Label: "b", Covered: []string{"content-digest"}, Params: messageParams}
	stale := fedtest.Message{Label: "old", Covered: messagePost, Params: strings.Replace(messageParams, "1773489600", "1573489600", 1)}
	for _, c := range []struct {
		name   string
		signed []fedtest.Message
		change func(http.Header)
		want   federation.Reason
	}{
		{"ours first", []fedtest.Message{good, proxys}, nil, ""},
		{"ours last", []fedtest.Message{proxys, good}, nil, ""},
		{"one of old", []fedtest.Message{stale, good}, nil, ""},
		{"one that cannot be read", []fedtest.Message{good}, unread, ""},
		{"a proxy's alone", []fedtest.Message{proxys}, nil, federation.HeadersNotCovered},
		{"half each", []fedtest.Message{addressOnly, digestOnly}, nil, federation.HeadersNotCovered},
		{"half each, the other way around", []fedtest.Message{digestOnly, addressOnly}, nil, federation.HeadersNotCovered},
		{"the values of two exchanged", []fedtest.Message{good, stale}, func(h http.Header) {
			values := h.Values("Signature")
			far, old := strings.TrimPrefix(values[0], "far="), strings.TrimPrefix(values[1], "old=")
			h["Signature"] = []string{"far=" + old, "old=" + far}
		}, federation.BadSignature},
	} {
		req := newPost(t, "https://oak.example/inbox", note)
		req.Header.Set("Content-Digest", fedtest.ContentDigest([]byte(note)))
		for _, m := range c.signed {
			m.Sign(req, fedtest.PrivateKey(1))
		}
		got, _ := overWire(t, req)
		if c.change != nil {
			c.change(got.Header)
		}
		refusedFor(t, c.name, verifyNote(t, got), c.want)
	}
}

func TestOneKeyThatCannotBeHadNowIsWorthAnotherTry(t *testing.T) {
	req := aMessage(t, fedtest.Message{Covered: messagePost, Params: messageParams})
	req.Header.Set("Signature-Input", `other=(`+`"@authority");created=1;keyid="a", `+req.Header.Get("Signature-Input"))
	req.Header.Set("Signature", "other=:AAAA:, "+req.Header.Get("Signature"))
	down := &keyring{err: &federation.FetchError{Fault: federation.FetchUnreachable}}
	_, err := federation.Verify(t.Context(), req, []byte(note), down, oak, noon)
	refusedFor(t, "the second's", err, federation.KeyUnavailable)
}

func TestMessageHoldsForItsTimeOnly(t *testing.T) {
	expires := messageParams + fmt.Sprintf(";expires=%d", noon.Add(time.Hour).Unix())
	long := messageParams + fmt.Sprintf(";expires=%d", noon.Add(30*24*time.Hour).Unix())
	for _, c := range []struct {
		params string
		late   time.Duration
		want   federation.Reason
	}{
		{messageParams, 65 * time.Minute, ""},
		{messageParams, 65*time.Minute + time.Second, federation.DateOutOfWindow},
		{messageParams, -time.Hour, ""},
		{messageParams, -time.Hour - time.Second, federation.DateOutOfWindow},
		{expires, 2 * time.Hour, ""},
		{expires, 2*time.Hour + time.Second, federation.DateOutOfWindow},
		{long, 12 * time.Hour, ""},
		{long, 12*time.Hour + time.Second, federation.DateOutOfWindow},
	} {
		req := aMessage(t, fedtest.Message{Covered: messagePost, Params: c.params})
		_, err := federation.Verify(t.Context(), req, []byte(note), theirs(), oak, noon.Add(c.late))
		refusedFor(t, fmt.Sprint(c.params, " after ", c.late), err, c.want)
	}
}

func TestContentDigestIsOfTheBody(t *testing.T) {
	sha256Of, sha512Of := sha256.Sum256([]byte(note)), sha512.Sum512([]byte(note))
	short, long := base64.StdEncoding.EncodeToString(sha256Of[:]), base64.StdEncoding.EncodeToString(sha512Of[:])
	wrong := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, c := range []struct {
		digest string
		want   federation.Reason
	}{
		{"sha-256=:" + short + ":", ""},
		{"sha-512=:" + long + ":", ""},
		{"sha-256=:" + short + ":, sha-512=:" + long + ":", ""},
		{"md5=:AAAA:, sha-256=:" + short + ":", ""},
		{"sha-256=:" + short + ":, sha-512=:" + wrong + ":", federation.DigestMismatch},
		{"sha-256=:" + wrong + ":, sha-512=:" + long + ":", federation.DigestMismatch},
		{"sha-256=:" + wrong + ":", federation.DigestMismatch},
		{"sha-256=:" + short + ":, sha-256=:" + short + ":", federation.AmbiguousSignature},
		{"sha-256=:" + short[:20] + ":", federation.DigestMismatch},
		{`sha-256="` + short + `"`, federation.DigestMismatch},
		{"sha-256", federation.DigestMismatch},
		{"sha-256=" + short, federation.MalformedSignature},
		{"SHA-256=:" + short + ":", federation.MalformedSignature},
		{"sha=:" + short + ":", federation.DigestMissing},
		{"", federation.DigestMissing},
	} {
		req := newPost(t, "https://oak.example/inbox", note)
		req.Header.Set("Content-Digest", c.digest)
		fedtest.Message{Covered: messagePost, Params: messageParams}.Sign(req, fedtest.PrivateKey(1))
		got, _ := overWire(t, req)
		refusedFor(t, c.digest, verifyNote(t, got), c.want)
	}
}

func TestMessageIsSignedByTheKindOfKeyThatItNames(t *testing.T) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	edwards, another := private.Public(), ed25519.NewKeyFromSeed(slices.Repeat([]byte{1}, ed25519.SeedSize)).Public()
	rsaKey := crypto.PublicKey(&fedtest.PrivateKey(1).PublicKey)
	small := &rsa.PublicKey{N: fedtest.PrivateKey(1).Primes[0], E: 65537}
	for _, c := range []struct {
		name   string
		by     crypto.Signer
		alg    string
		public crypto.PublicKey
		want   federation.Reason
	}{
		{"RSA", fedtest.PrivateKey(1), `;alg="rsa-v1_5-sha256"`, rsaKey, ""},
		{"RSA unsaid", fedtest.PrivateKey(1), ``, rsaKey, ""},
		{"Ed25519", private, `;alg="ed25519"`, edwards, ""},
		{"Ed25519 unsaid", private, ``, edwards, ""},
		{"Ed25519 of another", private, ``, another, federation.BadSignature},
		{"Ed25519 where the key is RSA", private, `;alg="ed25519"`, rsaKey, federation.UnsupportedKey},
		{"RSA where the key is Ed25519", fedtest.PrivateKey(1), `;alg="rsa-v1_5-sha256"`, edwards, federation.UnsupportedKey},
		{"a small key", fedtest.PrivateKey(1), ``, small, federation.UnsupportedKey},
		{"half a key", private, ``, edwards.(ed25519.PublicKey)[:16], federation.UnsupportedKey},
		{"no kind that is known", private, ``, "key", federation.UnsupportedKey},
	} {
		req := newPost(t, "https://oak.example/inbox", note)
		req.Header.Set("Content-Digest", fedtest.ContentDigest([]byte(note)))
		fedtest.Message{Covered: messagePost, Params: messageParams + c.alg}.Sign(req, c.by)
		got, _ := overWire(t, req)
		_, err := federation.Verify(t.Context(), got, []byte(note), &keyring{known: c.public, fresh: c.public}, oak, noon)
		refusedFor(t, c.name, err, c.want)
	}
}

// The address is the one under which we are known, whatever the last hop is.
func TestAddressThatIsSignedIsOurPublicOne(t *testing.T) {
	local := []string{"http://oak.localhost:8080", "https://oak.example"}
	for _, c := range []struct {
		url, host string
		want      federation.Reason
	}{
		{"https://oak.example/inbox", "", ""},
		{"https://oak.example/inbox", "OAK.example:443", ""},
		{"http://oak.localhost:8080/inbox", "", ""},
		{"http://oak.example/inbox", "", federation.BadSignature},
		{"https://oak.localhost:8080/inbox", "", federation.BadSignature},
		{"https://elm.example/inbox", "", federation.WrongHost},
		{"https://elm.example/inbox", "oak.example", federation.BadSignature},
	} {
		for _, covered := range []string{"@method @target-uri", "@method @authority @path @scheme"} {
			req := newGet(t, c.url)
			fedtest.Message{Covered: strings.Fields(covered), Params: messageParams}.Sign(req, fedtest.PrivateKey(1))
			req.Host = c.host
			got, _ := overWire(t, req)
			_, err := federation.Verify(t.Context(), got, nil, theirs(), local, noon)
			refusedFor(t, c.url+" at "+got.Host+" over "+covered, err, c.want)
		}
	}
}

// Fedify signs the id of a key as it stands when it fetches it, and only the rest
// of it comes over the wire.
func TestFragmentOfAKeyMayBeSignedWhereItIsFetched(t *testing.T) {
	for uri, want := range map[string]federation.Reason{
		"https://oak.example/g/a":          "",
		"https://oak.example/g/a#main-key": "",
		"https://oak.example/g/a#other":    federation.BadSignature,
		"https://oak.example/g/b#main-key": federation.BadSignature,
	} {
		req := newGet(t, "https://oak.example/g/a")
		fedtest.Message{Covered: messageGet, Params: messageParams, URI: uri}.Sign(req, fedtest.PrivateKey(1))
		got, _ := overWire(t, req)
		_, err := federation.Verify(t.Context(), got, nil, theirs(), oak, noon)
		refusedFor(t, uri, err, want)
	}
	post := fedtest.Message{Covered: messagePost, Params: messageParams, URI: "https://oak.example/inbox#main-key"}
	refusedFor(t, "a POST", verifyNote(t, aMessage(t, post)), federation.BadSignature)
}

func BenchmarkVerifyMessage(b *testing.B) {
	req := aMessage(b, fedtest.Message{Covered: messagePost, Params: messageParams})
	for b.Loop() {
		if err := verifyNote(b, req); err != nil {
			b.Fatal(err)
		}
	}
}
