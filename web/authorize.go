package web

import (
	"net/http"

	"hearth/community"
	"hearth/federation"
)

func (s *Server) authorizeRoutes() {
	s.get(federation.InteractPath, s.showInteraction)
}

// showInteraction receives somebody whom a page elsewhere sent home to follow or
// answer what they saw there: a member is led to it here, a visitor signs in
// first and comes back. What cannot be found is said, with the address to look at.
func (s *Server) showInteraction(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	uri := v.Query("uri")
	if !s.isAddress(uri) {
		return s.searchFailed(v, uri, &community.Error{Kind: community.Invalid, Key: "lookup.not_address"})
	}
	path, err := s.find(v, uri)
	if err != nil {
		return s.searchFailed(v, uri, err)
	}
	v.Redirect(http.StatusSeeOther, path)
	return nil
}
