package domainlist_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/federation/domainlist"
)

var update = flag.Bool("update", false, "write down what is read, to be looked at")

// goldenFiles are the lists in testdata, in the folder of their form or in "wrong".
// Beside each stands what is read from it, with .want after its name.
func goldenFiles(tb testing.TB) (files []string) {
	tb.Helper()
	all, err := filepath.Glob("testdata/*/*")
	if err != nil {
		tb.Fatal(err)
	}
	for _, file := range all {
		if !strings.HasSuffix(file, ".want") && filepath.Dir(file) != "testdata/fuzz" {
			files = append(files, file)
		}
	}
	if len(files) < 50 {
		tb.Fatalf("there are %d files", len(files))
	}
	return files
}

func readFile(tb testing.TB, file string) []byte {
	tb.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestListsOfEachFormAreRead_R29(t *testing.T) {
	for _, file := range goldenFiles(t) {
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			l, err := domainlist.Parse(bytes.NewReader(readFile(t, file)), domainlist.Limits{})
			got := []byte(told(l, err))
			if *update {
				if err := os.WriteFile(file+".want", got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, file+".want")), string(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			folder := filepath.Base(filepath.Dir(file))
			if isWrong := folder == "wrong"; isWrong != (err != nil) {
				t.Fatalf("got %v", err)
			}
			if err == nil && folder != string(l.Format) {
				t.Errorf("got form %s, want %s", l.Format, folder)
			}
		})
	}
}

// told is what was read, for people to look at.
func told(l domainlist.List, err error) string {
	var b strings.Builder
	if err != nil {
		var wrong *domainlist.Error
		if !errors.As(err, &wrong) {
			return err.Error()
		}
		fmt.Fprintf(&b, "%v\nform %q\n", err, wrong.Format)
		tell(&b, wrong.Problems)
		if len(l.Entries) > 0 {
			b.WriteString("and something was taken\n")
		}
		return b.String()
	}
	fmt.Fprintf(&b, "columns %q, line end %q, unended %t\n", l.Columns, l.LineEnd, l.Unended)
	for _, e := range l.Entries {
		fmt.Fprintf(&b, "%s %s: %q", where(e.At), e.Domain, e.Severity)
		if e.Group != "" {
			fmt.Fprintf(&b, " of %s", e.Group)
		}
		tellFlags(&b, e)
		tellComments(&b, e)
		for _, f := range e.Extra {
			fmt.Fprintf(&b, " %q=%q", f.Name, f.Value)
		}
		if labels := e.Labels(); len(labels) > 0 {
			fmt.Fprintf(&b, " labels %q", labels)
		}
		b.WriteByte('\n')
	}
	tell(&b, l.Remarks)
	return b.String()
}

func tellFlags(b *strings.Builder, e domainlist.Entry) {
	for _, f := range []struct {
		name string
		is   bool
	}{{"reject_media", e.RejectMedia}, {"reject_reports", e.RejectReports}, {"no_new_follows", e.NoNewFollows}, {"obfuscate", e.Obfuscate}} {
		if f.is {
			b.WriteString(" " + f.name)
		}
	}
}

func tellComments(b *strings.Builder, e domainlist.Entry) {
	if e.PublicComment.Given {
		fmt.Fprintf(b, " public %q", e.PublicComment.Text)
	}
	if e.PrivateComment.Given {
		fmt.Fprintf(b, " private %q", e.PrivateComment.Text)
	}
}

func tell(b *strings.Builder, found domainlist.Findings) {
	for _, f := range found.First {
		fmt.Fprintf(b, "! %s %s", where(f.At), string(f.Kind))
		if f.Other != (domainlist.Place{}) {
			fmt.Fprintf(b, ", as in %s", where(f.Other))
		}
		if f.Text != "" {
			fmt.Fprintf(b, ": %q", f.Text)
		}
		b.WriteByte('\n')
	}
	if more := found.More(); more > 0 {
		fmt.Fprintf(b, "! and %d more\n", more)
	}
}

func where(p domainlist.Place) string {
	if p.Entry > 0 {
		return fmt.Sprintf("%d/%d", p.Line, p.Entry)
	}
	return fmt.Sprint(p.Line)
}
