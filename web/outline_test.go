package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	headingTag = regexp.MustCompile(`<h([1-6])\b`)
	idOfTag    = regexp.MustCompile(`<[^>]+\sid="([^"]+)"`)
	pointsAtID = regexp.MustCompile(`\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"`)
)

// outlineFaults are what would make a page hard to find one's way in with a
// screen reader: headings that skip a level, ids that are used twice, and
// labels and hints that point at nothing (WCAG 1.3.1, 2.4.6).
func outlineFaults(page string) (faults []string) {
	level := byte('0')
	for _, m := range headingTag.FindAllStringSubmatch(page, -1) {
		if next := m[1][0]; next > level+1 || next == '1' && level != '0' {
			faults = append(faults, "h"+m[1]+" after h"+string(level))
		}
		level = m[1][0]
	}
	var ids []string
	for _, m := range idOfTag.FindAllStringSubmatch(page, -1) {
		if slices.Contains(ids, m[1]) {
			faults = append(faults, "two elements are "+m[1])
		}
		ids = append(ids, m[1])
	}
	for _, m := range pointsAtID.FindAllStringSubmatch(page, -1) {
		for id := range strings.FieldsSeq(m[1]) {
			if !slices.Contains(ids, id) {
				faults = append(faults, "nothing is "+id)
			}
		}
	}
	return faults
}

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
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := outlineFaults(tt.page); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
