package domainlist

import "strings"

// parsePlain reads one domain a line. "#" begins a comment, at the start of a line
// or after a space.
func (p *parser) parsePlain(text string) error {
	p.list.Format = Plain
	p.expect(1 + lineEnds(text))
	rows := &scanner{text: text, line: 1}
	for rows.pos < len(text) {
		at := Place{Line: rows.line}
		line := strings.TrimSpace(withoutComment(rows.rest()))
		if line == "" {
			continue
		}
		if found := severalCells(line); found != "" {
			p.problem(found, at, line)
			continue
		}
		domain, ok := p.domain(line, at)
		if !ok {
			continue
		}
		if err := p.add(Entry{At: at, Domain: domain}); err != nil {
			return err
		}
	}
	p.lineEnd(rows)
	return nil
}

// severalCells is what is wrong with a line of a table that was not known for one.
func severalCells(line string) Kind {
	switch {
	case line[0] == '<':
		return ""
	case strings.ContainsRune(line, ','):
		return NoHeader
	case strings.ContainsAny(line, ";\t"):
		return Separator
	}
	return ""
}

func withoutComment(line string) string {
	for from := 0; ; {
		at := strings.IndexByte(line[from:], '#')
		if at < 0 {
			return line
		}
		if at += from; at == 0 || line[at-1] == ' ' || line[at-1] == '\t' {
			return line[:at]
		}
		from = at + 1
	}
}

func (p *parser) lineEnd(rows *scanner) {
	if rows.lineEnd != "" {
		p.list.LineEnd = rows.lineEnd
	}
	last := rows.text[len(rows.text)-1]
	p.list.Unended = last != '\n' && last != '\r'
}
