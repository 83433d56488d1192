package web

import (
	"hearth/community"
)

// leaveGroupPage says what leaving does, before it is done.
type leaveGroupPage struct {
	Title, URL string
	Key        string // which of the page's texts: "member", "owner", "asked", "group"
	Mod        string // where an owner hands it over
	Name       string // as whom
	There      bool   // its server is told
}

func (s *Server) showLeaveGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, err := s.service.GroupView(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	g, m := view.Group, view.Membership
	p := leaveGroupPage{Title: g.Title, URL: groupPath(g), Name: v.ownName(m.AccountID), There: !g.IsLocal()}
	switch {
	case g.State == community.GroupAsked:
		p.Key = "group"
	case m.State == community.MemberAsked:
		p.Key = "asked"
	case m.IsActive() && m.Role == community.GroupOwner && g.State == community.GroupActive:
		p.Key, p.Mod = "owner", groupModPath(g)
	case m.IsActive(), m.State == community.MemberSevered:
		p.Key, p.There = "member", p.There && m.IsActive()
	default:
		return v.redirect(p.URL)
	}
	return v.page("leave_group", v.inGroup(g, v.t("group_leave.title."+p.Key)), p)
}

func (s *Server) doLeaveGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if err := s.service.LeaveGroup(v.ctx(), v.viewer, v.Param("name")); err != nil {
		return err
	}
	v.flash("group_leave.done")
	return v.redirect("/groups")
}

// groupRulesPage is a group's rules, the present version first.
type groupRulesPage struct {
	Title, URL string
	Line       string // which version the reader accepted
	Versions   []community.RuleVersion
}

func (s *Server) showGroupRules(v *visit) error {
	view, versions, err := s.service.RuleVersions(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	g := view.Group
	return v.page("group_rules", v.inGroup(g, v.t("group.rules.title", "Group", g.Title)), groupRulesPage{
		Title: g.Title, URL: groupPath(g), Line: v.rulesLine(g, view.Membership), Versions: versions,
	})
}

// handOverPage asks somebody to own a group.
type handOverPage struct{ Title, URL string }

func (s *Server) showHandOver(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, err := s.service.GroupOffer(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	return v.page("hand_over", v.inGroup(view.Group, v.t("group_hand_over.title", "Group", view.Group.Title)), handOverPage{view.Group.Title, groupPath(view.Group)})
}

func (s *Server) doHandOver(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, err := s.service.GroupOffer(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	take := v.input("answer") == "yes"
	if err := s.service.AnswerOffer(v.ctx(), v.viewer, view.Group.ID, take); err != nil {
		return err
	}
	if take {
		v.flash("group_hand_over.taken")
		return v.redirect(groupModPath(view.Group))
	}
	v.flash("group_hand_over.declined")
	return v.redirect(groupPath(view.Group))
}
