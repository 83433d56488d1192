package domainlist

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"hearth/community/policy"
)

// writeCSV writes cells as Ruby's CSV does, and so Mastodon: quoted where there is a
// comma, a quote or a line's end in them, or where they are empty and not absent.
func writeCSV(w io.Writer, l List, columns []string) error {
	b := bufio.NewWriter(w)
	cells := make([]cell, len(columns))
	for i, name := range columns {
		cells[i].text = name
	}
	writeRow(b, cells, true)
	t, _ := newTable(l.Format, columns)
	for i := range l.Entries {
		b.WriteString(l.LineEnd)
		l.Entries[i].fill(cells, t, l.Format)
		writeRow(b, cells, false)
	}
	if !l.Unended {
		b.WriteString(l.LineEnd)
	}
	return flush(b)
}

// fill puts an entry's values where the table has its columns.
func (e *Entry) fill(cells []cell, t table, form Format) {
	clear(cells)
	extra := e.Extra
	for i, about := range t.meanings {
		if about != aboutNothing {
			cells[i] = e.cell(about, form)
			continue
		}
		if len(extra) > 0 && extra[0].Name == t.names[i] {
			cells[i] = cell{extra[0].Value, true}
			extra = extra[1:]
		}
	}
}

func (e *Entry) cell(about meaning, form Format) cell {
	switch about {
	case aboutDomain:
		return cell{text: e.Domain}
	case aboutGroup:
		return cell{text: e.Group}
	case aboutSeverity:
		return cell{text: e.word(form)}
	case aboutPublicly:
		return cell{e.PublicComment.Text, e.PublicComment.Given}
	case aboutPrivately:
		return cell{e.PrivateComment.Text, e.PrivateComment.Given}
	}
	return cell{text: strconv.FormatBool(*e.flag(about))}
}

// word is how a form says the severity.
func (e *Entry) word(form Format) string {
	if form == HearthCSV {
		return e.Severity
	}
	return kept(e.Severity)
}

// writeRow quotes a first cell that would be a comment: only a header may begin so.
func writeRow(b *bufio.Writer, cells []cell, isHeader bool) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if i == 0 && !isHeader && strings.HasPrefix(c.text, "#") {
			writeQuoted(b, c.text)
			continue
		}
		writeCell(b, c)
	}
}

func writeCell(b *bufio.Writer, c cell) {
	if c.text == "" && c.quoted || strings.ContainsAny(c.text, ",\"\r\n") {
		writeQuoted(b, c.text)
		return
	}
	b.WriteString(c.text)
}

func writeQuoted(b *bufio.Writer, text string) {
	b.WriteByte('"')
	b.WriteString(strings.ReplaceAll(text, `"`, `""`))
	b.WriteByte('"')
}

// kept is the word for a severity in a list that came with it: it reads again as
// the same, and is Mastodon's where Mastodon has one.
func kept(severity string) string {
	switch severity {
	case policy.Watch:
		return "noop"
	case policy.Limit:
		return "silence"
	case policy.Hold:
		return "filter"
	}
	return severity
}
