package web

import (
	"html/template"
	"net/url"

	"hearth/community"
)

type profilePage struct {
	Name    string
	Domain  string // where it lives, if not here
	URL     string // its page there
	About   template.HTML
	Own     bool
	Full    bool // the reader may see more than the name
	Threads []ThreadCard
	Pager   Pager
	Brakes  []Action // to report it, to block it, to look after it
}

// profilePath is the page of an account.
func profilePath(a community.Actor) string { return "/@" + url.PathEscape(a.Handle()) }

// showProfile is what a reader may see of an account: nothing of its person.
func (s *Server) showProfile(v *visit) error {
	profile, err := s.service.Profile(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	p := profilePage{
		Name: profile.Title, Domain: profile.Domain, About: template.HTML(profile.AboutHTML), Own: profile.Own, Full: profile.Full,
	}
	if p.Name == "" {
		p.Name = profile.Name
	}
	if !profile.IsLocal() {
		p.URL = profile.URL
	}
	p.Brakes = v.accountBrakes(profile)
	return v.page("me_profile", v.site.Name, p)
}
