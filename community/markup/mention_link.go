package markup

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A mentionNode is a mention in a Markdown document. Its text is its child.
type mentionNode struct {
	ast.BaseInline
	Mention
	href string // "" stays text
}

var mentionKind = ast.NewNodeKind("Mention")

func (n *mentionNode) Kind() ast.NodeKind { return mentionKind }

func (n *mentionNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name, "Host": n.Host}, nil)
}

// key is equal for mentions of the same actor.
func (m Mention) key() string { return strings.ToLower(m.Name) + "@" + m.Host }

// mentionParser finds mentions while Markdown is read, so that code is none
// and an underscore in a name is no emphasis.
type mentionParser struct{}

func (mentionParser) Trigger() []byte { return []byte{'@', '!'} }

func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	const longest = 1 + utf8.UTFMax*longestName + 1 + longestHost + 2
	line, segment := block.PeekLine()
	if len(line) > longest {
		line = line[:longest]
	}
	m, n := readMention(string(line), block.PrecendingCharacter())
	if n == 0 {
		return nil
	}
	block.Advance(n)
	node := &mentionNode{Mention: m}
	node.AppendChild(node, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+n)))
	return node
}

// mentionsIn returns the mentions of a document in order, except those inside
// links and images.
func mentionsIn(doc ast.Node) iter.Seq[*mentionNode] {
	return func(yield func(*mentionNode) bool) {
		ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.Link, *ast.Image:
				return ast.WalkSkipChildren, nil
			case *mentionNode:
				if !yield(n) {
					return ast.WalkStop, nil
				}
			}
			return ast.WalkContinue, nil
		})
	}
}

// linkMentions gives the mentions that resolve their addresses.
func (r Renderer) linkMentions(doc ast.Node) {
	if r.Resolve == nil {
		return
	}
	hrefs := map[string]string{}
	for n := range mentionsIn(doc) {
		href, known := hrefs[n.key()]
		if !known && len(hrefs) < maxMentions {
			href = r.resolve(n.Mention)
			hrefs[n.key()] = href
		}
		n.href = href
	}
}

func (r Renderer) resolve(m Mention) string {
	url, ok := r.Resolve(m)
	if !ok {
		return ""
	}
	return url
}

// mentionRenderer writes mentions as links, or as the text they are.
type mentionRenderer struct{}

func (mentionRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(mentionKind, renderMention)
}

func renderMention(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	href := n.(*mentionNode).href
	switch {
	case href == "":
	case entering:
		w.WriteString(`<a href="`)
		w.Write(util.EscapeHTML([]byte(href)))
		w.WriteString(`">`)
	default:
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}
