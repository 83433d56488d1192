package storage

import (
	"fmt"
	"time"
)

// An archive is a whole hearth in one file that knows no engine: a zip of
//
//	about.txt            what this is, for whoever finds it
//	tables/NAME.jsonl    a table: one row a line, a JSON object by column
//	secrets.json         as it stands in the data folder
//	media.tar            the media folder, where there is one
//	manifest.json        what all of this is, with a SHA-256 of each part
//
// Tables stand in an order in which each comes after those it refers to, rows
// in the order of their keys: the same hearth makes the same parts on either
// engine. docs/decisions/0008-backups.md says why it is so.

// archiveFormat is the number of this form. A reader refuses a higher one.
const archiveFormat = 1

// Names of the parts.
const (
	aboutPart    = "about.txt"
	secretsPart  = "secrets.json"
	mediaPart    = "media.tar"
	manifestPart = "manifest.json"
)

const aboutText = `This is a backup of a hearth: a community's words, its people's sign-ins and the
keys it signs with, none of it encrypted. Keep it where nobody else can read it.
"hearth restore FILE" puts it back; "hearth restore FILE --check" looks whether
it is whole. manifest.json says which hearth it is and when it was taken.
`

// longestRow bounds one line of a table, in bytes: what is read must fit in
// memory, and so nothing longer is written.
const longestRow = 64 << 20

// Manifest says what an archive holds.
type Manifest struct {
	Format  int         `json:"format"`
	Hearth  string      `json:"hearth"` // the version that made it
	TakenAt time.Time   `json:"taken_at"`
	Engine  string      `json:"engine"` // it was taken from; it may go to another
	Scheme  string      `json:"scheme"`
	Domain  string      `json:"domain"`
	Schema  []string    `json:"schema"` // the migrations that shaped its tables
	Tables  []TablePart `json:"tables"`
	Files   []Part      `json:"files"`
}

// Part is one file of an archive.
type Part struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // in hexadecimal
}

// TablePart is a table of an archive.
type TablePart struct {
	Part
	Table   string   `json:"table"`
	Rows    int64    `json:"rows"`
	Columns []Column `json:"columns"`
	// Last is the highest number that a table which numbers its rows ever gave;
	// the next one is higher, also when its row is gone.
	Last *int64 `json:"last,omitempty"`
}

// Rows is how many there are in all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// BadArchive is a sentence on why a file cannot be restored. Nothing was
// written.
type BadArchive struct{ sentence string }

func (b BadArchive) Error() string { return b.sentence }

func badArchive(format string, args ...any) error {
	return BadArchive{fmt.Sprintf(format, args...)}
}
