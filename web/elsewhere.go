package web

func (s *Server) elsewhereRoutes() {
	s.get("/u/:id", s.leadToProfile)
}

// leadToProfile leads people from an account's id to its page.
func (s *Server) leadToProfile(v *visit) error {
	profile, err := s.service.ProfileOf(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return v.redirect(profilePath(profile.Actor))
}
