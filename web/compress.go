package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"sync"
)

// Pages are compressed as they are sent; what stands in static/ was compressed
// once, and documents for other servers are small and signed for, and stay as
// they are. docs/decisions/0012 says which pages are not, and why.

// worthCompressing is the size below which a page fits into one packet anyway.
const worthCompressing = 1400

// zippers compress fast rather than small: a page shrinks to a sixth either way,
// and takes a third of the time.
var zippers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// sendPage sends a page as the browser can read it.
func (v *visit) sendPage(status int, page []byte) {
	v.Writer.Header().Add("Vary", "Accept-Encoding")
	if len(page) >= worthCompressing && acceptsGzip(v.GetHeader("Accept-Encoding")) && mayCompress(v.Request) {
		page = zipped(page)
		v.Header("Content-Encoding", "gzip")
	}
	v.Data(status, "text/html; charset=utf-8", page)
}

func zipped(page []byte) []byte {
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	var small bytes.Buffer
	w.Reset(&small)
	w.Write(page) // into memory: it does not fail
	w.Close()
	return small.Bytes()
}

// mayCompress says whether the length of the answer tells nobody anything. One
// who makes a browser ask for a member's page with words of their choosing, and
// sees how long the answer is, finds out letter by letter what else stands on it
// (BREACH). So what a member gets is compressed only where their browser says
// that this site or they themselves asked for it.
func mayCompress(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	}
	return r.Header.Get("Cookie") == ""
}
