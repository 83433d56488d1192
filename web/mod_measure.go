package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"hearth/community"
)

// measureForm is the ladder of what a moderator may do, the least first, with
// the words to whom it concerns.
type measureForm struct {
	Action   string
	Group    string // carried by pages about people
	Kinds    Choices
	Rules    []Choice
	In       community.Measure
	Until    string // as typed
	Ends     bool   // something on the ladder may have an end
	Problems Problems
	Preview  *statement
	Sentence string // what happened in the meantime
	Server   string // the person's, if it is not this one: they read nothing of this
}

// Open says whether there is anything to decide.
func (f measureForm) Open() bool { return len(f.Kinds.Options) > 0 }

// Typed says whether there are words that must not be lost.
func (f measureForm) Typed() bool { return f.In.Reason != "" || f.In.Note != "" }

// measure is what a ladder's form sent. An end that is no date is told with the
// other things to mend.
func (v *visit) measure() (m community.Measure, problems Problems) {
	version, _ := strconv.Atoi(v.input("version"))
	m = community.Measure{
		Kind: v.input("measure"), Rule: v.input("rule"), Reason: v.input("reason"), Note: v.input("note"),
		Version: version, UpTo: v.input("up_to"),
	}
	if typed := v.input("until"); typed != "" {
		day, err := time.ParseInLocation(time.DateOnly, typed, v.zone())
		if err != nil {
			return m, Problems{{Field: "until", Text: v.t("moderate.until_form")}}
		}
		until := day.AddDate(0, 0, 1).Add(-time.Second)
		m.Until = &until
	}
	if m.Kind != community.MeasureRemove && m.Kind != community.MeasureSuspend {
		m.Until = nil
	}
	return m, problems
}

// ladder fills a form with what may be done and what was typed. On the first
// showing m is the zero value but for its version.
func (p moderated) ladder(v *visit, m community.Measure, problems Problems) measureForm {
	f := measureForm{Action: p.path, In: m, Until: v.input("until"), Problems: problems, Server: shownDomain(p.server)}
	f.Kinds = v.options("measure", "measure", m.Kind, problems, p.measures...)
	f.Kinds.Required = true
	if p.server != "" {
		v.hintsThere(f.Kinds.Options, f.Server)
	}
	for _, kind := range p.measures {
		f.Ends = f.Ends || kind == community.MeasureRemove || kind == community.MeasureSuspend
	}
	f.Rules = []Choice{{Value: "", Label: v.t("moderate.no_rule"), Checked: m.Rule == ""}}
	for _, c := range community.RuleChoices(p.rules, v.site) {
		f.Rules = append(f.Rules, Choice{Value: c.Value, Label: v.ruleLabel(c.Value, c.Text), Checked: c.Value == m.Rule})
	}
	return f
}

// without is the page with nothing left to do on it.
func (p moderated) without() moderated {
	p.measures = nil
	return p
}

// hintsThere puts what a measure means for somebody of another server in the
// place of what it means for people of here. Reasons never leave this server.
func (v *visit) hintsThere(options []Choice, server string) {
	for i, o := range options {
		switch o.Value {
		case community.MeasureHide, community.MeasureRemove, community.MeasureSuspend:
			options[i].Hint = v.t("measure_there."+o.Value, "Server", server)
			options[i].Label = v.t("measure_there." + o.Value + "_label")
		}
	}
}

// ruleLabel names a rule by its number and place, with its text.
func (v *visit) ruleLabel(rule, text string) string {
	if n, ok := strings.CutPrefix(rule, "site "); ok {
		return v.t("moderate.rule_site", "Number", n, "Text", text)
	}
	return v.t("moderate.rule_group", "Number", rule, "Text", text)
}

// moderated is one page with a ladder: what may be done, about whom, and how it
// is shown and done.
type moderated struct {
	path     string
	measures []string
	rules    []community.Rule
	place    string // the group's title; empty for the whole server
	server   string // of the person, if it is not this one: they read nothing of it
	version  int
	upTo     string
	next     string // where to go when it is done
	show     func(status int, form measureForm) error
	decide   func(m community.Measure) error
}

// firstLadder is the ladder as it is first shown. Where there is one thing to
// do, it is chosen.
func (v *visit) firstLadder(p moderated) measureForm {
	m := community.Measure{Version: p.version, UpTo: p.upTo}
	if len(p.measures) == 1 {
		m.Kind = p.measures[0]
	}
	return p.ladder(v, m, nil)
}

// moderate does with a ladder's form what was pressed: shows what the person
// will read, or does it. again reads the page anew after somebody was first.
func (s *Server) moderate(v *visit, p moderated, again func() (moderated, error)) error {
	m, problems := v.measure()
	if v.input("do") == "preview" || len(problems) > 0 {
		return s.previewMeasure(v, p, m, problems)
	}
	err := p.decide(m)
	if found, ok := v.problems(err); ok {
		return p.show(http.StatusUnprocessableEntity, p.ladder(v, m, found))
	}
	if statusOf(err) == http.StatusConflict || statusOf(err) == http.StatusForbidden {
		now, readErr := again()
		if readErr != nil {
			return readErr
		}
		m.Version, m.UpTo = now.version, now.upTo
		form := now.ladder(v, m, nil)
		form.Sentence = v.sentence(err)
		return now.show(statusOf(err), form)
	}
	if err != nil {
		return err
	}
	if p.server != "" && m.Kind != community.MeasureLeave {
		v.flash("moderate.done_there."+m.Kind, "Server", shownDomain(p.server))
	} else {
		v.flash("moderate.done." + m.Kind)
	}
	return v.redirect(p.next)
}

// previewMeasure shows what the person will read, or what there is to mend.
func (s *Server) previewMeasure(v *visit, p moderated, m community.Measure, problems Problems) error {
	if len(p.measures) == 0 {
		form := p.without().ladder(v, m, nil)
		form.Sentence = v.t("moderate.decided")
		return p.show(http.StatusConflict, form)
	}
	found, _ := v.problems(s.service.CheckMeasure(m, p.measures))
	if problems = append(problems, found...); len(problems) > 0 {
		return p.show(http.StatusUnprocessableEntity, p.ladder(v, m, problems))
	}
	form := p.ladder(v, m, nil)
	form.Preview = v.foreseen(p, m)
	return p.show(http.StatusOK, form)
}
