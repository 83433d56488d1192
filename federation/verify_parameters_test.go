package federation

import (
	"net/http"
	"strings"
	"testing"
)

func FuzzReadSignature(f *testing.F) {
	for _, seed := range []string{
		`keyId="https://far.example/u#main-key",algorithm="rsa-sha256",headers="(request-target) host date",signature="AAAA"`,
		` keyId = "a,b=c" , created=1402170695, expires="1402170699.5" ,headers="Host",signature=AA==,,`,
		`keyId="a",keyid="b"`, `a="\"",`, `=`, `a="`, `signature="" `,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sig, err := readSignature(http.Header{"Signature": {text}})
		if err != nil {
			return
		}
		if sig.keyID == "" || len(sig.value) == 0 || strings.ContainsAny(sig.keyID, "\" \\\n") {
			t.Errorf("read %+v out of %q", sig, text)
		}
		again, err := readSignature(http.Header{"Authorization": {"Signature " + text}})
		if err != nil || again.keyID != sig.keyID || string(again.value) != string(sig.value) {
			t.Errorf("in Authorization it reads %+v, %v; want %+v", again, err, sig)
		}
		for _, name := range sig.covered {
			if name != strings.ToLower(name) {
				t.Errorf("covers %q, want lower case", name)
			}
		}
	})
}
