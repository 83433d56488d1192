package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"hearth/community"
)

// status is the only place where a Kind becomes an HTTP status.
var status = map[community.Kind]int{
	community.Invalid:     http.StatusUnprocessableEntity,
	community.NotFound:    http.StatusNotFound,
	community.Forbidden:   http.StatusForbidden,
	community.Conflict:    http.StatusConflict,
	community.Gone:        http.StatusGone,
	community.TooMany:     http.StatusTooManyRequests,
	community.Unavailable: http.StatusServiceUnavailable,
}

var (
	errSignInFirst = errors.New("web: sign in first")
	errNotSetUp    = errors.New("web: not set up")
)

// keyCrossOrigin is the sentence for a form that another site sent. What it
// holds is not shown: it may be nobody's words.
const keyCrossOrigin = "error.cross_origin"

// keyNotSetUp is the sentence on every page of an instance that nobody has set up.
const keyNotSetUp = "setup.waiting"

func notSetUp(err error) error {
	if errors.Is(err, community.NotFound) {
		return errNotSetUp
	}
	return err
}

// statusOf is the status of an error; what has no Kind is internal.
func statusOf(err error) int {
	if errors.Is(err, errSignInFirst) {
		return http.StatusUnauthorized
	}
	for kind, code := range status {
		if errors.Is(err, kind) {
			return code
		}
	}
	return http.StatusInternalServerError
}

// errorPage is what happened, in one sentence, and what to do.
type errorPage struct {
	Status   int
	Sentence string
	More     string       // what the sentence leaves open
	SignIn   string       // where signing in leads, if that would help
	Typed    []typedWords // what was sent and came to nothing
}

// fail answers an error with a page. Internal ones are logged, never shown.
func (s *Server) fail(v *visit, err error) {
	switch {
	case errors.Is(err, errSignInFirst) && len(v.typed()) == 0:
		v.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(nextOf(v)))
		return
	case errors.Is(err, errNotSetUp):
		err = &community.Error{Kind: community.Unavailable, Key: keyNotSetUp}
	}
	code := statusOf(err)
	if code == http.StatusInternalServerError {
		logOf(v.Request.Context()).err = err
	}
	main := v.errorPage(code, err)
	if renderErr := v.render(code, "error", main.Sentence, main); renderErr != nil {
		logOf(v.Request.Context()).err = errors.Join(err, renderErr)
		s.failPlain(v, http.StatusInternalServerError, "error.internal")
	}
}

// errorPage is the page of an error. One that answers a form hands back what
// somebody wrote into it: a form that comes to nothing loses no words.
func (v *visit) errorPage(code int, err error) errorPage {
	p := errorPage{Status: code, Sentence: v.sentence(err), More: v.more(err)}
	if v.viewer.User == nil && (code == http.StatusNotFound || code == http.StatusUnauthorized) {
		p.SignIn = "/sign-in?next=" + url.QueryEscape(nextOf(v))
	}
	if code == http.StatusUnauthorized {
		v.Header("WWW-Authenticate", `Form realm="sign-in"`) // RFC 9110 15.5.2 wants one; browsers know no such scheme and show the page
	}
	if keyOf(err) != keyCrossOrigin {
		p.Typed = v.typed()
	}
	return p
}

// more is what to think of an error whose sentence says nothing of why.
func (v *visit) more(err error) string {
	switch {
	case keyOf(err) == keyNotSetUp:
		return v.t("setup.waiting_more")
	case errors.Is(err, errSignInFirst):
		return v.t("error.signed_out_more")
	case statusOf(err) == http.StatusInternalServerError:
		return v.t("error.internal_more")
	case errors.Is(err, community.NotFound) && v.sentence(err) == v.t("error.not_found"):
		return v.t("error.not_found_more")
	}
	return ""
}

// failPlain answers when not even a page could be made.
func (s *Server) failPlain(v *visit, code int, key string) {
	v.String(code, "%s\n", s.pages.Catalogue.T(v.lang, key, nil))
}

// sentence is what a person reads of an error.
func (v *visit) sentence(err error) string {
	if errors.Is(err, errSignInFirst) {
		return v.t("error.signed_out")
	}
	var e *community.Error
	if errors.As(err, &e) {
		return v.server.pages.Catalogue.T(v.lang, e.Key, v.worded(e.Args))
	}
	for kind := range status {
		if errors.Is(err, kind) {
			return v.t("error." + kindKey(kind))
		}
	}
	return v.t("error.internal")
}

// worded is the arguments of a sentence with times as days in the reader's zone, and
// servers by the names that people read.
func (v *visit) worded(args map[string]any) map[string]any {
	words := make(map[string]any, len(args))
	for name, value := range args {
		switch is := value.(type) {
		case time.Time:
			value = v.server.pages.Catalogue.Day(v.lang, is, v.zone())
		case community.ServerName:
			value = shownDomain(string(is))
		}
		words[name] = value
	}
	return words
}

func kindKey(kind community.Kind) string {
	switch kind {
	case community.NotFound:
		return "not_found"
	case community.TooMany:
		return "too_many"
	}
	return string(kind)
}

// problems is what there is to mend in a form, by field, in the reader's
// words; ok is false when the error is not about a form.
func (v *visit) problems(err error) (found Problems, ok bool) {
	var e *community.Error
	if !errors.As(err, &e) || e.Kind != community.Invalid {
		return nil, false
	}
	for _, f := range e.Fields {
		found = append(found, Problem{Field: f.Field, Text: v.server.pages.Catalogue.T(v.lang, f.Key, v.worded(f.Args)), Advice: f.Advice})
	}
	if len(found) == 0 {
		found = Problems{{Text: v.sentence(err)}}
	}
	return found, true
}

// nextOf is where to come back to after signing in: this page, or for a form
// the page it stands on.
func nextOf(v *visit) string {
	if v.Request.Method == http.MethodPost {
		return v.formPage()
	}
	return v.Request.URL.RequestURI()
}

// safeNext is a path of ours, or home.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || len(next) < 1 || next[0] != '/' || len(next) > 1 && (next[1] == '/' || next[1] == '\\') {
		return "/home"
	}
	return next
}

func (s *Server) notFound(v *visit) error {
	return &community.Error{Kind: community.NotFound, Key: "error.not_found"}
}

func (s *Server) notAllowed(v *visit) error {
	return v.render(http.StatusMethodNotAllowed, "error", v.t("error.method"), errorPage{Status: http.StatusMethodNotAllowed, Sentence: v.t("error.method")})
}

// recoverPage turns a panic into the internal error's page.
func (s *Server) recoverPage(c *gin.Context, what any) {
	v := &visit{Context: c, server: s, lang: "en"}
	err := panicError{what, debug.Stack()}
	_ = v.enter()
	s.fail(v, err)
	c.Abort()
}

// panicError is what a programmer got wrong. Of what was thrown only a runtime
// error's own words are told: anything else may quote somebody.
type panicError struct {
	what  any
	stack []byte
}

func (p panicError) Error() string {
	said := fmt.Sprintf("%T", p.what)
	if e, ok := p.what.(runtime.Error); ok {
		said = e.Error()
	}
	return "web: panic: " + said
}
