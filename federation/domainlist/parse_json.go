package domainlist

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"hearth/community/policy"
)

// objects reads a JSON array of objects, one member after the other: in their order,
// and none twice.
type objects struct {
	*json.Decoder
	text    string
	at      Place
	counted int // bytes whose lines are counted
	value   json.RawMessage
	names   map[string]bool // of the object
	said    []string        // those of them that say something
	columns map[string]bool // of all objects
}

func (p *parser) parseJSON(text string) error {
	p.list.Format = GoToSocialJSON
	p.expect(strings.Count(text, "{"))
	o := &objects{Decoder: json.NewDecoder(strings.NewReader(text)), text: text, at: Place{Line: 1}, names: map[string]bool{}, columns: map[string]bool{}}
	return p.parseArray(o)
}

func (p *parser) parseArray(o *objects) error {
	if _, err := o.Token(); err != nil {
		return o.broken()
	}
	for o.More() {
		if err := p.parseObject(o); err != nil {
			return err
		}
	}
	if _, err := o.Token(); err != nil {
		return o.broken()
	}
	if _, err := o.Token(); err != io.EOF {
		return o.broken()
	}
	return nil
}

// broken is an Error about where the reading stopped.
func (o *objects) broken() error {
	o.count()
	return wrong("", Finding{Kind: BadJSON, At: o.at})
}

// count brings the line up to where the decoder is.
func (o *objects) count() {
	now := min(int(o.InputOffset()), len(o.text))
	o.at.Line += lineEnds(o.text[o.counted:now])
	o.counted = now
}

// parseObject takes the next entry. What is wrong with it becomes a problem; an
// error ends it.
func (p *parser) parseObject(o *objects) error {
	o.at.Entry++
	begin, err := o.Token()
	if err != nil {
		return o.broken()
	}
	o.count()
	if begin != json.Delim('{') {
		p.problem(BadEntry, o.at, "")
		return o.skip(begin)
	}
	e, ok := Entry{At: o.at}, true
	clear(o.names)
	o.said = o.said[:0]
	for o.More() {
		name, err := o.member()
		if err != nil {
			return err
		}
		ok = p.setMember(&e, o, name) && ok
	}
	if _, err := o.Token(); err != nil {
		return o.broken()
	}
	if !slices.Contains(o.said, "domain") {
		p.problem(NoDomain, e.At, "")
		ok = false
	}
	if !ok || !p.settle(&e) {
		return nil
	}
	before := len(p.list.Entries)
	if err := p.add(e); err != nil || len(p.list.Entries) == before {
		return err
	}
	return p.addColumns(o)
}

// addColumns keeps what an entry has values for.
func (p *parser) addColumns(o *objects) error {
	for _, name := range o.said {
		if o.columns[name] {
			continue
		}
		if len(o.columns) == maxColumns {
			return wrong(p.list.Format, Finding{Kind: ManyColumns, At: o.at, Text: name})
		}
		o.columns[name] = true
		p.list.Columns = append(p.list.Columns, name)
	}
	return nil
}

// skip passes what else there is of something that is no object.
func (o *objects) skip(begin json.Token) error {
	if begin != json.Delim('[') {
		return nil
	}
	for o.More() {
		if err := o.Decode(&o.value); err != nil {
			return o.broken()
		}
	}
	if _, err := o.Token(); err != nil {
		return o.broken()
	}
	return nil
}

// member reads the next name, and its value into o.value.
func (o *objects) member() (string, error) {
	name, err := o.Token()
	if err != nil {
		return "", o.broken()
	}
	if err := o.Decode(&o.value); err != nil {
		return "", o.broken()
	}
	return name.(string), nil
}

// memberMeaning is a column's, and the public API's name for a comment.
func memberMeaning(name string) meaning {
	if name == "comment" {
		return aboutPublicly
	}
	return meanings[name]
}

// setMember puts down what a member says, and says whether it could. null is
// nothing said.
func (p *parser) setMember(e *Entry, o *objects, name string) bool {
	if o.names[name] || len(o.names) == maxColumns {
		p.problem(SameMember, e.At, name)
		return false
	}
	o.names[name] = true
	about := memberMeaning(name)
	switch {
	case about == aboutNothing:
		o.said = append(o.said, name)
		return p.setExtra(e, o, name)
	case string(o.value) == "null":
		return true
	case about == aboutPublicly && e.PublicComment.Given:
		p.problem(SameMember, e.At, name)
		return false
	}
	c, ok := o.asCell(about)
	if !ok {
		p.problem(BadText, e.At, name)
		return false
	}
	if about != aboutSeverity || strings.TrimSpace(c.text) != "" {
		o.said = append(o.said, name)
	}
	return p.set(e, about, c)
}

func (p *parser) setExtra(e *Entry, o *objects, name string) bool {
	var b bytes.Buffer
	if err := json.Compact(&b, o.value); err != nil || strings.ContainsFunc(name, isControl) {
		p.problem(BadText, e.At, name)
		return false
	}
	e.Extra = append(e.Extra, Field{name, b.String()})
	return true
}

// asCell is a value as a cell of CSV has it: a string, or of a flag true or false.
func (o *objects) asCell(about meaning) (cell, bool) {
	switch {
	case o.value[0] == '"':
		var text string
		err := json.Unmarshal(o.value, &text)
		return cell{text, true}, err == nil && !strings.ContainsFunc(text, isControl)
	case about.isFlag():
		return cell{text: string(o.value)}, o.value[0] == 't' || o.value[0] == 'f'
	}
	return cell{}, false
}

// isControl says of a letter that no text has it.
func isControl(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }

// settle reads the severity out of GoToSocial's times where none is named, and says
// whether all of it agrees.
func (p *parser) settle(e *Entry) bool {
	if e.Severity != "" {
		p.list.Format = MastodonJSON
	}
	said := ""
	switch {
	case isSaid(e.Extra, "suspended_at"):
		said = policy.Suspend
	case isSaid(e.Extra, "silenced_at"):
		said = policy.Limit
	}
	if said != "" && e.Severity != "" && said != e.Severity {
		p.problem(TwoMinds, e.At, e.Domain)
		return false
	}
	if e.Severity == "" {
		e.Severity = said
	}
	return true
}

func isSaid(extra []Field, name string) bool {
	for _, f := range extra {
		if f.Name == name {
			return f.Value != "null" && f.Value != `""`
		}
	}
	return false
}
