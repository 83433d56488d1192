package domainlist

import "strings"

// ownPrefix begins the names of our own columns. Nobody else has them, so nobody
// else takes such a file for one of Mastodon's, and our severities for theirs.
const ownPrefix = "hearth_"

// meaning is what a column or a member is about.
type meaning int

const (
	aboutNothing meaning = iota // not known here
	aboutDomain
	aboutGroup
	aboutSeverity
	aboutMedia
	aboutReports
	aboutFollows
	aboutObfuscation
	aboutPublicly
	aboutPrivately
)

func (m meaning) isFlag() bool {
	return m == aboutMedia || m == aboutReports || m == aboutFollows || m == aboutObfuscation
}

var meanings = map[string]meaning{
	"domain": aboutDomain, "severity": aboutSeverity, "reject_media": aboutMedia, "reject_reports": aboutReports,
	"public_comment": aboutPublicly, "private_comment": aboutPrivately, "obfuscate": aboutObfuscation,
}

var ownMeanings = map[string]meaning{
	"hearth_domain": aboutDomain, "hearth_group": aboutGroup, "hearth_severity": aboutSeverity,
	"hearth_reject_media": aboutMedia, "hearth_reject_reports": aboutReports, "hearth_no_new_follows": aboutFollows,
	"hearth_public_comment": aboutPublicly, "hearth_private_comment": aboutPrivately, "hearth_obfuscate": aboutObfuscation,
}

// plainName is a column's name without what stands around it.
func plainName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "#"))
}

// table is how the cells of a file are read.
type table struct {
	names    []string
	meanings []meaning
}

// parseCSV reads what is below a header that was found at a place.
func (p *parser) parseCSV(rows *scanner, header []string, at Place) error {
	p.list.Format, p.list.Columns = formOf(header), header
	t, found := newTable(p.list.Format, header)
	if found.Kind != "" {
		found.At = at
		return wrong(p.list.Format, found)
	}
	p.expect(1 + lineEnds(rows.text[rows.pos:]))
	for rows.pos < len(rows.text) {
		if rows.text[rows.pos] == '#' {
			rows.rest()
			continue
		}
		cells, line, broken := rows.row()
		if broken != "" {
			p.problem(broken, Place{Line: line}, "")
			continue
		}
		if isBlank(cells) {
			continue
		}
		if err := p.addRow(t, cells, Place{Line: line}); err != nil {
			return err
		}
	}
	p.lineEnd(rows)
	return nil
}

func formOf(header []string) Format {
	form := CSV
	for _, name := range header {
		switch trimmed := strings.ToLower(strings.TrimSpace(name)); {
		case plainName(name) == ownPrefix+"domain":
			return HearthCSV
		case trimmed == "#domain":
			form = MastodonCSV
		}
	}
	return form
}

func newTable(form Format, header []string) (table, Finding) {
	t := table{header, make([]meaning, len(header))}
	if len(header) > maxColumns {
		return t, Finding{Kind: ManyColumns}
	}
	known := meanings
	if form == HearthCSV {
		known = ownMeanings
	}
	seen := map[string]bool{}
	for i, name := range header {
		plain := plainName(name)
		switch {
		case plain == "":
			return t, Finding{Kind: NoName}
		case seen[plain]:
			return t, Finding{Kind: SameColumn, Text: name}
		}
		seen[plain] = true
		t.meanings[i] = known[plain]
	}
	return t, Finding{}
}

// isBlank says whether a row says nothing: an empty line, or the cells that a
// spreadsheet leaves.
func isBlank(cells []cell) bool {
	for _, c := range cells {
		if strings.TrimSpace(c.text) != "" || c.quoted {
			return false
		}
	}
	return true
}

// addRow takes a row. What is wrong with it becomes a problem; an error ends it.
func (p *parser) addRow(t table, cells []cell, at Place) error {
	if len(cells) != len(t.names) {
		p.problem(miscounted(cells[0].text), at, cells[0].text)
		return nil
	}
	e, ok := Entry{At: at}, true
	for i, c := range cells {
		if t.meanings[i] == aboutNothing {
			if c.given() {
				e.Extra = append(e.Extra, Field{t.names[i], c.text})
			}
			continue
		}
		ok = p.set(&e, t.meanings[i], c) && ok
	}
	if !ok {
		return nil
	}
	return p.add(e)
}

// miscounted is what is wrong with a row of another length: a web page that begins
// in the middle of a file says so.
func miscounted(first string) Kind {
	if strings.HasPrefix(strings.TrimSpace(first), "<") {
		return HTML
	}
	return CellCount
}

// set puts down what a cell says, and says whether it could.
func (p *parser) set(e *Entry, about meaning, c cell) (ok bool) {
	switch about {
	case aboutDomain:
		e.Domain, ok = p.domain(c.text, e.At)
		return ok
	case aboutGroup:
		e.Group = strings.TrimSpace(c.text)
	case aboutSeverity:
		if e.Severity, ok = severityOf(c.text); !ok {
			p.problem(BadSeverity, e.At, c.text)
			return false
		}
	case aboutPublicly:
		e.PublicComment = Comment{c.text, c.given()}
	case aboutPrivately:
		e.PrivateComment = Comment{c.text, c.given()}
	default:
		flag, ok := flagOf(c.text)
		if !ok {
			p.problem(BadFlag, e.At, c.text)
			return false
		}
		*e.flag(about) = flag
	}
	return true
}

// flag is where an entry keeps one.
func (e *Entry) flag(about meaning) *bool {
	switch about {
	case aboutMedia:
		return &e.RejectMedia
	case aboutReports:
		return &e.RejectReports
	case aboutFollows:
		return &e.NoNewFollows
	}
	return &e.Obfuscate
}

// flagOf reads true and false as Ruby, Python and spreadsheets write them. Nothing
// is false.
func flagOf(word string) (flag, ok bool) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "true", "t", "1", "yes", "y":
		return true, true
	case "", "false", "f", "0", "no", "n":
		return false, true
	}
	return false, false
}
