package web

import (
	"errors"
	"net/http"
	"net/url"

	"hearth/community"
)

func (s *Server) leaveRoutes() {
	s.get("/me/leave", s.showLeave)
	s.post("/me/leave", s.doLeave)
	s.get("/left", s.showLeft)
	s.post("/left/back", s.comeBack)
	s.post("/left/now", s.leaveForGood)
	s.get("/left/done", s.showLeftDone)
	s.get("/leave/receipt", s.showLeaveCode)
	s.post("/leave/receipt", s.doLeaveCode)
	s.get("/leave/receipt/:code", s.showLeaveReceipt)
}

// leavePage is what leaving means for its reader.
type leavePage struct {
	Login     string // for the browser's store of passwords
	Owned     []ownedGroup
	LastAdmin bool
	Stays     bool
	Servers   []string
	Problems  Problems
}

// ownedGroup is a group that its owner hands over or closes first.
type ownedGroup struct{ Title, Mod string }

func (s *Server) showLeave(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.renderLeave(v, http.StatusOK, nil)
}

func (s *Server) renderLeave(v *visit, status int, problems Problems) error {
	l, err := s.service.Leaving(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	p := leavePage{Login: v.viewer.User.Login, LastAdmin: l.LastAdmin, Stays: l.Stays(), Problems: problems}
	for _, g := range l.Owned {
		p.Owned = append(p.Owned, ownedGroup{g.Title, groupModPath(g)})
	}
	for _, host := range l.Servers {
		p.Servers = append(p.Servers, shownDomain(host))
	}
	return v.render(status, "leave", v.t("leave.title"), p)
}

func (s *Server) doLeave(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	code, err := s.service.Leave(v.ctx(), v.viewer, v.PostForm("password"))
	if problems, ok := v.problems(err); ok {
		return s.renderLeave(v, http.StatusUnprocessableEntity, problems)
	}
	if at := statusOf(err); err != nil && (at == http.StatusTooManyRequests || at == http.StatusConflict) {
		return s.renderLeave(v, at, Problems{{Text: v.sentence(err)}})
	}
	if err != nil {
		return err
	}
	if err := s.wipeBrowser(v); err != nil {
		return err
	}
	return v.redirect("/leave/receipt/" + url.PathEscape(code))
}

// wipeBrowser takes from a browser all that it knew of whoever was signed in.
func (s *Server) wipeBrowser(v *visit) error {
	v.Header("Clear-Site-Data", `"cache", "cookies", "storage"`)
	return s.sessions.Destroy(v.ctx())
}

// welcomeBack leads whoever just signed in on; somebody who left, to what they can
// do about it.
func (s *Server) welcomeBack(v *visit, next string) error {
	_, err := s.service.Away(v.ctx(), s.sessions.GetString(v.ctx(), sessionSignIn))
	switch {
	case err == nil:
		return v.redirect("/left")
	case !errors.Is(err, community.NotFound):
		return err
	}
	return v.redirect(next)
}

// leftPage is for somebody who left and signed in again.
type leftPage struct {
	community.Departure
	Over     bool // they are being deleted
	Sure     Choices
	Problems Problems
}

func (s *Server) showLeft(v *visit) error { return s.renderLeft(v, http.StatusOK, nil) }

func (s *Server) renderLeft(v *visit, status int, problems Problems) error {
	d, err := s.service.Away(v.ctx(), s.sessions.GetString(v.ctx(), sessionSignIn))
	if errors.Is(err, community.NotFound) {
		return v.redirect("/home")
	}
	if err != nil {
		return err
	}
	v.unkept()
	over := d.BegunAt != nil || !s.service.Now().Before(d.EndsAt)
	return v.render(status, "left", v.t("left.title"), leftPage{
		Departure: d, Over: over, Problems: problems,
		Sure: Choices{Name: "sure", Several: true, Required: true, Error: problems.For("sure"), Options: []Choice{{Value: "yes", Label: v.t("left.sure")}}},
	})
}

func (s *Server) comeBack(v *visit) error {
	err := s.service.ComeBack(v.ctx(), s.sessions.GetString(v.ctx(), sessionSignIn))
	if stop, err := s.notAway(v, err); stop {
		return err
	}
	if err := s.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	v.flash("left.welcome")
	return v.redirect("/home")
}

// leaveForGood wants the box ticked: it is the one step that nothing takes back.
func (s *Server) leaveForGood(v *visit) error {
	if !v.ticked("sure") {
		return s.renderLeft(v, http.StatusUnprocessableEntity, Problems{{Field: "sure", Text: v.t("left.tick")}})
	}
	err := s.service.LeaveForGood(v.ctx(), s.sessions.GetString(v.ctx(), sessionSignIn))
	if stop, err := s.notAway(v, err); stop {
		return err
	}
	if err := s.wipeBrowser(v); err != nil {
		return err
	}
	return v.redirect("/left/done")
}

// notAway answers for somebody who is not away, or not any more.
func (s *Server) notAway(v *visit, err error) (stop bool, _ error) {
	switch {
	case err == nil:
		return false, nil
	case errors.Is(err, community.NotFound):
		return true, v.redirect("/home")
	case errors.Is(err, community.Gone):
		return true, s.renderLeft(v, http.StatusGone, nil)
	}
	return true, err
}

// showLeftDone knows nobody any more: whoever was deleted is signed out, and others
// find the page too.
func (s *Server) showLeftDone(v *visit) error {
	if v.viewer.User != nil {
		return v.redirect("/home")
	}
	return v.page("left_done", v.t("left.done_title"), nil)
}
