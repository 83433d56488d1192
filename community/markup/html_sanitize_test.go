package markup

import (
	"fmt"
	"strings"
	"testing"
)

// to is the start tag of a link as it is written.
func to(href string) string { return `<a href="` + href + `" rel="` + rel + `">` }

func TestSanitizeKeepsTheNarrowSubset(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"bare text becomes a paragraph", "hello", "<p>hello</p>"},
		{"paragraphs", "<p>a</p><p>b</p>", "<p>a</p><p>b</p>"},
		{"a paragraph nobody closed", "<p>a<p>b", "<p>a</p><p>b</p>"},
		{"empty elements leave no trace", "<p></p><ul><li></li></ul><p><em> </em><br></p>", ""},
		{"emphasis by its several names", "<p><b>a</b> <i>b</i> <strike>c</strike> <kbd>d</kbd></p>",
			"<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"},
		{"emphasis that overlaps", "<p><b>a<i>b</b>c</i>", "<p><strong>a<em>b</em></strong><em>c</em></p>"},
		{"emphasis around blocks", "<b><p>a</p><p>b</p></b>c",
			"<p><strong>a</strong></p><p><strong>b</strong></p><p>c</p>"},
		{"emphasis twice", "<p><em>a<i>b</i>c</em>d</p>", "<p><em>abc</em>d</p>"},
		{"unknown elements leave their words", "<div><span>a</span><blink>b</blink></div>", "<p>ab</p>"},
		{"blocks part words", "a<div>b</div>c<section>d</section>", "<p>a</p><p>b</p><p>c</p><p>d</p>"},
		{"headings are demoted", "<h1>a</h1><h2>b</h2><h3>c</h3><h4>d</h4><h5>e</h5><h6>f</h6>",
			"<h4>a</h4><h4>b</h4><h4>c</h4><h4>d</h4><h5>e</h5><h6>f</h6>"},
		{"line breaks", "a<br/>b<br><br />c<br><br><br><br>d<br>", "<p>a<br>b<br><br>c<br><br>d</p>"},
		{"white space is folded", "<p>  a \n\t b  <em> c </em> d </p>", "<p>a b <em>c</em> d</p>"},
		{"no-break space is not", "<p>a&nbsp;b</p>", "<p>a\u00a0b</p>"},
		{"preformatted text is kept", "<pre><code>\n  a\n\n    b  \n</code></pre>", "<pre><code>  a\n\n    b  \n</code></pre>"},
		{"a line break in preformatted text", "<pre>a<br>b</pre>", "<pre>a\nb</pre>"},
		{"quotations", "<blockquote>a<blockquote><p>b</blockquote>c</blockquote>",
			"<blockquote><p>a</p><blockquote><p>b</p></blockquote><p>c</p></blockquote>"},
		{"lists", "<ul><li>a<li>b<ol><li>c</ol></ul>d", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><p>d</p>"},
		{"paragraphs in items", "<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"},
		{"a list straight in a list", "<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a</li><li><ul><li>b</li></ul></li></ul>"},
		{"words straight in a list", "<ul>a<li>b</li>c</ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>"},
		{"an item without a list", "<li>a</li><li>b</li>", "<p>a</p><p>b</p>"},
		{"a list that goes on", `<ol start="3"><li>a</ol><ol start="1"><li>b</ol><ol start="-3"><li>c</ol><ol start="x"><li>d</ol>`,
			`<ol start="3"><li>a</li></ol><ol><li>b</li></ol><ol><li>c</li></ol><ol><li>d</li></ol>`},
		{"an end tag closes what is inside", "<blockquote><ul><li><b>a</blockquote></b>c", "<blockquote><ul><li><strong>a</strong></li></ul></blockquote><p>c</p>"},
		{"end tags alone", "</p></ul>a</li></em></blockquote>", "<p>a</p>"},
		{"a thematic break", "<p>a</p><hr><p>b</p>", "<p>a</p><p>* * *</p><p>b</p>"},
		{"a thematic break in emphasis", "<em>a<hr>b</em>", "<p><em>a</em></p><p>* * *</p><p><em>b</em></p>"},
		{"a table", "<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "<p>a b</p><p>c</p>"},
		{"a whole document", "<!doctype html><html><head><title>t</title><style>p{}</style><body onload=x><p>a</p></body></html>", "<p>a</p>"},
		{"text that looks like a tag", "<p>1 &lt; 2 &amp;&amp; 3 > 2 &lt;b&gt;</p>", "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2 &lt;b&gt;</p>"},
		{"attributes go", `<p class="a" id="b" style="c" dir="rtl" onclick="d">e</p>`, "<p>e</p>"},
		{"comments go", "a<!-- b -->c<![CDATA[d]]>", "<p>ac</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Sanitize(tt.in)
			if got != tt.want {
				t.Errorf("Sanitize(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
			checkSafe(t, got)
			if again := Sanitize(got); again != got {
				t.Errorf("sanitizing twice\n got %q\nwant %q", again, got)
			}
		})
	}
}

func TestLinksLeadOnlyWhereTheySay(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"an address is its own label", `<a href="https://elm.example/x?y=1&amp;z#q">https://elm.example/x</a>`,
			to("https://elm.example/x?y=1&amp;z#q") + "https://elm.example/x</a>"},
		{"words get the domain", `<a href="https://elm.example/rules">our rules</a>`,
			to("https://elm.example/rules") + "our rules (elm.example)</a>"},
		{"the domain is said once", `<a href="https://elm.example/">rules (elm.example)</a>`,
			to("https://elm.example/") + "rules (elm.example)</a>"},
		{"another domain as label", `<a href="https://elm.example/">https://bank.example/</a>`,
			to("https://elm.example/") + "https://bank.example/ (elm.example)</a>"},
		{"a longer domain as label", `<a href="https://elm.example/">elm.example.bank.test</a>`,
			to("https://elm.example/") + "elm.example.bank.test (elm.example)</a>"},
		{"the domain in another's query", `<a href="https://elm.example/">bank.test/?elm.example</a>`,
			to("https://elm.example/") + "bank.test/?elm.example (elm.example)</a>"},
		{"a user name that looks like a domain", `<a href="https://bank.example@elm.example/">bank.example</a>`,
			to("https://elm.example/") + "bank.example (elm.example)</a>"},
		{"an address in pieces", `<a href="https://elm.example/long"><span class="invisible">https://</span><span class="ellipsis">elm.example/lo</span><span class="invisible">ng</span></a>`,
			to("https://elm.example/long") + "https://elm.example/long</a>"},
		{"www is no difference", `<a href="https://www.elm.example/">elm.example</a>`, to("https://www.elm.example/") + "elm.example</a>"},
		{"a port is part of the domain", `<a href="http://oak.localhost:8081/p/1">a post</a>`,
			to("http://oak.localhost:8081/p/1") + "a post (oak.localhost:8081)</a>"},
		{"look-alike letters are told apart", "<a href=\"https://\u0430pple.example/\">\u0430pple.example</a>",
			to("https://xn--pple-43d.example/") + "\u0430pple.example (xn--pple-43d.example)</a>"},
		{"upper case", `<a href="HTTPS://ELM.example/">Elm.Example</a>`, to("https://elm.example/") + "Elm.Example</a>"},
		{"a mention keeps its text", `<span class="h-card"><a href="https://elm.example/@rowan" class="u-url mention">@<span>rowan</span></a></span>`,
			to("https://elm.example/@rowan") + "@rowan</a>"},
		{"a full handle keeps its text", `<a href="https://social.elm.example/@rowan">@rowan@elm.example</a>`,
			to("https://social.elm.example/@rowan") + "@rowan@elm.example</a>"},
		{"a handle of another server does not", `<a href="https://elm.example/@rowan">@rowan@bank.example</a>`,
			to("https://elm.example/@rowan") + "@rowan@bank.example (elm.example)</a>"},
		{"a group's handle keeps its text", `<a href="https://elm.example/c/sleep">!sleep@elm.example</a>`,
			to("https://elm.example/c/sleep") + "!sleep@elm.example</a>"},
		{"a hashtag keeps its text", `<a href="https://elm.example/tags/sleep" rel="tag">#<span>sleep</span></a>`,
			to("https://elm.example/tags/sleep") + "#sleep</a>"},
		{"words that only begin like a mention", `<a href="https://elm.example/">@rowan says hello</a>`,
			to("https://elm.example/") + "@rowan says hello (elm.example)</a>"},
		{"mail", `<a href="mailto:help@elm.example?subject=x&bcc=y@bank.example">write to us</a>`,
			to("mailto:help@elm.example") + "write to us (help@elm.example)</a>"},
		{"an address of mail", `<a href="mailto:Help@elm.example">help@elm.example</a>`, to("mailto:Help@elm.example") + "help@elm.example</a>"},
		{"a link in a link", `<a href="https://a.example/">a.example<a href="https://b.example/">b.example</a></a>`,
			to("https://a.example/") + "a.example</a>" + to("https://b.example/") + "b.example</a>"},
		{"a link around blocks", `<a href="https://a.example/"><p>a.example</p><p>b</p></a>`,
			to("https://a.example/") + "a.example</a></p><p>" + to("https://a.example/") + "b (a.example)</a>"},
		{"a link without words", `<a href="https://a.example/"> </a>x`, "x"},
		{"a link with invisible words", "<a href=\"https://a.example/\">\u200b</a>", to("https://a.example/") + "\u200b (a.example)</a>"},
		{"a space in the address", `<a href=" https://a.example/b c?d e ">a.example</a>`, to("https://a.example/b%20c?d%20e") + "a.example</a>"},
		{"nowhere", `<a>a</a> <a href="">b</a> <a href="#x">c</a> <a href="/x">d</a> <a href="//a.example">e</a>`, "a b c d e"},
		{"other schemes", `<a href="ftp://a.example">a</a> <a href="data:text/html,x">b</a> <a href="gemini://a.example">c</a>`, "a b c"},
		{"no host", `<a href="http:///x">a</a> <a href="http:x">b</a> <a href="https://">c</a> <a href="https://[::1]/">d</a>`, "a b c d"},
		{"a strange host", `<a href="http://a)b.example/">a</a> <a href="http://a..example/">b</a> <a href="http://a.example:port/">c</a>`, "a b c"},
		{"too long", `<a href="https://a.example/` + strings.Repeat("x", 2048) + `">a</a>`, "a"},
		{"too long once it is escaped", `<a href="https://a.example/` + strings.Repeat("ü", 900) + `">a</a>`, "a"},
		{"several addresses", `<a href="https://a.example/" href="javascript:x">a.example</a>`, to("https://a.example/") + "a.example</a>"},
		{"no mailbox", `<a href="mailto:">a</a> <a href="mailto:x">b</a> <a href="mailto:a@b.example,c@d.example">c</a> <a href="mailto:a%20b@c.example">d</a>`, "a b c d"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := Sanitize(tt.in), "<p>"+tt.want+"</p>"
			if got != want {
				t.Errorf("Sanitize(%q)\n got %q\nwant %q", tt.in, got, want)
			}
			checkSafe(t, got)
			if again := Sanitize(got); again != got {
				t.Errorf("sanitizing twice\n got %q\nwant %q", again, got)
			}
		})
	}
}

func TestImagesBecomeLinks(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"named by the description", `<img src="https://pics.example/1.jpg" alt="a grey cat" width=9>`,
			to("https://pics.example/1.jpg") + "a grey cat (pics.example)</a>"},
		{"without a description by the file", `<img src="https://pics.example/a/cat%201.jpg">`,
			to("https://pics.example/a/cat%201.jpg") + "cat 1.jpg (pics.example)</a>"},
		{"without a file by the domain", `<img src="https://pics.example/">`, to("https://pics.example/") + "pics.example</a>"},
		{"in a link", `<a href="https://a.example/"><img src="https://pics.example/1.jpg" alt="a.example"></a>`, to("https://a.example/") + "a.example</a>"},
		{"in emphasis", `<em>x <img src="https://pics.example/1.jpg" alt="cat"> y</em>`,
			"<em>x " + to("https://pics.example/1.jpg") + "cat (pics.example)</a> y</em>"},
		{"an emoji", `x <img class="emoji" src="https://pics.example/1.png" alt="🙂">`, "x 🙂"},
		{"a short code", `x <img class="emoji" src="https://pics.example/1.png" alt=":blobcat:">`, "x :blobcat:"},
		{"from nowhere", `x <img src="/cat.jpg" alt="cat"> <img src="data:image/png;base64,xx" alt="dog">`, "x cat dog"},
		{"with a harmful description", `x <img src="https://pics.example/1" alt="gpj&#x202e;&#0;&#1;cat">`,
			"x " + to("https://pics.example/1") + "gpj\ufffdcat (pics.example)</a>"},
		{"that runs", `x <img src=x onerror=alert(1)>`, "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := Sanitize(tt.in), "<p>"+tt.want+"</p>"
			if got != want {
				t.Errorf("Sanitize(%q)\n got %q\nwant %q", tt.in, got, want)
			}
			checkSafe(t, got)
		})
	}
}

func TestTextOfEveryScriptSurvives(t *testing.T) {
	for _, text := range []string{
		"مرحبا بالعالم", "שלום, מה שלומך?", "نمی\u200cخواهم", "हिन्दी में बात", "ไม่เป็นไร\u200bนะ",
		"今日は眠れませんでした。", "나는 괜찮아요", "Ça va, naïve Zoë — “fine”…", "e\u0301 n\u0303",
		"👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 👍🏽 🇩🇪 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤️",
		"abc \u200fעברית\u200e (1) \u061cعربي",
	} {
		if got, want := Sanitize(text), "<p>"+text+"</p>"; got != want {
			t.Errorf("Sanitize(%q)\n got %q\nwant %q", text, got, want)
		}
		if got, want := Render(text), "<p>"+text+"</p>"; got != want {
			t.Errorf("Render(%q)\n got %q\nwant %q", text, got, want)
		}
		if got := PlainText(Sanitize(text)); got != text {
			t.Errorf("PlainText = %q, want %q", got, text)
		}
	}
}

func TestHarmfulCharactersGo(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"NUL", "a\x00b", "ab"},
		{"NUL as an entity", "a&#0;b", "a\ufffdb"},
		{"NUL inside a tag", "a<scr\x00ipt>x</script>b", "ab"},
		{"control characters", "a\x01\x08\x1b\x7f\u0080\u009fb", "ab"},
		{"control characters as entities", "a&#1;&#x1b;&#x7f;b", "ab"},
		{"bidi overrides", "a\u202eb\u202dc\u202ad\u202be\u202cf", "abcdef"},
		{"bidi isolates", "a\u2066b\u2067c\u2068d\u2069e", "abcde"},
		{"bidi overrides as entities", "a&#x202e;b&#8238;c", "abc"},
		{"broken UTF-8", "a\xffb\xc3(", "a\ufffdb\ufffd("},
		{"a surrogate in UTF-8", "a\xed\xa0\x80b", "a\ufffdb"},
		{"byte order mark", "\ufeffa", "a"},
		{"noncharacters", "a\ufffe\uffff\ufdd0\U0001ffffb", "ab"},
		{"line separators", "a\u2028b\r\nc\rd\u0085e", "a b c d e"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := Sanitize(tt.in), "<p>"+tt.want+"</p>"
			if got != want {
				t.Errorf("Sanitize(%q) = %q, want %q", tt.in, got, want)
			}
			checkSafe(t, got)
		})
	}
}

func TestLongInputIsCutBetweenWords(t *testing.T) {
	tests := []struct{ name, in, tail string }{
		{"a paragraph", strings.Repeat("word ", 20000), "word word …</p>"},
		{"many paragraphs", strings.Repeat("<p>some words</p>", 6000), "<p>some words</p><p>…</p>"},
		{"text that grows when it is escaped", strings.Repeat("it's ", 12000), "it&#39;s it&#39;s …</p>"},
		{"emphasis all over", "<blockquote><em>" + strings.Repeat("it's ", 20000), "it&#39;s …</em></p></blockquote>"},
		{"no spaces", strings.Repeat("眠", 40000), "眠 …</p>"},
		{"code", "<pre>" + strings.Repeat("a < b\n", 20000), "a &lt; b\n…</pre>"},
		{"a list", "<ul>" + strings.Repeat("<li>it's</li>", 9000), "<li>it&#39;s</li><li>…</li></ul>"},
		{"links", strings.Repeat(`<a href="https://elm.example/">x</a> `, 1700), "(elm.example)</a> …</p>"},
		{"an address opened again and again", `<a href="https://elm.example/` + strings.Repeat("x", 1900) + `">` + strings.Repeat("<p>x", 15000), "</p>"},
		{"more tags than words", strings.Repeat(`<span class="invisible ellipsis">x</span> `, 2000), "x x …</p>"},
		{"all one link", `<a href="https://elm.example/">` + strings.Repeat("it's ", 13000), "<p>…</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Sanitize(tt.in)
			if !strings.HasSuffix(got, tt.tail) {
				t.Errorf("ends with %q, want %q", got[max(0, len(got)-80):], tt.tail)
			}
			checkSafe(t, got)
			if again := Sanitize(got); again != got {
				t.Errorf("sanitizing twice ends with %q, want %q", again[max(0, len(again)-80):], got[max(0, len(got)-80):])
			}
		})
	}
}

// TestEveryLengthNearTheLimitIsAFixedPoint moves the limit over every part of
// a document: words, tags, the domain of a link.
func TestEveryLengthNearTheLimitIsAFixedPoint(t *testing.T) {
	unit := `<p>it's <em>a <a href="https://elm.example/">link</a> in</em> words</p><ul><li>x<pre>a` + "\nb</pre></ul>"
	body := strings.Repeat(unit, softLimit/len(unit)-40)
	for pad := 0; pad < 2*len(unit); pad += 7 {
		in := "<p>" + strings.Repeat("x", pad) + "</p>" + body
		once := Sanitize(in)
		if twice := Sanitize(once); twice != once {
			t.Fatalf("pad %d: ends with %q, want %q", pad, twice[len(twice)-90:], once[len(once)-90:])
		}
		if pad%70 == 0 {
			checkSafe(t, once)
		}
	}
}

func TestDeepInputIsFlattened(t *testing.T) {
	for _, tag := range []string{"blockquote", "ul", "ul><li", "div", "em", "b><i", "p", "svg", "table><tr><td", "ol><blockquote"} {
		in := strings.Repeat("<"+tag+">", 4000) + "deep"
		if tag == "svg" {
			in = "deep"
		}
		got := Sanitize(in)
		if !strings.Contains(got, "deep") {
			t.Errorf("<%s>: the words are lost in %q", tag, got)
		}
		checkSafe(t, got)
	}
	half := strings.Repeat("<blockquote>", 30) + "in" + strings.Repeat("</blockquote>", 15) + "still"
	if got := Sanitize(half); !strings.HasSuffix(got, "<p>in</p><p>still</p>"+strings.Repeat("</blockquote>", 15)) {
		t.Errorf("end tags of quotations too deep close others: %q", got)
	}
	closed := strings.Repeat("<blockquote>", 30) + "in" + strings.Repeat("</blockquote>", 30) + "out"
	if got := Sanitize(closed); !strings.HasSuffix(got, "</blockquote><p>out</p>") {
		t.Errorf("what follows deep quotations is not outside them: %q", got)
	}
}

func TestPolicyHasNothingToTakeFromTheWriter(t *testing.T) {
	for _, in := range append(attacks, "<p>it's \"a\" <a href='https://elm.example/?a=b&c=\"d\"'>&lt;x&gt;</a></p>") {
		w := newWriter()
		walk(clean(in), w)
		written := w.finish()
		if got := policy.Sanitize(written); got != written {
			t.Errorf("the policy made\n%q of\n%q", got, written)
		}
	}
}

func ExampleSanitize() {
	fmt.Println(Sanitize(`<h1 onclick="x()">Hello</h1><img src="https://elm.example/cat.jpg" alt="My cat">`))
	// Output: <h4>Hello</h4><p><a href="https://elm.example/cat.jpg" rel="nofollow noreferrer noopener">My cat (elm.example)</a></p>
}
