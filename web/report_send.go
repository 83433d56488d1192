package web

import (
	"net/http"
	"net/url"

	"hearth/community"
)

func (s *Server) reportRoutes() {
	s.get("/report", s.showReport)
	s.post("/report", s.withWords(s.doReport)).on("/report", "post", "account").holding("words", "contact")
	s.get("/report/receipt", s.showReportCode)
	s.post("/report/receipt", s.doReportCode)
	s.get("/report/receipt/:code", s.showReportReceipt)
	s.get("/me/reports/:id", s.showOwnReport)
}

// reportPage is the form to ask moderators for help with a post or an account.
type reportPage struct {
	About    community.Reportable
	PostURL  string
	GroupURL string
	In       community.ReportDraft
	Reason   Choices
	Problems Problems
	Sentence string // why it cannot be sent now
	Visitor  bool
	Server   string // the group's, if it is not this one
	There    string // another server that moderators may ask to look: whose it is about
}

// showReport is the form, for everybody who can read what it is about; without
// anything it says where reports begin.
func (s *Server) showReport(v *visit) error {
	in := community.ReportDraft{PostID: v.Query("post"), AccountID: v.Query("account")}
	if in.PostID == "" && in.AccountID == "" {
		return v.page("report_begin", v.t("report.title"), nil)
	}
	about, err := s.service.Reportable(v.ctx(), v.viewer, in.PostID, in.AccountID)
	if err != nil {
		return err
	}
	return s.renderReport(v, http.StatusOK, reportPage{About: about, In: in})
}

func (s *Server) renderReport(v *visit, status int, p reportPage) error {
	title := v.t("report.title")
	if p.About.Post != nil {
		title = v.inGroup(*p.About.Group, title)
		p.PostURL, p.GroupURL = postPath(p.About.Post.ID), groupPath(*p.About.Group)
		p.Server = shownDomain(p.About.Group.Domain)
	}
	there, err := s.askedThere(v, p.About)
	if err != nil {
		return err
	}
	p.There = there
	p.Visitor = v.viewer.User == nil
	p.Reason = v.options("reason", "report.reason", p.In.Reason, p.Problems, community.Reasons()...)
	p.Reason.Required = true
	return v.render(status, "report_send", title, p)
}

func (s *Server) doReport(v *visit) error {
	in := community.ReportDraft{
		PostID: v.input("post"), AccountID: v.input("account"), Reason: v.input("reason"), Words: v.input("words"),
		Contact: v.input("contact"), Doubtful: v.viewer.User == nil && v.input(trapField) != "", Source: sourceOf(v.Context),
	}
	about, err := s.service.Reportable(v.ctx(), v.viewer, in.PostID, in.AccountID)
	if err != nil {
		return err
	}
	p := reportPage{About: about, In: in}
	if v.viewer.User == nil {
		if key := v.checkTiming(); key != "" {
			p.Problems = Problems{{Text: v.t(key)}}
			return s.renderReport(v, http.StatusUnprocessableEntity, p)
		}
	}
	sent, err := s.service.SendReport(v.ctx(), v.viewer, in)
	if problems, ok := v.problems(err); ok {
		p.Problems = problems
		return s.renderReport(v, http.StatusUnprocessableEntity, p)
	}
	if statusOf(err) == http.StatusTooManyRequests {
		p.Sentence = v.sentence(err)
		return s.renderReport(v, http.StatusTooManyRequests, p)
	}
	if err != nil {
		return err
	}
	if sent.Added {
		v.flash("report.added")
		return v.redirect("/report/receipt")
	}
	return v.redirect("/report/receipt/" + url.PathEscape(sent.Code))
}

// askedThere is another server that moderators of here may ask to look: the
// reported account's, or its group's; empty where there is none, or where it is
// refused.
func (s *Server) askedThere(v *visit, about community.Reportable) (string, error) {
	domain := about.Account.Domain
	if domain == "" && about.Group != nil {
		domain = about.Group.Domain
	}
	if domain == "" {
		return "", nil
	}
	policies, err := s.service.Policies(v.ctx())
	if err != nil || policies.Judge(domain).Refused() {
		return "", err
	}
	return shownDomain(domain), nil
}
