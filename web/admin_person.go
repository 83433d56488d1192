package web

import (
	"errors"
	"net/http"

	"hearth/community"
)

type personPage struct {
	personRow
	ID       string
	Email    string
	Link     string // a reset link just made, shown this once
	Roles    Choices
	Problems Problems
	In       bool // was let in: has a role, and may be given a reset link
	Left     bool
	Back     bool // may come back, and may be given a reset link for it
	Actions  []Action
}

func (s *Server) showPerson(v *visit) error {
	return s.renderPerson(v, http.StatusOK, "", nil)
}

func (s *Server) renderPerson(v *visit, status int, role string, problems Problems) error {
	if err := v.admin(); err != nil {
		return err
	}
	person, err := s.service.Person(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	if role == "" {
		role = person.Role
	}
	p := personPage{
		personRow: v.personRow(person), ID: person.ID, Link: v.takeOnce(onceResetLink + person.ID), Problems: problems,
		In:    person.State == community.UserActive || person.State == community.UserSuspended,
		Roles: v.options("role", "person_role", role, problems, community.RoleMember, community.RoleModerator, community.RoleAdmin),
	}
	if person.Email != nil {
		p.Email = *person.Email
	}
	if p.Left = person.State == community.UserLeft; p.Left {
		p.Back = person.Name != ""
		p.Actions = []Action{{Text: v.t("moderate.person"), URL: modPersonPath(person.AccountID, nil), Kind: "second"}}
	} else {
		p.Actions = s.personActions(v, person)
	}
	return v.render(status, "admin/person", v.t("admin.people.title"), p)
}

// personActions are what else an admin may do about a person; each noun adds
// its own.
func (s *Server) personActions(v *visit, p community.Person) []Action {
	actions := []Action{{Text: v.t("people.profile"), URL: profilePath(community.Actor{Name: community.Fold(p.Name)}), Kind: "second"}}
	if v.viewer.Owns(p.AccountID) {
		return actions
	}
	return append(actions, Action{Text: v.t("moderate.person"), URL: modPersonPath(p.AccountID, nil), Kind: "second"})
}

func (s *Server) doRole(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	err := s.service.ChangeRole(v.ctx(), v.viewer, v.Param("id"), v.input("role"))
	if code := statusOf(err); code == http.StatusConflict || code == http.StatusUnprocessableEntity {
		return s.renderPerson(v, code, v.input("role"), Problems{{Field: "role", Text: v.sentence(err)}})
	}
	if err != nil {
		return err
	}
	v.flash("people.role_changed")
	return v.redirect(joinPath("admin", "people", v.Param("id")))
}

// doResetLink makes a link and shows it on the next page, once.
func (s *Server) doResetLink(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	token, err := s.service.MakeResetLink(v.ctx(), v.viewer, v.Param("id"))
	if errors.Is(err, community.Forbidden) {
		return s.renderPerson(v, http.StatusConflict, "", Problems{{Text: v.t("people.not_in")}})
	}
	if err != nil {
		return err
	}
	if err := v.keepOnce(onceResetLink+v.Param("id"), v.site.Base()+"/reset/"+token); err != nil {
		return err
	}
	return v.redirect(joinPath("admin", "people", v.Param("id")))
}
