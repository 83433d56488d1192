package web

import "net/http"

type aboutMePage struct {
	Name     string
	About    string
	Problems Problems
}

func (s *Server) showAboutMe(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.renderAboutMe(v, http.StatusOK, v.viewer.Acting.About, nil)
}

func (s *Server) renderAboutMe(v *visit, status int, about string, problems Problems) error {
	return v.render(status, "me_about", v.t("me.about.title"), aboutMePage{v.viewer.Acting.Title, about, problems})
}

func (s *Server) doAboutMe(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	err := s.service.WriteAbout(v.ctx(), v.viewer, v.input("about"))
	problems, ok := v.problems(err)
	if code := statusOf(err); code == http.StatusForbidden {
		return s.renderAboutMe(v, code, v.input("about"), Problems{{Text: v.sentence(err)}})
	}
	if ok {
		return s.renderAboutMe(v, http.StatusUnprocessableEntity, v.input("about"), problems)
	}
	if err != nil {
		return err
	}
	v.flash("me.saved")
	return v.redirect(profilePath(v.viewer.Acting.Actor))
}
