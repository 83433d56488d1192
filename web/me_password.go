package web

import "net/http"

type passwordPage struct {
	Login    string // for the browser's store of passwords
	Problems Problems
}

func (s *Server) showPassword(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.renderPassword(v, http.StatusOK, nil)
}

func (s *Server) renderPassword(v *visit, status int, problems Problems) error {
	return v.render(status, "me_password", v.t("me.password"), passwordPage{v.viewer.User.Login, problems})
}

func (s *Server) doPassword(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	err := s.service.ChangePassword(v.ctx(), v.viewer, v.PostForm("old"), v.PostForm("password"))
	if problems, ok := v.problems(err); ok {
		return s.renderPassword(v, http.StatusUnprocessableEntity, problems)
	}
	if statusOf(err) == http.StatusTooManyRequests {
		return s.renderPassword(v, http.StatusTooManyRequests, Problems{{Text: v.sentence(err)}})
	}
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	v.flash("me.password_changed")
	return v.redirect("/me")
}
