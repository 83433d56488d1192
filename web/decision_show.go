package web

import (
	"time"

	"hearth/community"
)

func (s *Server) decisionRoutes() {
	s.get("/decisions/:id", s.showDecision)
	s.get("/me/paused", s.showPaused)
}

// statement is what a person reads of a decision about them: what was done, why,
// on which rule, where and how long it holds, and that no machine decided
// (safety.md R26).
type statement struct {
	Did      string
	CameTo   []string
	At       time.Time // zero before it is decided
	Reason   string
	Erased   bool
	Rule     string // empty: none of the written ones
	NeedsWhy bool   // somebody is kept from something, so that a rule matters
	Scope    string
	Duration string
}

// stated is the statement of a kind of decision in a place; an empty one is the
// whole server.
func (v *visit) stated(kind, place string, words community.DecisionWords, rule string, until *time.Time) statement {
	if place == "" {
		place = v.site.Name
	}
	st := statement{Did: v.didSentence(kind, place), Reason: words.Reason, Scope: v.t("decision.scope", "Place", place)}
	if words.Rule != "" {
		st.Rule = v.ruleLabel(rule, words.Rule)
	}
	st.NeedsWhy = contains([]string{community.DecidedHide, community.DecidedRemove, community.DecidedSuspend, community.DecidedLock}, kind)
	switch {
	case !st.NeedsWhy:
	case until != nil:
		st.Duration = v.t("decision.until", "Until", v.day(*until))
	case kind == community.DecidedHide:
		st.Duration = v.t("decision.until_shown")
	default:
		st.Duration = v.t("decision.for_good")
	}
	return st
}

// didSentence says to whom it concerns what was done.
func (v *visit) didSentence(kind, place string) string {
	if key := decidedKey(kind); key != "notice.decision" {
		return v.t(key, "Group", place)
	}
	return v.t("decision.something", "Place", place)
}

// day is a date in the reader's words and zone.
func (v *visit) day(t time.Time) string {
	return v.server.pages.Catalogue.Day(v.lang, t, v.zone())
}

// foreseen is what a person will read of a Measure.
func (v *visit) foreseen(p moderated, m community.Measure) *statement {
	words := community.DecisionWords{Reason: m.Reason}
	for _, c := range community.RuleChoices(p.rules, v.site) {
		if c.Value == m.Rule {
			words.Rule = c.Text
		}
	}
	place := p.place
	if m.Kind == community.MeasureSuspend || m.Kind == community.MeasureLift {
		place = ""
	}
	st := v.stated(m.Kind, place, words, m.Rule, m.Until)
	if m.Kind == community.MeasureLeave {
		st = statement{Did: v.t("decision.nobody_told")}
	}
	return &st
}

// decisionPage is a decision as whoever it concerns reads it, or a moderator.
type decisionPage struct {
	statement
	Mine    bool
	Undone  bool
	PostURL string
	Version int
	EditURL string
	Contact string
	GroupIn string // where the group can be asked
	By      string
	Note    string
	About   []string
	UndoURL string
}

func (s *Server) showDecision(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	d, err := s.service.Decision(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	title, place := v.t("decision.title"), ""
	if d.Group != nil {
		title, place = v.inGroup(*d.Group, title), d.Group.Title
	}
	p := decisionPage{
		statement: v.stated(d.Decision.Kind, place, d.Words, d.Decision.Rule, d.Decision.Until),
		Mine:      d.Mine, Undone: d.Undone, Version: d.Words.Version, By: d.By, Note: d.Words.Note, Contact: v.site.Contact,
	}
	p.At, p.Erased, p.CameTo = d.Decision.DecidedAt, d.Erased, v.cameTo(d.Decision, d.Words)
	if d.Post != nil {
		p.PostURL = postPath(d.Post.ID)
	}
	if d.MayEdit {
		p.EditURL = postPath(d.Post.ID, "edit")
	}
	v.exit = v.exit || d.Decision.SubjectKind == community.SubjectGroup // its name stands on the page
	if d.Group != nil {
		p.GroupIn = groupPath(*d.Group)
	}
	switch {
	case d.Mine && d.Decision.Kind == community.DecidedHandOver && d.Decision.SubjectKind == community.SubjectAccount:
		p.Did = v.t("notice.hand_over", "Group", place)
	case !d.Mine:
		p.Did, p.By, p.About = v.t(kindKeyOf(d.Decision)), v.deciderName(d.By), v.aboutDecision(d)
	}
	p.UndoURL = undoPath(d)
	return v.page("decision_show", title, p)
}

// aboutDecision names whom and what a decision is about to who looks after its
// place.
func (v *visit) aboutDecision(d community.DecisionView) []string {
	account := ""
	if d.Account != nil {
		account = v.nameOf(*d.Account)
	}
	return aboutWhat(v, d.Decision, account, d.Subject)
}

// undoPath is where a moderator can take a decision back.
func undoPath(d community.DecisionView) string {
	switch d.MayUndo {
	case community.MeasureShow:
		return modPostPath(d.Post.ID)
	case community.MeasureReadmit:
		return modPersonPath(d.Account.ID, d.Group)
	case community.MeasureLift:
		return modPersonPath(d.Account.ID, nil)
	}
	return ""
}

// showPaused leads somebody who may not write to the decision that says why.
func (s *Server) showPaused(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	d, err := s.service.Suspension(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	return v.redirect(joinPath("decisions", d.ID))
}

// pausedLine says to somebody who may not write, on every page, that it is so;
// empty for everybody else.
func (v *visit) pausedLine() string {
	now := v.server.service.Now()
	if u := v.viewer.User; u.IsSuspended(now) {
		return v.pausedUntil(u.SuspendedUntil)
	}
	if a := v.viewer.Acting; a != nil && a.IsSuspended(now) {
		return v.pausedUntil(a.SuspendedUntil)
	}
	return ""
}

func (v *visit) pausedUntil(until *time.Time) string {
	if until == nil {
		return v.t("paused.open")
	}
	return v.t("paused.until", "Until", v.day(*until))
}
