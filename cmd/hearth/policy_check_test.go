package main

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"hearth/federation/domainlist"
)

// What is found in lists, and the forms they have, are constants of another room:
// its source is the list of them.
func TestAllThatIsFoundInListsHasWords(t *testing.T) {
	kinds := constants(t, "finding.go", "Kind")
	if len(kinds) != len(problemWords) {
		t.Errorf("there are %d kinds and words for %d", len(kinds), len(problemWords))
	}
	for _, kind := range kinds {
		f := domainlist.Finding{Kind: domainlist.Kind(kind), At: domainlist.Place{Line: 7, Entry: 2}, Text: "loud.example"}
		if got := foundWords(f); !strings.HasPrefix(got, "entry 2, line 7: ") || strings.Contains(got, "%") || len(got) < 30 {
			t.Errorf("%s: got %q", kind, got)
		}
	}
	for _, form := range constants(t, "list.go", "Format") {
		if formWords[domainlist.Format(form)] == "" {
			t.Errorf("no words for the form %s", form)
		}
	}
}

func constants(t *testing.T, file, kind string) (values []string) {
	t.Helper()
	source, err := os.ReadFile("../../federation/domainlist/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^\t\w+ +`+kind+` += "(.+?)"`).FindAllSubmatch(source, -1) {
		values = append(values, string(found[1]))
	}
	if len(values) < 6 {
		t.Fatalf("%s has %d constants of %s", file, len(values), kind)
	}
	return values
}

func TestAListThatCannotBeReadToItsEndIsNotChecked(t *testing.T) {
	gone := errors.New("connection reset")
	if _, err := checkList(iotest.ErrReader(gone)); !errors.Is(err, gone) {
		t.Errorf("got %v, want %v", err, gone)
	}
}
