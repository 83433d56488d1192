package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hearth/community"
)

type invitationsPage struct {
	Link        string // of the one just made, shown this once
	In          community.InvitationDraft
	Uses, Days  string // as typed
	Problems    Problems
	Invitations []invitationRow
	Pager       Pager
}

// invitationRow is one invitation in words.
type invitationRow struct {
	ID, Note, Group, Author, State string
	Holds                          bool
	Uses, Left                     int
	Made, Ends                     time.Time
}

func (s *Server) showInvitations(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	return s.renderInvitations(v, http.StatusOK, invitationsPage{Uses: "1", Days: "14", Link: v.takeOnce(onceInvitation)})
}

func (s *Server) renderInvitations(v *visit, status int, p invitationsPage) error {
	lines, next, err := s.service.Invitations(v.ctx(), v.viewer, v.Query("before"))
	if err != nil {
		return err
	}
	for _, l := range lines {
		p.Invitations = append(p.Invitations, v.invitationRow(l))
	}
	if next != "" {
		p.Pager = Pager{Older: "/admin/invitations?before=" + url.QueryEscape(next)}
	}
	return v.render(status, "admin/invitations", v.t("admin.invitations.title"), p)
}

func (v *visit) invitationRow(l community.InvitationLine) invitationRow {
	now := v.server.service.Now()
	row := invitationRow{
		ID: l.ID, Note: l.Note, Author: v.nameOr(l.Author.Title), Holds: l.Holds(now), Uses: l.Uses, Left: l.UsesLeft, Made: l.CreatedAt, Ends: l.ExpiresAt,
	}
	if l.Group != nil {
		row.Group = l.Group.Title
	}
	switch {
	case l.RevokedAt != nil:
		row.State = v.t("invitations.revoked")
	case l.UsesLeft < 1:
		row.State = v.t("invitations.used_up")
	case !row.Holds:
		row.State = v.t("invitations.over")
	}
	return row
}

func (s *Server) doInvite(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	p := invitationsPage{Uses: v.input("uses"), Days: v.input("days"), In: community.InvitationDraft{Group: v.input("group"), Note: v.input("note")}}
	p.In.Uses, _ = strconv.Atoi(p.Uses)
	p.In.Days, _ = strconv.Atoi(p.Days)
	code, err := s.service.MakeInvitation(v.ctx(), v.viewer, p.In)
	if problems, ok := v.problems(err); ok {
		p.Problems = problems
		return s.renderInvitations(v, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if err := v.keepOnce(onceInvitation, v.site.Base()+"/invitation/"+code); err != nil {
		return err
	}
	return v.redirect("/admin/invitations")
}

func (s *Server) doRevokeInvitation(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	err := s.service.RevokeInvitation(v.ctx(), v.viewer, v.Param("id"))
	if err != nil && !errors.Is(err, community.Conflict) { // taken back twice is taken back
		return err
	}
	v.flash("invitations.taken_back")
	return v.redirect("/admin/invitations")
}
