package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hearth/community"
)

// registrationPage has two forms: how people come in, and those who wait.
type registrationPage struct {
	In         community.RegistrationDraft
	Numbers    registrationNumbers
	Mode       Choices
	Problems   Problems
	Applicants []applicantRow
	Pager      Pager
}

// registrationNumbers are numbers as they were typed.
type registrationNumbers struct{ Age, PerDay, Waiting string }

// applicantRow is somebody who waits.
type applicantRow struct {
	URL, Login, Name, Answer string
	Doubtful                 bool
	Since                    time.Time
}

func newApplicantRow(a community.Applicant) applicantRow {
	return applicantRow{
		URL: joinPath("admin", "registration", a.ID), Login: a.Login, Name: a.Name, Answer: a.Answer, Doubtful: a.Doubtful, Since: a.CreatedAt,
	}
}

func (s *Server) showRegistration(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	in := registrationDraft(v.site)
	return s.renderRegistration(v, http.StatusOK, registrationPage{In: in, Numbers: numbersOf(in)})
}

func numbersOf(in community.RegistrationDraft) registrationNumbers {
	return registrationNumbers{strconv.Itoa(in.MinimumAge), strconv.Itoa(in.NewcomersPerDay), strconv.Itoa(in.ApplicationsWaiting)}
}

func (s *Server) renderRegistration(v *visit, status int, p registrationPage) error {
	list, next, err := s.service.Applicants(v.ctx(), v.viewer, v.Query("after"))
	if err != nil {
		return err
	}
	for _, a := range list {
		p.Applicants = append(p.Applicants, newApplicantRow(a))
	}
	if next != "" {
		p.Pager = Pager{Older: "/admin/registration?after=" + url.QueryEscape(next) + "#waiting", OlderText: v.t("applicants.more")}
	}
	p.Mode = v.options("registration", "registration.mode", p.In.Mode, p.Problems, registrationModes...)
	return v.render(status, "admin/registration", v.t("admin.registration.title"), p)
}

func (s *Server) doRegistration(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	p := registrationPage{
		In:      community.RegistrationDraft{Mode: v.input("registration"), Question: v.input("question")},
		Numbers: registrationNumbers{v.input("minimum_age"), v.input("newcomers_per_day"), v.input("applications_waiting")},
	}
	p.In.MinimumAge, _ = strconv.Atoi(p.Numbers.Age)
	p.In.NewcomersPerDay, _ = strconv.Atoi(p.Numbers.PerDay)
	p.In.ApplicationsWaiting, _ = strconv.Atoi(p.Numbers.Waiting)
	err := s.service.SaveRegistration(v.ctx(), v.viewer, p.In)
	if problems, ok := v.problems(err); ok {
		p.Problems = problems
		return s.renderRegistration(v, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	v.flash("me.saved")
	return v.redirect("/admin/registration")
}
