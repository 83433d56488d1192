package fedtest

import (
	"net/http"
	"sync"
)

// Status answers with no more than that, and with headers given as name, value,
// name, value.
func Status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

// Body answers 200 with it. An empty content type is none at all.
func Body(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.Write(body)
	}
}

// Redirect answers 302 to location, which may be anything.
func Redirect(location string) http.HandlerFunc {
	return Status(http.StatusFound, "Location", location)
}

// Hang answers nothing until whoever asked has gone.
func Hang() http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
}

// After answers as answer does once ready is closed.
func After(ready <-chan struct{}, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-ready:
			answer(w, r)
		case <-r.Context().Done():
		}
	}
}

// InOrder answers one request after another, and ever after as the last.
func InOrder(answers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		mu.Unlock()
		answer(w, r)
	}
}
