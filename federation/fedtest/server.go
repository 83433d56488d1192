package fedtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

const (
	mediaType    = "application/activity+json"
	jrdMediaType = "application/jrd+json"
)

// Server is somebody else's server: it has actors and objects, keeps what is
// delivered to it, and speaks as one software does.
type Server struct {
	Host    string // as in far.example
	URL     string // as in https://far.example
	Dialect Dialect
	World   *World

	tb     testing.TB
	secure bool
	unplug func()
	log    requestLog

	mu      sync.Mutex
	routes  map[string]http.HandlerFunc // by path
	inboxes http.HandlerFunc
	actors  map[string]*Actor // by name
	placed  map[string]*Actor // by id: those of ActorAt
	serial  int
}

// Option makes a Server unlike the others.
type Option func(*serverOptions)

type serverOptions struct {
	world   *World
	dialect Dialect
	plain   bool
	secure  bool
}

// In puts the server into a world where others are already. Without it the
// server has a world of its own.
func In(world *World) Option { return func(o *serverOptions) { o.world = world } }

// Speaking gives the server another dialect than Mastodon's.
func Speaking(dialect Dialect) Option { return func(o *serverOptions) { o.dialect = dialect } }

// Plain makes the server speak http on a port of its own; its host must end in
// .localhost.
func Plain() Option { return func(o *serverOptions) { o.plain = true } }

// Secure makes the server answer 401 to every GET that is not signed, but for
// its own actor, WebFinger and NodeInfo (Mastodon's AUTHORIZED_FETCH).
func Secure() Option { return func(o *serverOptions) { o.secure = true } }

// NewServer starts a server under a made-up host name until the test ends.
func NewServer(tb testing.TB, host string, options ...Option) *Server {
	chosen := serverOptions{dialect: Mastodon}
	for _, option := range options {
		option(&chosen)
	}
	if chosen.world == nil {
		chosen.world = NewWorld(tb)
	}
	s := &Server{
		Host: host, Dialect: chosen.dialect, World: chosen.world,
		tb: tb, secure: chosen.secure,
		routes:  map[string]http.HandlerFunc{},
		inboxes: Status(http.StatusAccepted),
		actors:  map[string]*Actor{},
		placed:  map[string]*Actor{},
	}
	mount := s.World.Mount
	if chosen.plain {
		mount = s.World.MountPlain
	}
	s.URL, s.unplug = mount(host, s)
	s.Host = strings.SplitN(s.URL, "://", 2)[1]
	s.Handle("/.well-known/webfinger", s.webFinger)
	s.Handle("/.well-known/nodeinfo", s.nodeInfoLinks)
	s.Handle("/nodeinfo/2.1", s.nodeInfo)
	s.Instance()
	return s
}

// Unplug takes the server off the net: connections end, new ones are refused.
func (s *Server) Unplug() { s.unplug() }

// HangUp ends all connections with the server; new ones are taken.
func (s *Server) HangUp() { s.World.hangUp(s.URL) }

// Handle answers path, in place of what was there. Every request is kept all
// the same.
func (s *Server) Handle(path string, answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routes[path] = answer
}

// AnswerDeliveries makes all inboxes answer so; 202 until then.
func (s *Server) AnswerDeliveries(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inboxes = answer
}

// Serve puts an object at path and gives its id, which it gets if it has none.
func (s *Server) Serve(path string, object map[string]any) (id string) {
	id = s.URL + path
	if _, given := object["id"]; !given {
		object["id"] = id
	}
	body, err := json.Marshal(object)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.Handle(path, Body(mediaType, body))
	return id
}

// NewID is an id on this server that was not there before.
func (s *Server) NewID(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return fmt.Sprintf("%s%s%d", s.URL, path, s.serial)
}

// ServeHTTP is http.Handler's.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	kept := s.keep(r, body)
	if s.secure && r.Method == http.MethodGet && kept.Err != nil && !s.isOpen(r.URL.Path) {
		http.Error(w, kept.Err.Error(), http.StatusUnauthorized)
		return
	}
	s.route(r)(w, r)
}

func (s *Server) isOpen(path string) bool {
	return path == instancePath || strings.HasPrefix(path, "/.well-known/") || strings.HasPrefix(path, "/nodeinfo/")
}

func (s *Server) route(r *http.Request) http.HandlerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer, ok := s.routes[r.URL.EscapedPath()]; ok {
		return answer
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox") {
		return s.inboxes
	}
	return Status(http.StatusNotFound)
}

func (s *Server) webFinger(w http.ResponseWriter, r *http.Request) {
	name, host, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("resource"), "acct:"), "@")
	s.mu.Lock()
	actor := s.actors[strings.ToLower(name)]
	s.mu.Unlock()
	if actor == nil || !strings.EqualFold(host, s.Host) {
		http.NotFound(w, r)
		return
	}
	answerJSON(w, jrdMediaType, map[string]any{
		"subject": "acct:" + actor.Name + "@" + s.Host,
		"links":   []any{map[string]any{"rel": "self", "type": mediaType, "href": actor.ID}},
	})
}

func (s *Server) nodeInfoLinks(w http.ResponseWriter, r *http.Request) {
	answerJSON(w, "application/json", map[string]any{"links": []any{
		map[string]any{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": s.URL + "/nodeinfo/2.1"},
	}})
}

func (s *Server) nodeInfo(w http.ResponseWriter, r *http.Request) {
	answerJSON(w, "application/json", map[string]any{
		"version":  "2.1",
		"software": map[string]any{"name": s.Dialect.Software, "version": "1.0.0"},
	})
}

func answerJSON(w http.ResponseWriter, contentType string, value any) {
	w.Header().Set("Content-Type", contentType)
	if err := json.NewEncoder(w).Encode(value); err != nil {
		panic(err)
	}
}
