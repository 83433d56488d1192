package federation_test

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	testName     = regexp.MustCompile(`\bTest[A-Z]\w+`)
	declaredTest = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	ownTable     = regexp.MustCompile(`^Test(CVE|GHSA|Rule\d|NodeBB)`)
)

func TestEveryHoleHasItsTest(t *testing.T) {
	table, err := os.ReadFile("../docs/refused.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := declaredTests(t, ".", "../community/markup", "../cmd/hearth")
	for line := range strings.Lines(string(table)) {
		isRow := strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| advisory") && !strings.HasPrefix(line, "| rule") && !strings.HasPrefix(line, "| what")
		named := testName.FindAllString(line, -1)
		if isRow && len(named) == 0 {
			t.Errorf("no test: %s", line)
		}
		for _, name := range named {
			if !declared[name] {
				t.Errorf("there is no %s", name)
			}
		}
	}
	for name := range declared {
		if ownTable.MatchString(name) && !strings.Contains(string(table), name) {
			t.Errorf("%s is not in docs/refused.md", name)
		}
	}
	for rule := 1; rule <= 13; rule++ {
		if !strings.Contains(string(table), fmt.Sprintf("\n| %d | ", rule)) {
			t.Errorf("rule %d is not in docs/refused.md", rule)
		}
	}
}

// declaredTests are the names of the tests in and below folders.
func declaredTests(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	declared := map[string]bool{}
	for _, folder := range folders {
		err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(os.DirFS(folder), path)
			for _, found := range declaredTest.FindAllStringSubmatch(string(text), -1) {
				declared[found[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return declared
}
