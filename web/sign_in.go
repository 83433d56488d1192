package web

import (
	"net/http"

	"hearth/community"
)

func (s *Server) signInRoutes() {
	s.get("/sign-in", s.showSignIn)
	s.post("/sign-in", s.doSignIn)
	s.post("/sign-out", s.doSignOut)
}

type signInPage struct {
	Next, Login string
	Sentence    string // what went wrong
	Words       bool   // words are kept and will be there
}

func (s *Server) showSignIn(v *visit) error {
	next := safeNext(v.Query("next"))
	if v.viewer.User != nil {
		return v.redirect(next)
	}
	return s.renderSignIn(v, http.StatusOK, signInPage{Next: next})
}

func (s *Server) renderSignIn(v *visit, status int, p signInPage) error {
	p.Words = v.hasWords()
	return v.render(status, "sign_in", v.t("sign_in.title"), p)
}

func (s *Server) doSignIn(v *visit) error {
	err := s.beginSession(v, v.input("login"), v.PostForm("password"))
	if code := statusOf(err); err != nil && code != http.StatusInternalServerError {
		return s.renderSignIn(v, code, signInPage{Next: safeNext(v.input("next")), Login: v.input("login"), Sentence: v.sentence(err)})
	}
	if err != nil {
		return err
	}
	return s.welcomeBack(v, safeNext(v.input("next")))
}

// beginSession signs a person in and gives their browser a new token.
func (s *Server) beginSession(v *visit, login, password string) error {
	in, err := s.service.SignIn(v.ctx(), community.Try{
		Login: login, Password: password, Device: deviceOf(v.GetHeader("User-Agent")), Source: sourceOf(v.Context),
		Known: s.sessions.GetString(v.ctx(), sessionSignIn),
	})
	if err != nil {
		return err
	}
	return s.openSession(v, in)
}

// openSession gives a browser in which somebody signed in a new token (session
// fixation), and keeps what it knew, such as a visitor's words: they are theirs
// from now on. Who was signed in on it is signed out, and nothing more is said to
// them in this visit.
func (s *Server) openSession(v *visit, in community.SignIn) error {
	if err := s.service.SignOut(v.ctx(), v.viewer); err != nil {
		return err
	}
	v.viewer = community.Viewer{}
	s.sessions.Remove(v.ctx(), sessionActing)
	if err := s.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	s.sessions.Put(v.ctx(), sessionSignIn, in.ID)
	s.sessions.Put(v.ctx(), sessionUser, in.UserID)
	return s.ownWords(v, in.UserID)
}

func (s *Server) doSignOut(v *visit) error {
	if err := s.service.SignOut(v.ctx(), v.viewer); err != nil {
		return err
	}
	if err := s.wipeBrowser(v); err != nil {
		return err
	}
	return v.redirect("/")
}
