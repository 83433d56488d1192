package web

import (
	"html/template"
	"net/http"
	"net/url"
	"time"

	"hearth/community"
)

// adminGroupsPage is what was asked for, and all groups of this server.
type adminGroupsPage struct {
	Asked    []adminAskedRow
	All      []adminGroupRow
	Pager    Pager
	Problems Problems
}

// adminAskedRow is a group that waits for an admin.
type adminAskedRow struct {
	ID, Title, Name, Lang string
	Asker, AskerURL       string
	Since                 time.Time
	Purpose               template.HTML
	ForWhom, NotFor       string
	Facts                 []string
	Sees                  []string
	Rules                 []string
	Reason                string // as typed, where it has to be mended
}

// adminGroupRow is a group that exists, without anything of its members.
type adminGroupRow struct {
	Title, URL, Mod string
	Facts           []string
	Closed          bool
}

func (s *Server) showAdminGroups(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	return s.renderAdminGroups(v, http.StatusOK, "", nil)
}

func (s *Server) renderAdminGroups(v *visit, status int, mending string, problems Problems) error {
	asked, rules, err := s.service.GroupsAsked(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	all, err := s.service.AllGroups(v.ctx(), v.viewer, v.Query("after"))
	if err != nil {
		return err
	}
	p := adminGroupsPage{Problems: problems}
	for _, g := range asked {
		row := v.adminAskedRow(g, rules[g.ID])
		if g.ID == mending {
			row.Reason = v.input("reason")
		}
		p.Asked = append(p.Asked, row)
	}
	for _, l := range all.Groups {
		g := l.Group
		p.All = append(p.All, adminGroupRow{Title: g.Title, URL: groupPath(g), Mod: groupModPath(g), Facts: v.adminGroupFacts(g), Closed: g.State == community.GroupClosed})
	}
	if v.Query("after") != "" {
		p.Pager.Newer = "/admin/groups"
	}
	if all.Older != "" {
		p.Pager.Older = "/admin/groups?after=" + url.QueryEscape(all.Older)
	}
	return v.render(status, "admin_groups", v.t("group_admin.title"), p)
}

func (v *visit) adminAskedRow(g community.AskedGroup, rules []community.Rule) adminAskedRow {
	row := adminAskedRow{
		ID: g.ID, Title: g.Title, Name: g.Name, Lang: g.Language, Asker: g.AskerTitle, AskerURL: profilePath(community.Actor{Name: g.AskerName}), Since: g.CreatedAt,
		Purpose: wordsUnder(3, g.PurposeHTML), ForWhom: g.ForWhom, NotFor: g.NotFor, Facts: v.adminGroupFacts(g.Group), Sees: v.groupSees(g.Group),
	}
	for _, r := range rules {
		row.Rules = append(row.Rules, r.Text)
	}
	return row
}

func (v *visit) adminGroupFacts(g community.Group) []string {
	facts := append(v.groupFacts(g), v.t("group.situation."+g.Situation))
	if g.Sensitive {
		facts = append(facts, v.t("group_admin.sensitive"))
	}
	if !g.Listed {
		facts = append(facts, v.t("group_admin.unlisted"))
	}
	return facts
}

func (s *Server) doAnswerGroup(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	a := community.GroupAnswer{Approve: v.input("answer") == "yes", Reason: v.input("reason")}
	g, err := s.service.AnswerGroup(v.ctx(), v.viewer, v.Param("id"), a)
	if problems, ok := v.problems(err); ok {
		return s.renderAdminGroups(v, http.StatusUnprocessableEntity, v.Param("id"), problems)
	}
	if err != nil {
		return err
	}
	if a.Approve {
		v.flash("group_admin.approved", "Group", g.Title)
	} else {
		v.flash("group_admin.refused", "Group", g.Title)
	}
	return v.redirect("/admin/groups")
}
