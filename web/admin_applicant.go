package web

import (
	"errors"
	"net/http"

	"hearth/community"
)

type applicantPage struct {
	applicantRow
	Reply    string
	Problems Problems
}

func (s *Server) showApplicant(v *visit) error {
	return s.renderApplicant(v, http.StatusOK, "", nil)
}

// renderApplicant shows one person's request. One that was answered in the
// meantime leads back to the list, which says so.
func (s *Server) renderApplicant(v *visit, status int, reply string, problems Problems) error {
	if err := v.admin(); err != nil {
		return err
	}
	a, err := s.service.Applicant(v.ctx(), v.viewer, v.Param("id"))
	if errors.Is(err, community.Conflict) {
		v.flash("apply.decided")
		return v.redirect("/admin/registration")
	}
	if err != nil {
		return err
	}
	return v.render(status, "admin/applicant", v.t("admin.registration.title"), applicantPage{newApplicantRow(a), reply, problems})
}

func (s *Server) doApplicant(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	approve := v.input("decision") == "approve"
	err := s.service.DecideApplication(v.ctx(), v.viewer, v.Param("id"), approve, v.input("reply"))
	if problems, ok := v.problems(err); ok {
		return s.renderApplicant(v, http.StatusUnprocessableEntity, v.input("reply"), problems)
	}
	switch {
	case errors.Is(err, community.Conflict) && v.input("reply") == "":
		v.flash("apply.decided")
	case err != nil:
		return err
	case approve:
		v.flash("applicants.approved")
	default:
		v.flash("applicants.refused")
	}
	return v.redirect("/admin/registration")
}
