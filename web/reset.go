package web

import (
	"net/http"
	"net/url"
)

func (s *Server) resetRoutes() {
	s.get("/reset/:token", s.showReset)
	s.post("/reset/:token", s.doReset)
}

type resetPage struct {
	Action   string
	Problems Problems
}

// showReset never uses a link up: links are looked at by programs too.
func (s *Server) showReset(v *visit) error {
	if err := s.service.CheckResetLink(v.ctx(), v.Param("token")); err != nil {
		return err
	}
	return s.renderReset(v, http.StatusOK, nil)
}

func (s *Server) renderReset(v *visit, status int, problems Problems) error {
	v.unkept()
	return v.render(status, "reset", v.t("reset.title"), resetPage{Action: "/reset/" + url.PathEscape(v.Param("token")), Problems: problems})
}

func (s *Server) doReset(v *visit) error {
	in, err := s.service.ResetPassword(v.ctx(), v.Param("token"), v.PostForm("password"), deviceOf(v.GetHeader("User-Agent")))
	if problems, ok := v.problems(err); ok {
		return s.renderReset(v, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	if err := s.openSession(v, in); err != nil {
		return err
	}
	v.flash("reset.done")
	return s.welcomeBack(v, "/home")
}
