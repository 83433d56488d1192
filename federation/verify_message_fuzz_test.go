package federation

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever stands in the two headers, what is read of them can be read in one way
// only: its own serialisation reads as the same, and each component is one line of
// what was signed.
func FuzzReadMessageSignatures(f *testing.F) {
	for _, seed := range [][2]string{
		{`sig1=("@method" "@target-uri" "content-digest");created=1773489600;keyid="https://far.example/u#main-key"`, `sig1=:AAAA:`},
		{`a=("@path" "@query");keyid="k";alg="ed25519";expires=1, b=("date" "host");keyid="l";tag="x,;\"\\"`, `a=:AA==:, b=:AAAA:;x`},
		{`a=("date";sf);keyid="k"`, `a=:AAAA:`}, {`a=();keyid="k";created=1;created=2`, `a=:AAAA:, a=:BBBB:`},
		{`a, b=?1, c=1.5, d=@1, e=%"f%c3%bc"`, `a="x"`}, {`a=("`, `=`}, {"", ""}, {`a=("@method"`, `a=:`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, input, value string) {
		read, err := readMessageSignatures(http.Header{"Signature-Input": {input}, "Signature": {value}})
		if (err == nil) != (len(read) > 0) || len(read) > maxLabels {
			t.Fatalf("read %d signatures, %v", len(read), err)
		}
		for _, sig := range read {
			readsAgain(t, sig)
			hasALineEach(t, sig)
		}
	})
}

func readsAgain(t *testing.T, sig messageSignature) {
	t.Helper()
	again, err := readMessageSignatures(http.Header{"Signature-Input": {"x=" + sig.params}, "Signature": {"x=:AAAA:"}})
	if err != nil || len(again) != 1 {
		t.Fatalf("%s is read as %+v, %v", sig.params, again, err)
	}
	got := again[0]
	if got.params != sig.params || got.keyID != sig.keyID || got.algorithm != sig.algorithm || got.created != sig.created ||
		got.expires != sig.expires || strings.Join(got.covered, " ") != strings.Join(sig.covered, " ") {
		t.Fatalf("%+v is read again as %+v", sig, got)
	}
	if sig.keyID == "" || len(sig.value) == 0 || strings.ContainsAny(sig.keyID, "\" \\\n") {
		t.Fatalf("read %+v", sig)
	}
}

func hasALineEach(t *testing.T, sig messageSignature) {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/inbox?a=b", nil)
	for _, name := range sig.covered {
		req.Header.Set(name, "value")
	}
	base, err := verification{req: req, origin: "https://oak.example"}.signatureBase(sig, "https://oak.example/inbox?a=b")
	if err != nil {
		t.Fatalf("%+v has no base: %v", sig, err)
	}
	lines := strings.Split(base, "\n")
	if len(lines) != len(sig.covered)+1 || lines[len(lines)-1] != `"@signature-params": `+sig.params {
		t.Fatalf("%+v has the base %q", sig, base)
	}
	for i, name := range sig.covered {
		if !strings.HasPrefix(lines[i], `"`+name+`": `) {
			t.Fatalf("line %d of %q is not of %s", i, base, name)
		}
	}
}
