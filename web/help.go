package web

import (
	"context"
	"html/template"
	"strings"
	"time"

	"hearth/community"
)

func (s *Server) helpRoutes() {
	s.get("/help", s.showHelp)
	s.get("/help/:country", s.showHelp)
	s.get("/admin/helplines", s.showHelpLines)
	s.post("/admin/helplines", s.doCheckHelpLine).on("/admin/helplines", "country")
	s.post("/admin/helplines/uncheck", s.doUncheckHelpLine).on("/admin/helplines", "country")
}

// isForEveryone says whether a path's page is the same for everybody: no
// session is looked up for it, so that it can be kept and shown from a cache.
func isForEveryone(path string) bool { return path == "/help" || strings.HasPrefix(path, "/help/") }

// helpLife is how long a browser or a cache may keep a page of help lines.
const helpLife = "public, max-age=3600, stale-if-error=604800"

type helpPage struct {
	Country   string // in words; empty before a hearth is set up
	Unknown   bool   // another country was asked for, of which nothing is known
	Countries []Choice
	Emergency []helpRow
	Lines     []helpRow
}

// helpRow is one help line in the reader's words.
type helpRow struct {
	ID, Name, For         string
	Call, Press           string
	Dial, SMS             template.URL
	Text, TextWord        string
	Chat, Web             string
	Hours, Free           string
	Source                string
	SourceDate            string
	Checked               bool
	CheckedAt             time.Time
	StaleSource, OldCheck bool
}

// showHelp lists the help lines of a country, the site's own without one. An
// unknown country shows the site's too, and says so: help is never a 404.
func (s *Server) showHelp(v *visit) error {
	country := strings.ToUpper(v.Param("country"))
	if chosen := v.Query("country"); chosen != "" && len(community.HelpLinesFor(strings.ToUpper(chosen))) > 0 {
		return v.redirect("/help/" + strings.ToLower(chosen))
	}
	unknown := len(community.HelpLinesFor(country)) == 0
	if unknown {
		country = v.site.Country
	}
	lines, err := s.service.HelpLinesOf(v.ctx(), country)
	if err != nil {
		return err
	}
	p := helpPage{Countries: v.countries(country), Unknown: unknown && v.Param("country") != ""}
	if country != "" {
		p.Country = v.t("country." + country)
	}
	for _, l := range lines {
		if row := v.helpRow(l); l.Emergency {
			if row.Name == row.Call {
				row.Name = "" // a number that is its own name is said once
			}
			p.Emergency = append(p.Emergency, row)
		} else {
			p.Lines = append(p.Lines, row)
		}
	}
	v.Header("Cache-Control", helpLife)
	return v.page("help", v.t("help.title"), p)
}

func (v *visit) helpRow(l community.CheckedHelpLine) helpRow {
	now := v.server.service.Now()
	row := helpRow{
		ID: l.ID, Name: l.Name, Call: l.Call, Press: l.Press, Text: l.Text, TextWord: l.TextWord,
		// ValidateHelpLines lets only digits and a leading plus through.
		Dial: template.URL(l.DialURI()), SMS: template.URL(l.SMSURI()),
		Chat: l.Chat, Web: l.Web, Hours: v.hours(l.HelpLine), Source: l.Source, SourceDate: v.sourceDate(l.SourceDate),
		Checked: l.Checked(), CheckedAt: l.Check.CheckedAt,
		StaleSource: l.SourceFreshness(now) == community.HelpOld, OldCheck: l.CheckFreshness(now) == community.HelpOld,
	}
	if l.For != community.HelpForAnyone {
		row.For = v.t("help.for." + string(l.For))
	}
	if l.Free == "yes" {
		row.Free = v.t("help.free")
	}
	return row
}

// sourceDate is the date that a source gives itself, a day or a month, in words.
func (v *visit) sourceDate(written string) string {
	if day, err := time.Parse(time.DateOnly, written); err == nil {
		return v.server.pages.Catalogue.Day(v.lang, day, time.UTC)
	}
	if month, err := time.Parse("2006-01", written); err == nil {
		return v.server.pages.Catalogue.Month(v.lang, month)
	}
	return written
}

// hours are a line's opening hours in words, empty where its source gives none.
func (v *visit) hours(l community.HelpLine) string {
	if l.AlwaysOpen() {
		return v.t("help.always")
	}
	var spans []string
	for _, span := range l.Spans() {
		days := v.t("day." + strings.ToLower(span.First.String()))
		if span.First != span.Last {
			days = v.t("help.days", "First", days, "Last", v.t("day."+strings.ToLower(span.Last.String())))
		}
		spans = append(spans, v.t("help.span", "Days", days, "From", span.From, "To", span.To))
	}
	return strings.Join(spans, ", ")
}

type helpLinesPage struct {
	Country   string
	Countries []Choice
	Rows      []helpRow
}

// showHelpLines is where an admin ticks what they called or looked up.
func (s *Server) showHelpLines(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	country := strings.ToUpper(v.Query("country"))
	if len(community.HelpLinesFor(country)) == 0 {
		country = v.site.Country
	}
	lines, err := s.service.HelpLinesOf(v.ctx(), country)
	if err != nil {
		return err
	}
	p := helpLinesPage{Country: country, Countries: v.countries(country)}
	for _, l := range lines {
		p.Rows = append(p.Rows, v.helpRow(l))
	}
	return v.page("admin/helplines", v.t("helplines.title"), p)
}

func (s *Server) doCheckHelpLine(v *visit) error {
	return v.noteHelpLine(s.service.CheckHelpLine, "helplines.noted")
}

func (s *Server) doUncheckHelpLine(v *visit) error {
	return v.noteHelpLine(s.service.UncheckHelpLine, "helplines.taken_back")
}

func (v *visit) noteHelpLine(note func(ctx context.Context, v community.Viewer, id string) error, done string) error {
	if err := v.admin(); err != nil {
		return err
	}
	if err := note(v.ctx(), v.viewer, v.input("line")); err != nil {
		return err
	}
	v.flash(done)
	return v.redirect("/admin/helplines?country=" + v.input("country"))
}

// admin is NotFound for everyone who is not an admin: the page is not there.
func (v *visit) admin() error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if !v.viewer.IsAdmin() {
		return &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return nil
}
