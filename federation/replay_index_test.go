package federation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// class is what a group server should do with a payload, by the INDEX.md beside
// it, in a table of file, software, type, and what to do.
type class struct{ name string }

// readIndex is the classes of files; of a folder without an INDEX.md, none.
func readIndex(t *testing.T, folder string) map[string]class {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "INDEX.md"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]class{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, " | ")
		file, isRow := strings.CutPrefix(cells[0], "| ")
		if isRow && len(cells) >= 4 {
			classes[file] = class{strings.TrimSpace(cells[3])}
		}
	}
	return classes
}

// mayBeIgnored begins the classes of what a server takes without doing anything
// with it.
var mayBeIgnored = []string{"unknown type", "GoToSocial/FEP", "Lemmy 1.0 moderation", "verify alsoKnownAs", "DM / non-public", "poll vote", "object announce"}

// fits says whether a payload ended in the way its class says: taken with its
// effect, taken without one, or read as a document.
func (c class) fits(f fate) bool {
	if f.again != nil {
		return c.fits(*f.again)
	}
	if f.status == 0 {
		return f.read == "" || strings.HasPrefix(c.name, "unknown type") || strings.HasPrefix(c.name, "preload")
	}
	if !strings.HasPrefix(f.answer, "Accepted") {
		return false
	}
	if strings.HasPrefix(f.outcome, "accepted") || strings.HasPrefix(f.outcome, "held") {
		return true
	}
	for _, begins := range mayBeIgnored {
		if strings.HasPrefix(c.name, begins) {
			return strings.HasPrefix(f.outcome, "ignored")
		}
	}
	return false
}
