package domainlist

import (
	"encoding/json"
	"slices"
	"strings"
)

// Format is a form that lists have. The names are printed, and never change.
type Format string

// The forms that are read, and written again.
const (
	MastodonCSV    Format = "mastodon-csv"
	CSV            Format = "csv"
	HearthCSV      Format = "hearth-csv"
	MastodonJSON   Format = "mastodon-json"
	GoToSocialJSON Format = "gotosocial-json"
	Plain          Format = "plain"
)

// List is what a file says, in its order.
type List struct {
	Format  Format
	Columns []string // names as they were written, in their order; of JSON, those that an entry has a value for
	LineEnd string   // "\n", "\r\n" or "\r"
	Unended bool     // no line end after the last line
	Entries []Entry
	Remarks Findings // what is odd, and was read all the same
}

// Entry is what a list says about one domain and all below it.
type Entry struct {
	At             Place
	Domain         string // as community.FoldDomain has it, in ASCII
	Group          string // HearthCSV only: the group that it is a policy of; empty for the instance's
	Severity       string // one of policy.Severities; empty where the list does not say
	RejectMedia    bool
	RejectReports  bool
	NoNewFollows   bool // HearthCSV only
	Obfuscate      bool // the name is not to be shown whole to outsiders
	PublicComment  Comment
	PrivateComment Comment // never in a form that is meant for others, unless it came in it
	Extra          []Field // what is not known here, in its order
}

// Comment is somebody's words. Ruby's CSV, and so Mastodon's, writes an empty one
// otherwise than none.
type Comment struct {
	Text  string
	Given bool // false: there is none, and Text is empty
}

// NewComment is a comment, or none where there are no words.
func NewComment(text string) Comment { return Comment{text, text != ""} }

// Field is a value under a name that is not known here: a cell as it reads, or
// compact JSON.
type Field struct{ Name, Value string }

// Place is where an entry stands in a file.
type Place struct {
	Line  int // the first is 1; lines end as editors have it, within quotes too
	Entry int // JSON only, which often is one line: the first is 1
}

// Labels are what the list files the entry under, where it has a column for that:
// "labels" or "tags".
func (e Entry) Labels() []string {
	for _, f := range e.Extra {
		if name := plainName(f.Name); name == "labels" || name == "tags" {
			return labels(f.Value)
		}
	}
	return nil
}

func labels(value string) (all []string) {
	if json.Unmarshal([]byte(value), &all) == nil {
		return all
	}
	var one string
	if json.Unmarshal([]byte(value), &one) == nil {
		value = one
	}
	for _, l := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' }) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

// agrees says whether two entries about the same domain ask for the same; their
// comments may differ. What is not known here may ask for anything.
func (e *Entry) agrees(o *Entry) bool {
	return e.Severity == o.Severity && e.RejectMedia == o.RejectMedia && e.RejectReports == o.RejectReports &&
		e.NoNewFollows == o.NoNewFollows && e.Obfuscate == o.Obfuscate && sameFields(e.Extra, o.Extra)
}

// sameFields compares in any order: no name is there twice.
func sameFields(a, b []Field) bool {
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		if !slices.Contains(b, f) {
			return false
		}
	}
	return true
}
