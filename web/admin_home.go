package web

import (
	"hearth/community"
)

func (s *Server) adminRoutes() {
	s.get("/admin", s.showAdmin)
	s.get("/admin/registration", s.showRegistration)
	s.post("/admin/registration", s.doRegistration).holding("question")
	s.get("/admin/registration/:id", s.showApplicant)
	s.post("/admin/registration/:id", s.doApplicant).holding("reply")
	s.get("/admin/invitations", s.showInvitations)
	s.post("/admin/invitations", s.doInvite).holding("note")
	s.post("/admin/invitations/:id/revoke", s.doRevokeInvitation).on("/admin/invitations")
	s.get("/admin/people", s.showPeople)
	s.get("/admin/people/:id", s.showPerson)
	s.post("/admin/people/:id/role", s.doRole).on("/admin/people/:id")
	s.post("/admin/people/:id/reset", s.doResetLink).on("/admin/people/:id")
	s.get("/admin/site", s.showSite)
	s.post("/admin/site", s.doSite).holding("purpose", "rules", "contact")
}

type adminPage struct {
	Waiting      []duty // what waits for somebody
	Alone        bool   // nobody else looks after this place
	Doors        []hubDoor
	Registration string
	FrontDoor    string
	Version      string
}

// duty is one thing that may wait for an admin: a sentence, and where to do it.
type duty struct {
	Text, URL string
}

// duties ask what waits, one read each; each noun adds its own. One that has
// nothing waiting returns the zero duty.
func (s *Server) duties() []func(v *visit) (duty, error) {
	return []func(v *visit) (duty, error){s.applicationsDuty, s.groupsDuty, s.reportsDuty, s.heldDuty}
}

// adminDoors are the pages under /admin, by address and by the key of their
// words; each noun adds its own.
var adminDoors = [][2]string{
	{"/admin/registration", "admin.registration"},
	{"/admin/invitations", "admin.invitations"},
	{"/admin/people", "admin.people"},
	{"/admin/groups", "admin.groups"},
	{"/admin/site", "admin.site"},
	{"/admin/federation", "admin.federation"},
	{"/admin/helplines", "admin.helplines"},
	{"/mod/log", "admin.record"},
}

func (s *Server) showAdmin(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	p := adminPage{
		Doors: v.hubDoors(adminDoors), Version: s.config.Version,
		Registration: v.t("registration.mode." + v.site.Registration), FrontDoor: v.t("front_door." + v.site.FrontDoor),
	}
	var err error
	if p.Alone, err = s.service.StandsAlone(v.ctx(), v.viewer); err != nil {
		return err
	}
	for _, ask := range s.duties() {
		d, err := ask(v)
		if err != nil {
			return err
		}
		if d != (duty{}) {
			p.Waiting = append(p.Waiting, d)
		}
	}
	return v.page("admin/home", v.t("nav.admin"), p)
}

func (s *Server) applicationsDuty(v *visit) (duty, error) {
	n, err := s.service.CountApplicants(v.ctx(), v.viewer)
	if err != nil || n == 0 {
		return duty{}, err
	}
	return duty{v.tn("admin.applicants_wait", n), "/admin/registration"}, nil
}

func (s *Server) groupsDuty(v *visit) (duty, error) {
	n, err := s.service.CountGroupsAsked(v.ctx(), v.viewer)
	if err != nil || n == 0 {
		return duty{}, err
	}
	return duty{v.tn("admin.groups_wait", n), "/admin/groups"}, nil
}

// registrationDraft is how people come in now.
func registrationDraft(s community.Site) community.RegistrationDraft {
	return community.RegistrationDraft{
		Mode: s.Registration, Question: s.Question, MinimumAge: s.MinimumAge,
		NewcomersPerDay: s.NewcomersPerDay, ApplicationsWaiting: s.ApplicationsWaiting,
	}
}
