package web

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"

	"github.com/gin-gonic/gin"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/wire"
)

// newDocuments is the router of what other servers read and send. It knows no
// sessions, forms or pages.
func (s *Server) newDocuments() (*gin.Engine, error) {
	r := gin.New()
	r.HandleMethodNotAllowed = true
	if err := r.SetTrustedProxies(s.config.TrustedProxies); err != nil {
		return nil, err
	}
	r.Use(gin.CustomRecoveryWithWriter(nil, recoverDocument))
	notFound := s.document(func(*gin.Context, community.Viewer) (json.RawMessage, error) { return nil, community.NotFound })
	r.Use(onlyText(notFound))
	r.NoRoute(notFound)
	r.NoMethod(func(c *gin.Context) { answerWord(c, http.StatusMethodNotAllowed, "method_not_allowed") })
	if s.config.Federation != nil {
		s.documentRoutes(r, s.config.Federation)
	}
	return r, nil
}

func (s *Server) documentRoutes(r *gin.Engine, f *federation.Federation) {
	s.actorDocuments(r, f)
	s.postDocuments(r, f)
	s.wellKnown(r, f)
	s.inboxes(r, f)
}

func (s *Server) actorDocuments(r *gin.Engine, f *federation.Federation) {
	read(r, "/actor", openly(func(c *gin.Context) (json.RawMessage, error) { return f.InstanceDocument(c.Request.Context()) }))
	read(r, "/actor/outbox", openly(func(c *gin.Context) (json.RawMessage, error) { return f.InstanceOutbox(c.Request.Context()) }))
	read(r, "/u/:id", s.document(byID(f.PersonDocument)))
	read(r, "/u/:id/outbox", s.document(byID(f.PersonOutbox)))
	read(r, "/g/:id", s.actorOrName(f))
	read(r, "/g/:id/followers", s.document(byID(f.GroupFollowers)))
	read(r, "/g/:id/moderators", s.document(byID(f.GroupModerators)))
	read(r, "/g/:id/featured", s.document(byID(f.GroupFeatured)))
	read(r, "/g/:id/outbox", s.document(byPlace(f.GroupOutbox)))
	read(r, "/g/:id/outbox/:from", s.document(byPlace(f.GroupOutbox)))
	read(r, "/@:id", s.leadToActor(f))
}

func (s *Server) postDocuments(r *gin.Engine, f *federation.Federation) {
	read(r, "/p/:id", s.document(byID(f.PostDocument)))
	for path, list := range map[string]listReader{"/p/:id/context": f.PostContext, "/p/:id/replies": f.PostReplies} {
		read(r, path, s.document(byPlace(list)))
		read(r, path+"/:from", s.document(byPlace(list)))
	}
	read(r, "/x/:id", s.document(byID(f.ActivityDocument)))
}

// read answers GET and HEAD.
func read(r *gin.Engine, path string, h gin.HandlerFunc) {
	r.GET(path, h)
	r.HEAD(path, h)
}

// documentReader reads a document for whoever asks.
type documentReader func(c *gin.Context, v community.Viewer) (json.RawMessage, error)

type idReader func(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error)

type listReader func(ctx context.Context, v community.Viewer, id, from string) (json.RawMessage, error)

func byID(f idReader) documentReader {
	return func(c *gin.Context, v community.Viewer) (json.RawMessage, error) {
		return f(c.Request.Context(), v, c.Param("id"))
	}
}

func byPlace(f listReader) documentReader {
	return func(c *gin.Context, v community.Viewer) (json.RawMessage, error) {
		return f(c.Request.Context(), v, c.Param("id"), c.Param("from"))
	}
}

// document answers with what is read for whoever signed the request. Who that is
// comes first, so that no answer says what is there to somebody who may not know.
func (s *Server) document(h documentReader) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		v, err := s.asker(c)
		var doc json.RawMessage
		if err == nil {
			doc, err = h(c, v)
		}
		if v.Domain != "" {
			c.Header("Cache-Control", "private, no-store")
		}
		answerDocument(c, doc, err)
	}
}

// asker is who asks. What is answered depends on it everywhere.
func (s *Server) asker(c *gin.Context) (community.Viewer, error) {
	c.Writer.Header().Add("Vary", "Signature")
	if s.config.Federation == nil {
		return community.Viewer{}, nil
	}
	return s.config.Federation.Asker(sourced(c), c.Request)
}

// sourced is the request's context with where it came from, for the limits on
// what a stranger's key ids can make us fetch.
func sourced(c *gin.Context) context.Context {
	address, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		return c.Request.Context()
	}
	return federation.WithSource(c.Request.Context(), address)
}

// openly answers everybody alike, whatever they signed: who verifies our
// signature has to read our key before we could read theirs.
func openly(h func(c *gin.Context) (json.RawMessage, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		c.Writer.Header().Add("Vary", "Accept")
		doc, err := h(c)
		answerDocument(c, doc, err)
	}
}

// answerDocument is a document as Lemmy takes it, which wants these bytes exactly
// for a content type; or in one word why there is none.
func answerDocument(c *gin.Context, doc json.RawMessage, err error) {
	switch {
	case err == nil:
		c.Data(http.StatusOK, wire.MediaType, doc)
	case errors.Is(err, community.Gone) && doc != nil:
		c.Data(http.StatusGone, wire.MediaType, doc)
	default:
		refuseServer(c, err)
	}
}

// retryAfter is how long a server is asked to wait for our trouble to pass.
const retryAfter = 300 // seconds

// refuseServer says in a status and one stable word why another server gets no
// answer. Peers take 4xx for good, so what is our own trouble is 503.
func refuseServer(c *gin.Context, err error) {
	var signature *federation.Refusal
	switch {
	case errors.Is(err, federation.KeyUnavailable):
		c.Header("Retry-After", strconv.Itoa(retryAfterOf(err)))
		answerWord(c, http.StatusServiceUnavailable, string(federation.KeyUnavailable))
	case errors.As(err, &signature):
		answerWord(c, http.StatusUnauthorized, string(signature.Reason))
	case errors.Is(err, community.NotFound):
		answerWord(c, http.StatusNotFound, "not_found")
	case errors.Is(err, community.Gone):
		answerWord(c, http.StatusGone, "gone")
	case errors.Is(err, community.Invalid):
		answerWord(c, http.StatusBadRequest, "malformed")
	case errors.Is(err, community.Forbidden):
		answerWord(c, http.StatusForbidden, "policy")
	default:
		logOf(c.Request.Context()).err = err
		c.Header("Retry-After", strconv.Itoa(retryAfter))
		answerWord(c, http.StatusServiceUnavailable, "unavailable")
	}
}

// retryAfterOf is in how many seconds a key can be had that could not be now.
func retryAfterOf(err error) int {
	var fetch *federation.FetchError
	if errors.As(err, &fetch) && fetch.RetryAfter > 0 {
		return max(1, int(math.Ceil(fetch.RetryAfter.Seconds())))
	}
	return retryAfter
}

// answerWord is a short JSON answer without a document.
func answerWord(c *gin.Context, status int, word string) {
	c.Data(status, "application/json", []byte(`{"error":`+strconv.Quote(word)+"}\n"))
}

func recoverDocument(c *gin.Context, what any) {
	logOf(c.Request.Context()).err = panicError{what, debug.Stack()}
	answerWord(c, http.StatusServiceUnavailable, "unavailable")
	c.Abort()
}

// actorOrName is a group's document; asked for by its name, whoever asks is led
// to its id, since a document is believed only under that.
func (s *Server) actorOrName(f *federation.Federation) gin.HandlerFunc {
	whole, lead := s.document(byID(f.GroupDocument)), s.leadToActor(f)
	return func(c *gin.Context) {
		if community.IsActorID(c.Param("id")) {
			whole(c)
			return
		}
		lead(c)
	}
}

// leadToActor leads from a person's or group's page to its document.
func (s *Server) leadToActor(f *federation.Federation) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		v, err := s.asker(c)
		if err != nil {
			refuseServer(c, err)
			return
		}
		a, err := s.service.SharedActor(c.Request.Context(), v, community.Fold(c.Param("id")))
		if errors.Is(err, community.Gone) {
			err = community.NotFound
		}
		if err != nil {
			refuseServer(c, err)
			return
		}
		c.Redirect(http.StatusFound, a.URI)
	}
}
