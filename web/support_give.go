package web

func (s *Server) supportRoutes() {
	s.post("/p/:id/support", s.doSupport).on("/p/:id")
}

// doSupport presses or takes back a word of support and leads back to the post.
func (s *Server) doSupport(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	kind, give := v.input("give"), true
	if kind == "" {
		kind, give = v.input("take"), false
	}
	seen, err := s.service.GiveSupport(v.ctx(), v.viewer, v.Param("id"), kind, give)
	if err != nil {
		return err
	}
	if give {
		v.flash("support.given")
	} else {
		v.flash("support.taken")
	}
	if seen.Post.ID == seen.Root.ID {
		return v.redirect(postPath(seen.Root.ID))
	}
	return v.redirect(postPath(seen.Post.ID))
}
