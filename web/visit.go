package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hearth/community"
)

// visit is one request with who is asking, of which site. It is a
// context.Context through its gin.Context.
type visit struct {
	*gin.Context
	server *Server
	site   community.Site
	viewer community.Viewer
	lang   string
	exit   bool   // this page shows the exit button; set for sensitive groups
	token  string // the form token of a form that is shown again; empty: a new one
}

// handler answers a visit. An error becomes a page in errors.go.
type handler func(v *visit) error

// handle makes a gin handler of ours: it finds site and viewer first.
func (s *Server) handle(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := &visit{Context: c, server: s}
		logOf(c.Request.Context()).route = c.FullPath()
		err := v.enter()
		if s.origin.Check(c.Request) != nil {
			err = &community.Error{Kind: community.Forbidden, Key: keyCrossOrigin}
		}
		if err == nil || errors.Is(err, errNotSetUp) && beforeSetup(c.Request.URL.Path) {
			err = h(v)
		}
		if err != nil {
			s.fail(v, err)
		}
	}
}

// enter finds the site and who is asking.
func (v *visit) enter() error {
	s, ctx := v.server, v.Request.Context()
	v.lang = s.pages.Catalogue.Language(v.GetHeader("Accept-Language"))
	if v.Request.Method == http.MethodPost { // the answer may hold what was sent, and says that it was
		v.unkept()
	}
	signIn, acting := "", ""
	if !isForEveryone(v.Request.URL.Path) {
		signIn, acting = s.sessions.GetString(ctx, sessionSignIn), s.sessions.GetString(ctx, sessionActing)
	}
	site, viewer, err := s.service.Enter(ctx, signIn, acting)
	if err != nil {
		return notSetUp(err)
	}
	v.site, v.viewer = site, viewer
	if v.viewer.User != nil {
		v.unkept()
		v.keepSession()
		v.exit = v.viewer.User.ExitEverywhere
		if v.viewer.User.Language != "" {
			v.lang = s.pages.Catalogue.Language(v.viewer.User.Language)
		}
	}
	return nil
}

// unkept keeps the answer from every cache (safety.md R39).
func (v *visit) unkept() { v.Header("Cache-Control", "no-store") }

// ctx is the request's context, with the browser's session in it.
func (v *visit) ctx() context.Context { return v.Request.Context() }

// t is a sentence in the reader's language, its arguments in pairs.
func (v *visit) t(key string, pairs ...any) string {
	return v.server.pages.Catalogue.say(v.lang, key, pairs...)
}

// tn is a sentence in the plural form for n; it may say {{.Count}}.
func (v *visit) tn(key string, n int) string {
	return v.server.pages.Catalogue.N(v.lang, key, n, nil)
}

// redirect answers a form: 303 to a path of ours.
func (v *visit) redirect(path string) error {
	v.Redirect(http.StatusSeeOther, path)
	return nil
}

// flash keeps one sentence for the next page.
func (v *visit) flash(key string, pairs ...any) {
	v.server.sessions.Put(v.ctx(), sessionFlash, v.t(key, pairs...))
	v.server.sessions.Put(v.ctx(), sessionTold, v.userID())
}

// flashed is the sentence that was kept for this page: empty where the sign-in of
// whom it was for has ended.
func (v *visit) flashed() string {
	if !v.server.sessions.Exists(v.ctx(), sessionFlash) {
		return ""
	}
	sentence, told := v.server.sessions.PopString(v.ctx(), sessionFlash), v.server.sessions.PopString(v.ctx(), sessionTold)
	if told != "" && told != v.userID() {
		return ""
	}
	return sentence
}

// input is a field of the form, trimmed, without what no database keeps.
func (v *visit) input(name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(v.PostForm(name), "\x00", ""), ""))
}

// ticked says whether a box of the form was ticked.
func (v *visit) ticked(name string) bool { return v.PostForm(name) != "" }

// chose says whether a value is among those that were ticked under a name.
func (v *visit) chose(name, value string) bool { return slices.Contains(v.PostFormArray(name), value) }

// signedIn is an error for visitors, who are led to sign in and back.
func (v *visit) signedIn() error {
	if v.viewer.User == nil {
		return errSignInFirst
	}
	return nil
}
