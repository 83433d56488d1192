package markup

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRenderReadsCommonMark(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", " \n\n", ""},
		{"paragraphs", "a\n\nb", "<p>a</p><p>b</p>"},
		{"line breaks are kept as typed", "a\nb  \nc\\\nd", "<p>a<br>b<br>c<br>d</p>"},
		{"line breaks from other systems", "a\r\nb\rc", "<p>a<br>b<br>c</p>"},
		{"emphasis", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"},
		{"headings never outrank the page's", "# a\n## b\n### c\n###### d\n\ne\n===\n\n> # f", "<h4>a</h4><h5>b</h5><h6>c</h6><h6>d</h6><h4>e</h4><blockquote><h4>f</h4></blockquote>"},
		{"lists", "- a\n- b\n  1. c\n\n3. d", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><ol start=\"3\"><li>d</li></ol>"},
		{"code", "```go\na < b\n\n  c\n```", "<pre><code>a &lt; b\n\n  c\n</code></pre>"},
		{"quotation", "> a\n> b\n\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"},
		{"thematic break", "a\n\n---\n\nb", "<p>a</p><p>* * *</p><p>b</p>"},
		{"what looks like a tag is text", "thanks <hugs> <b>x</b> <!-- y --> <3", "<p>thanks &lt;hugs&gt; &lt;b&gt;x&lt;/b&gt; &lt;!-- y --&gt; &lt;3</p>"},
		{"a block that looks like HTML is text", "<div>\n*a*\n</div>", "<p>&lt;div&gt;<br><em>a</em><br>&lt;/div&gt;</p>"},
		{"a hash without a space is no heading", "#sleep", "<p>#sleep</p>"},
		{"escapes", `\*a\* \@b \<c`, "<p>*a* @b &lt;c</p>"},
		{"entities", "&amp; &lt;b&gt; &copy; &#x202e;x", "<p>&amp; &lt;b&gt; © x</p>"},
		{"a table is text", "| a |\n|---|\n| b |", "<p>| a |<br>|---|<br>| b |</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRender(t, Renderer{}, tt.in, tt.want) })
	}
}

func TestRenderLinksSayWhereTheyLead(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"words", "[our rules](https://elm.example/rules \"title\")", to("https://elm.example/rules") + "our rules (elm.example)</a>"},
		{"bare", "see https://elm.example/x.", "see " + to("https://elm.example/x") + "https://elm.example/x</a>."},
		{"in angle brackets", "<https://elm.example>", to("https://elm.example") + "https://elm.example</a>"},
		{"without a scheme", "www.elm.example", to("http://www.elm.example") + "www.elm.example</a>"},
		{"words without a scheme", "[x](www.elm.example)", to("http://www.elm.example") + "x (www.elm.example)</a>"},
		{"in another script", "https://de.elm.example/wiki/Köln", to("https://de.elm.example/wiki/K%C3%B6ln") + "https://de.elm.example/wiki/Köln</a>"},
		{"a domain in another script", "https://bücher.example/", to("https://xn--bcher-kva.example/") + "https://bücher.example/ (xn--bcher-kva.example)</a>"},
		{"a top-level domain in ASCII", "https://elm.xn--p1ai/x", to("https://elm.xn--p1ai/x") + "https://elm.xn--p1ai/x</a>"},
		{"mail", "write to help@elm.example!", "write to " + to("mailto:help@elm.example") + "help@elm.example</a>!"},
		{"by reference", "[x][y]\n\n[y]: https://elm.example/", to("https://elm.example/") + "x (elm.example)</a>"},
		{"an image", "![a cat](https://pics.example/1.jpg)", to("https://pics.example/1.jpg") + "a cat (pics.example)</a>"},
		{"an image of nothing", "![](https://pics.example/1.jpg)", to("https://pics.example/1.jpg") + "1.jpg (pics.example)</a>"},
		{"an image in a link", "[![a cat](https://pics.example/1.jpg)](https://elm.example/)", to("https://elm.example/") + "a cat (elm.example)</a>"},
		{"a script", "[x](javascript:alert(1)) <javascript:alert(1)>", "x javascript:alert(1)"},
		{"a place on this server", "[x](/p/1)", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRender(t, Renderer{}, tt.in, "<p>"+tt.want+"</p>") })
	}
}

func TestRenderLinksMentionsThatResolve(t *testing.T) {
	known := map[Mention]string{
		{"rowan", ""}:                     "https://oak.example/@rowan",
		{"Rowan_", ""}:                    "https://oak.example/@Rowan_",
		{"sleep", "elm.example"}:          "https://elm.example/g/sleep",
		{"ash", "elm.localhost:8081"}:     "http://elm.localhost:8081/@ash",
		{"evil", ""}:                      "javascript:alert(1)",
		{"quote", ""}:                     `https://oak.example/"><script>`,
		{"иван", "xn--e1afmkfd.xn--p1ai"}: "https://xn--e1afmkfd.xn--p1ai/@x",
	}
	r := Renderer{Resolve: func(m Mention) (string, bool) { url, ok := known[m]; return url, ok }}
	tests := []struct{ name, in, want string }{
		{"a person here", "hello @rowan!", "hello " + to("https://oak.example/@rowan") + "@rowan</a>!"},
		{"a group elsewhere", "!sleep@ELM.example", to("https://elm.example/g/sleep") + "!sleep@ELM.example</a>"},
		{"with a port", "@ash@elm.localhost:8081: hi", to("http://elm.localhost:8081/@ash") + "@ash@elm.localhost:8081</a>: hi"},
		{"another script", "@иван@пример.рф", to("https://xn--e1afmkfd.xn--p1ai/@x") + "@иван@пример.рф</a>"},
		{"underscores are no emphasis", "@Rowan_ and _b_", to("https://oak.example/@Rowan_") + "@Rowan_</a> and <em>b</em>"},
		{"in emphasis", "**@rowan**", "<strong>" + to("https://oak.example/@rowan") + "@rowan</a></strong>"},
		{"nobody we know", "@birch", "@birch"},
		{"in code", "`@rowan`", "<code>@rowan</code>"},
		{"in a link", "[@rowan](https://elm.example/)", to("https://elm.example/") + "@rowan</a>"},
		{"in an image", "![for @rowan](https://elm.example/x.png)", to("https://elm.example/x.png") + "for @rowan (elm.example)</a>"},
		{"in an address", "https://elm.example/@rowan", to("https://elm.example/@rowan") + "https://elm.example/@rowan</a>"},
		{"escaped", `\@rowan`, "@rowan"},
		{"whose address is a script", "@evil", "@evil"},
		{"whose address has quotes", "@quote", to("https://oak.example/%22%3E%3Cscript%3E") + "@quote</a>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRender(t, r, tt.in, "<p>"+tt.want+"</p>") })
	}
}

func TestRenderAsksForTwentyMentionsOnceEach(t *testing.T) {
	asked := map[Mention]int{}
	r := Renderer{Resolve: func(m Mention) (string, bool) {
		asked[m]++
		return "https://oak.example/@" + m.Name, true
	}}
	var source strings.Builder
	for i := range 30 {
		fmt.Fprintf(&source, "@p%d @P%d ", i, i)
	}
	out := r.Render(source.String())
	if len(asked) != 20 {
		t.Errorf("asked for %d mentions, want 20", len(asked))
	}
	for m, n := range asked {
		if n != 1 {
			t.Errorf("asked %d times for %v, want once", n, m)
		}
	}
	if got := strings.Count(out, "<a "); got != 40 {
		t.Errorf("%d links, want 40: each of twenty people twice", got)
	}
}

func checkRender(t *testing.T, r Renderer, in, want string) {
	t.Helper()
	got := r.Render(in)
	if got != want {
		t.Errorf("Render(%q)\n got %q\nwant %q", in, got, want)
	}
	checkSafe(t, got)
	if again := Sanitize(got); again != got {
		t.Errorf("Sanitize(Render(%q))\n got %q\nwant %q", in, again, got)
	}
}

// TestHostileMarkdownIsReadInTime measures inputs that took the Markdown parser
// two hundred times as long as ordinary text against that text.
func TestHostileMarkdownIsReadInTime(t *testing.T) {
	var backticks strings.Builder
	for i := 1; backticks.Len() < MaxBytes; i++ {
		backticks.WriteString("e" + strings.Repeat("`", i))
	}
	units := []string{">", "> ", "- ", "1. ", "> - ", "[", "![", "[a](", "[a](<b", "[a](b", "[a]", "]", "*a ", "*a _b ",
		"a**b", "~~a ", "<a ", "@a", "@a ", "@a@b.c", "(http://a.b", "http:", "a\n", "[a]: x\n", "[a](b)", "&", "'", "\\", "\t- ", "`", "|"}
	sources := []string{backticks.String(), "[a]: http://x.example/" + strings.Repeat("y", 2000) + "\n\n" + strings.Repeat("[a] ", 16000)}
	for _, unit := range units {
		sources = append(sources, strings.Repeat(unit, MaxBytes/len(unit)))
	}
	const times = 40 // the slowest takes 10
	_, ordinary := timedRender(strings.Repeat(post, MaxBytes/len(post)))
	for _, source := range sources {
		out, took := timedRender(source)
		for try := 0; try < 2 && took > times*ordinary; try++ { // something else may have been at work
			_, took = timedRender(source)
		}
		if took > times*ordinary {
			t.Errorf("rendering %.20q... took %v, want at most %d times %v", source, took, times, ordinary)
		}
		checkSafe(t, out)
		if again := Sanitize(out); again != out {
			t.Errorf("the rendered %.20q... is no fixed point", source)
		}
	}
}

func timedRender(source string) (string, time.Duration) {
	begin := time.Now()
	out := Render(source)
	return out, time.Since(begin)
}

func TestLongAddressesCannotBeMultiplied(t *testing.T) {
	source := "[a]: https://x.example/" + strings.Repeat("y", 1900) + "\n\n" + strings.Repeat("[a] ", 100)
	if got := strings.Count(Render(source), "<a "); got != 17 {
		t.Errorf("%d links of 1.9 kB, want the 17 that fit into 32 kB", got)
	}
}

func TestLongMarkdownIsCutBetweenWords(t *testing.T) {
	for _, source := range []string{strings.Repeat("some words ", 8000), strings.Repeat("- it's\n", 12000), strings.Repeat("'", MaxBytes)} {
		out := Render(source)
		checkSafe(t, out)
		if !strings.Contains(out[len(out)-40:], "…") {
			t.Errorf("Render(%.20q...) ends with %q, want an ellipsis", source, out[len(out)-40:])
		}
	}
}

func ExampleRenderer_Render() {
	r := Renderer{Resolve: func(m Mention) (string, bool) {
		return "https://" + m.Host + "/g/" + m.Name, m.Host == "elm.example"
	}}
	fmt.Println(r.Render("Come to !sleep@elm.example\nor ask *@rowan*."))
	// Output: <p>Come to <a href="https://elm.example/g/sleep" rel="nofollow noreferrer noopener">!sleep@elm.example</a><br>or ask <em>@rowan</em>.</p>
}
