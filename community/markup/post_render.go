package markup

import (
	"bytes"
	"errors"
	"io"
	"regexp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A Renderer turns members' Markdown into HTML. Its zero value is ready, and
// one value may be used by many goroutines if its Resolve may.
type Renderer struct {
	// Resolve returns the absolute address of whom a mention is for, and
	// whether there is such an actor. It is asked once for each of at most
	// twenty different mentions. Without it, mentions stay text.
	Resolve func(Mention) (url string, ok bool)
}

// Render returns source as HTML, with mentions as text. It never fails.
func Render(source string) string { return Renderer{}.Render(source) }

// Render returns source as HTML, with mentions linked. It never fails.
func (r Renderer) Render(source string) string {
	source, whole := head(clean(source))
	doc := parse([]byte(source))
	demoteHeadings(doc)
	completeLinks(doc)
	r.linkMentions(doc)

	out := limited{limit: 4 * MaxBytes}
	err := markdown.Renderer().Render(&out, []byte(source), doc)
	return tidyUp(out.String(), whole && err == nil)
}

// Mentions returns whom source addresses, outside code and links, in order,
// each once, at most twenty.
func Mentions(source string) []Mention {
	source, _ = head(clean(source))
	var mentions []Mention
	seen := map[string]bool{}
	for m := range mentionsIn(parse([]byte(source))) {
		if len(seen) < maxMentions && !seen[m.key()] {
			seen[m.key()] = true
			mentions = append(mentions, m.Mention)
		}
	}
	return mentions
}

func parse(source []byte) ast.Node {
	return markdown.Parser().Parse(text.NewReader(source))
}

// markdown reads CommonMark without its HTML: what looks like a tag is text.
var markdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(shallow{parser.NewListItemParser()}, 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(thrifty{parser.NewLinkParser()}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(mentionParser{}, 600),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)),
	goldmark.WithExtensions(extension.Strikethrough, extension.NewLinkify(
		extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
		extension.WithLinkifyURLRegexp(bareURL),
		extension.WithLinkifyEmailRegexp(bareEmail),
	)),
	goldmark.WithRendererOptions(
		html.WithHardWraps(),
		renderer.WithNodeRenderers(util.Prioritized(mentionRenderer{}, 100)),
	),
)

var (
	// bareURL is what GFM 6.9 links, and internationalized domains and paths.
	bareURL = regexp.MustCompile(`^https?://[\p{L}\p{M}\p{N}@:%._+~#=-]{1,256}` +
		`\.(?:xn--[a-z0-9-]+|\p{L}[\p{L}\p{M}]*)(?::\d+)?` +
		`(?:[/#?][\p{L}\p{M}\p{N}@:%_+.~#$!?&/=();,'>^{}\[\]` + "`" + `"-]*)?`)

	// bareEmail begins with a letter or digit, so that !group@host is none.
	bareEmail = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@` +
		`[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?` +
		`(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+`)
)

// demoteHeadings moves h1 to h4, h2 to h5 and all below to h6.
func demoteHeadings(doc ast.Node) {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = min(h.Level+3, 6)
		}
		if n.Type() == ast.TypeBlock {
			demoteHeadings(n)
		}
	}
}

// maxHrefs is how many bytes of addresses one post may hold. A reference can
// be used again and again, and each time its whole address is written.
const maxHrefs = 32 << 10

// completeLinks adds the scheme to www addresses, as GFM 6.9 does for bare
// ones, and takes away addresses past maxHrefs.
func completeLinks(doc ast.Node) {
	sum := 0
	complete := func(href []byte) []byte {
		sum += len(href)
		if sum > maxHrefs {
			return nil
		}
		if bytes.HasPrefix(href, []byte("www.")) {
			return append([]byte("http://"), href...)
		}
		return href
	}
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination = complete(n.Destination)
		case *ast.Image:
			n.Destination = complete(n.Destination)
		}
		return ast.WalkContinue, nil
	})
}

// limited is a buffer that refuses to grow past its limit: a few bytes of
// Markdown can ask for a lot of HTML.
type limited struct {
	bytes.Buffer
	limit int
}

var errFull = errors.New("markup: output too long")

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > l.limit {
		return 0, errFull
	}
	return l.Buffer.Write(p)
}

var _ io.Writer = (*limited)(nil)
