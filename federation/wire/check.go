package wire

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Limits of a document from outside.
const (
	MaxBytes = 1 << 20 // of a body, as Mastodon has it
	MaxDepth = 32      // of nesting
	MaxItems = 256     // in one array, and members in one object
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// check passes body through the gate that doc.go describes and returns the
// document itself: without byte order mark, surrounding white space, bto and
// bcc. What it returns is valid JSON with an object at its root, within the
// limits, so that the readers in value.go need no error paths.
func check(body []byte) (json.RawMessage, error) {
	if len(body) > MaxBytes {
		return nil, Error{TooLarge}
	}
	doc := bytes.TrimRight(bytes.TrimLeft(bytes.TrimPrefix(body, byteOrderMark), jsonSpace), jsonSpace)
	switch {
	case !utf8.Valid(doc):
		return nil, Error{NotUTF8}
	case tooDeep(doc):
		return nil, Error{TooDeep}
	case !json.Valid(doc):
		return nil, Error{NotJSON}
	case doc[0] != '{':
		return nil, Error{NotAnObject}
	}
	gate := gate{scanner: scanner{doc: doc}}
	if err := gate.object(false); err != nil {
		return nil, err
	}
	return cut(doc, gate.private), nil
}

// tooDeep counts brackets outside strings. It is asked before any parser sees
// the document, so it must not mind what is no JSON at all.
func tooDeep(doc []byte) bool {
	depth := 0
	for i := 0; i < len(doc); i++ {
		switch doc[i] {
		case '{', '[':
			if depth++; depth > MaxDepth {
				return true
			}
		case '}', ']':
			depth--
		case '"':
			i = stringEnd(doc, i) - 1
		}
	}
	return false
}

// span is doc[from:to].
type span struct{ from, to int }

// gate walks a valid document once, looking for what is refused whatever the
// document means.
type gate struct {
	scanner
	private []span // members named bto or bcc, in order
}

// value checks one value. inContext is true inside @context, whose terms are
// not ours to read.
func (g *gate) value(inContext bool) error {
	switch g.doc[g.at] {
	case '{':
		return g.object(inContext)
	case '[':
		return g.array(inContext)
	case '"':
		if inContext {
			return g.term()
		}
	}
	g.skip()
	return nil
}

// term checks a string inside @context, which may make another word an alias of
// a keyword.
func (g *gate) term() error {
	if isForbidden(g.string()) {
		return Error{ForbiddenKeyword}
	}
	return nil
}

func (g *gate) array(inContext bool) error {
	for items := range g.items() {
		if items >= MaxItems {
			return Error{ArrayTooLong}
		}
		if err := g.value(inContext); err != nil {
			return err
		}
	}
	return nil
}

func (g *gate) object(inContext bool) error {
	var seen keySet
	kept := -1 // where the last member that is not private ended
	for member := range g.items() {
		if member >= MaxItems {
			return Error{ObjectTooWide}
		}
		from, cuts := g.at, len(g.private)
		key := g.key()
		if isForbidden(key) {
			return Error{ForbiddenKeyword}
		}
		if !inContext && !seen.add(key) {
			return Error{DuplicateKey}
		}
		if err := g.value(inContext || string(key) == "@context"); err != nil {
			return err
		}
		if !inContext && isPrivate(key) {
			g.private = append(g.private[:cuts], g.withComma(span{from, g.at}, kept))
		} else {
			kept = g.at
		}
	}
	return nil
}

// withComma widens a member that is to be cut by the one comma that must go
// with it: the one before it where a member that stays precedes, or else the
// one after it.
func (g *gate) withComma(member span, kept int) span {
	if kept >= 0 {
		return span{kept, member.to}
	}
	end := skipSpace(g.doc, member.to)
	if g.doc[end] == ',' {
		return span{member.from, skipSpace(g.doc, end+1)}
	}
	return member
}

func isForbidden(word []byte) bool {
	switch string(word) {
	case "@graph", "@included", "@reverse":
		return true
	}
	return false
}

func isPrivate(key []byte) bool {
	return string(key) == "bto" || string(key) == "bcc"
}

// keySet is the keys of one object. Nearly all have few; a hash is for those
// that are made to be slow.
type keySet struct {
	few  [24][]byte
	n    int
	many map[string]bool
}

// add answers whether the key is new.
func (s *keySet) add(key []byte) bool {
	for _, known := range s.few[:s.n] {
		if bytes.Equal(known, key) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = key
		s.n++
		return true
	}
	if s.many == nil {
		s.many = map[string]bool{}
	}
	isNew := !s.many[string(key)]
	s.many[string(key)] = true
	return isNew
}

// cut returns doc without the spans, which are in order and may touch or
// overlap. Without spans it is doc itself.
func cut(doc []byte, spans []span) json.RawMessage {
	if len(spans) == 0 {
		return doc
	}
	rest := make([]byte, 0, len(doc))
	at := 0
	for _, s := range spans {
		if s.from > at {
			rest = append(rest, doc[at:s.from]...)
		}
		at = max(at, s.to)
	}
	return append(rest, doc[at:]...)
}
