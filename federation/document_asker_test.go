package federation_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// publishEd25519 gives an actor elsewhere one more key, and gives its id.
func publishEd25519(t *testing.T, a *fedtest.Actor, key ed25519.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	id, text := a.ID+"#ed25519-key", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	a.Edit(func(document map[string]any) {
		document["publicKey"] = []any{document["publicKey"], map[string]any{"id": id, "owner": a.ID, "publicKeyPem": string(text)}}
	})
	return id
}

func messageBy(keyID string) fedtest.Message {
	return fedtest.Message{Covered: messageGet, Params: fmt.Sprintf(`;created=%d;keyid=%q`, noon.Unix(), keyID)}
}

// askedBy is a GET as it reaches oak, signed by several.
func askedBy(t *testing.T, sign func(req *http.Request)) *http.Request {
	t.Helper()
	req := newGet(t, "https://oak.example/g/a")
	sign(req)
	got, _ := overWire(t, req)
	return got
}

// A key that an actor lists for assertions (FEP-521a) signs RFC 9421 too, and no
// draft; one of another controller, or that nobody lists, signs nothing.
func TestEd25519KeyForAssertionsSignsByRFC9421(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far, evil := fedtest.NewServer(t, "far.example", fedtest.In(h.world)), fedtest.NewServer(t, "evil.example", fedtest.In(h.world))
		ada, eve := far.Person("ada"), evil.Person("eve")
		lists := func(a *fedtest.Actor, all ...any) {
			a.Edit(func(document map[string]any) { document["assertionMethod"] = all })
		}
		own, anothers, unlisted := newSigner(ada.ID+"#ed25519-key"), newSigner(eve.ID+"#ed25519-key"), newSigner(eve.ID+"#unlisted")
		lists(ada, own.multikey(ada.ID))
		lists(eve, anothers.multikey(ada.ID))
		for _, c := range []struct {
			name string
			by   signer
			want string
		}{{"her own", own, ada.ID}, {"one that names another as its controller", anothers, ""}, {"one that nobody lists", unlisted, ""}} {
			req := askedBy(t, func(req *http.Request) { messageBy(c.by.method).Sign(req, c.by.key) })
			got, err := h.Asker(t.Context(), req)
			if got.Remote != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%s: got %+v, %v; want %q", c.name, got, err, c.want)
			}
			h.clock.pass(10 * time.Minute) // what failed is asked for again
		}
	})
}

func TestEd25519KeyOfAnActorIsFetchedAndKept(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		ada, private := far.Person("ada"), ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		by := messageBy(publishEd25519(t, ada, private))
		req := askedBy(t, func(req *http.Request) { by.Sign(req, private) })
		if got, err := h.Asker(t.Context(), req); err != nil || got.Remote != ada.ID || got.Domain != far.Host {
			t.Errorf("got %+v, %v; want ada", got, err)
		}
		asked := len(far.Requests())
		if got, err := h.another(t).Asker(t.Context(), req); err != nil || got.Remote != ada.ID {
			t.Errorf("on another node: got %+v, %v; want ada", got, err)
		}
		if n := len(far.Requests()); n != asked {
			t.Errorf("it was fetched %d times more, want it kept", n-asked)
		}
	})
}

// Whoever is refused is not let in by another's signature beside theirs, and a
// signature that means nothing here does no harm.
func TestAllWhoSignedARequestAreJudged(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far, evil := fedtest.NewServer(t, "far.example", fedtest.In(h.world)), fedtest.NewServer(t, "evil.example", fedtest.In(h.world))
		if _, err := h.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: evil.Host, Severity: policy.Suspend}); err != nil {
			t.Fatal(err)
		}
		ada, eve := far.Person("ada"), evil.Person("eve")
		adas, eves, nobodys := messageBy(ada.KeyID), messageBy(eve.KeyID), messageBy("cdn-key")
		eves.Label, nobodys.Label = "sig2", "sig3"
		ours := messageBy("https://oak.example/actor#main-key")
		ours.Label = "sig4"
		for _, c := range []struct {
			name   string
			sign   func(req *http.Request)
			remote string
			want   error
		}{
			{"ada", func(req *http.Request) { adas.Sign(req, ada.Key) }, ada.ID, nil},
			{"a proxy and ada", func(req *http.Request) { nobodys.Sign(req, eve.Key); adas.Sign(req, ada.Key) }, ada.ID, nil},
			{"our own name and ada", func(req *http.Request) { ours.Sign(req, eve.Key); adas.Sign(req, ada.Key) }, ada.ID, nil},
			{"ada and eve", func(req *http.Request) { adas.Sign(req, ada.Key); eves.Sign(req, eve.Key) }, "", community.Forbidden},
			{"eve", func(req *http.Request) { eves.Sign(req, eve.Key) }, "", community.Forbidden},
			{"a proxy", func(req *http.Request) { nobodys.Sign(req, eve.Key) }, "", federation.MalformedSignature},
			{"our own name", func(req *http.Request) { ours.Sign(req, eve.Key) }, "", federation.UnknownKey},
			{"ada by eve's key", func(req *http.Request) { adas.Sign(req, eve.Key) }, "", federation.BadSignature},
		} {
			got, err := h.Asker(t.Context(), askedBy(t, c.sign))
			if got.Remote != c.remote || !errors.Is(err, c.want) {
				t.Errorf("%s: got %+v, %v; want %q, %v", c.name, got, err, c.remote, c.want)
			}
		}
		if n := len(evil.Requests()); n != 0 {
			t.Errorf("the refused server was asked %d times, want never", n)
		}
	})
}
