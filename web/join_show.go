package web

import (
	"net/http"

	"hearth/community"
)

func (s *Server) joinRoutes() {
	s.get("/join", s.showJoin)
	s.post("/join", s.doJoin).holding("answer")
	s.get("/join/receipt", s.showReceiptForm)
	s.post("/join/receipt", s.doReceiptForm)
	s.get("/join/receipt/:code", s.showReceipt)
}

func (s *Server) showJoin(v *visit) error {
	next := safeNext(v.Query("next"))
	if v.viewer.User != nil {
		return v.redirect(next)
	}
	p, err := s.doorPage(v)
	if err != nil {
		return err
	}
	p.Next, p.Form = next, p.Form && !p.Door.Full
	return s.renderJoin(v, http.StatusOK, p)
}

func (s *Server) doJoin(v *visit) error {
	if v.viewer.User != nil {
		return v.redirect("/home")
	}
	p, err := s.doorPage(v)
	if err != nil {
		return err
	}
	return s.arrive(v, p, func(a community.Arrival) (community.Admission, error) { return s.service.Join(v.ctx(), a) })
}

// doorPage is the page of the site's own door.
func (s *Server) doorPage(v *visit) (joinPage, error) {
	door, err := s.service.Door(v.ctx())
	open := door.Mode == community.RegistrationApproval || door.Mode == community.RegistrationOpen
	return joinPage{Door: door, Form: open, Action: "/join"}, err
}
