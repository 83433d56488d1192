package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func staticAnswer(t *testing.T, method, address string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, address, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	staticHandler().ServeHTTP(w, r)
	return w.Result()
}

func TestStaticFilesAreKeptForEverUnderHashedNames(t *testing.T) {
	hashed, ok := embeddedStatic().address("hearth.css")
	if !ok {
		t.Fatal("no hearth.css")
	}
	tests := []struct{ name, address, cache string }{
		{"hashed", hashed, "public, max-age=31536000, immutable"},
		{"plain", "/static/hearth.css", "no-cache"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := staticAnswer(t, http.MethodGet, tt.address, nil)
			for name, want := range map[string]string{
				"Cache-Control": tt.cache, "Content-Type": "text/css; charset=utf-8",
				"X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding", "Content-Encoding": "",
			} {
				if got := answer.Header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestStaticFilesAreSentCompressedToWhoAsks(t *testing.T) {
	answer := staticAnswer(t, http.MethodGet, "/static/hearth.css", map[string]string{"Accept-Encoding": "br, GZIP;q=0.5"})
	if got := answer.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("got %q, want gzip", got)
	}
	unpacked, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(body), string(embeddedStatic().byName["hearth.css"].plain); got != want {
		t.Errorf("got %d bytes, want %d", len(got), len(want))
	}
	refused := staticAnswer(t, http.MethodGet, "/static/hearth.css", map[string]string{"Accept-Encoding": "gzip; q=0"})
	if got := refused.Header.Get("Content-Encoding"); got != "" {
		t.Errorf("refused: got %q, want none", got)
	}
}

func TestStaticFilesAnswerFromTheirTag(t *testing.T) {
	for _, encoding := range []string{"", "gzip"} {
		header := map[string]string{"Accept-Encoding": encoding}
		header["If-None-Match"] = staticAnswer(t, http.MethodGet, "/static/hearth.css", header).Header.Get("ETag")
		if got := staticAnswer(t, http.MethodGet, "/static/hearth.css", header).StatusCode; got != http.StatusNotModified {
			t.Errorf("encoding %q: got %d, want 304", encoding, got)
		}
	}
}

func TestStaticServesNothingElse(t *testing.T) {
	tests := []struct {
		name, method, address string
		want                  int
	}{
		{"unknown", http.MethodGet, "/static/absent.css", http.StatusNotFound},
		{"an old hash", http.MethodGet, "/static/hearth.000000000000.css", http.StatusNotFound},
		{"above", http.MethodGet, "/static/../static.go", http.StatusNotFound},
		{"the folder", http.MethodGet, "/static/", http.StatusNotFound},
		{"a write", http.MethodPost, "/static/hearth.css", http.StatusMethodNotAllowed},
		{"a head", http.MethodHead, "/static/hearth.css", http.StatusOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := staticAnswer(t, tt.method, tt.address, nil).StatusCode; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestScriptsAndStylesStayInTheirBudget(t *testing.T) {
	scripts := 0
	for name, f := range embeddedStatic().byName {
		if strings.HasSuffix(name, ".js") {
			scripts += len(f.plain)
		}
	}
	if scripts > 15_000 {
		t.Errorf("scripts: got %d bytes, want at most 15000", scripts)
	}
	if css := len(embeddedStatic().byName["hearth.css"].plain); css > 24_000 {
		t.Errorf("hearth.css: got %d bytes, want at most 24000", css)
	}
}
