package federation_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	notTried = "not tried"
	noneSeen = "none seen" // what was read of its source writes no such message
)

var (
	// shown is a file that a cell names: a message of wire/testdata without its
	// ending, or a journey by its path.
	shown = regexp.MustCompile("`([^`]+)`")

	interopColumns = []string{"software", "follow", "post", "reply", "edit", "delete", "boost", "lock", "ban", "report", "backfill"}
	interopRows    = []string{"Lemmy", "PieFed", "Mbin", "NodeBB", "Discourse", "Mastodon", "GoToSocial", "WordPress", "PeerTube", "Mobilizon", "Friendica", "Pleroma", "Fedify", "Hearth"}
)

// What docs/interop.md says was tried was: each cell names tests and files that
// there are, of the software that it is about, or says that nobody tried.
func TestEveryProofOfInteropIsThere(t *testing.T) {
	page, err := os.ReadFile("../docs/interop.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := declaredTests(t, ".", "../community/markup", "../cmd/hearth", "../e2e/chaos")
	for _, name := range testName.FindAllString(string(page), -1) {
		if name != t.Name() && !declared[name] {
			t.Errorf("there is no %s", name)
		}
	}
	rows := interopTable(t, string(page))
	if got := rows[0]; !slices.Equal(got, interopColumns) {
		t.Fatalf("the columns are %q, want %q", got, interopColumns)
	}
	replayed := replayedFiles(t)
	for i, row := range rows[1:] {
		software, _, ran := strings.Cut(row[0], " (it ran)")
		if i >= len(interopRows) || software != interopRows[i] {
			t.Errorf("row %d is of %q, want %q", i+1, row[0], interopRows)
			continue
		}
		if want := software == "Fedify" || software == "Hearth"; ran != want {
			t.Errorf("%s is said to have run: %v, want %v", software, ran, want)
		}
		for column, cell := range row {
			if column > 0 {
				checkProof(t, software+", "+interopColumns[column], strings.ToLower(software), cell, replayed)
			}
		}
	}
	if len(rows)-1 != len(interopRows) {
		t.Errorf("there are %d rows, want %d", len(rows)-1, len(interopRows))
	}
}

// checkProof wants a cell to name something that is there, and nothing of other
// software.
func checkProof(t *testing.T, where, software, cell string, replayed map[string]bool) {
	t.Helper()
	if cell == notTried || cell == noneSeen {
		return
	}
	left := testName.ReplaceAllString(shown.ReplaceAllString(cell, ""), "")
	if cell == "" || strings.Trim(left, ", ") != "" {
		t.Errorf("%s: %q names no test and no file, and says neither %q nor %q", where, cell, notTried, noneSeen)
	}
	for _, found := range shown.FindAllStringSubmatch(cell, -1) {
		name := found[1]
		if strings.HasPrefix(name, "e2e/") {
			if _, err := os.Stat(filepath.Join("..", name)); err != nil || !strings.Contains(name, software) {
				t.Errorf("%s: there is no journey %s of it: %v", where, name, err)
			}
			continue
		}
		if !strings.HasPrefix(name, software+"/") || !replayed[name+".json"] {
			t.Errorf("%s: %s is no file of it with a row in %s", where, name, ownOutcomes)
		}
	}
}

// interopTable is the first table of the page: its columns, then its rows.
func interopTable(t *testing.T, page string) (rows [][]string) {
	t.Helper()
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			if len(rows) > 0 {
				return rows
			}
			continue
		}
		if strings.HasPrefix(line, "|--") {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		if len(cells) != len(interopColumns) {
			t.Fatalf("%d cells, want %d: %s", len(cells), len(interopColumns), line)
		}
		rows = append(rows, cells)
	}
	t.Fatal("there is no table in docs/interop.md")
	return nil
}

// replayedFiles are the messages that stand in the table of outcomes.
func replayedFiles(t *testing.T) map[string]bool {
	t.Helper()
	table, err := os.ReadFile(ownOutcomes)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{}
	for line := range strings.Lines(string(table)) {
		file, _, _ := strings.Cut(line, "\t")
		files[file] = true
	}
	return files
}
