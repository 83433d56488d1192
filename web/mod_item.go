package web

import (
	"net/http"
	"time"

	"hearth/community"
)

// itemPage is a report as a moderator reads it: the words first, behind their
// note, then what is known, then what can be done.
type itemPage struct {
	Reason   string
	Hint     string
	From     string
	Since    time.Time
	Words    string // of whoever reported
	Contact  string
	Doubtful bool
	Reported reported
	Others   []itemReport
	History  history
	Form     measureForm
	Outcome  string // what was done, once it was
	Decision string // where it stands
	ModPost  string // where more can be done about the post
	SendOn   string // where it can be sent on to another server
	SentOn   []sentOn
}

// reported is what a report is about, as it stood then.
type reported struct {
	Title   string
	Note    Note
	Name    string
	Domain  string
	Person  string // where more is known about them in this place
	Group   string
	URL     string // the post, for those who can read it
	Changed bool
}

// itemReport is another report, in a line.
type itemReport struct {
	Reason, Words, Outcome string
	At                     time.Time
}

// history is what moderators of a place know of somebody from that place alone.
type history struct {
	Place   string
	Reports []itemReport
	Past    []pastLine
}

type pastLine struct {
	Did, Reason, URL string
	At               time.Time
}

func (s *Server) showItem(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, err := s.service.ReportView(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return s.renderItem(v, http.StatusOK, view, v.firstLadder(s.itemDesk(v, view)))
}

func (s *Server) doItem(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	read := func() (moderated, error) {
		view, err := s.service.ReportView(v.ctx(), v.viewer, v.Param("id"))
		return s.itemDesk(v, view), err
	}
	p, err := read()
	if err != nil {
		return err
	}
	return s.moderate(v, p, read)
}

// itemDesk is what may be done about a report.
func (s *Server) itemDesk(v *visit, view community.ReportView) moderated {
	p := moderated{
		path: modItemPath(view.Report.ID), measures: view.Measures, rules: view.Rules, version: view.Version, upTo: view.UpTo, server: view.Account.Domain, next: "/mod",
		show: func(status int, form measureForm) error { return s.renderItem(v, status, view, form) },
		decide: func(m community.Measure) error {
			_, err := s.service.DecideReport(v.ctx(), v.viewer, view.Report.ID, m)
			return err
		},
	}
	if view.Group != nil {
		p.place = view.Group.Title
	}
	return p
}

func (s *Server) renderItem(v *visit, status int, view community.ReportView, form measureForm) error {
	r := view.Report
	p := itemPage{
		Reason: v.t("report.reason." + r.Reason), Hint: v.t("mod.hint." + r.Reason), From: v.t("mod.from." + view.From), Since: r.CreatedAt,
		Words: r.Words, Contact: r.Contact, Doubtful: r.Doubtful, Reported: v.reported(view), Others: v.itemReports(view.Others),
		History: v.history(view.Group, view.Earlier, view.Past), Form: form,
	}
	p.SentOn = v.sentOn(view.Sent)
	if len(view.Targets) > 0 {
		p.SendOn = modSendPath(r.ID)
	}
	if r.State != community.ReportOpen {
		p.Outcome = v.t("mod.outcome." + r.State)
		if r.DecisionID != nil {
			p.Decision = joinPath("decisions", *r.DecisionID)
		}
		if r.PostID != nil {
			p.ModPost = modPostPath(*r.PostID)
		}
	}
	return v.render(status, "mod_item", v.modTitle(view.Group, v.t("mod.item_title")), p)
}

// modTitle is the title of a moderator's page; it names no group.
func (v *visit) modTitle(g *community.Group, title string) string {
	if g == nil {
		return title
	}
	return v.inGroup(*g, title)
}

func (v *visit) reported(view community.ReportView) reported {
	snap := view.Snapshot
	note := v.noteOf(snap.Topics(), snap.NoteText)
	if note == "" {
		note = v.t("mod.reported_as", "Reason", v.t("report.reason."+view.Report.Reason))
	}
	r := reported{
		Title: snap.Title, Note: Note{Text: note, HTML: wordsUnder(2, snap.HTML), Lang: snap.Language}, Name: v.nameOf(view.Account),
		Domain: view.Account.Domain, Person: modPersonPath(view.Account.ID, view.Group), Changed: view.Changed,
	}
	if view.Group != nil {
		r.Group = view.Group.Title
	}
	if view.Report.PostID != nil && view.Readable {
		r.URL = postPath(*view.Report.PostID)
	}
	if view.Group != nil && !view.Moderates {
		r.Person = ""
	}
	return r
}

func (v *visit) itemReports(reports []community.Report) (lines []itemReport) {
	for _, r := range reports {
		line := itemReport{Reason: v.t("report.reason." + r.Reason), Words: r.Words, At: r.CreatedAt}
		line.Outcome = v.t("mod.outcome." + r.State)
		lines = append(lines, line)
	}
	return lines
}

func (v *visit) history(g *community.Group, reports []community.Report, past []community.PastStep) history {
	h := history{Place: v.t("mod.whole_server"), Reports: v.itemReports(reports)}
	if g != nil {
		h.Place = g.Title
	}
	for _, d := range past {
		h.Past = append(h.Past, pastLine{v.t(kindKeyOf(d.Decision)), d.Words.Reason, joinPath("decisions", d.ID), d.DecidedAt})
	}
	return h
}
