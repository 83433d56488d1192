package web

import "hearth/community"

func (s *Server) welcomeRoutes() {
	s.get("/", s.showWelcome)
	s.get("/rules", s.showRules)
	s.get("/about", s.showAbout)
	s.get("/about/privacy", func(v *visit) error { return v.page("about/privacy", v.t("privacy.title"), nil) })
	s.get("/robots.txt", s.robots)
}

type welcomePage struct {
	Site   community.Site
	Groups []GroupCard
}

// showWelcome is the first page: one sentence, who runs it, three doors.
func (s *Server) showWelcome(v *visit) error {
	if v.viewer.User != nil {
		return v.redirect("/home")
	}
	groups, err := s.welcomeGroups(v)
	if err != nil {
		return err
	}
	return v.page("welcome", v.site.Name, welcomePage{Site: v.site, Groups: groups})
}

type rulesPage struct{ Rules []string }

func (s *Server) showRules(v *visit) error {
	return v.page("rules", v.t("rules.title"), rulesPage{Rules: v.site.RuleLines()})
}

type aboutPage struct {
	Site     community.Site
	Admins   []string
	Address  string
	Version  string
	Reviewed string
}

func (s *Server) showAbout(v *visit) error {
	team, err := s.service.Team(v.ctx())
	if err != nil {
		return err
	}
	p := aboutPage{Site: v.site, Address: v.site.Base(), Version: s.config.Version}
	for _, a := range team {
		p.Admins = append(p.Admins, a.Title)
	}
	return v.page("about", v.t("about.title", "Name", v.site.Name), p)
}

// robots asks every crawler to stay away; nothing here is for an index.
func (s *Server) robots(v *visit) error {
	v.String(200, "User-agent: *\nDisallow: /\n")
	return nil
}
