package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// asked is a page as it comes over the wire: nothing is unpacked on the way.
func (b *browser) asked(path string, headers ...string) *answer {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return b.do(req)
}

func TestPagesAreCompressedOnlyWhereTheirLengthTellsNobodyAnything(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		member, visitor := p.admin(), p.browser()
		plain := member.asked("/home", "Accept-Encoding", "identity").wants(http.StatusOK).body
		if !strings.Contains(plain, "</html>") {
			t.Fatalf("got %q, want a whole page", plain)
		}
		for _, c := range []struct {
			name    string
			b       *browser
			path    string
			headers []string
			want    bool
		}{
			{"a visitor", visitor, "/", nil, true},
			{"a visitor whom another site led here", visitor, "/", []string{"Sec-Fetch-Site", "cross-site"}, true},
			{"a member on a page of ours", member, "/home", []string{"Sec-Fetch-Site", "same-origin"}, true},
			{"a member who typed the address", member, "/home", []string{"Sec-Fetch-Site", "none"}, true},
			{"a member whom another site led here", member, "/home", []string{"Sec-Fetch-Site", "cross-site"}, false},
			{"a member from a neighbouring domain", member, "/home", []string{"Sec-Fetch-Site", "same-site"}, false},
			{"a member whose browser does not say", member, "/home", nil, false},
		} {
			headers := append([]string{"Accept-Encoding", "gzip, deflate, br"}, c.headers...)
			got := c.b.asked(c.path, headers...).wants(http.StatusOK)
			if zipped := got.Header.Get("Content-Encoding") == "gzip"; zipped != c.want {
				t.Errorf("%s: compressed %v, want %v", c.name, zipped, c.want)
			}
			if !strings.Contains(strings.Join(got.Header.Values("Vary"), ","), "Accept-Encoding") {
				t.Errorf("%s: Vary is %q, want Accept-Encoding in it", c.name, got.Header.Values("Vary"))
			}
			if c.want && !strings.Contains(unzipped(t, got.body), "</html>") {
				t.Errorf("%s: what was compressed is not the page", c.name)
			}
		}
	})
}

func TestPagesArePlainForWhoCannotReadThemCompressed(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for _, accepted := range []string{"identity", "br", "gzip;q=0"} {
			got := p.browser().asked("/", "Accept-Encoding", accepted).wants(http.StatusOK)
			if got.Header.Get("Content-Encoding") != "" || !strings.Contains(got.body, "</html>") {
				t.Errorf("%s: got encoding %q, want the page as it is", accepted, got.Header.Get("Content-Encoding"))
			}
		}
		redirect := p.browser().asked("/home", "Accept-Encoding", "gzip")
		if redirect.StatusCode != http.StatusSeeOther || redirect.Header.Get("Content-Encoding") != "" {
			t.Errorf("a redirect: got %d %q, want 303 as it is", redirect.StatusCode, redirect.Header.Get("Content-Encoding"))
		}
	})
}

func unzipped(t *testing.T, body string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
