package wire

import "testing"

func TestOriginIsJudgedBeforeAnythingIsDone(t *testing.T) {
	development := IRIOptions{Development: true}
	tests := []struct {
		name, iri string
		opts      IRIOptions
		origin    string // empty where refused
		reason    string
	}{
		{"plain", "https://example.org/u/1", IRIOptions{}, "https://example.org", ""},
		{"host alone", "https://example.org", IRIOptions{}, "https://example.org", ""},
		{"with query", "https://example.org/?author=0#main-key", IRIOptions{}, "https://example.org", ""},
		{"query without path", "https://example.org?author=0", IRIOptions{}, "https://example.org", ""},
		{"mixed case", "HTTPS://Example.ORG/U", IRIOptions{}, "https://example.org", ""},
		{"its own port", "https://example.org:443/", IRIOptions{}, "https://example.org", ""},
		{"IDN", "https://Bücher.example/", IRIOptions{}, "https://xn--bcher-kva.example", ""},
		{"IDN in ASCII", "https://XN--BCHER-KVA.example/", IRIOptions{}, "https://xn--bcher-kva.example", ""},
		{"full-width letters", "https://ｅｘａｍｐｌｅ.org/", IRIOptions{}, "https://example.org", ""},

		{"http", "http://example.org/", IRIOptions{}, "", BadScheme},
		{"http in development", "http://example.org/", development, "http://example.org", ""},
		{"other scheme", "ftp://example.org/", IRIOptions{}, "", BadIRI},
		{"no scheme", "example.org/a/8", IRIOptions{}, "", BadIRI},
		{"opaque", "https:example.org", IRIOptions{}, "", BadIRI},
		{"no host", "https:///path", IRIOptions{}, "", BadIRI},
		{"blank", "", IRIOptions{}, "", BadIRI},
		{"acct", "acct:kim@example.org", IRIOptions{}, "", BadIRI},

		{"user info", "https://good.example@evil.example/", IRIOptions{}, "", HasUserinfo},
		{"user and password", "https://a:b@example.org/", IRIOptions{}, "", HasUserinfo},
		{"backslash before @", `https://good.example\@evil.example/`, IRIOptions{}, "", BadIRI},
		{"CVE-2023-42451, a slash in the host", "https://a.example/.evil.example", IRIOptions{}, "https://a.example", ""},
		{"encoded slash in host", "https://a.example%2f.evil.example/", IRIOptions{}, "", BadIRI},
		{"encoded letter in host", "https://ex%61mple.org/", IRIOptions{}, "", BadIRI},
		{"GHSA-hcqf-fw2r-52g4, a line break", "https://example.org/\r\nX: y", IRIOptions{}, "", BadIRI},
		{"tab", "https://exam\tple.org/", IRIOptions{}, "", BadIRI},
		{"right-to-left override", "https://example.org/\u202egnp.exe", IRIOptions{}, "", BadIRI},
		{"zero width", "https://exam\u200bple.org/", IRIOptions{}, "", BadIRI},
		{"invalid UTF-8", "https://example.org/\xff", IRIOptions{}, "", BadIRI},

		{"trailing dot", "https://example.org./", IRIOptions{}, "", BadHost},
		{"ideographic dot at the end", "https://example.org。/", IRIOptions{}, "", BadHost},
		{"two dots", "https://example..org/", IRIOptions{}, "", BadHost},
		{"leading dot", "https://.example.org/", IRIOptions{}, "", BadHost},
		{"underscore", "https://ex_ample.org/", IRIOptions{}, "", BadHost},
		{"leading hyphen", "https://-example.org/", IRIOptions{}, "", BadHost},
		{"broken punycode", "https://xn--a.example/", IRIOptions{}, "", BadHost},
		{"label too long", "https://a123456789012345678901234567890123456789012345678901234567890123.example/", IRIOptions{}, "", BadHost},
		{"no dot", "https://intranet/", IRIOptions{}, "", BadHost},
		{"localhost", "https://localhost/", IRIOptions{}, "", BadHost},
		{"below localhost", "https://oak.localhost/", IRIOptions{}, "", BadHost},
		{"localhost in development", "http://localhost:8080/", development, "http://localhost:8080", ""},
		{"below localhost in development", "http://Oak.localhost:4001/g/1", development, "http://oak.localhost:4001", ""},
		{"no dot in development", "http://intranet/", development, "", BadHost},

		{"escaped IDN", "https://b%C3%BCcher.example/", IRIOptions{}, "", BadHost},
		{"escaped bytes that are not UTF-8", "https://00%80.example/", IRIOptions{}, "", BadHost},

		{"IPv4", "https://127.0.0.1/", IRIOptions{}, "", IPHost},
		{"IPv4 in development", "http://127.0.0.1:8080/", development, "", IPHost},
		{"IPv6", "https://[::1]/", IRIOptions{}, "", IPHost},
		{"mapped IPv4", "https://[::ffff:10.0.0.1]/", IRIOptions{}, "", IPHost},
		{"zone", "https://[fe80::1%25eth0]/", IRIOptions{}, "", BadHost},
		{"short IPv4", "https://127.1/", IRIOptions{}, "", IPHost},
		{"one number", "https://2130706433/", IRIOptions{}, "", IPHost},
		{"hexadecimal", "https://0x7f.0.0.0x1/", IRIOptions{}, "", IPHost},
		{"octal", "https://0177.0.0.01/", IRIOptions{}, "", IPHost},
		{"full-width digits", "https://１２７.０.０.１/", IRIOptions{}, "", IPHost},
		{"circled digits", "https://①②⑦.⓪.⓪.①/", IRIOptions{}, "", IPHost},

		{"port", "https://example.org:8443/", IRIOptions{}, "", BadPort},
		{"port allowed", "https://example.org:8443/", IRIOptions{Ports: []string{"8443"}}, "https://example.org:8443", ""},
		{"port 80 over TLS", "https://example.org:80/", IRIOptions{}, "", BadPort},
		{"port with zeros", "https://example.org:0443/", IRIOptions{}, "", BadPort},
		{"port 0", "https://example.org:0/", development, "", BadPort},
		{"port too high", "https://example.org:65536/", development, "", BadPort},
		{"colon alone", "https://example.org:/", IRIOptions{}, "", BadPort},
		{"port a word", "https://example.org:https/", IRIOptions{}, "", BadIRI},

		{"fragment in an id", "https://example.org/u#main-key", IRIOptions{}, "https://example.org", ""},
		{"fragment to fetch", "https://example.org/u#main-key", IRIOptions{Fetch: true}, "", HasFragment},
		{"empty fragment to fetch", "https://example.org/u#", IRIOptions{Fetch: true}, "", HasFragment},
		{"unicode path", "https://example.org/@zoë", IRIOptions{Fetch: true}, "https://example.org", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			origin, err := ParseIRI(tt.iri, tt.opts)
			if reason(err) != tt.reason {
				t.Fatalf("reason %q, want %q", reason(err), tt.reason)
			}
			if err == nil && origin.String() != tt.origin {
				t.Errorf("origin %q, want %q", origin, tt.origin)
			}
		})
	}
}

func TestSameOriginFoldsHostsAndNothingElse(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"paths differ", "https://example.org/u/1", "https://example.org/p/2", true},
		{"case differs", "https://example.org/u", "https://EXAMPLE.org/U", true},
		{"port said", "https://example.org/", "https://example.org:443/", true},
		{"IDN spelled twice", "https://bücher.example/a", "https://xn--bcher-kva.example/b", true},
		{"double slash", "https://example.org//c", "https://example.org/c", true},
		{"in development", "http://oak.localhost:1/", "http://oak.localhost:1/x", true},
		{"scheme differs", "https://example.org/", "http://example.org/", false},
		{"port differs", "http://oak.localhost:1/", "http://oak.localhost:2/", false},
		{"subdomain", "https://example.org/", "https://a.example.org/", false},
		{"suffix", "https://example.org/", "https://evilexample.org/", false},
		{"user info", "https://example.org/", "https://example.org@evil.example/", false},
		{"trailing dot", "https://example.org/", "https://example.org./", false},
		{"both blank", "", "", false},
		{"both relative", "/a", "/a", false},
		{"both by address", "https://127.0.0.1/", "https://127.0.0.1/", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := SameOrigin(tt.a, tt.b); got != tt.want {
				t.Errorf("SameOrigin(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
			}
			if got := SameOrigin(tt.b, tt.a); got != tt.want {
				t.Errorf("SameOrigin(%q, %q) = %v, want %v", tt.b, tt.a, got, tt.want)
			}
		})
	}
}

func TestHTTPIdsAreRefusedInProduction(t *testing.T) {
	a, err := Decode(golden(t, "lemmy/45-http-ids"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseIRI(a.ID, IRIOptions{}); reason(err) != BadScheme {
		t.Errorf("production: got %v, want %s", err, BadScheme)
	}
	if _, err := ParseIRI(a.ID, IRIOptions{Development: true}); err != nil {
		t.Errorf("development: got %v, want none", err)
	}
}

func TestHandlesAreReadAsPeopleWriteThem(t *testing.T) {
	tests := []struct{ in, want, reason string }{
		{"!quiet@hearth.example", "quiet@hearth.example", ""},
		{"@quiet@hearth.example", "quiet@hearth.example", ""},
		{"~quiet@hearth.example", "quiet@hearth.example", ""},
		{"acct:quiet@hearth.example", "quiet@hearth.example", ""},
		{"acct:@quiet@Hearth.Example", "quiet@hearth.example", ""},
		{" Zoë.M_1-x@bücher.example ", "Zoë.M_1-x@xn--bcher-kva.example", ""},
		{"quiet", "", BadHandle},
		{"@quiet", "", BadHandle},
		{"quiet@", "", BadHandle},
		{"@@hearth.example", "", BadHandle},
		{"a@b@hearth.example", "", BadHandle},
		{"a b@hearth.example", "", BadHandle},
		{"a@hearth.example/path", "", BadHandle},
		{"a@hearth.example?x", "", BadHandle},
		{"a%40b@hearth.example", "", BadHandle},
		{"", "", BadHandle},
		{"a@127.0.0.1", "", IPHost},
		{"a@hearth.example:8443", "", BadPort},
		{"a@localhost", "", BadHost},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := ParseHandle(tt.in, IRIOptions{})
			if reason(err) != tt.reason || err == nil && got.String() != tt.want {
				t.Errorf("got %q, %v, want %q, %q", got, err, tt.want, tt.reason)
			}
		})
	}
	got, err := ParseHandle("quiet@oak.localhost:4001", IRIOptions{Development: true})
	if err != nil || got.Acct() != "acct:quiet@oak.localhost:4001" {
		t.Errorf("development: got %q, %v", got.Acct(), err)
	}
}
