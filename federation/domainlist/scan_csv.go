package domainlist

import "strings"

// scanner cuts text into rows and cells (RFC 4180). Not encoding/csv, since that
// tells neither an empty cell from a quoted empty one nor CR LF within quotes from
// LF, and knows no lone CR: Mastodon's bytes could not be had again.
type scanner struct {
	text    string
	pos     int
	line    int
	lineEnd string // the first that was met outside quotes
	cells   []cell // of the last row; the next uses them again
}

// cell is what a row says about a column.
type cell struct {
	text   string
	quoted bool
}

// given says whether there is a value: an empty one is quoted.
func (c cell) given() bool { return c.text != "" || c.quoted }

// row cuts the next row, which may be of several lines, and says where it begins.
// Where it is broken, it says how, and goes on with the next line.
func (s *scanner) row() (cells []cell, line int, found Kind) {
	line = s.line
	s.cells = s.cells[:0]
	for {
		one, found := s.cell()
		if found != "" {
			s.rest()
			return nil, line, found
		}
		s.cells = append(s.cells, one)
		if s.pos == len(s.text) || s.text[s.pos] != ',' {
			s.endLine()
			return s.cells, line, ""
		}
		s.pos++
	}
}

// cell ends before a comma, a line's end or the text's.
func (s *scanner) cell() (cell, Kind) {
	if s.pos < len(s.text) && s.text[s.pos] == '"' {
		return s.quotedCell()
	}
	from := s.pos
	for ; s.pos < len(s.text); s.pos++ {
		switch s.text[s.pos] {
		case ',', '\n', '\r':
			return cell{text: s.text[from:s.pos]}, ""
		case '"':
			return cell{}, BareQuote
		}
	}
	return cell{text: s.text[from:]}, ""
}

func (s *scanner) quotedCell() (cell, Kind) {
	from, doubled := s.pos+1, false
	for at := from; ; {
		n := strings.IndexByte(s.text[at:], '"')
		if n < 0 {
			s.pos = len(s.text)
			return cell{}, OpenQuote
		}
		at += n + 1
		if at < len(s.text) && s.text[at] == '"' {
			doubled = true
			at++
			continue
		}
		text := s.text[from : at-1]
		s.pos = at
		s.line += lineEnds(text)
		if at < len(s.text) && !strings.ContainsRune(",\n\r", rune(s.text[at])) {
			return cell{}, AfterQuote
		}
		if doubled {
			text = strings.ReplaceAll(text, `""`, `"`)
		}
		return cell{text, true}, ""
	}
}

// rest is the text up to the line's end, which is passed.
func (s *scanner) rest() string {
	from := s.pos
	n := strings.IndexAny(s.text[from:], "\n\r")
	if n < 0 {
		s.pos = len(s.text)
		return s.text[from:]
	}
	s.pos += n
	s.endLine()
	return s.text[from : from+n]
}

func (s *scanner) endLine() {
	if s.pos == len(s.text) {
		return
	}
	end := s.text[s.pos : s.pos+1]
	if strings.HasPrefix(s.text[s.pos:], "\r\n") {
		end = "\r\n"
	}
	if s.lineEnd == "" {
		s.lineEnd = end
	}
	s.pos += len(end)
	s.line++
}

// skipComments passes blank lines and comments, up to the first line that says
// something: "#domain" names a column, "# domain" and "#domains" say nothing. False
// where there is none.
func (s *scanner) skipComments() bool {
	for s.pos < len(s.text) {
		before := *s
		line := strings.TrimSpace(s.rest())
		if line == "" || line[0] == '#' && !before.isHeader() {
			continue
		}
		*s = before
		return true
	}
	return false
}

func (s scanner) isHeader() bool {
	_, ok := s.header()
	return ok
}

// header is the next row where it names a column for domains: else nothing is
// passed.
func (s *scanner) header() (names []string, ok bool) {
	before := *s
	s.cells = nil
	cells, _, found := s.row()
	for _, c := range cells {
		names = append(names, c.text)
		ok = ok || isDomainColumn(c.text)
	}
	if found != "" || !ok {
		*s = before
		return nil, false
	}
	return names, true
}

func isDomainColumn(name string) bool {
	name = plainName(name)
	return name == "domain" || name == ownPrefix+"domain"
}
