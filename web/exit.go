package web

import (
	"net/http"
	"strings"
)

const sessionExitExplained = "exit_explained"

func (s *Server) exitRoutes() {
	s.get("/exit", s.doExit)
	s.post("/exit", s.doExit)
	s.post("/exit/understood", s.doExitUnderstood).on("/safety")
	s.get("/safety", s.showSafety)
}

// safetyPage says where the exit leads, as people write addresses.
type safetyPage struct{ ExitTo string }

func (s *Server) showSafety(v *visit) error {
	page := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s.config.ExitTo, "https://"), "www."), "/")
	return v.page("safety", v.t("safety.title"), safetyPage{page})
}

// doExit leaves this site for a harmless page, ends the sign-in here and wipes
// what the site kept on the device. It is a plain link, so it works by GET;
// another site's link or picture leads away too, but ends nothing.
func (s *Server) doExit(v *visit) error {
	if site := v.GetHeader("Sec-Fetch-Site"); site == "" || site == "same-origin" || site == "none" {
		if err := s.service.SignOut(v.ctx(), v.viewer); err != nil {
			logOf(v.ctx()).err = err // leaving comes first
		}
		if err := s.sessions.Destroy(v.ctx()); err != nil {
			logOf(v.ctx()).err = err
		}
		v.Header("Clear-Site-Data", `"cache", "cookies", "storage"`)
	}
	v.unkept()
	v.Redirect(http.StatusSeeOther, s.config.ExitTo)
	return nil
}

// doExitUnderstood remembers that somebody read what the exit button does, and
// leads back to the page that said so.
func (s *Server) doExitUnderstood(v *visit) error {
	s.sessions.Put(v.ctx(), sessionExitExplained, true)
	if err := s.service.UnderstandExit(v.ctx(), v.viewer); err != nil {
		return err
	}
	return v.redirect(v.nextOr(v.input("next"), "/safety"))
}

// exitExplained says whether this person, or this browser, was told.
func (v *visit) exitExplained() bool {
	if u := v.viewer.User; u != nil && u.ExitExplainedAt != nil {
		return true
	}
	return v.server.sessions.GetBool(v.ctx(), sessionExitExplained)
}
