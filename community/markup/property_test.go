package markup

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// pieces are what soups of HTML and Markdown are made of.
var (
	tagPieces = strings.Fields("a abbr b blockquote br body code dd del details div dl dt em font form h1 h3 h5 head hr html " +
		"i iframe img input kbd li link math mark noscript ol option p plaintext pre s script select small span strike strong " +
		"style sub svg table td template textarea th title tr tt u ul video xmp")
	attrPieces = []string{"", "", "", ` class="x"`, ` href="https://elm.example/a?b=c&d"`, ` href="http://oak.localhost:8081/"`,
		` href=javascript:alert(1)`, ` href="mailto:a@b.example"`, ` href="/x"`, ` href="https://бук.example/ü"`, ` src="https://pics.example/cat.jpg" alt="cat"`,
		` src=https://pics.example/1`, ` start=7`, ` start="-1"`, ` onclick=x`, ` style="color:red"`, `/`, ` "`, ` '`}
	textPieces = []string{" ", "\n", "\n\n", "a", "word ", "it's", "elm.example", "https://elm.example/a", "@rowan", "!g@elm.example", "#tag",
		" (elm.example)", "…", "&lt;b&gt;", "&amp;", "&#x202e;", "\u202e", "\x00", "\u200d", "👩\u200d👧", "مرحبا", "今日は", "\u00a0", "<", ">", "\"", "<!--", "-->", "]]>", "\xff"}
	markPieces = []string{"*", "**", "_", "~~", "`", "```\n", "\n> ", "\n- ", "\n1. ", "\n# ", "\n---\n", "\n===\n", "    ", "\t", "[", "](", ")", "![", "<", ">",
		"\\", "|", "&", "[x]: https://elm.example/\n", "[x]", "www.elm.example", "a@b.example", "  \n", "<https://elm.example>", "@rowan@elm.example "}
)

func tag(t *rapid.T) string {
	name := rapid.SampledFrom(tagPieces).Draw(t, "tag")
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0, 1:
		return "</" + name + ">"
	default:
		return "<" + name + rapid.SampledFrom(attrPieces).Draw(t, "attr") + rapid.SampledFrom(attrPieces).Draw(t, "attr") + ">"
	}
}

// soup is HTML of the worst kind: any tag anywhere.
var soup = rapid.Custom(func(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 40).Draw(t, "pieces") {
		switch rapid.IntRange(0, 9).Draw(t, "piece") {
		case 0, 1, 2, 3, 4:
			b.WriteString(tag(t))
		case 5, 6, 7, 8:
			b.WriteString(rapid.SampledFrom(textPieces).Draw(t, "text"))
		default:
			b.WriteString(rapid.String().Draw(t, "any"))
		}
	}
	return b.String()
})

// markdownSoup is Markdown with HTML in it.
var markdownSoup = rapid.Custom(func(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 40).Draw(t, "pieces") {
		switch rapid.IntRange(0, 9).Draw(t, "piece") {
		case 0, 1, 2, 3, 4:
			b.WriteString(rapid.SampledFrom(markPieces).Draw(t, "mark"))
		case 5, 6, 7:
			b.WriteString(rapid.SampledFrom(textPieces).Draw(t, "text"))
		case 8:
			b.WriteString(tag(t))
		default:
			b.WriteString(rapid.String().Draw(t, "any"))
		}
	}
	return b.String()
})

// oftenLong repeats what source draws until it nears the limit of length, one
// time in twenty.
func oftenLong(t *rapid.T, source *rapid.Generator[string]) string {
	s := source.Draw(t, "source")
	if s == "" || rapid.IntRange(0, 19).Draw(t, "long") != 0 {
		return s
	}
	return strings.Repeat("x", rapid.IntRange(0, 300).Draw(t, "pad")) + strings.Repeat(s, 1+(MaxBytes+4096)/len(s))
}

func TestSanitizedIsSafeAndAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkSanitize(t, oftenLong(t, soup))
	})
}

func TestRenderedIsSafeAndAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkRendered(t, oftenLong(t, markdownSoup))
	})
}

func checkSanitize(t failer, in string) {
	t.Helper()
	out := Sanitize(in)
	checkSafe(t, out)
	if again := Sanitize(out); again != out {
		t.Fatalf("sanitizing twice\n got %q\nwant %q\nfrom %q", again, out, in)
	}
	w := newWriter()
	walk(out, w)
	if written := w.finish(); written != out {
		t.Fatalf("the policy does the writer's work\n got %q\nwant %q", written, out)
	}
	checkTexts(t, out)
}

func checkRendered(t failer, in string) {
	t.Helper()
	r := Renderer{Resolve: func(m Mention) (string, bool) {
		return "https://" + m.Host + "/@" + m.Name, m.Name != "nobody"
	}}
	for _, out := range []string{Render(in), r.Render(in)} {
		checkSafe(t, out)
		if again := Sanitize(out); again != out {
			t.Fatalf("Sanitize(Render)\n got %q\nwant %q\nfrom %q", again, out, in)
		}
		checkTexts(t, out)
	}
	checkMentions(t, in)
}

func checkTexts(t failer, out string) {
	t.Helper()
	for _, n := range []int{0, 1, 2, 7, 60} {
		for _, text := range []string{Excerpt(out, n), FirstLine(out, n)} {
			if got := utf8.RuneCountInString(text); got > n || !utf8.ValidString(text) || strings.Contains(text, "\n") {
				t.Fatalf("%q has %d runes in %q, want one line of at most %d", text, got, out, n)
			}
		}
	}
	if text := PlainText(out); !utf8.ValidString(text) || text != strings.TrimSpace(text) && out != "" && !strings.ContainsAny(text, "\u00a0\u3000") && strings.Trim(text, " \n\t") != text {
		t.Fatalf("PlainText(%q) = %q", out, text)
	}
}

func checkMentions(t failer, in string) {
	t.Helper()
	mentions := Mentions(in)
	if len(mentions) > maxMentions {
		t.Fatalf("%d mentions in %q", len(mentions), in)
	}
	for _, m := range mentions {
		handle := "@" + m.Name
		if m.Host != "" {
			handle += "@" + m.Host
		}
		got, n := readMention(handle, ' ')
		if got != m || n != len(handle) {
			t.Fatalf("%q of %q is not read again as itself: %q", handle, in, got)
		}
	}
}

// TestWordsOfAnyScriptSurvive sends text through escape, Sanitize and
// PlainText and expects it back, but for white space and what clean takes.
func TestWordsOfAnyScriptSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		want := strings.FieldsFunc(clean(text), func(r rune) bool { return r < 0x80 && strings.ContainsRune(blank, r) })
		got := PlainText(Sanitize("<p>" + html.EscapeString(text) + "</p>"))
		if got != strings.Join(want, " ") {
			t.Fatalf("text %q came back as %q", text, got)
		}
	})
}

func TestCutNeverTearsAndNeverExceeds(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"a", " ", "e\u0301", "👩\u200d👧", "🇩🇪", "👍🏽", "字", "한", "ا", ", ", "…"})
	rapid.Check(t, func(t *rapid.T) {
		clusters := rapid.SliceOfN(pieces, 0, 30).Draw(t, "clusters")
		text := strings.Join(clusters, "")
		n := rapid.IntRange(0, 40).Draw(t, "n")
		got := cutAt(text, n)
		if utf8.RuneCountInString(got) > n {
			t.Fatalf("cutAt(%q, %d) = %q is too long", text, n, got)
		}
		kept, cut := strings.CutSuffix(got, "…")
		if !cut || got == text {
			return
		}
		for _, c := range clusters {
			if kept == "" {
				break
			}
			if strings.TrimRightFunc(c, isLoose) == "" {
				kept = strings.TrimPrefix(kept, c)
				continue
			}
			rest, ok := strings.CutPrefix(kept, c)
			if !ok {
				t.Fatalf("cutAt(%q, %d) = %q tears %q", text, n, got, c)
			}
			kept = rest
		}
	})
}
