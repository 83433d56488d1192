package community

import (
	"strings"
	"testing"

	"hearth/community/policy"
)

func TestDomainsAreFoldedBeforeTheyAreKept(t *testing.T) {
	for in, want := range map[string]string{
		"Elm.Example": "elm.example", " elm.example. ": "elm.example", "*.elm.example": "elm.example",
		"elm.example:8443": "elm.example:8443", "https://Elm.example:443/": "elm.example", "elm.example:443": "elm.example", "elm.example:0443": "", "elm.example:+443": "", "elm.example:65536": "", "elm.example:0": "", "": "", "https://Elm.example/": "elm.example", "http://elm.example": "elm.example", "@elm.example": "elm.example",
		"https://*.elm.example:8443/": "elm.example:8443", "https://": "", "https://elm.example/path": "", "ftp://elm.example": "", "elm.example/path": "", "user@elm.example": "",
		"elm example": "", "com": "", ".": "", "*.": "", "a..b": "", "elm.example:": "", "elm.example:http": "", "-elm.example": "", "bücher.example": "",
	} {
		got, err := FoldDomain(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("FoldDomain(%q): got %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestPolicyTextsAreMeasuredInCharacters(t *testing.T) {
	for _, c := range []struct {
		name         string
		reason, note int
		want         bool
	}{
		{"as long as they may be", 500, 5000, true}, {"a longer reason", 501, 5000, false}, {"a longer note", 500, 5001, false},
	} {
		d := PolicyDraft{Domain: "elm.example", Severity: policy.Suspend, PublicReason: strings.Repeat("ü", c.reason), PrivateNote: strings.Repeat("ü", c.note)}
		if err := d.check(Site{Host: "oak.example"}); (err == nil) != c.want {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}
