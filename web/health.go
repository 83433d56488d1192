package web

import (
	"context"
	"net/http"
	"strings"
)

// Paths that a machine asks whether the server works. No person sees them: they
// have no session, no page, and no line in the log.
const (
	livePath  = "/healthz"
	readyPath = "/readyz"
)

// Readiness says what keeps this node from answering people, each in one plain
// word that tells an outsider nothing else; none is ready.
type Readiness func(ctx context.Context) (failing []string)

// HealthHandler answers /healthz, which says that the process lives and touches
// nothing, and /readyz, which is 503 with the failing words, a line each.
func HealthHandler(ready Readiness) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		switch r.URL.Path {
		case livePath:
			answerHealth(w, nil)
		case readyPath:
			answerHealth(w, ready(r.Context()))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
}

func answerHealth(w http.ResponseWriter, failing []string) {
	if len(failing) == 0 {
		_, _ = w.Write([]byte("ok\n"))
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(strings.Join(failing, "\n") + "\n"))
}

func isHealth(path string) bool { return path == livePath || path == readyPath }

// alwaysReady is the Readiness of a Server that was told none.
func alwaysReady(context.Context) []string { return nil }
