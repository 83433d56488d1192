package markup

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowed says which attributes an element may carry; one that is missing here
// may not be there at all. It repeats the package comment on purpose.
var allowed = map[string][]string{
	"a": {"href", "rel"}, "ol": {"start"},
	"blockquote": nil, "br": nil, "code": nil, "del": nil, "em": nil, "h4": nil,
	"h5": nil, "h6": nil, "li": nil, "p": nil, "pre": nil, "strong": nil, "ul": nil,
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkSafe reads out as a browser would, with the HTML parser and not the
// tokenizer that wrote it, and fails t unless it is what the package comment
// promises.
func checkSafe(t failer, out string) {
	t.Helper()
	if len(out) > MaxBytes {
		t.Fatalf("output of %d bytes, want at most %d", len(out), MaxBytes)
	}
	if !utf8.ValidString(out) {
		t.Fatalf("output is not UTF-8: %q", out)
	}
	for _, r := range out {
		if keep(r) != r {
			t.Fatalf("output holds %U: %q", r, out)
		}
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(out), body)
	if err != nil {
		t.Fatalf("output does not parse: %v: %q", err, out)
	}
	var again strings.Builder
	for _, n := range nodes {
		checkNode(t, n, 0)
		if err := html.Render(&again, n); err != nil {
			t.Fatalf("output does not render: %v: %q", err, out)
		}
	}
	if got := strings.ReplaceAll(again.String(), "<br/>", "<br>"); got != out {
		t.Fatalf("a browser reads something else:\n got %q\nfrom %q", got, out)
	}
}

func checkNode(t failer, n *html.Node, containers int) {
	t.Helper()
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		t.Fatalf("output holds a node of type %d: %q", n.Type, n.Data)
	}
	attrs, ok := allowed[n.Data]
	if !ok {
		t.Fatalf("output holds <%s>", n.Data)
	}
	for _, a := range n.Attr {
		if !slices.Contains(attrs, a.Key) {
			t.Fatalf("output holds <%s %s=%q>", n.Data, a.Key, a.Val)
		}
	}
	if roles[n.Data] == container {
		containers++
	}
	if containers > maxDepth {
		t.Fatalf("%d containers in each other, want at most %d", containers, maxDepth)
	}
	if n.Data == "a" {
		checkLink(t, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		checkNode(t, c, containers)
	}
}

func checkLink(t failer, n *html.Node) {
	t.Helper()
	href := attr(n.Attr, "href")
	switch scheme, _, _ := strings.Cut(href, ":"); scheme {
	case "http", "https", "mailto":
	default:
		t.Fatalf("link to %q", href)
	}
	if got := attr(n.Attr, "rel"); got != rel {
		t.Fatalf("link with rel=%q, want %q", got, rel)
	}
	text := strings.TrimSpace(nodeText(n))
	l, ok := parseLink(href)
	if !ok || l.href != href {
		t.Fatalf("link to %q would be written as %q", href, l.href)
	}
	named := strings.Contains(strings.ToLower(text), strings.TrimPrefix(strings.ToLower(l.domain), "www."))
	if !named && !strings.ContainsAny(text[:1], "@!#") {
		t.Fatalf("link %q does not say that it leads to %q", text, href)
	}
}

func nodeText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var text strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		text.WriteString(nodeText(c))
	}
	return text.String()
}

// TestCheckerRefusesWhatItShould keeps the tests above from passing because
// they look away.
func TestCheckerRefusesWhatItShould(t *testing.T) {
	good := `<p><a href="https://elm.example/" rel="` + rel + `">elm.example</a></p>`
	if got := refusal(good); got != "" {
		t.Fatalf("checkSafe(%q) fails: %s", good, got)
	}
	for _, bad := range []string{
		`<script>x</script>`, `<p class="x">x</p>`, `<p onclick="x">x</p>`, `<!-- x -->`,
		`<img src="https://elm.example/x">`, `<h1>x</h1>`, `<p>x`, `<p><p>x</p></p>`,
		`<a href="https://elm.example/" rel="` + rel + `">bank.example</a>`,
		`<a href="javascript:x" rel="` + rel + `">javascript:x</a>`,
		`<a href="https://elm.example/">elm.example</a>`,
		"<p>\u202ex</p>", "<p>\x00</p>", "<p>\xff</p>", strings.Repeat("x", MaxBytes+1),
		strings.Repeat("<blockquote>", 17) + "x" + strings.Repeat("</blockquote>", 17),
	} {
		if refusal(bad) == "" {
			t.Errorf("checkSafe(%.80q) passes, want it to fail", bad)
		}
	}
}

type refused string

type recorder struct{}

func (recorder) Helper()                        {}
func (recorder) Fatalf(format string, _ ...any) { panic(refused(format)) }

func refusal(out string) (why string) {
	defer func() {
		if r, ok := recover().(refused); ok {
			why = string(r)
		}
	}()
	checkSafe(recorder{}, out)
	return ""
}
