package federation_test

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"testing"

	"hearth/federation"
	"hearth/federation/fedtest"
)

func keyDocument(id, owner string, key int) map[string]any {
	return map[string]any{"id": id, "owner": owner, "publicKeyPem": fedtest.PublicPEM(&fedtest.PrivateKey(key).PublicKey)}
}

func actorDocument(id string, keys ...any) map[string]any {
	return map[string]any{"id": id, "type": "Person", "publicKey": keys}
}

func TestKeyIsTheActorsWhoListsIt(t *testing.T) {
	const ada, eve = "https://far.example/u/ada", "https://evil.example/u/eve"
	const own, apart = ada + "#main-key", "https://keys.example/1"
	adas := actorDocument(ada, keyDocument(own, ada, 1), keyDocument(apart, ada, 2))
	evesKey := keyDocument("https://evil.example/key", ada, 3)
	for _, c := range []struct {
		name       string
		keyID      string
		key, actor any
		owner      string
	}{
		{"in its own document", own, adas, adas, ada},
		{"standing alone, and listed", apart, keyDocument(apart, ada, 2), adas, ada},
		{"standing alone with another PEM", apart, keyDocument(apart, ada, 3), adas, ada}, // the actor's counts
		{"an actor who names no owner", own, actorDocument(ada, map[string]any{"id": own, "publicKeyPem": keyDocument("", "", 1)["publicKeyPem"]}), actorDocument(ada, keyDocument(own, ada, 1)), ada},
		{"CVE-2026-96625: its own word for the owner", "https://evil.example/key", evesKey, adas, ""},
		{"CVE-2026-96625: an actor with another's key", own, actorDocument(eve, keyDocument(own, ada, 1)), actorDocument(eve, keyDocument(own, ada, 1)), ""},
		{"an actor who lists another key", ada + "#other", adas, adas, ""},
		{"GHSA-8863: another actor in place of the owner", "https://evil.example/key", evesKey, actorDocument(eve, keyDocument("https://evil.example/key", eve, 3)), ""},
		{"GHSA-8863: another actor who names the owner", "https://evil.example/key", evesKey, actorDocument(eve, evesKey), ""},
		{"an actor for the other's key", own, adas, actorDocument(eve, keyDocument(own, eve, 3)), ""},
		{"a note", own, map[string]any{"id": ada, "type": "Note"}, adas, ""},
		{"an owner that is a note", apart, keyDocument(apart, ada, 2), map[string]any{"id": ada, "type": "Note"}, ""},
		{"no keys", own, actorDocument(ada), actorDocument(ada), ""},
		{"no PEM in it", own, actorDocument(ada, map[string]any{"id": own, "owner": ada, "publicKeyPem": "AAAA"}), actorDocument(ada, map[string]any{"id": own, "owner": ada, "publicKeyPem": "AAAA"}), ""},
	} {
		got, err := federation.ActorKey(c.keyID, marshalled(t, c.key), marshalled(t, c.actor))
		if got.Owner != c.owner || (err == nil) != (c.owner != "") {
			t.Errorf("%s: owner %q, %v; want %q", c.name, got.Owner, err, c.owner)
		}
		if err == nil && (got.ID != c.keyID || got.Public == nil || got.Public.Equal(&fedtest.PrivateKey(3).PublicKey)) {
			t.Errorf("%s: got %+v", c.name, got)
		}
	}
}

func marshalled(t *testing.T, value any) []byte {
	t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestOldKeyFormIsRead(t *testing.T) {
	public := &fedtest.PrivateKey(1).PublicKey
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(public)})
	actor := marshalled(t, actorDocument(stranger, map[string]any{"id": stranger + "#k", "owner": stranger, "publicKeyPem": string(text)}))
	got, err := federation.ActorKey(stranger+"#k", actor, actor)
	if err != nil || !public.Equal(got.Public) {
		t.Errorf("%v, %v; want the key", got.Public, err)
	}
}

func TestKeyIsFetchedInEveryDialect(t *testing.T) {
	for _, dialect := range fedtest.Dialects() {
		far := fedtest.NewServer(t, "far.example", fedtest.Speaking(dialect), fedtest.Secure())
		ada := far.Person("ada")
		got, err := fetcherIn(far.World).FetchKey(t.Context(), ada.KeyID)
		if err != nil || got.Owner != ada.ID || !ada.Key.PublicKey.Equal(got.Public) || len(got.Actor) == 0 {
			t.Errorf("%s: %q, %v; want %q", dialect.Software, got.Owner, err, ada.ID)
		}
	}
}

// CVE-2026-96625 and GHSA-8863-8468-7hq7 over the net.
func TestFetchedKeyHasToBeOwned(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world))
	evil := fedtest.NewServer(t, "evil.example", fedtest.In(world))
	ada, eve := far.Person("ada"), evil.Person("eve")
	evil.Serve("/key", keyDocument(evil.URL+"/key", ada.ID, 7))
	far.Handle("/open-redirect", fedtest.Redirect(eve.ID))
	evil.Serve("/key2", keyDocument(evil.URL+"/key2", far.URL+"/open-redirect", 7))
	eve.Edit(func(document map[string]any) {
		document["publicKey"] = []any{keyDocument(evil.URL+"/key2", far.URL+"/open-redirect", 7)}
	})
	apart := keyDocument(far.URL+"/keys/1", ada.ID, 8)
	far.Serve("/keys/1", apart)
	ada.Edit(func(document map[string]any) { document["publicKey"] = []any{document["publicKey"], apart} })
	for keyID, owner := range map[string]string{
		far.URL + "/keys/1": ada.ID,
		evil.URL + "/key":   "",
		evil.URL + "/key2":  "",
	} {
		got, err := fetcherIn(world).FetchKey(t.Context(), keyID)
		if got.Owner != owner || owner == "" && !errors.Is(err, federation.ErrNotOwned) {
			t.Errorf("%s: owner %q, %v; want %q", keyID, got.Owner, err, owner)
		}
	}
	far.Handle("/gone", fedtest.Status(410))
	_, err := fetcherIn(world).FetchKey(t.Context(), far.URL+"/gone#main-key")
	failsWith(t, "a key that is gone", err, federation.FetchGone)
}
