package markup

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlainTextKeepsTheShapeOfWords(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"paragraphs", "<p>a b</p><p>c</p>", "a b\n\nc"},
		{"line breaks", "<p>a<br>b<br>\nc</p>", "a\nb\nc"},
		{"items", "<p>a</p><ul><li>b</li><li>c</li></ul><p>d</p>", "a\n\nb\nc\n\nd"},
		{"inline elements do not part words", "<p>a<em>b</em>c <strong>d</strong></p>", "abc d"},
		{"white space is folded", "<p> a \n b </p>\n\n<p>c</p>", "a b\n\nc"},
		{"lines of code", "<pre><code>a\n  b\n</code></pre><p>c\nd</p>", "a\nb\n\nc d"},
		{"entities", "<p>&lt;b&gt; &amp;amp; &#39;</p>", "<b> &amp; '"},
		{"a table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"images", `<p>a <img src="x" alt="my cat"> b</p>`, "a my cat b"},
		{"scripts", "<p>a</p><script>b</script><style>c</style>", "a"},
		{"a rule", "a<hr>b", "a\n\nb"},
		{"harmful characters", "a\x00\u202eb&#x202e;c", "abc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := PlainText(tt.in); got != tt.want {
				t.Errorf("PlainText(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestExcerptEndsAtAWord(t *testing.T) {
	family, england := "👨\u200d👩\u200d👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
	tests := []struct {
		name, in string
		runes    int
		want     string
	}{
		{"short enough", "<p>a b</p><p>c</p>", 5, "a b c"},
		{"between words", "<p>one two three four</p>", 12, "one two…"},
		{"a word that just fits", "<p>one two three four</p>", 14, "one two three…"},
		{"without the comma", "<p>one two, three four</p>", 10, "one two…"},
		{"inside a long word", "<p>a " + strings.Repeat("x", 50) + "</p>", 10, "a xxxxxxx…"},
		{"no spaces", "<p>今日は眠れませんでした</p>", 6, "今日は眠れ…"},
		{"not inside a family", "<p>aaaa" + family + "b</p>", 7, "aaaa…"},
		{"not inside a flag", "<p>aa🇩🇪🇫🇷</p>", 4, "aa…"},
		{"between flags", "<p>aa🇩🇪🇫🇷</p>", 5, "aa🇩🇪…"},
		{"not inside a region's flag", "<p>aa" + england + "b</p>", 6, "aa…"},
		{"not before a skin tone", "<p>aaa👍🏽b</p>", 5, "aaa…"},
		{"not before an accent", "<p>aaae\u0301e\u0301</p>", 5, "aaa…"},
		{"right to left", "<p>مرحبا بالعالم كله</p>", 15, "مرحبا بالعالم…"},
		{"one rune", "<p>abc</p>", 1, "…"},
		{"no rune", "<p>abc</p>", 0, ""},
		{"fewer than none", "<p>abc</p>", -1, ""},
		{"a mark without end", "<p>a" + strings.Repeat("\u0301", 500) + "</p>", 100, "a" + strings.Repeat("\u0301", 98) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Excerpt(tt.in, tt.runes)
			if got != tt.want {
				t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.in, tt.runes, got, tt.want)
			}
			if n := utf8.RuneCountInString(got); n > max(0, tt.runes) {
				t.Errorf("Excerpt(%q, %d) has %d runes", tt.in, tt.runes, n)
			}
		})
	}
}

func TestExcerptOfALongPostIsMarkedAsCut(t *testing.T) {
	for _, in := range []string{strings.Repeat("<p>🙂</p>", 5000), strings.Repeat("word ", 10000)} {
		if got := Excerpt(in, 100); !strings.HasSuffix(got, "…") || utf8.RuneCountInString(got) < 90 {
			t.Errorf("Excerpt = %q, want nearly 100 runes and an ellipsis", got)
		}
	}
}

func TestFirstLineIsATitle(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"the first paragraph", "<p>A bad night</p><p>more</p>", "A bad night"},
		{"up to a line break", "<p>A bad night<br>more</p>", "A bad night"},
		{"without mentions", `<p><a href="https://elm.example/@a">@<span>a</span></a> @b@c.example, !g@elm.example: hello @d</p>`, "hello @d"},
		{"mentions on a line of their own", "<p>@a<br>@b</p><p>hello</p>", "hello"},
		{"after a rule", "<p>* * *</p><p>--</p><p>hello</p>", "hello"},
		{"an emoji is a title", "<p>😢</p>", "😢"},
		{"no words", "<p>@a</p><p>* * *</p>", ""},
		{"nothing", "", ""},
		{"an e-mail address is no mention", "<p>a@b.example writes</p>", "a@b.example writes"},
		{"long", "<p>one two three four five</p>", "one two three four…"},
		{"an item", "<ul><li>one</li><li>two</li></ul>", "one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := FirstLine(tt.in, 20); got != tt.want {
				t.Errorf("FirstLine(%q, 20) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func ExampleFirstLine() {
	html := Render("@rowan *Sleepless*\nagain, and again")
	fmt.Println(FirstLine(html, 40))
	// Output: Sleepless
}

func ExampleExcerpt() {
	html := Render("Does **anybody** know what helps?\n\n- tea\n- walking")
	fmt.Println(Excerpt(html, 35))
	// Output: Does anybody know what helps? tea…
}
