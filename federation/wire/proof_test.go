package wire_test

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"hearth/federation/wire"
)

// The key, the document and the proof of FEP-8b32's own test, "Verifying a signature".
const (
	provenKey      = `z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2`
	provenDocument = `{"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/data-integrity/v2"],"id":"https://server.example/activities/1","type":"Create","actor":"https://server.example/users/alice",
		"object":{"id":"https://server.example/objects/1","type":"Note","attributedTo":"https://server.example/users/alice","content":"Hello world","location":{"type":"Place","longitude":-71.184902,"latitude":25.273962}},
		"proof":{"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/data-integrity/v2"],"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","verificationMethod":"https://server.example/users/alice#ed25519-key","proofPurpose":"assertionMethod",
		"proofValue":"z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL","created":"2023-02-24T23:36:38Z"}}`
)

var provenAt = time.Date(2023, 2, 25, 0, 0, 0, 0, time.UTC)

func alicesKey(t *testing.T) ed25519.PublicKey {
	t.Helper()
	key := wire.Multikey{Multibase: provenKey}.Ed25519()
	if len(key) != ed25519.PublicKeySize {
		t.Fatal("the key cannot be read")
	}
	return key
}

func holds(t *testing.T, document string) bool {
	t.Helper()
	for _, p := range wire.Proofs([]byte(document)) {
		if p.IsBy(alicesKey(t), provenAt) {
			return true
		}
	}
	return false
}

// FEP-8b32: the published vector holds, however it is written down, and nothing that
// says anything else does.
func TestProofHoldsForExactlyWhatWasSaid(t *testing.T) {
	proofs := wire.Proofs([]byte(provenDocument))
	if len(proofs) != 1 || proofs[0].Method != "https://server.example/users/alice#ed25519-key" {
		t.Fatalf("got %+v", proofs)
	}
	for name, c := range map[string]struct {
		from, to string
		want     bool
	}{
		"as it was":             {"", "", true},
		"spaced":                {`"type":"Create",`, "\"type\" :\n \"Create\" ,", true},
		"in another order":      {`"id":"https://server.example/activities/1","type":"Create",`, `"type":"Create","id":"https://server.example/activities/1",`, true},
		"with escapes":          {`Hello world`, `Hello\u0020world`, true},
		"in a list":             {`"proof":{`, `"proof":[{"type":"Other"},{`, true},
		"another word":          {`Hello world`, `Hello World`, false},
		"another author":        {`"actor":"https://server.example/users/alice"`, `"actor":"https://server.example/users/mallory"`, false},
		"one thing more":        {`"type":"Create",`, `"type":"Create","summary":"forged",`, false},
		"another context":       {`{"@context":["https://www.w3.org/ns/activitystreams"`, `{"@context":["https://server.example/ns"`, false},
		"another time":          {`2023-02-24T23:36:38Z`, `2024-02-24T23:36:38Z`, false},
		"another key's name":    {`#ed25519-key`, `#other-key`, false},
		"over":                  {`"created":`, `"expires":"2023-02-24T23:59:00Z","created":`, false},
		"ends never understood": {`"created":`, `"expires":"some day","created":`, false},
		"another suite":         {`eddsa-jcs-2022`, `eddsa-rdfc-2022`, false},
		"another purpose":       {`"assertionMethod"`, `"authentication"`, false},
		"another kind":          {`"DataIntegrityProof"`, `"Ed25519Signature2020"`, false},
		"another base":          {`"proofValue":"z`, `"proofValue":"u`, false},
		"no base58":             {`"proofValue":"z4`, `"proofValue":"z0`, false},
		"cut":                   {`CxUDe9SdL"`, `"`, false},
		"by nobody":             {`"verificationMethod":"https://server.example/users/alice#ed25519-key",`, ``, false},
	} {
		document := strings.Replace(provenDocument, c.from, c.to, 1)
		if name == "in a list" {
			document = strings.TrimSuffix(document, "}") + "]}"
		}
		if document == provenDocument && name != "as it was" {
			t.Fatalf("%s: nothing was changed", name)
		}
		if got := holds(t, document); got != c.want {
			t.Errorf("%s: holds is %v, want %v", name, got, c.want)
		}
	}
	for _, junk := range []string{`[]`, `"proof"`, `{}`, `{"proof":1}`, `{"proof":[[]]}`, `{"proof":{"type":"DataIntegrityProof"}}`} {
		if proofs := wire.Proofs([]byte(junk)); len(proofs) != 0 {
			t.Errorf("%s has %d proofs", junk, len(proofs))
		}
	}
}

// Of many proofs only some are looked at.
func TestProofsAreBounded(t *testing.T) {
	one := provenDocument[strings.Index(provenDocument, `"proof":`)+len(`"proof":`) : len(provenDocument)-1]
	many := strings.Replace(provenDocument, one, "["+strings.Repeat(one+",", 20)+one+"]", 1)
	if n := len(wire.Proofs([]byte(many))); n != 4 {
		t.Errorf("got %d proofs, want 4", n)
	}
}

func TestMultikeyOfAnotherKindIsNoKey(t *testing.T) {
	for _, text := range []string{"", "z", "u7QEx", "z0OIl", provenKey[:20], "m" + provenKey[1:], strings.Repeat("z", 10_000), "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"} {
		if key := (wire.Multikey{Multibase: text}).Ed25519(); key != nil {
			t.Errorf("%.40q is read as a key", text)
		}
	}
}
