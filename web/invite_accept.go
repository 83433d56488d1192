package web

import (
	"errors"
	"net/http"
	"net/url"
	"path"

	"hearth/community"
	"hearth/community/secret"
)

func (s *Server) inviteRoutes() {
	s.post("/invitation", s.findInvitation).on("/join")
	s.get("/invitation/:code", s.showInvitation)
	s.post("/invitation/:code", s.acceptInvitation)
}

// invitationFace is what the page says of an invitation.
type invitationFace struct{ Group string }

// findInvitation leads from a code, or the whole address, to its page.
func (s *Server) findInvitation(v *visit) error {
	code := secret.FoldCode(path.Base(v.input("code")))
	if code == "" {
		return v.redirect("/join")
	}
	return v.redirect("/invitation/" + url.PathEscape(code))
}

// showInvitation never uses an invitation up: links are looked at by programs too.
func (s *Server) showInvitation(v *visit) error {
	p, group, err := s.invitationPage(v)
	if err != nil {
		return err
	}
	if v.viewer.User != nil {
		return s.alreadyIn(v, group)
	}
	p.Next = "/home"
	return s.renderJoin(v, http.StatusOK, p)
}

func (s *Server) acceptInvitation(v *visit) error {
	if v.viewer.User != nil {
		return v.redirect(v.Request.URL.Path)
	}
	p, _, err := s.invitationPage(v)
	if errors.Is(err, community.Gone) {
		return s.invitationGone(v, err)
	}
	if err != nil {
		return err
	}
	err = s.arrive(v, p, func(a community.Arrival) (community.Admission, error) {
		return s.service.AcceptInvitation(v.ctx(), v.Param("code"), a)
	})
	if errors.Is(err, community.Gone) {
		return s.invitationGone(v, err)
	}
	return err
}

func (s *Server) invitationPage(v *visit) (joinPage, *community.Group, error) {
	invited, err := s.service.Invited(v.ctx(), v.Param("code"))
	if err != nil {
		return joinPage{}, nil, err
	}
	face := &invitationFace{}
	if invited.Group != nil {
		face.Group = invited.Group.Title
	}
	return joinPage{Door: invited.Door, Invitation: face, Form: true, Action: "/invitation/" + url.PathEscape(v.Param("code"))}, invited.Group, nil
}

// invitationGone answers somebody whose invitation ended while they wrote: with
// the site's own door and their words in its form, where that door is open.
func (s *Server) invitationGone(v *visit, gone error) error {
	p, err := s.doorPage(v)
	if err != nil {
		return err
	}
	if !p.Form {
		return gone
	}
	p.In, p.Next, p.Sentence = v.arrival(), "/home", v.sentence(gone)+" "+v.t("invitation.door_instead")
	return s.renderJoin(v, http.StatusGone, p)
}

// alreadyIn answers a member who follows an invitation.
func (s *Server) alreadyIn(v *visit, group *community.Group) error {
	if group != nil {
		return v.redirect(joinPath("g", group.Name, "join"))
	}
	v.flash("invitation.already")
	return v.redirect("/home")
}
