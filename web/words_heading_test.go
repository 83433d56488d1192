package web

import (
	"testing"

	"hearth/community/markup"
)

func TestHeadingsInWordsSkipNoLevel(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		level        int
		want         string
	}{
		{"none", "a < b", 2, "<p>a &lt; b</p>"},
		{"the first", "# a", 2, "<h3>a</h3>"},
		{"under the heading of a reply", "# a", 3, "<h4>a</h4>"},
		{"one below the other", "# a\n\n## b\n\nwords\n\n### c", 2, "<h3>a</h3><h4>b</h4><p>words</p><h5>c</h5>"},
		{"beginning in the middle", "### a\n\n# b", 2, "<h3>a</h3><h3>b</h3>"},
		{"skipping one", "# a\n\n### b\n\n### c", 2, "<h3>a</h3><h4>b</h4><h5>c</h5>"},
		{"with words of its own", "# *a* <h4> `b`", 1, "<h2><em>a</em> &lt;h4&gt; <code>b</code></h2>"},
		{"in a quote", "> # a\n\n## b", 2, "<blockquote><h3>a</h3></blockquote><h4>b</h4>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(wordsUnder(tt.level, markup.Render(tt.source))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
