package community

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Words are the sentences of a Decision; none where they were erased.
func (p DecisionPayload) Words() DecisionWords {
	var w DecisionWords
	if p.Payload == "" || json.Unmarshal([]byte(p.Payload), &w) != nil {
		return DecisionWords{}
	}
	return w
}

// words are the sentences of a Decision, with what changed also where it was
// written before there was a list of it. The payload stays as it is: its hash is
// in the chain.
func (d Decision) words(p DecisionPayload) DecisionWords {
	w := p.Words()
	switch {
	case len(w.Changed) > 0:
	case d.Kind == DecidedRole && w.Shown != "":
		w.Changed = []Change{changeOnce(FieldRole + ": " + w.Shown)}
	case d.Kind == DecidedSettings && d.SubjectKind == SubjectSite:
		w.Changed = changesOnce(w.Shown)
	case d.Kind == DecidedSettings && d.SubjectKind == SubjectGroup && fieldList.MatchString(w.Note):
		w.Changed, w.Note = changesIn(strings.Split(w.Note, ", ")), ""
	}
	return w
}

// fieldList is how changes of a group once stood in the note: "title, for_whom".
var fieldList = regexp.MustCompile(`^[a-z_]+(, [a-z_]+)*$`)

// lineOnce begins a change as it once stood: "registration: open -> approval".
var lineOnce = regexp.MustCompile(`^([a-z_]+): (?s:(.*))$`)

// changesOnce reads changes as they once stood, a line each; a line that begins
// none belongs to the text before it.
func changesOnce(shown string) (changes []Change) {
	for line := range strings.SplitSeq(shown, "\n") {
		if lineOnce.MatchString(line) {
			changes = append(changes, changeOnce(line))
		}
	}
	return changes
}

func changeOnce(line string) Change {
	m := lineOnce.FindStringSubmatch(line)
	from, to, _ := strings.Cut(m[2], " -> ")
	return Change{m[1], from, to}
}

func changesIn(fields []string) []Change {
	changes := make([]Change, len(fields))
	for i, f := range fields {
		changes[i].Field = f
	}
	return changes
}

// FieldRole is what changed where somebody may do other things since; the fields
// of a Site, a group and an Audience are named where they are compared.
const FieldRole = "role"
