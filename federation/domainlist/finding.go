package domainlist

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind says what is found in a list. It is an error, so that
// errors.Is(err, domainlist.HTML) works. Kinds are kept as facts and never renamed.
type Kind string

func (k Kind) Error() string { return "domainlist: " + string(k) }

// What may be wrong with a file as a whole.
const (
	Empty       Kind = "empty"        // nothing in it, or nothing but comments
	NoEntries   Kind = "no_entries"   // a list, of nobody
	TooLarge    Kind = "too_large"    // more bytes than Limits allow
	TooMany     Kind = "too_many"     // more entries than Limits allow
	HTML        Kind = "html"         // a web page; of a line: HTML in a domain's place
	Binary      Kind = "binary"       // bytes that no text has
	UTF16       Kind = "utf16"        // text of two bytes a letter
	NotUTF8     Kind = "not_utf8"     // text in another alphabet's encoding
	NotAList    Kind = "not_a_list"   // JSON of another shape; the text is its beginning
	BadJSON     Kind = "bad_json"     // JSON that ends or goes on where it may not
	NoName      Kind = "no_name"      // a column without a name
	SameColumn  Kind = "same_column"  // two columns for one thing
	ManyColumns Kind = "many_columns" // more columns than maxColumns
)

// What may be wrong with a line.
const (
	BareQuote   Kind = "bare_quote"   // a quote within a cell that does not begin with one
	AfterQuote  Kind = "after_quote"  // something between a closing quote and the next comma
	OpenQuote   Kind = "open_quote"   // a quote that is never closed
	CellCount   Kind = "cell_count"   // more or fewer cells than columns
	NoHeader    Kind = "no_header"    // several cells, and no line that names them
	Separator   Kind = "separator"    // cells parted by something else than commas
	NoDomain    Kind = "no_domain"    // nothing where the domain should be
	NotADomain  Kind = "not_a_domain" // no name of a server
	NotAServer  Kind = "not_a_server" // an address within one, or somebody's name there
	Everybody   Kind = "everybody"    // a lone star
	BadSeverity Kind = "bad_severity" // a word for a severity that nobody has
	BadFlag     Kind = "bad_flag"     // neither true nor false
	BadText     Kind = "bad_text"     // not text, or with bytes that no text has
	BadEntry    Kind = "bad_entry"    // no JSON object
	SameMember  Kind = "same_member"  // a JSON object with two values for one thing
	TwoMinds    Kind = "two_minds"    // an entry that asks for two things
	Conflict    Kind = "conflict"     // a domain twice, asking for different things
)

// What is odd, and harms nobody.
const (
	Repeated   Kind = "repeated" // a domain twice, asking for the same
	OtherWords Kind = "reworded" // the same, with other comments; the first are kept
	Starred    Kind = "starred"  // a name with stars in it, as public lists have them: left out
)

// Finding is one thing that is found.
type Finding struct {
	Kind  Kind
	At    Place
	Other Place  // of Conflict, Repeated and OtherWords: where it stood before
	Text  string // what is meant, at most 80 characters of it
}

// maxFindings bounds how many are told.
const maxFindings = 20

// Findings are the first that were found, in their order, and how many there are.
type Findings struct {
	First  []Finding
	Counts map[Kind]int // of all
}

// More is how many there are besides the first.
func (f Findings) More() int {
	all := -len(f.First)
	for _, n := range f.Counts {
		all += n
	}
	return all
}

func (f *Findings) add(one Finding) {
	if f.Counts == nil {
		f.Counts = map[Kind]int{}
	}
	f.Counts[one.Kind]++
	if len(f.First) < maxFindings {
		one.Text = clip(one.Text)
		f.First = append(f.First, one)
	}
}

// clip shortens to 80 characters, and lets go of the rest of the file.
func clip(text string) string {
	text = strings.TrimSpace(text)
	for i, n := 0, 0; i < len(text); n++ {
		if n == 80 {
			text = text[:i] + "…"
			break
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return strings.Clone(text)
}

// Error says why nothing of a list was taken.
type Error struct {
	Format   Format // empty where it was not found out
	Problems Findings
}

func (e *Error) Error() string {
	first := e.Problems.First[0]
	text := "domainlist: " + string(first.Kind)
	if first.At.Line > 0 {
		text += fmt.Sprintf(" in line %d", first.At.Line)
	}
	if more := e.Problems.More() + len(e.Problems.First) - 1; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// Is says whether something of the Kind is wrong.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && e.Problems.Counts[kind] > 0
}

// wrong is an Error about one thing.
func wrong(format Format, one Finding) *Error {
	e := &Error{Format: format}
	e.Problems.add(one)
	return e
}
