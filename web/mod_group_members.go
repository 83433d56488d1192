package web

import (
	"net/url"
	"time"

	"hearth/community"
)

// modMembersPage is who asks to be in a group, and who is.
type modMembersPage struct {
	Title, URL, Mod string
	Question        string
	Asking          []askingRow
	Members         []memberRow
	Size            string
	Pager           Pager
	Problems        Problems
}

type askingRow struct {
	Account, Name, URL string
	Domain             string // they read no sentence there
	Answer             string
	Since              time.Time
	Reason             string // as typed, where it has to be mended
	Wary               bool   // because of what was decided about their server
}

type memberRow struct {
	Account, Name, URL, Domain string
	Role                       string // a label; empty for a member
	Since                      time.Time
	Actions                    []Action
}

func (s *Server) showGroupMembers(v *visit) error {
	return s.renderGroupMembers(v, 200, "", nil)
}

// renderGroupMembers renders the page; mending names the account whose answer
// has to be mended.
func (s *Server) renderGroupMembers(v *visit, status int, mending string, problems Problems) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, people, err := s.service.GroupMembers(v.ctx(), v.viewer, v.Param("name"), v.Query("after"))
	if err != nil {
		return err
	}
	g := view.Group
	p := modMembersPage{Title: g.Title, URL: groupPath(g), Mod: groupModPath(g), Question: g.Question, Size: v.groupSize(view), Problems: problems}
	for _, m := range people.Asking {
		row := askingRow{Account: m.AccountID, Name: m.Title, URL: profilePath(community.Actor{Name: m.Name, Domain: m.Domain}), Domain: m.Domain, Answer: m.Answer, Since: m.ChangedAt, Wary: m.IsWary}
		if m.AccountID == mending {
			row.Reason = v.input("reason")
		}
		p.Asking = append(p.Asking, row)
	}
	for _, m := range people.Members {
		p.Members = append(p.Members, v.memberRow(view, m))
	}
	if v.Query("after") != "" {
		p.Pager = Pager{Newer: groupModPath(g, "members"), NewerText: v.t("group_members.first")}
	}
	if people.After != "" {
		p.Pager.Older, p.Pager.OlderText = groupModPath(g, "members")+"?after="+url.QueryEscape(people.After), v.t("group_members.more")
	}
	return v.render(status, "mod_group_members", v.inGroup(g, v.t("group_members.title", "Group", g.Title)), p)
}

func (v *visit) memberRow(view community.GroupView, m community.Member) memberRow {
	row := memberRow{Account: m.AccountID, Name: m.Title, URL: profilePath(community.Actor{Name: m.Name, Domain: m.Domain}), Domain: m.Domain, Since: m.CreatedAt}
	if m.Role != community.GroupMember {
		row.Role = v.t("group.role." + m.Role)
	}
	owns := view.Membership.Role == community.GroupOwner
	to := groupModPath(view.Group, "members", m.AccountID, "role")
	switch {
	case m.Role == community.GroupMember && owns && m.Domain == "":
		row.Actions = append(row.Actions, Action{Text: v.t("group_members.make"), To: m.Title, URL: to, Post: true, Kind: "quiet", Name: "role", Value: community.GroupModerator})
	case m.Role == community.GroupModerator && owns:
		row.Actions = append(row.Actions, Action{Text: v.t("group_members.unmake"), To: m.Title, URL: to, Post: true, Kind: "quiet", Name: "role", Value: community.GroupMember})
	case m.Role == community.GroupModerator && v.viewer.Owns(m.AccountID):
		row.Actions = append(row.Actions, Action{Text: v.t("group_members.step_down"), URL: to, Post: true, Kind: "quiet", Name: "role", Value: community.GroupMember})
	}
	if m.Role != community.GroupOwner && !v.viewer.Owns(m.AccountID) {
		row.Actions = append(row.Actions, Action{Text: v.t("moderate.member"), To: m.Title, URL: modPersonPath(m.AccountID, &view.Group), Kind: "quiet"})
	}
	return row
}

func (s *Server) doAnswerJoin(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	account := v.Param("account")
	a := community.JoinAnswer{Accept: v.input("answer") == "yes", Reason: v.input("reason")}
	asked, err := s.service.AnswerJoin(v.ctx(), v.viewer, v.Param("name"), account, a)
	if problems, ok := v.problems(err); ok {
		return s.renderGroupMembers(v, 422, account, problems)
	}
	if err != nil {
		return err
	}
	switch {
	case asked.FollowURI != "":
		v.flash("group_members.answered_there")
	case a.Accept:
		v.flash("group_members.accepted")
	default:
		v.flash("group_members.refused")
	}
	return v.redirect(joinPath("mod", "g", v.Param("name"), "members"))
}

func (s *Server) doSetModerator(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	moderator := v.input("role") == community.GroupModerator
	if err := s.service.SetModerator(v.ctx(), v.viewer, v.Param("name"), v.Param("account"), moderator); err != nil {
		return err
	}
	v.flash("group_members.role_done")
	if !moderator && v.viewer.Owns(v.Param("account")) {
		return v.redirect(joinPath("g", v.Param("name")))
	}
	return v.redirect(joinPath("mod", "g", v.Param("name"), "members"))
}
