package web

import (
	"time"

	"hearth/community"
)

func (s *Server) modRoutes() {
	s.get("/mod", s.showDesk)
	s.get("/mod/item/:id", s.showItem)
	s.post("/mod/item/:id", s.withWords(s.doItem)).holding("reason", "note")
	s.get("/mod/item/:id/send", s.showSendOn)
	s.post("/mod/item/:id/send", s.withWords(s.doSendOn)).holding("note")
	s.get("/mod/post/:id", s.showModPost)
	s.post("/mod/post/:id", s.withWords(s.doModPost)).holding("reason", "note")
	s.get("/mod/people/:account", s.showModPerson)
	s.post("/mod/people/:account", s.withWords(s.doModPerson)).on("/mod/people/:account", "group").holding("reason", "note")
	s.get("/mod/log", s.showRecord)
	s.heldRoutes()
}

// deskPage is what waits for a moderator.
type deskPage struct {
	Reports []reportLine
	Asking  []askingLine
	Changed []changedLine
	Groups  []deskGroup
	Staff   bool // looks after the whole instance
	Held    int  // words that nobody saw yet, up to 100
	Pager   Pager
	Empty   Empty
}

// reportLine is one report in the list: neither its words nor who sent it.
type reportLine struct {
	URL      string
	Reason   string
	About    string
	Place    string
	Since    time.Time
	Worried  bool
	Doubtful bool
}

// changedLine is a hidden post that its author changed.
type changedLine struct {
	URL, Author, Group string
	At                 time.Time
}

// askingLine is a group that people ask to join.
type askingLine struct {
	Title, URL string
	Asks       int
}

type deskGroup struct{ Title, URL, Log string }

func (s *Server) showDesk(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	ask := v.paging()
	desk, err := s.service.ModDesk(v.ctx(), v.viewer, ask)
	if err != nil {
		return err
	}
	if !ask.Before.IsZero() && desk.Reports.Newer.IsZero() {
		return v.redirect("/mod")
	}
	p := deskPage{
		Staff: desk.Instance, Held: desk.Held, Pager: pagerOf("/mod?", desk.Reports.Newer, desk.Reports.Older),
		Empty: Empty{Title: v.t("mod.empty"), Text: v.t("mod.empty_text")},
	}
	p.Pager.NewerText, p.Pager.OlderText = v.t("mod.earlier"), v.t("mod.later")
	for _, r := range desk.Reports.Items {
		p.Reports = append(p.Reports, v.reportLine(r))
	}
	for _, c := range desk.Changed {
		p.Changed = append(p.Changed, changedLine{modPostPath(c.ID), c.AuthorTitle, c.GroupTitle, c.EditedAt})
	}
	for _, g := range desk.Groups {
		group := community.Group{Actor: community.Actor{Name: g.Name, Domain: g.Domain}}
		v.exit = v.exit || g.Sensitive // its name stands on the page
		p.Groups = append(p.Groups, deskGroup{g.Title, groupModPath(group), recordPath(group.Handle())})
		if g.Asks > 0 {
			p.Asking = append(p.Asking, askingLine{g.Title, groupModPath(group, "members"), g.Asks})
		}
	}
	if len(p.Asking) > 0 || p.Held > 0 {
		p.Empty = Empty{Title: v.t("mod.no_reports")}
	}
	return v.page("mod_desk", v.t("mod.title"), p)
}

func (v *visit) reportLine(r community.ReportSummary) reportLine {
	line := reportLine{
		URL: modItemPath(r.ID), Reason: v.t("report.reason." + r.Reason), Place: v.t("mod.whole_server"), Since: r.CreatedAt,
		Worried: r.Reason == community.ReasonWorried, Doubtful: r.Doubtful,
	}
	if r.GroupID != nil {
		line.Place = r.GroupTitle
	}
	line.About = v.t("mod.about_account", "Name", v.nameOr(r.AccountTitle))
	if r.PostID != nil {
		line.About = v.t("mod.about_post", "Name", v.nameOr(r.AccountTitle))
	}
	return line
}

func modItemPath(id string) string { return joinPath("mod", "item", id) }

func modPostPath(id string) string { return joinPath("mod", "post", id) }

// reportsDuty says to an admin that reports are open.
func (s *Server) reportsDuty(v *visit) (duty, error) {
	n, err := s.service.OpenReports(v.ctx(), v.viewer)
	if err != nil || n == 0 {
		return duty{}, err
	}
	return duty{v.tn("mod.open", n), "/mod"}, nil
}
