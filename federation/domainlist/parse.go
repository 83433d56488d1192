package domainlist

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits bound what Parse takes. Zero is the default, below.
type Limits struct {
	Bytes   int
	Entries int
}

// What Parse takes by default: 100,000 entries with a sentence each.
const (
	DefaultBytes   = 16 << 20
	DefaultEntries = 100_000
)

// maxColumns bounds what a row may have.
const maxColumns = 64

func (l Limits) orDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = DefaultBytes
	}
	if l.Entries == 0 {
		l.Entries = DefaultEntries
	}
	return l
}

// Parse reads a list in whichever form it has. It is taken whole, or the error is an
// *Error that says what is wrong with which lines; any other error is the reader's.
// It holds at most a small multiple of the bytes it read.
func Parse(r io.Reader, limits Limits) (List, error) {
	limits = limits.orDefaults()
	text, err := read(r, limits.Bytes)
	if err != nil {
		return List{}, err
	}
	p := &parser{limits: limits}
	if err := p.parse(text); err != nil {
		return List{}, err
	}
	return p.list, nil
}

// read is all the text there is, without a byte order mark.
func read(r io.Reader, most int) (string, error) {
	var b text
	n, err := io.Copy(&b, io.LimitReader(r, int64(most)+1))
	if err != nil {
		return "", fmt.Errorf("domainlist: %w", err)
	}
	if n > int64(most) {
		return "", wrong("", Finding{Kind: TooLarge})
	}
	all := strings.TrimPrefix(b.String(), "\ufeff")
	if found := notText(all); found.Kind != "" {
		return "", wrong("", found)
	}
	return all, nil
}

// text is a Builder that doubles when it is full, so that it never copies more than
// it holds.
type text struct{ strings.Builder }

func (t *text) Write(p []byte) (int, error) {
	if t.Cap()-t.Len() < len(p) {
		t.Grow(max(t.Len(), len(p)))
	}
	return t.Builder.Write(p)
}

// notText is what makes bytes no text of ours, or nothing.
func notText(s string) Finding {
	if strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff") {
		return Finding{Kind: UTF16}
	}
	if at := indexControl(s); at >= 0 {
		return Finding{Kind: Binary, At: Place{Line: 1 + lineEnds(s[:at])}}
	}
	if utf8.ValidString(s) {
		return Finding{}
	}
	at := strings.IndexFunc(s, func(r rune) bool { return r == utf8.RuneError })
	return Finding{Kind: NotUTF8, At: Place{Line: 1 + lineEnds(s[:at])}}
}

// indexControl is where the first byte stands that text has none of, or -1.
func indexControl(s string) int {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return i
		}
	}
	return -1
}

// lineEnds counts them as editors do: CR LF is one, and so is either alone.
func lineEnds(s string) (n int) {
	for i := range len(s) {
		if s[i] == '\n' || s[i] == '\r' && (i+1 == len(s) || s[i+1] != '\n') {
			n++
		}
	}
	return n
}

// parser gathers what a file says.
type parser struct {
	limits   Limits
	list     List
	problems Findings
	seen     map[string]int32 // index of the entry about a subject
}

func (p *parser) parse(text string) error {
	p.list.LineEnd = "\n"
	if err := p.parseForm(text); err != nil {
		return err
	}
	if len(p.problems.First) > 0 {
		return &Error{p.list.Format, p.problems}
	}
	if len(p.list.Entries) == 0 {
		return wrong(p.list.Format, Finding{Kind: NoEntries})
	}
	return nil
}

// parseForm finds out which form the text has, and reads it. An error ends it.
func (p *parser) parseForm(text string) error {
	switch start := strings.TrimLeft(text, " \t\r\n"); {
	case start == "":
		return wrong("", Finding{Kind: Empty})
	case start[0] == '<':
		return wrong("", Finding{Kind: HTML})
	case start[0] == '[':
		return p.parseJSON(text)
	case start[0] == '{':
		return wrong("", Finding{Kind: NotAList, At: Place{Line: 1}, Text: start[:min(len(start), 400)]})
	}
	rows := &scanner{text: text, line: 1}
	if !rows.skipComments() {
		return wrong("", Finding{Kind: Empty})
	}
	at := Place{Line: rows.line}
	if header, ok := rows.header(); ok {
		return p.parseCSV(rows, header, at)
	}
	return p.parsePlain(text)
}

// expect makes room for as many entries as there may be.
func (p *parser) expect(most int) {
	most = min(most, p.limits.Entries)
	p.list.Entries = make([]Entry, 0, most)
	p.seen = make(map[string]int32, most)
}

// subject is what a list may say one thing about.
func (e *Entry) subject() string {
	if e.Group == "" {
		return e.Domain
	}
	return e.Domain + " " + e.Group
}

func (p *parser) problem(kind Kind, at Place, text string) {
	p.problems.add(Finding{Kind: kind, At: at, Text: text})
}

// add takes an entry, unless its domain was there already. An error ends it.
func (p *parser) add(e Entry) error {
	subject := e.subject()
	index, again := p.seen[subject]
	if again {
		p.addAgain(&p.list.Entries[index], &e)
		return nil
	}
	if len(p.list.Entries) == p.limits.Entries {
		return wrong(p.list.Format, Finding{Kind: TooMany, At: e.At})
	}
	p.seen[subject] = int32(len(p.list.Entries))
	p.list.Entries = append(p.list.Entries, e)
	return nil
}

func (p *parser) addAgain(first, e *Entry) {
	found := Finding{At: e.At, Other: first.At, Text: e.Domain}
	switch {
	case !first.agrees(e):
		found.Kind = Conflict
		p.problems.add(found)
		return
	case first.PublicComment != e.PublicComment || first.PrivateComment != e.PrivateComment:
		found.Kind = OtherWords
	default:
		found.Kind = Repeated
	}
	p.list.Remarks.add(found)
}

// domain folds what stands in the domain's place; false where there is nothing to
// take, which is then a remark or a problem.
func (p *parser) domain(typed string, at Place) (string, bool) {
	domain, found := fold(typed)
	switch found {
	case "":
		return domain, true
	case Starred:
		p.list.Remarks.add(Finding{Kind: Starred, At: at, Text: typed})
	default:
		p.problem(found, at, typed)
	}
	return "", false
}
