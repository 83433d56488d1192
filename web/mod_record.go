package web

import (
	"net/url"
	"strconv"
	"time"

	"hearth/community"
)

// recordPage is what was decided in a place, the newest first. It can only be
// read.
type recordPage struct {
	Place   string
	Entries []recordLine
	Broken  bool
	Pager   Pager
}

type recordLine struct {
	Number int64
	At     time.Time
	Did    string
	By     string
	About  []string
	CameTo []string
	Until  string
	Rule   string
	Reason string
	URL    string
	Fit    Label // zero where it stands as it was written
}

func recordPath(group string) string {
	if group == "" {
		return "/mod/log"
	}
	return "/mod/log?group=" + url.QueryEscape(group)
}

func (s *Server) showRecord(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	before, _ := strconv.ParseInt(v.Query("before"), 10, 64)
	group := v.Query("group")
	rec, err := s.service.Record(v.ctx(), v.viewer, group, max(before, 0))
	if err != nil {
		return err
	}
	p := recordPage{Place: v.t("mod.whole_server"), Broken: rec.Broken}
	if rec.Group != nil {
		p.Place = rec.Group.Title
	}
	for _, e := range rec.Entries {
		v.exit = v.exit || e.SubjectKind == community.SubjectGroup && e.SubjectTitle != ""
		p.Entries = append(p.Entries, v.recordLine(e))
	}
	if before > 0 {
		p.Pager.Newer = recordPath(group)
		p.Pager.NewerText = v.t("record.newest")
	}
	if rec.Older > 0 {
		join := "?"
		if group != "" {
			join = "&"
		}
		p.Pager.Older = recordPath(group) + join + "before=" + strconv.FormatInt(rec.Older, 10)
	}
	return v.page("mod_record", v.modTitle(rec.Group, v.t("record.title")), p)
}

func (v *visit) recordLine(e community.RecordEntry) recordLine {
	line := recordLine{
		Number: e.Seq, At: e.DecidedAt, Did: v.t(kindKeyOf(e.Decision)), Rule: e.Words.Rule, Reason: e.Words.Reason,
		URL: joinPath("decisions", e.ID), About: aboutWhat(v, e.Decision, e.AccountTitle, e.SubjectTitle), CameTo: v.cameTo(e.Decision, e.Words),
	}
	if e.DecidedBy != "" { // whom it is about is not told who decided
		line.By = v.deciderName(e.By)
	}
	if e.Until != nil {
		line.Until = v.t("record.until", "Until", v.day(*e.Until))
	}
	switch {
	case e.Fit == community.FitErased:
		line.Fit = Label{Text: v.t("record.fit." + string(e.Fit))}
	case !e.Fit.Holds():
		line.Fit = Label{Kind: "danger", Text: v.t("record.fit." + string(e.Fit))}
	}
	return line
}

// deciderName is who decided, in the reader's words where it was no account.
func (v *visit) deciderName(by string) string {
	switch by {
	case community.OperatorName:
		return v.t("record.by_operator")
	case community.ByClock:
		return v.t("record.by_clock")
	}
	return v.nameOr(by)
}
