package web

import (
	"errors"
	"net/http"
	"net/url"

	"hearth/community"
	"hearth/community/secret"
)

// reportReceipt is what whoever sent a report sees of it later.
type reportReceipt struct {
	community.ReportReceipt
	Code string // empty where the notice led here
}

// reportCode takes a code that was written down.
type reportCode struct {
	Code     string
	Problems Problems
}

func (s *Server) showReportCode(v *visit) error {
	return v.page("report_code", v.t("report.code_title"), reportCode{})
}

func (s *Server) doReportCode(v *visit) error {
	code := secret.FoldCode(v.input("code"))
	_, err := s.service.ReportReceipt(v.ctx(), code)
	if errors.Is(err, community.NotFound) {
		return v.render(http.StatusUnprocessableEntity, "report_code", v.t("report.code_title"), reportCode{
			Code: v.input("code"), Problems: Problems{{Field: "code", Text: v.t("report.code_unknown")}},
		})
	}
	if err != nil {
		return err
	}
	return v.redirect("/report/receipt/" + url.PathEscape(code))
}

func (s *Server) showReportReceipt(v *visit) error {
	receipt, err := s.service.ReportReceipt(v.ctx(), v.Param("code"))
	if err != nil {
		return err
	}
	v.unkept()
	return v.page("report_receipt", v.t("report.receipt_title"), reportReceipt{receipt, secret.FoldCode(v.Param("code"))})
}

// showOwnReport is the receipt of a report that the reader sent signed in: where
// the notice leads.
func (s *Server) showOwnReport(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	receipt, err := s.service.OwnReport(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return v.page("report_receipt", v.t("report.receipt_title"), reportReceipt{ReportReceipt: receipt})
}
