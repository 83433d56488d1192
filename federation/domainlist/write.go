package domainlist

import (
	"bufio"
	"fmt"
	"io"
)

// Write writes a list in the form in which it came. What Mastodon wrote, and was
// read without remarks, comes out as the same bytes.
func Write(w io.Writer, l List) error {
	switch l.Format {
	case MastodonCSV, CSV, HearthCSV:
		return writeCSV(w, l, l.Columns)
	case MastodonJSON, GoToSocialJSON:
		return writeJSON(w, l.Entries, l.Columns)
	case Plain:
		return writePlain(w, l)
	}
	return fmt.Errorf("domainlist: no form %q", l.Format)
}

// mastodonColumns are those that Mastodon exports, in its order. GoToSocial takes a
// file with these and no other.
var mastodonColumns = []string{"#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"}

// hearthColumns are our own. A domain is not the first: software that knows no
// header reads a domain to refuse there.
var hearthColumns = []string{"hearth_severity", "hearth_domain", "hearth_group", "hearth_reject_media", "hearth_reject_reports",
	"hearth_no_new_follows", "hearth_public_comment", "hearth_private_comment", "hearth_obfuscate"}

// gotosocialMembers are those of GoToSocial's own exports.
var gotosocialMembers = []string{"domain", "public_comment", "obfuscate"}

// WriteMastodonCSV writes a list for Mastodon and what reads its exports. One that
// came in that form goes out as it came; of any other, what those would take for
// something else is left out and returned: what a group decided, allowances,
// what is only watched, and where nothing is said. hold becomes silence. Private
// comments and what is not known here stay behind.
func WriteMastodonCSV(w io.Writer, l List) (left []Entry, err error) {
	if l.Format == MastodonCSV {
		return nil, Write(w, l)
	}
	out := List{Format: MastodonCSV, LineEnd: "\n"}
	for _, e := range l.Entries {
		translated, ok := e.forMastodon()
		if !ok {
			left = append(left, e)
			continue
		}
		out.Entries = append(out.Entries, translated)
	}
	return left, writeCSV(w, out, mastodonColumns)
}

// WriteHearthCSV writes all that a hearth knows about an entry. What came under
// names that are not known here stays behind, unless it came in that form.
func WriteHearthCSV(w io.Writer, l List) error {
	if l.Format == HearthCSV {
		return Write(w, l)
	}
	return writeCSV(w, List{Format: HearthCSV, LineEnd: "\n", Entries: l.Entries}, hearthColumns)
}

// WriteGoToSocialJSON writes a list of refusals for GoToSocial, which takes each
// name for one: entries that ask for anything else are left out and returned. One
// that came in that form goes out as it came.
func WriteGoToSocialJSON(w io.Writer, l List) (left []Entry, err error) {
	if l.Format == GoToSocialJSON {
		return nil, Write(w, l)
	}
	refused, left := refusals(l.Entries)
	return left, writeJSON(w, refused, gotosocialMembers)
}

// WritePlain writes the domains that are refused, one a line. Entries that ask for
// anything else are left out and returned.
func WritePlain(w io.Writer, l List) (left []Entry, err error) {
	if l.Format == Plain {
		return nil, Write(w, l)
	}
	refused, left := refusals(l.Entries)
	return left, writePlain(w, List{LineEnd: "\n", Entries: refused})
}

func refusals(all []Entry) (refused, left []Entry) {
	for _, e := range all {
		if !e.isRefusal() {
			left = append(left, e)
			continue
		}
		e.Extra = nil
		refused = append(refused, e)
	}
	return refused, left
}

func writePlain(w io.Writer, l List) error {
	b := bufio.NewWriter(w)
	for i, e := range l.Entries {
		b.WriteString(e.Domain)
		if i < len(l.Entries)-1 || !l.Unended {
			b.WriteString(l.LineEnd)
		}
	}
	return flush(b)
}

// flush returns the first error of all that was written.
func flush(b *bufio.Writer) error {
	if err := b.Flush(); err != nil {
		return fmt.Errorf("domainlist: %w", err)
	}
	return nil
}
