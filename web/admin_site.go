package web

import (
	"net/http"

	"hearth/community"
)

type sitePage struct {
	Address       string
	In            community.SiteDraft
	Zones         []Choice
	Countries     []Choice
	FrontDoor     Choices
	GroupCreation Choices
	Problems      Problems
}

func (s *Server) showSite(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	return s.renderSite(v, http.StatusOK, community.SiteDraftOf(v.site), nil)
}

func (s *Server) renderSite(v *visit, status int, in community.SiteDraft, problems Problems) error {
	return v.render(status, "admin/site", v.t("admin.site.title"), sitePage{
		Address: v.site.Base(), In: in, Problems: problems, Zones: zoneChoices(in.Zone), Countries: v.countries(in.Country),
		FrontDoor: v.options("front_door", "front_door", in.FrontDoor, problems, frontDoors...),
		GroupCreation: v.options("group_creation", "group_creation", in.GroupCreation, problems,
			community.GroupCreationAsked, community.GroupCreationOpen, community.GroupCreationAdmins),
	})
}

func (s *Server) doSite(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	in := community.SiteDraft{
		Name: v.input("name"), Purpose: v.input("purpose"), Rules: v.input("rules"), Contact: v.input("contact"),
		FrontDoor: v.input("front_door"), GroupCreation: v.input("group_creation"), Country: v.input("country"), Zone: v.input("zone"),
	}
	err := s.service.SaveSite(v.ctx(), v.viewer, in)
	if problems, ok := v.problems(err); ok {
		return s.renderSite(v, http.StatusUnprocessableEntity, in, problems)
	}
	if err != nil {
		return err
	}
	v.flash("me.saved")
	return v.redirect("/admin/site")
}
