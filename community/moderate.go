package community

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What a moderator may do, the least first.
const (
	MeasureLeave   = "leave" // looked at, nothing changed
	MeasureShow    = "show"
	MeasureHide    = "hide"
	MeasureReadmit = "readmit"
	MeasureRemove  = "remove"
	MeasureLift    = "lift"
	MeasureSuspend = "suspend"
)

// Measure is what a moderator decides to do, and the words to whom it concerns.
type Measure struct {
	Kind    string     // MeasureHide and its like
	Rule    string     // which rule, as RuleChoice names it; empty: the reason says it
	Reason  string     // what the person reads
	Note    string     // for moderators
	Until   *time.Time // of a removal or a suspension; nil: for good
	Version int        // the version of the post that was read
	UpTo    string     // the newest report that was shown
}

// Limits of a Measure, in characters.
const (
	MaxMeasureReason = 1000
	maxMeasureNote   = 2000
)

func (m Measure) tidy() Measure {
	m.Reason = strings.TrimSpace(strings.ReplaceAll(m.Reason, "\r\n", "\n"))
	m.Note = strings.TrimSpace(strings.ReplaceAll(m.Note, "\r\n", "\n"))
	return m
}

// needsReason says whether somebody is kept from something by it: then they are
// told why, always (R25).
func (m Measure) needsReason() bool {
	return oneOf(m.Kind, MeasureHide, MeasureRemove, MeasureSuspend)
}

func (m Measure) hasEnd() bool { return oneOf(m.Kind, MeasureRemove, MeasureSuspend) }

// check says all that has to be mended. allowed are the kinds that are possible.
func (m Measure) check(now time.Time, allowed []string) error {
	var p problems
	if !oneOf(m.Kind, allowed...) {
		p.add("measure", "form.choose")
	}
	switch n := utf8.RuneCountInString(m.Reason); {
	case m.needsReason() && n < 3:
		p.add("reason", "moderate.reason_missing")
	case n > MaxMeasureReason:
		p.add("reason", "moderate.reason_long", "Most", MaxMeasureReason)
	}
	if utf8.RuneCountInString(m.Note) > maxMeasureNote {
		p.add("note", "moderate.note_long", "Most", maxMeasureNote)
	}
	if m.hasEnd() && m.Until != nil && !m.Until.After(now) {
		p.add("until", "moderate.until_past")
	}
	return p.err()
}

// CheckMeasure says what there is to mend in a Measure before it is shown to
// its moderator as its person will read it.
func (s *Service) CheckMeasure(m Measure, allowed []string) error {
	return m.tidy().check(s.now(), allowed)
}

// RuleChoice is a rule that a decision can name.
type RuleChoice struct {
	Value string // for Measure.Rule and Decision.Rule: "3" of the group's, "site 2" of the instance's
	Text  string
}

// RuleChoices are a group's rules, then the instance's.
func RuleChoices(rules []Rule, site Site) []RuleChoice {
	var choices []RuleChoice
	for _, r := range rules {
		choices = append(choices, RuleChoice{strconv.Itoa(r.Position), r.Text})
	}
	for i, text := range site.RuleLines() {
		choices = append(choices, RuleChoice{"site " + strconv.Itoa(i+1), text})
	}
	return choices
}

// ruleText is the text of the rule that a Measure names, as it stands now.
func ruleText(ctx context.Context, tx Store, g *Group, value string) (string, error) {
	if value == "" {
		return "", nil
	}
	site, err := tx.Site(ctx)
	if err != nil {
		return "", err
	}
	var rules []Rule
	if g != nil {
		if rules, err = tx.Rules(ctx, g.ID, g.RulesVersion); err != nil {
			return "", err
		}
	}
	for _, c := range RuleChoices(rules, site) {
		if c.Value == value {
			return c.Text, nil
		}
	}
	var p problems
	if g == nil && !strings.HasPrefix(value, "site ") {
		p.add("rule", "moderate.rule_elsewhere")
	} else {
		p.add("rule", "form.choose")
	}
	return "", p.err()
}

// moderator is who decides, and in whose place.
type moderator struct {
	by    string // the account that stands in the record
	group *Group // nil: the instance
}

// moderatorOf is the Viewer as moderator of a group by their own membership m;
// else by their role of the instance, as their main account.
func moderatorOf(v Viewer, g *Group, m Membership, now time.Time) moderator {
	if g != nil && m.GroupID == g.ID && mayModerate(v, m, now) {
		return moderator{m.AccountID, g}
	}
	return moderator{v.Accounts[0].ID, g}
}

// record appends the Decision of a Measure and its words to the record of its
// place. d says what kind, about what and whose.
func (s *Service) record(ctx context.Context, tx Store, who moderator, m Measure, d Decision, version int) (Decision, error) {
	text, err := ruleText(ctx, tx, who.group, m.Rule)
	if err != nil {
		return Decision{}, err
	}
	d.DecidedBy, d.Rule = who.by, m.Rule
	if who.group != nil {
		d.Scope = who.group.ID
	}
	return s.decide(ctx, tx, d, DecisionWords{Reason: m.Reason, Note: m.Note, Rule: text, Version: version})
}

// tellSubject tells the person whose account a Decision is about, never who
// decided. Remote accounts have nobody here to tell.
func (s *Service) tellSubject(ctx context.Context, tx Store, d Decision, groupID, postID *string) error {
	owner, err := tx.AccountOwner(ctx, *d.AccountID)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	n := newNotice(d.DecidedAt, owner, NoticeDecision, d.ID)
	n.AccountID, n.GroupID, n.PostID = d.AccountID, groupID, postID
	return tx.InsertNotices(ctx, []Notice{n})
}
