package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed static
var staticSource embed.FS

// staticPrefix is where static files are served.
const staticPrefix = "/static/"

// staticFile is one file in both of the forms it is sent in.
type staticFile struct {
	contentType string
	hash        string
	plain       []byte
	gzipped     []byte
}

// staticFiles are the embedded files, compressed once when the first is asked
// for, under their plain name and under a name that changes with the content.
type staticFiles struct {
	byName   map[string]*staticFile // "hearth.css"
	byHashed map[string]*staticFile // "hearth.1f2e3d4c5b6a.css"
}

// embeddedStatic is computed once: what is embedded never changes.
var embeddedStatic = sync.OnceValue(func() *staticFiles {
	files, err := loadStatic(staticSource)
	if err != nil {
		panic(err) // the binary was built without its files
	}
	return files
})

func loadStatic(source fs.FS) (*staticFiles, error) {
	files := &staticFiles{byName: map[string]*staticFile{}, byHashed: map[string]*staticFile{}}
	entries, err := fs.ReadDir(source, "static")
	if err != nil {
		return nil, fmt.Errorf("web: static: %w", err)
	}
	for _, entry := range entries {
		data, err := fs.ReadFile(source, "static/"+entry.Name())
		if err != nil {
			return nil, fmt.Errorf("web: static: %w", err)
		}
		f, err := newStaticFile(entry.Name(), data)
		if err != nil {
			return nil, fmt.Errorf("web: static: %s: %w", entry.Name(), err)
		}
		files.byName[entry.Name()] = f
		files.byHashed[hashedName(entry.Name(), f.hash)] = f
	}
	return files, nil
}

func newStaticFile(name string, data []byte) (*staticFile, error) {
	var gzipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&gzipped, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	return &staticFile{
		contentType: contentTypeOf(name),
		hash:        hex.EncodeToString(sum[:6]),
		plain:       data,
		gzipped:     gzipped.Bytes(),
	}, nil
}

// contentTypeOf does not ask the machine's tables first: with nosniff, a
// module under another type would not run.
func contentTypeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(ext)
	}
}

func hashedName(name, hash string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hash + ext
}

// address is the path of a file under its hashed name.
func (s *staticFiles) address(name string) (string, bool) {
	f, ok := s.byName[name]
	if !ok {
		return staticPrefix + name, false
	}
	return staticPrefix + hashedName(name, f.hash), true
}

// staticHandler serves the embedded files below /static/: under hashed names
// to be kept for ever, under plain names to be asked for again.
func staticHandler() http.Handler { return embeddedStatic() }

func (s *staticFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, staticPrefix)
	f, cache := s.byHashed[name], "public, max-age=31536000, immutable"
	if f == nil {
		f, cache = s.byName[name], "no-cache"
	}
	if f == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Cache-Control", cache)
	f.serve(w, r)
}

func (f *staticFile) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Vary", "Accept-Encoding")
	body, tag := f.plain, f.hash
	if len(f.gzipped) < len(f.plain) && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		body, tag = f.gzipped, f.hash+"-gzip"
	}
	header.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// acceptsGzip reads an Accept-Encoding as far as gzip goes (RFC 9110 12.5.3).
func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}
