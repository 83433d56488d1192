package markup

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// shallow is a block parser that opens nothing inside more than some forty
// blocks. The time to read a line grows with the square of the blocks it opens,
// and the writer flattens all but maxDepth of them anyway.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if depth(parent) > 2*maxDepth+8 {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, r, pc)
}

func depth(n ast.Node) int {
	d := 0
	for ; n != nil; n = n.Parent() {
		d++
	}
	return d
}

// thrifty is a link parser that gives up on a document which makes it look
// ahead too far too often, as "[a](" over and over does: each asks for the end
// of an address that never comes. What is left then stays text.
type thrifty struct{ parser.InlineParser }

// lookAhead is how many bytes all links of a document may look through, a few
// hundred times what a long and busy post asks for.
const lookAhead = 8 << 20

var looked = parser.NewContextKey()

func (p thrifty) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) > 1 && line[0] == ']' && line[1] == '(' {
		sum, _ := pc.Get(looked).(int)
		if sum += len(line); sum > lookAhead {
			return nil
		}
		pc.Set(looked, sum)
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// CloseBlock passes on what the link parser needs to hear.
func (p thrifty) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := p.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}
