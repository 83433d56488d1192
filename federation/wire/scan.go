package wire

import (
	"bytes"
	"encoding/json"
	"iter"
)

const jsonSpace = " \t\r\n"

// scanner walks over JSON that is known to be valid. It is what keeps exact
// bytes: encoding/json would copy and, on the way out, compact them.
type scanner struct {
	doc []byte
	at  int
}

// items yields 0, 1, 2, ... with the scanner standing on each element of the
// array, or each key of the object, that begins here. The loop's body must move
// past what it was given; afterwards the scanner stands behind the bracket.
func (s *scanner) items() iter.Seq[int] {
	return func(yield func(int) bool) {
		s.at = skipSpace(s.doc, s.at+1)
		for n := 0; s.doc[s.at] != ']' && s.doc[s.at] != '}'; n++ {
			if !yield(n) {
				return
			}
			if s.at = skipSpace(s.doc, s.at); s.doc[s.at] == ',' {
				s.at = skipSpace(s.doc, s.at+1)
			}
		}
		s.at++
	}
}

// key reads a member's key and moves to its value.
func (s *scanner) key() []byte {
	key := s.string()
	colon := skipSpace(s.doc, s.at)
	s.at = skipSpace(s.doc, colon+1)
	return key
}

// string reads a string, with its escapes resolved.
func (s *scanner) string() []byte {
	from := s.at
	s.at = stringEnd(s.doc, from)
	quoted := s.doc[from:s.at]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return quoted // not reached: the document is valid
	}
	return []byte(text)
}

// scalar moves past a number, true, false or null.
func (s *scanner) scalar() {
	for s.at < len(s.doc) {
		switch s.doc[s.at] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return
		}
		s.at++
	}
}

// skip moves past any value.
func (s *scanner) skip() {
	switch s.doc[s.at] {
	case '"':
		s.at = stringEnd(s.doc, s.at)
	case '{', '[':
		s.at = bracketEnd(s.doc, s.at)
	default:
		s.scalar()
	}
}

// bracketEnd is the index behind the object or array that begins at from.
func bracketEnd(doc []byte, from int) int {
	depth := 0
	for i := from; i < len(doc); i++ {
		switch doc[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			i = stringEnd(doc, i) - 1
		}
	}
	return len(doc)
}

// stringEnd is the index behind the string that begins at from, or behind doc
// where the string never ends.
func stringEnd(doc []byte, from int) int {
	for i := from + 1; i < len(doc); i++ {
		switch doc[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(doc)
}

func skipSpace(doc []byte, at int) int {
	for at < len(doc) && (doc[at] == ' ' || doc[at] == '\t' || doc[at] == '\r' || doc[at] == '\n') {
		at++
	}
	return at
}
