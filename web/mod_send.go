package web

import (
	"net/http"
	"slices"
	"time"

	"hearth/community"
)

// sendOnPage is a report that a moderator sends on to other servers: everything
// that these would read stands on it.
type sendOnPage struct {
	URL      string
	Item     string // the report
	Reason   string
	From     string // in whose name it goes
	Servers  Choices
	Category Choices
	Note     string
	Preview  []sendOnLetter
	Sentence string // what kept it from being sent
	Problems Problems
}

// sendOnLetter is what one server would read, to the letter.
type sendOnLetter struct {
	Server, To string
	Objects    []string
	Words      string
}

// sentOn is a server that a report was sent on to, and how that stands.
type sentOn struct {
	Sentence string
	At       time.Time
	Decision string
	Troubled bool
}

func modSendPath(id string) string { return joinPath("mod", "item", id, "send") }

func (s *Server) showSendOn(v *visit) error {
	view, err := s.sendable(v)
	if err != nil {
		return err
	}
	d := community.ForwardDraft{Category: view.Report.Reason}
	if len(view.Targets) == 1 {
		d.Hosts = []string{view.Targets[0].Host}
	}
	return s.renderSendOn(v, http.StatusOK, view, d, sendOnPage{})
}

// sendable is a report that there is a server to send on to; NotFound where
// there is none.
func (s *Server) sendable(v *visit) (community.ReportView, error) {
	if err := v.signedIn(); err != nil {
		return community.ReportView{}, err
	}
	view, err := s.service.ReportView(v.ctx(), v.viewer, v.Param("id"))
	if err == nil && len(view.Targets) == 0 {
		err = &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return view, err
}

func (s *Server) doSendOn(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, err := s.service.ReportView(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	d := community.ForwardDraft{Hosts: v.PostFormArray("host"), Category: v.input("category"), Note: v.input("note")}
	if slices.Contains(community.Reasons(), d.Category) && d.Category != community.ReasonOther {
		d.Label = v.t("forward.says." + d.Category)
	}
	if v.input("do") == "preview" {
		return s.previewSendOn(v, view, d)
	}
	_, err = s.service.ForwardReport(v.ctx(), v.viewer, view.Report.ID, d)
	if problems, ok := v.problems(err); ok {
		return s.renderSendOn(v, http.StatusUnprocessableEntity, view, d, sendOnPage{Problems: problems})
	}
	if code := statusOf(err); err != nil && (code == http.StatusConflict || code == http.StatusForbidden) {
		return s.renderSendOn(v, code, view, d, sendOnPage{Sentence: v.sentence(shownServer(err))})
	}
	if err != nil {
		return err
	}
	v.flash("forward.sent")
	return v.redirect(modItemPath(view.Report.ID))
}

func (s *Server) previewSendOn(v *visit, view community.ReportView, d community.ForwardDraft) error {
	if problems, ok := v.problems(s.service.CheckForward(view, d)); ok {
		return s.renderSendOn(v, http.StatusUnprocessableEntity, view, d, sendOnPage{Problems: problems})
	}
	var p sendOnPage
	for _, t := range view.Targets {
		if slices.Contains(d.Hosts, t.Host) {
			p.Preview = append(p.Preview, sendOnLetter{shownDomain(t.Host), t.To, t.Objects, d.Words()})
		}
	}
	return s.renderSendOn(v, http.StatusOK, view, d, p)
}

func (s *Server) renderSendOn(v *visit, status int, view community.ReportView, d community.ForwardDraft, p sendOnPage) error {
	p.URL, p.Item, p.Note = modSendPath(view.Report.ID), modItemPath(view.Report.ID), d.Note
	p.Reason, p.From = v.t("report.reason."+view.Report.Reason), v.site.Base()+"/actor"
	p.Category = Choices{Name: "category", Legend: v.t("forward.category"), Required: true, Error: p.Problems.For("category")}
	for _, reason := range community.Reasons() {
		p.Category.Options = append(p.Category.Options, Choice{Value: reason, Label: v.t("forward.says." + reason), Checked: reason == d.Category})
	}
	p.Servers = Choices{Name: "host", Legend: v.t("forward.servers"), Several: true, Error: p.Problems.For("host")}
	for _, t := range view.Targets {
		p.Servers.Options = append(p.Servers.Options, Choice{Value: t.Host, Label: v.sendOnLabel(t), Checked: slices.Contains(d.Hosts, t.Host)})
	}
	return v.render(status, "mod_send", v.modTitle(view.Group, v.t("forward.title")), p)
}

// sendOnLabel says which moderators of which server would read it.
func (v *visit) sendOnLabel(t community.ForwardTarget) string {
	key := "forward.to_account"
	if t.ForGroup() {
		key = "forward.to_group"
	}
	return v.t(key, "Server", shownDomain(t.Host), "Name", t.Title)
}

// sentOn says of each server that a report was sent on to how that stands.
func (v *visit) sentOn(all []community.Forwarded) (lines []sentOn) {
	for _, f := range all {
		state := f.State()
		lines = append(lines, sentOn{
			Sentence: v.t("forward.state."+state, "Server", shownDomain(f.Host)), At: f.CreatedAt, Decision: joinPath("decisions", f.DecisionID),
			Troubled: state != community.ForwardSending && state != community.ForwardReceived,
		})
	}
	return lines
}
