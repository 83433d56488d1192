package web

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/federation"
)

// Config is what a Server is told once, at start.
type Config struct {
	Version        string
	Scheme, Host   string   // where people reach this server; frozen in the Site at setup
	TrustedProxies []string // whose X-Forwarded-For is believed; none by default
	ExitTo         string   // where the exit leads; a plain weather page by default
	FormKey        []byte   // signs form tokens; the same on every node
	Dev            bool     // a missing sentence is an error
	Log            zerolog.Logger

	// Federation is the talk with other servers; nil is none.
	Federation *federation.Federation
}

// exitTo is where the exit leads unless the operator chose: a page that shows
// nothing of whoever opens it (GOV.UK, Exit this page).
const exitTo = "https://www.bbc.co.uk/weather"

// Server answers people over HTTP.
type Server struct {
	service  *community.Service
	pages    *Renderer
	sessions *scs.SessionManager
	config   Config
	router   *gin.Engine // of people
	servers  *gin.Engine // of other servers: activitypub.go
	handler  http.Handler
	origin   *http.CrossOriginProtection // refuses forms that another site sends
}

// NewServer returns a Server whose Handler can be served. sessions keeps the
// browsers' sessions.
func NewServer(service *community.Service, sessions SessionStore, config Config) (*Server, error) {
	pages, err := NewRenderer(config.Dev)
	if err != nil {
		return nil, err
	}
	if config.ExitTo == "" {
		config.ExitTo = exitTo
	}
	s := &Server{service: service, pages: pages, config: config, origin: http.NewCrossOriginProtection()}
	s.sessions = newSessionManager(sessions, service.Now, config.Scheme == "https")
	gin.SetMode(gin.ReleaseMode)
	s.router = gin.New()
	s.router.HandleMethodNotAllowed = true
	if err := s.router.SetTrustedProxies(config.TrustedProxies); err != nil {
		return nil, err
	}
	s.routes()
	servers, err := s.newDocuments()
	if err != nil {
		return nil, err
	}
	s.servers = servers
	s.handler = s.wrap(s.router)
	return s, nil
}

// Handler is the whole site.
func (s *Server) Handler() http.Handler { return s.handler }

// maxForm bounds what a form may send: the longest post, twice over.
const maxForm = 256 << 10

// wrap puts around the router what holds for every answer, errors included.
func (s *Server) wrap(router http.Handler) http.Handler {
	pages := s.sessions.LoadAndSave(router)
	static := staticHandler()
	return s.log(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		if strings.HasPrefix(r.URL.Path, staticPrefix) {
			static.ServeHTTP(w, r)
			return
		}
		if wantsDocument(w.Header(), r) {
			s.servers.ServeHTTP(w, r)
			return
		}
		if isForEveryone(r.URL.Path) {
			router.ServeHTTP(w, r)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		pages.ServeHTTP(w, r)
	}))
}

// secure sets the headers of every answer (safety.md R39). Members' pages add
// no-store in enter.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex, nofollow, noai, noimageai")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
}

// log writes one line per request: the route's pattern, never the path.
func (s *Server) log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		line := &logLine{}
		rec := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), logKey{}, line)))
		e := s.config.Log.Info()
		if line.err != nil {
			e = s.config.Log.Error().Err(line.err)
		}
		e.Str("method", r.Method).Str("route", line.route).Int("status", rec.status).
			Int("bytes", rec.bytes).Dur("took", time.Since(begun)).Msg("request")
	})
}

type logKey struct{}

// logLine is filled in as the request goes.
type logLine struct {
	route string
	err   error
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

// Unwrap lets http.ResponseController reach what it needs.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// sourceOf is where a request came from, only to count tries with: an IPv4
// address, or the /64 of an IPv6 one. It is hashed before it is kept.
func sourceOf(c *gin.Context) string {
	ip := net.ParseIP(c.ClientIP())
	if ip == nil || ip.To4() != nil {
		return c.ClientIP()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
