package federation_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// kinds are the two ways to sign, each over all that a forger could change.
var kinds = map[string]fedtest.Dialect{
	"draft": {
		Post:      []string{"(request-target)", "host", "date", "digest", "content-type"},
		Algorithm: "hs2019", WithQuery: true, KeySuffix: "#main-key",
	},
	"RFC 9421": {
		Post:    []string{"@method", "@target-uri", "content-digest", "content-type", "date"},
		Message: true, KeySuffix: "#main-key",
	},
}

const byServer = "400 of the server" // before anything is verified

// TestSignedRequestIsNoOther sends the bytes of a signed request with something
// changed in them to a server that answers who signed it.
func TestSignedRequestIsNoOther(t *testing.T) {
	for kind, as := range kinds {
		t.Run(kind, func(t *testing.T) {
			head, body := signedBytes(t, as)
			for _, c := range forgeries {
				want := c.draft
				if as.Message {
					want = c.message
				}
				changed, with := head, body
				if c.change != nil {
					changed = c.change(head)
				}
				if c.body != "" {
					with = c.body
				}
				if (c.change != nil || c.body != "") && changed+with == head+body {
					t.Fatalf("%s: nothing was changed", c.name)
				}
				if got := whoSigned(t, changed+"\r\n\r\n"+with, noon.Add(c.late)); got != want {
					t.Errorf("%s: got %q, want %q", c.name, got, want)
				}
			}
		})
	}
}

const signedByAda = stranger + "#main-key"

// forgeries are changes of a request's head, which ends without an empty line, and
// what is said of each, signed by the draft and by RFC 9421.
var forgeries = []struct {
	name           string
	change         func(head string) string
	body           string
	late           time.Duration
	draft, message string
}{
	{"as it was", nil, "", 0, signedByAda, signedByAda},
	{"at the end of its time", nil, "", 65 * time.Minute, signedByAda, signedByAda},
	{"after its time", nil, "", 66 * time.Minute, "date_out_of_window", "date_out_of_window"},
	{"before its time", nil, "", -61 * time.Minute, "date_out_of_window", "date_out_of_window"},
	{"to another host", replaced("Host: oak.example", "Host: elm.example"), "", 0, "wrong_host", "wrong_host"},
	{"to another host of ours", replaced("Host: oak.example", "Host: oak.example:8443"), "", 0, "bad_signature", "bad_signature"},
	{"to another host, in the request line", replaced("POST /inbox", "POST https://elm.example/inbox"), "", 0, "wrong_host", "wrong_host"},
	{"to no host", without("Host"), "", 0, byServer, byServer},
	{"to two hosts", added("Host: elm.example"), "", 0, byServer, byServer},
	{"to one host twice", added("Host: oak.example"), "", 0, byServer, byServer},
	{"to another path", replaced("POST /inbox", "POST /g/a/inbox"), "", 0, "bad_signature", "bad_signature"},
	{"to the path spelled otherwise", replaced("POST /inbox", "POST /%69nbox"), "", 0, "bad_signature", "bad_signature"},
	{"with a query", replaced("POST /inbox", "POST /inbox?a=b"), "", 0, "bad_signature", "bad_signature"},
	{"by another method", replaced("POST /", "PUT /"), "", 0, "bad_signature", "bad_signature"},
	{"as a GET", replaced("POST /", "GET /"), "", 0, "bad_signature", "bad_signature"},
	{"with another body", nil, strings.Replace(note, "Create", "Delete", 1), 0, "digest_mismatch", "digest_mismatch"},
	{"with another body and its digest", withDigestOf(strings.Replace(note, "Create", "Delete", 1)), strings.Replace(note, "Create", "Delete", 1), 0, "bad_signature", "bad_signature"},
	{"without a digest", without("Digest", "Content-Digest"), "", 0, "digest_missing", "digest_missing"},
	{"with its digest twice", twice("Digest", "Content-Digest"), "", 0, "bad_signature", "ambiguous_signature"},
	{"with another digest before its own", func(head string) string {
		return withDigestOf("{}")(head) + "\r\n" + line(head, "Digest", "Content-Digest")
	}, "", 0, "digest_mismatch", "ambiguous_signature"},
	{"as another type", replaced("Content-Type: application/activity+json", "Content-Type: text/html"), "", 0, "bad_signature", "bad_signature"},
	{"as two types", added("Content-Type: text/html"), "", 0, "bad_signature", "bad_signature"},
	{"with another date", replaced("Date: Sat, 14 Mar 2026 12:00:00 GMT", "Date: Sat, 14 Mar 2026 12:01:00 GMT"), "", 0, "bad_signature", "bad_signature"},
	{"with two dates", added("Date: Sat, 14 Mar 2026 12:01:00 GMT"), "", 0, "date_out_of_window", "bad_signature"},
	{"with its signature twice", twice("Signature"), "", 0, "ambiguous_signature", "ambiguous_signature"},
	{"with one more in Authorization", func(head string) string {
		return head + "\r\nAuthorization: " + strings.Replace(line(head, "Signature"), ":", "", 1)
	}, "", 0, "ambiguous_signature", "ambiguous_signature"},
	{"with the other kind's signature too", added(`Signature: keyId="https://evil.example/k",headers="date",signature="AAAA"`), "", 0, "ambiguous_signature", "malformed_signature"},
	{"with the other kind's list too", added(`Signature-Input: sig1=("@method");created=1773489600;keyid="https://evil.example/k"`), "", 0, "malformed_signature", "ambiguous_signature"},
	{"folded between its parameters", replacedFirst([]string{`",headers`, `;keyid`}, []string{"\",\r\n headers", ";\r\n keyid"}), "", 0, signedByAda, signedByAda},
	{"folded within a parameter", replaced("u/ada#main", "u/ada\r\n #main"), "", 0, "malformed_signature", "malformed_signature"},
	{"with a space before the colon", replaced("Host: ", "Host : "), "", 0, byServer, byServer},
	{"by another key's name", replaced(`u/ada#main-key"`, `u/eve#main-key"`), "", 0, "unknown_key", "unknown_key"},
}

func replaced(from, to string) func(string) string {
	return func(head string) string { return strings.Replace(head, from, to, 1) }
}

// replacedFirst replaces the first of some texts that is there.
func replacedFirst(from, to []string) func(string) string {
	return func(head string) string {
		for i := range from {
			if strings.Contains(head, from[i]) {
				return strings.Replace(head, from[i], to[i], 1)
			}
		}
		return head
	}
}

func added(line string) func(string) string {
	return func(head string) string { return head + "\r\n" + line }
}

// line is the first of some headers that is there.
func line(head string, names ...string) string {
	for text := range strings.SplitSeq(head, "\r\n") {
		for _, name := range names {
			if strings.HasPrefix(text, name+": ") {
				return text
			}
		}
	}
	return ""
}

func without(names ...string) func(string) string {
	return func(head string) string { return strings.Replace(head, "\r\n"+line(head, names...), "", 1) }
}

func twice(names ...string) func(string) string {
	return func(head string) string { return head + "\r\n" + line(head, names...) }
}

// withDigestOf puts the digest of another body in the place of the one there is.
func withDigestOf(body string) func(string) string {
	return func(head string) string {
		sum := sha256.Sum256([]byte(body))
		old := line(head, "Digest", "Content-Digest")
		value := base64.StdEncoding.EncodeToString(sum[:])
		if strings.HasPrefix(old, "Content-") {
			return strings.Replace(head, old, "Content-Digest: sha-256=:"+value+":", 1)
		}
		return strings.Replace(head, old, "Digest: SHA-256="+value, 1)
	}
}

func signedBytes(t *testing.T, as fedtest.Dialect) (head, body string) {
	t.Helper()
	req := newPost(t, "https://oak.example/inbox", note)
	as.Sign(req, []byte(note), signedByAda, fedtest.PrivateKey(1), noon)
	var sent bytes.Buffer
	if err := req.Write(&sent); err != nil {
		t.Fatal(err)
	}
	head, body, _ = strings.Cut(sent.String(), "\r\n\r\n")
	return head, body
}

// onlyAda knows one key, by its name alone.
type onlyAda struct{ *keyring }

func (k onlyAda) Key(ctx context.Context, keyID string, refresh bool) (string, crypto.PublicKey, error) {
	if keyID != signedByAda {
		return "", nil, errors.New("no such key")
	}
	return k.keyring.Key(ctx, keyID, refresh)
}

// whoSigned is what a server of ours says of some bytes at a time.
func whoSigned(t *testing.T, sent string, now time.Time) string {
	t.Helper()
	origins := append([]string{"https://oak.example:8443"}, oak...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			fmt.Fprint(w, err)
			return
		}
		signer, err := federation.Verify(r.Context(), r, body, onlyAda{theirs()}, origins, now)
		var refusal *federation.Refusal
		if errors.As(err, &refusal) {
			fmt.Fprint(w, string(refusal.Reason))
			return
		}
		fmt.Fprint(w, signer.KeyID)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, sent); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Sprintf("%d of the server", resp.StatusCode)
	}
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}
