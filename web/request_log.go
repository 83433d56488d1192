package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// RequestDone is what may be known of a request that was answered: enough to
// see how the server does, and nothing of who asked for what.
type RequestDone struct {
	Method string
	Route  string // the pattern, never the path; empty where no route matched
	Status int
	Bytes  int
	Took   time.Duration
}

// log writes one line per request: the route's pattern, never the path, a query,
// a cookie, a body or an address. The line's id is on the answer too, so that
// somebody who reports an error can say which one it was.
func (s *Server) log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		line := &logLine{id: rand.Text()[:16]}
		rec := &statusWriter{ResponseWriter: w}
		w.Header().Set("X-Request-Id", line.id)
		s.proxies.look(r, s.config.Log)
		s.serveSafely(next, rec, r.WithContext(context.WithValue(r.Context(), logKey{}, line)), line)
		done := RequestDone{r.Method, line.route, rec.statusSent(), rec.bytes, time.Since(begun)}
		line.isForNobody = r.Context().Err() != nil
		s.writeLine(line, done)
		if s.config.Observe != nil {
			s.config.Observe(done)
		}
	})
}

func (s *Server) writeLine(line *logLine, done RequestDone) {
	e := s.config.Log.Info()
	switch {
	case line.isForNobody && errors.Is(line.err, context.Canceled):
		e = s.config.Log.Debug().Err(line.err)
	case line.err != nil:
		e = s.config.Log.Error().Err(line.err)
	}
	var fault panicError
	if errors.As(line.err, &fault) {
		e.Str("stack", string(fault.stack))
	}
	e.Str("id", line.id).Str("method", done.Method).Str("route", done.Route).Int("status", done.Status).
		Int("bytes", done.Bytes).Dur("took", done.Took).Msg("request")
}

// serveSafely answers what panics outside of the routers, which have a page for
// it, so that it too is one line and not many with an address in them.
func (s *Server) serveSafely(next http.Handler, w *statusWriter, r *http.Request, line *logLine) {
	defer func() {
		what := recover()
		if what == nil {
			return
		}
		if what == http.ErrAbortHandler { // the answer is to be cut off
			panic(what)
		}
		line.err = panicError{what, debug.Stack()}
		if w.status == 0 {
			http.Error(w, s.pages.Catalogue.T(s.pages.Catalogue.Language(r.Header.Get("Accept-Language")), "error.internal", nil), http.StatusInternalServerError)
		}
	}()
	next.ServeHTTP(w, r)
}

type logKey struct{}

// logLine is filled in as the request goes.
type logLine struct {
	id    string
	route string
	err   error

	isForNobody bool // whoever asked went away: what failed for that is no fault of ours
}

func logOf(ctx context.Context) *logLine {
	if l, ok := ctx.Value(logKey{}).(*logLine); ok {
		return l
	}
	return &logLine{}
}

type statusWriter struct {
	http.ResponseWriter
	status, bytes int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// statusSent is the status that went out; a handler that said nothing said 200.
func (w *statusWriter) statusSent() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// Unwrap lets http.ResponseController reach what it needs.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// proxies notices a proxy in front that the operator did not name: everybody
// would look like one visitor to the brakes on sign-in.
type proxies struct {
	trusted []netip.Prefix
	once    *sync.Once
}

func newProxies(names []string) proxies {
	p := proxies{once: new(sync.Once)}
	for _, name := range names {
		if prefix, err := netip.ParsePrefix(name); err == nil {
			p.trusted = append(p.trusted, prefix.Masked())
		} else if address, err := netip.ParseAddr(name); err == nil {
			p.trusted = append(p.trusted, netip.PrefixFrom(address, address.BitLen()))
		}
	}
	return p
}

// look warns once. Anybody can send the header, so the line says what may be.
func (p proxies) look(r *http.Request, log zerolog.Logger) {
	if r.Header.Get("X-Forwarded-For") == "" || p.trusts(r.RemoteAddr) {
		return
	}
	p.once.Do(func() {
		log.Warn().Msg("a request came through a proxy that --trusted-proxies does not name: if it is yours, name it, or all visitors count as one")
	})
}

func (p proxies) trusts(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return false
	}
	for _, prefix := range p.trusted {
		if prefix.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}
