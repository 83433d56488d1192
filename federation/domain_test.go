package federation_test

import (
	"testing"

	"hearth/federation"
)

func TestTypedDomainsAreTakenInAnyAlphabet(t *testing.T) {
	for typed, want := range map[string]string{
		"elm.example": "elm.example", "Bücher.example": "xn--bcher-kva.example", "https://bücher.example/": "xn--bcher-kva.example",
		"*.bücher.example": "*.xn--bcher-kva.example", "bücher.example:8443": "xn--bcher-kva.example:8443", "@bücher.example": "xn--bcher-kva.example",
		"elm example": "elm example", "": "",
	} {
		if got := federation.ASCIIDomain(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}
