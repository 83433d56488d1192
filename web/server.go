package web

import (
	"net"
	"net/http"
	"strings"

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

	Ready   Readiness         // what /readyz asks; nil is always ready
	Observe func(RequestDone) // is told of every request but those for health; nil is nobody

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
	forms    map[string]*form
	handler  http.Handler
	origin   *http.CrossOriginProtection // refuses forms that another site sends
	proxies  proxies
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
	if config.Ready == nil {
		config.Ready = alwaysReady
	}
	s := &Server{service: service, pages: pages, config: config, forms: map[string]*form{}, origin: http.NewCrossOriginProtection(), proxies: newProxies(config.TrustedProxies)}
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
	static, health := staticHandler(), HealthHandler(s.config.Ready)
	logged := s.log(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, staticPrefix) {
			logOf(r.Context()).route = staticPrefix
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
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		if isHealth(r.URL.Path) {
			health.ServeHTTP(w, r)
			return
		}
		logged.ServeHTTP(w, r)
	})
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

// sourceOf is where a request came from, only to count tries with: an IPv4
// address, or the /64 of an IPv6 one. It is hashed before it is kept.
func sourceOf(c *gin.Context) string {
	ip := net.ParseIP(c.ClientIP())
	if ip == nil || ip.To4() != nil {
		return c.ClientIP()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
