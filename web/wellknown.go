package web

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/wire"
)

// wellKnown is how other servers find this one and whoever is on it.
func (s *Server) wellKnown(r *gin.Engine, f *federation.Federation) {
	read(r, "/.well-known/webfinger", s.webFinger(f))
	read(r, "/.well-known/host-meta", hostMeta(f))
	read(r, "/.well-known/nodeinfo", public("application/json", func(c *gin.Context) (json.RawMessage, error) { return f.NodeInfoLinks(c.Request.Context()) }))
	for path, schema := range map[string]string{federation.NodeInfo20Path: "2.0", federation.NodeInfo21Path: "2.1"} {
		read(r, path, public(wire.NodeInfoMediaType(schema), func(c *gin.Context) (json.RawMessage, error) {
			return f.NodeInfo(c.Request.Context(), schema, s.version())
		}))
	}
}

// version is what the binary was built as, or a word for a build that was not
// told: NodeInfo's schema wants one.
func (s *Server) version() string {
	if s.config.Version == "" {
		return "devel"
	}
	return s.config.Version
}

// webFinger answers who a resource is (RFC 7033): 400 where there is none, or
// more than one, or one that cannot be read; 404 for whoever is not ours, not
// here, or not to be known.
func (s *Server) webFinger(f *federation.Federation) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		anyOrigin(c)
		doc, err := s.fingered(c, f)
		if err != nil {
			refuseServer(c, err)
			return
		}
		c.Data(http.StatusOK, wire.JRDMediaType, doc)
	}
}

func (s *Server) fingered(c *gin.Context, f *federation.Federation) (json.RawMessage, error) {
	v, err := s.asker(c)
	if err != nil {
		return nil, err
	}
	resources := c.QueryArray("resource")
	if len(resources) != 1 {
		return nil, community.Invalid
	}
	return f.WebFinger(c.Request.Context(), v, resources[0], c.QueryArray("rel"))
}

// anyOrigin lets scripts of any page read the answer, as RFC 7033 5 asks: it is
// the same for everybody, and no cookie goes with it.
func anyOrigin(c *gin.Context) { c.Header("Access-Control-Allow-Origin", "*") }

func hostMeta(f *federation.Federation) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		anyOrigin(c)
		doc, err := f.HostMeta()
		if err != nil {
			refuseServer(c, err)
			return
		}
		c.Data(http.StatusOK, wire.XRDMediaType, doc)
	}
}

// public answers everybody with a document of a content type.
func public(contentType string, h func(c *gin.Context) (json.RawMessage, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		anyOrigin(c)
		doc, err := h(c)
		if err != nil {
			refuseServer(c, err)
			return
		}
		c.Data(http.StatusOK, contentType, doc)
	}
}
