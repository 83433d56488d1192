package web_test

import (
	"iter"
	"slices"
	"strings"
	"testing"
)

// outlineFaults are what would make a page hard to find one's way in with a
// screen reader: headings that skip a level, ids that are used twice, and
// labels and hints that point at nothing (WCAG 1.3.1, 2.4.6). Every page of every
// test is looked at: expressions would take as long as the pages themselves.
func outlineFaults(page string) (faults []string) {
	level := byte('0')
	ids := map[string]bool{}
	var pointedAt []string
	for tag := range tagsOf(page) {
		if next := headingLevel(tag); next != 0 {
			if next > level+1 || next == '1' && level != '0' {
				faults = append(faults, "h"+string(next)+" after h"+string(level))
			}
			level = next
		}
		if id := valueIn(tag, "id"); id != "" {
			if ids[id] {
				faults = append(faults, "two elements are "+id)
			}
			ids[id] = true
		}
		for _, name := range []string{"for", "aria-labelledby", "aria-describedby"} {
			pointedAt = append(pointedAt, strings.Fields(valueIn(tag, name))...)
		}
	}
	for _, id := range pointedAt {
		if !ids[id] {
			faults = append(faults, "nothing is "+id)
		}
	}
	return faults
}

// tagsOf is what stands between < and > of a page, each in turn.
func tagsOf(page string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			_, rest, found := strings.Cut(page, "<")
			tag, after, _ := strings.Cut(rest, ">")
			if !found || !yield(tag) {
				return
			}
			page = after
		}
	}
}

// headingLevel is '1' to '6' for the tag that begins a heading, or 0.
func headingLevel(tag string) byte {
	if len(tag) < 2 || tag[0] != 'h' || tag[1] < '1' || tag[1] > '6' || len(tag) > 2 && !isSpace(tag[2]) {
		return 0
	}
	return tag[1]
}

// valueIn is the value of a tag's attribute, or "".
func valueIn(tag, name string) string {
	for {
		before, rest, found := strings.Cut(tag, name+`="`)
		if !found {
			return ""
		}
		value, after, _ := strings.Cut(rest, `"`)
		if before != "" && isSpace(before[len(before)-1]) {
			return value
		}
		tag = after // it was the end of a longer name
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// isWhole fails the test when the answer is a page with faults in its outline.
func (a *answer) isWhole() *answer {
	a.t.Helper()
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return a
	}
	for _, fault := range outlineFaults(a.body) {
		a.t.Errorf("%s: %s", a.what, fault)
	}
	return a
}

func TestFaultsOfAnOutlineAreSeen(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		want       []string
	}{
		{"a whole page", `<h1>a</h1><h2>b</h2><h3>c</h3><h2 id="d">d</h2><p aria-labelledby="d"></p>`, nil},
		{"a level is skipped", `<h1>a</h1><h3>b</h3>`, []string{"h3 after h1"}},
		{"no first heading", `<h2>a</h2>`, []string{"h2 after h0"}},
		{"two first headings", `<h1>a</h1><h1>b</h1>`, []string{"h1 after h1"}},
		{"an id twice", `<p id="a"></p><p id="a"></p>`, []string{"two elements are a"}},
		{"a hint that is not there", `<input id="a" aria-describedby="a-hint a">`, []string{"nothing is a-hint"}},
		{"on lines of their own", "<h1>a</h1><h3\n\tclass=\"b\">c</h3><input\n\tdata-id=\"a\"\n\tid=\"b\"><label for=\"a\">a</label><p id=\"b\"></p>",
			[]string{"h3 after h1", "two elements are b", "nothing is a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := outlineFaults(tt.page); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
