package web

import (
	"net/http"
	"net/url"

	"hearth/community"
)

// modPersonPage is an account as moderators of one place know it: of a group,
// from that group alone; of the instance, from outside of the groups.
type modPersonPage struct {
	Name    string
	Domain  string
	Place   string
	State   string
	History history
	Form    measureForm
}

// modPersonPath leads to an account as the moderators of a group, or with none
// those of the instance, see it.
func modPersonPath(accountID string, g *community.Group) string {
	path := joinPath("mod", "people", accountID)
	if g == nil {
		return path
	}
	return path + "?group=" + url.QueryEscape(g.Handle())
}

func (s *Server) showModPerson(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	p, err := s.personDesk(v)
	if err != nil {
		return err
	}
	form := v.firstLadder(p)
	form.Group = v.groupAsked()
	return p.show(http.StatusOK, form)
}

func (s *Server) doModPerson(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	p, err := s.personDesk(v)
	if err != nil {
		return err
	}
	return s.moderate(v, p, func() (moderated, error) { return s.personDesk(v) })
}

// groupAsked is the group that a page about an account is in, from its address
// or its form.
func (v *visit) groupAsked() string {
	if group := v.input("group"); group != "" {
		return group
	}
	return v.Query("group")
}

func (s *Server) personDesk(v *visit) (moderated, error) {
	if group := v.groupAsked(); group != "" {
		return s.memberDesk(v, group)
	}
	return s.accountDesk(v)
}

// memberDesk is somebody in a group, for its moderators.
func (s *Server) memberDesk(v *visit, group string) (moderated, error) {
	m, err := s.service.MemberToModerate(v.ctx(), v.viewer, group, v.Param("account"))
	if err != nil {
		return moderated{}, err
	}
	state := v.t("mod.member." + m.Membership.State)
	if m.Membership.State == community.MemberRemoved && m.Membership.RemovedUntil != nil {
		state = v.t("mod.member_removed_until", "Until", v.day(*m.Membership.RemovedUntil))
	}
	return moderated{
		path: joinPath("mod", "people", m.Account.ID), measures: m.Measures, rules: m.Rules, place: m.Group.Title, server: m.Account.Domain, next: modPersonPath(m.Account.ID, &m.Group),
		show: func(status int, form measureForm) error {
			form.Group = group
			return v.render(status, "mod_person", v.inGroup(m.Group, v.t("mod.person_title")), modPersonPage{
				Name: v.nameOf(m.Account), Domain: m.Account.Domain, Place: m.Group.Title, State: state, Form: form,
				History: v.history(&m.Group, m.Reports, m.Past),
			})
		},
		decide: func(measure community.Measure) error {
			_, err := s.service.ModerateMember(v.ctx(), v.viewer, group, m.Account.ID, measure)
			return err
		},
	}, nil
}

// accountDesk is an account, for the instance's moderators.
func (s *Server) accountDesk(v *visit) (moderated, error) {
	a, err := s.service.AccountToModerate(v.ctx(), v.viewer, v.Param("account"))
	if err != nil {
		return moderated{}, err
	}
	state := ""
	switch now := s.service.Now(); {
	case a.Account.GoneAt != nil:
		state = v.t("mod.left")
	case a.Account.AwayAt != nil:
		state = v.t("mod.left_may_return")
	case a.Account.IsSuspended(now) && a.Account.SuspendedUntil != nil:
		state = v.t("mod.paused_until", "Until", v.day(*a.Account.SuspendedUntil))
	case a.Account.IsSuspended(now):
		state = v.t("mod.paused")
	}
	return moderated{
		path: joinPath("mod", "people", a.Account.ID), measures: a.Measures, server: a.Account.Domain, next: modPersonPath(a.Account.ID, nil),
		show: func(status int, form measureForm) error {
			return v.render(status, "mod_person", v.t("mod.person_title"), modPersonPage{
				Name: v.nameOf(a.Account), Domain: a.Account.Domain, Place: v.t("mod.whole_server"), State: state, Form: form,
				History: v.history(nil, a.Reports, a.Past),
			})
		},
		decide: func(m community.Measure) error {
			_, err := s.service.ModerateAccount(v.ctx(), v.viewer, a.Account.ID, m)
			return err
		},
	}, nil
}

// nameOf is the name of an account, or what is said of one that has none any more.
func (v *visit) nameOf(a community.Account) string { return v.nameOr(a.Title) }

// nameOr is a name, or what is said of somebody who has none any more.
func (v *visit) nameOr(name string) string {
	if name == "" {
		return v.t("person.former")
	}
	return name
}
