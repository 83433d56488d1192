package markup

import (
	"strings"

	"golang.org/x/net/html"
)

// A reader is told, in order, what stands in a document. Tags come by their
// lower-case names, unbalanced, as they were written.
type reader interface {
	start(tag string, attrs []html.Attribute)
	end(tag string)
	text(s string)
	// full reports that nothing more is wanted.
	full() bool
}

// A skipped is an element whose content is passed over, and how many of its
// kind are open.
type skipped struct {
	tag   string
	depth int
}

// walk tells r what source holds, without comments, doctypes, and elements
// whose content is not text for people.
func walk(source string, r reader) {
	z := html.NewTokenizer(strings.NewReader(source))
	var skip skipped
	for !r.full() && z.Next() != html.ErrorToken {
		token := z.Token()
		if skip.over(token) {
			continue
		}
		switch token.Type {
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(token.Data, token.Attr)
		case html.EndTagToken:
			r.end(token.Data)
		case html.TextToken:
			r.text(clean(token.Data))
		}
	}
}

// over reports whether token belongs to an element that is passed over.
func (s *skipped) over(token html.Token) bool {
	switch token.Type {
	case html.StartTagToken, html.SelfClosingTagToken:
		return s.enter(token)
	case html.EndTagToken:
		return s.leave(token.Data)
	}
	return s.depth > 0
}

func (s *skipped) enter(token html.Token) bool {
	if s.depth == 0 && roles[token.Data] != unread {
		return false
	}
	// Only foreign elements can close themselves (HTML 13.2.5.40).
	foreign := token.Data == "svg" || token.Data == "math"
	if foreign && token.Type == html.SelfClosingTagToken {
		return true
	}
	if s.depth == 0 {
		s.tag = token.Data
	}
	if token.Data == s.tag {
		s.depth++
	}
	return true
}

func (s *skipped) leave(tag string) bool {
	if s.depth == 0 {
		return roles[tag] == unread
	}
	if tag == s.tag {
		s.depth--
	}
	return true
}

// A role is what an element of a stranger's HTML is to us. Elements without
// one are passed through: their text stays, they do not.
type role int

const (
	passed    role = iota
	unread         // its content is not for reading
	inlined        // a, em, strong, del, code
	leaf           // holds text only: p, headings, pre
	container      // holds blocks: blockquote, lists, items
	cell           // apart from the text before it by a space
	lineBreak
	rule
	image
)

var roles = rolesByTag(map[role]string{
	unread: "audio applet button canvas datalist frameset iframe math noembed " +
		"noframes noscript object script select style svg template textarea title video",
	inlined: "a b cite code del dfn em i kbd s samp strike strong tt var",
	leaf: "address article aside body caption center dd details dialog div dl dt fieldset " +
		"figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend listing main " +
		"nav p pre search section summary table tbody tfoot thead tr xmp",
	container: "blockquote dir li menu ol ul",
	cell:      "td th",
	lineBreak: "br",
	rule:      "hr",
	image:     "img image",
})

func rolesByTag(tags map[role]string) map[string]role {
	roles := map[string]role{}
	for r, list := range tags {
		for tag := range strings.FieldsSeq(list) {
			roles[tag] = r
		}
	}
	return roles
}

// names says which of our elements stands for one of another name.
var names = map[string]string{
	"b": "strong", "i": "em", "cite": "em", "dfn": "em", "var": "em",
	"s": "del", "strike": "del", "tt": "code", "kbd": "code", "samp": "code",
	"h1": "h4", "h2": "h4", "h3": "h4", "h4": "h4", "h5": "h5", "h6": "h6",
	"pre": "pre", "listing": "pre", "xmp": "pre", "dir": "ul", "menu": "ul",
}

// ours returns the element we write for tag.
func ours(tag string) string {
	if name, ok := names[tag]; ok {
		return name
	}
	if roles[tag] == leaf {
		return "p"
	}
	return tag
}

// attr returns the value of the first attribute of that name, which is the one
// that counts (HTML 13.2.5.33).
func attr(attrs []html.Attribute, name string) string {
	for _, a := range attrs {
		if a.Key == name && a.Namespace == "" {
			return clean(a.Val)
		}
	}
	return ""
}
