package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// errand is one request with its statements; its context carries it.
type errand struct {
	mu   sync.Mutex
	said []string
}

type errandKey struct{}

// note is told by the store of each statement, and for whom it is made.
func (*house) note(ctx context.Context, statement string) {
	if a, ok := ctx.Value(errandKey{}).(*errand); ok {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.said = append(a.said, statement)
	}
}

// isUndone says whether a transaction was undone on the way, because somebody
// else was at the same rows: then it was made twice, and counts twice.
func (a *errand) isUndone() bool { return slices.Contains(a.said, "ROLLBACK") }

// hold fails the test for a page that asks the database more than any page may.
func (h *house) hold(who, method, path string, a *errand) {
	if len(a.said) > 0 {
		h.counted.Add(1)
	}
	if method == http.MethodGet && len(a.said) > maxQueries && !a.isUndone() {
		h.t.Errorf("%s, %s: got %d queries, want at most %d:\n%s", who, path, len(a.said), maxQueries, strings.Join(a.said, "\n"))
	}
}
