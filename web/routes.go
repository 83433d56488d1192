package web

import (
	"github.com/gin-gonic/gin"
)

// routes is the table of contents: each noun adds its own.
func (s *Server) routes() {
	s.router.Use(gin.CustomRecoveryWithWriter(nil, s.recoverPage))
	s.router.Use(onlyText(s.handle(s.notFound)))
	s.router.NoRoute(s.handle(s.notFound))
	s.router.NoMethod(s.handle(s.notAllowed))
	s.welcomeRoutes()
	s.helpRoutes()
	s.exitRoutes()
	s.policyRoutes()
	s.setupRoutes()
	s.signInRoutes()
	s.joinRoutes()
	s.inviteRoutes()
	s.resetRoutes()
	s.meRoutes()
	s.leaveRoutes()
	s.exportRoutes()
	s.groupRoutes()
	s.groupShowRoutes()
	s.threadRoutes()
	s.postRoutes()
	s.draftRoutes()
	s.supportRoutes()
	s.homeRoutes()
	s.noticeRoutes()
	s.elsewhereRoutes()
	s.lookupRoutes()
	s.authorizeRoutes()
	s.adminRoutes()
	s.reportRoutes()
	s.modRoutes()
	s.decisionRoutes()
	s.blockRoutes()
}

// Route is one that the router knows; Path has its parameters as ":name".
type Route struct{ Method, Path string }

// Routes are all that the routers know, for tests that walk every one.
func (s *Server) Routes() []Route {
	var all []Route
	for _, r := range append(s.router.Routes(), s.servers.Routes()...) {
		all = append(all, Route{r.Method, r.Path})
	}
	return all
}

// get answers GET and HEAD.
func (s *Server) get(path string, h handler) {
	s.router.GET(path, s.handle(h))
	s.router.HEAD(path, s.handle(h))
}

// post answers a form, which the caller describes further where its page is not
// at the same address or where it holds words.
func (s *Server) post(path string, h handler) *form {
	s.router.POST(path, s.handle(h))
	s.forms[path] = &form{}
	return s.forms[path]
}
