package community

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/community/markup"
)

// GroupTexts are the words that a group says about itself.
type GroupTexts struct {
	Title     string
	Purpose   string // Markdown
	ForWhom   string
	NotFor    string
	Situation string
	Language  string // BCP 47
	Joining   string
	Question  string // asked of those who ask to join
}

// GroupDraft is what somebody asks for when they ask for a group.
type GroupDraft struct {
	GroupTexts
	Audience
	Name     string   // the handle
	Rules    []string // one each
	Advised  string   // the advice that was given and is not taken: Advice joined by spaces
	Consents []GivenConsent
}

// Situations that a group can be for, so that the directory can be read by them.
const (
	SituationCaring    = "caring"
	SituationLoss      = "loss"
	SituationMind      = "mind"
	SituationIllness   = "illness"
	SituationAddiction = "addiction"
	SituationParents   = "parents"
	SituationFamily    = "family"
	SituationViolence  = "violence"
	SituationIdentity  = "identity"
	SituationWork      = "work"
	SituationElse      = "else"
)

// Situations lists them in the order of the directory.
func Situations() []string {
	return []string{
		SituationCaring, SituationLoss, SituationMind, SituationIllness, SituationAddiction, SituationParents,
		SituationFamily, SituationViolence, SituationIdentity, SituationWork, SituationElse,
	}
}

// Bounds of a group's words, in characters.
const (
	maxGroupTitle   = 60
	maxGroupPurpose = 1000
	maxGroupLine    = 400 // for whom, not for whom, the question, one rule
	maxGroupRules   = 20
	maxGroupServers = 200
)

// SuggestedName is a handle made from a title: its plain letters and digits.
// Empty where too little of it is plain.
func SuggestedName(title string) string {
	var b strings.Builder
	for _, r := range Fold(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := b.String()
	name = strings.Trim(name[:min(len(name), 30)], "-")
	if nameProblem(name) != "" {
		return ""
	}
	return name
}

// RuleLines are the rules of a text, one a line; empty lines and the numbers or
// dashes that people put before them fall away.
func RuleLines(text string) []string {
	var rules []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		line = strings.TrimSpace(strings.TrimLeft(line, "-*•"))
		if number, rest, ok := strings.Cut(line, ". "); ok && len(number) <= 2 && strings.Trim(number, "0123456789") == "" {
			line = strings.TrimSpace(rest)
		}
		if line != "" {
			rules = append(rules, line)
		}
	}
	return rules
}

func (t GroupTexts) tidy() GroupTexts {
	t.Title, t.Purpose = strings.TrimSpace(t.Title), strings.TrimSpace(t.Purpose)
	t.ForWhom, t.NotFor = strings.TrimSpace(t.ForWhom), strings.TrimSpace(t.NotFor)
	t.Language, t.Question = strings.TrimSpace(t.Language), strings.TrimSpace(t.Question)
	return t
}

func (d GroupDraft) tidy() GroupDraft {
	d.GroupTexts, d.Audience = d.GroupTexts.tidy(), d.Audience.tidy()
	d.Name = Fold(d.Name)
	return d
}

// check gathers what is wrong with a group that is asked for.
func (d GroupDraft) check(site Site) error {
	var p problems
	d.GroupTexts.check(&p)
	if key := nameProblem(d.Name); key != "" {
		p.add("name", key)
	}
	checkRules(&p, d.Rules)
	d.Audience.check(&p, site)
	if textOf(d.Consents, ConsentTakePart) == "" {
		p.add(ConsentTakePart, "group_join.consent_needed")
	}
	if len(p.fields) == 0 {
		d.advise(&p)
	}
	return p.err()
}

func (t GroupTexts) check(p *problems) {
	length(p, "title", t.Title, 2, maxGroupTitle)
	length(p, "purpose", t.Purpose, 10, maxGroupPurpose)
	length(p, "for_whom", t.ForWhom, 0, maxGroupLine)
	length(p, "not_for", t.NotFor, 0, maxGroupLine)
	if !oneOf(t.Situation, Situations()...) {
		p.add("situation", "group_form.situation_missing")
	}
	if !isLanguageTag(t.Language) {
		p.add("language", "form.choose")
	}
	switch t.Joining {
	case JoiningAsked:
		length(p, "question", t.Question, 5, maxGroupLine)
	case JoiningOpen, JoiningClosed:
	default:
		p.add("joining", "form.choose")
	}
}

func checkRules(p *problems, rules []string) {
	if len(rules) == 0 || len(rules) > maxGroupRules {
		p.add("rules", "group_form.rules_number", "Most", maxGroupRules)
	}
	for _, r := range rules {
		if utf8.RuneCountInString(r) > maxGroupLine {
			p.add("rules", "group_form.rule_length", "Most", maxGroupLine)
			return
		}
	}
}

// advise says once what surprises; sent again, the draft is taken as it is.
func (d GroupDraft) advise(p *problems) {
	for _, what := range d.advice(d.Joining) {
		if !slices.Contains(strings.Fields(d.Advised), what) {
			p.advise(adviceFields[what], "group_form.advice."+what)
		}
	}
}

// Advice is all that surprises about the draft, for the form to remember that
// it was said.
func (d GroupDraft) Advice() string { return strings.Join(d.advice(d.Joining), " ") }

// put writes the texts onto a group.
func (t GroupTexts) put(g *Group) {
	g.Title, g.Purpose, g.PurposeHTML = t.Title, t.Purpose, markup.Render(t.Purpose)
	g.ForWhom, g.NotFor, g.Situation, g.Language = t.ForWhom, t.NotFor, t.Situation, t.Language
	g.Joining, g.Question = t.Joining, t.Question
}

// Texts are the group's present ones.
func (g Group) Texts() GroupTexts {
	return GroupTexts{
		Title: g.Title, Purpose: g.Purpose, ForWhom: g.ForWhom, NotFor: g.NotFor, Situation: g.Situation,
		Language: g.Language, Joining: g.Joining, Question: g.Question,
	}
}

// emptyKey is the sentence for a text that is missing. Each has its own, because
// a form's summary lists them one below the other.
func emptyKey(field string) string {
	switch field {
	case "title":
		return "group_form.title_empty"
	case "purpose":
		return "group_form.purpose_empty"
	}
	return "group_form.question_empty"
}

// length adds a problem for a text that is too short or too long.
func length(p *problems, field, text string, least, most int) {
	switch n := utf8.RuneCountInString(text); {
	case n < least && n == 0:
		p.add(field, emptyKey(field))
	case n < least:
		p.add(field, "group_form.too_short", "Least", least)
	case n > most:
		p.add(field, "group_form.too_long", "Most", most)
	}
}

// isLanguageTag says whether s has the form of a language tag (RFC 5646).
func isLanguageTag(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if i == 0 && (len(part) < 2 || len(part) > 3) || len(part) < 2 || len(part) > 8 {
			return false
		}
		if strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}
