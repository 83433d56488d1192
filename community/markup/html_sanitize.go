package markup

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// Version numbers the output of Render and Sanitize. It is stored with every
// post, so that older HTML can be rendered again from its source.
const Version = 1

// MaxBytes is the longest HTML that Render and Sanitize return, and the most
// that any function here reads of its input; the rest is left out.
const MaxBytes = 64 << 10

// rel tells search engines that we do not vouch for a link, and browsers not
// to say where the reader came from (HTML Living Standard 4.6.7).
const rel = "nofollow noreferrer noopener"

// Sanitize returns the safe part of a stranger's HTML, in the narrow subset
// that the package comment lists. It never fails: what cannot be understood
// is left out. Text that stands outside any block is put into a paragraph.
// Sanitizing what was sanitized changes nothing.
func Sanitize(html string) string {
	html, whole := head(clean(html))
	return tidyUp(html, whole)
}

// tidyUp writes source anew and passes it through the policy. An ellipsis is
// added when source is not whole.
func tidyUp(source string, whole bool) string {
	w := newWriter()
	walk(source, w)
	if !whole {
		w.text(" …")
	}
	return policy.Sanitize(w.finish())
}

// policy is the second lock: the subset said once more, to another program.
var policy = narrowPolicy()

func narrowPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("blockquote", "br", "code", "del", "em", "h4", "h5", "h6",
		"li", "ol", "p", "pre", "strong", "ul")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + rel + "$")).OnElements("a")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	return p
}

// head returns at most MaxBytes of s and whether that is all of it. It cuts
// where neither a rune, an entity nor (where one began shortly before) a tag
// is left in halves.
func head(s string) (string, bool) {
	if len(s) <= MaxBytes {
		return s, true
	}
	const near = 4 << 10
	s = s[:MaxBytes]
	if i := strings.LastIndexByte(s, '<'); i > len(s)-near && !strings.Contains(s[i:], ">") {
		return s[:i], false
	}
	if i := strings.LastIndexAny(s, " \n\t>"); i > len(s)-near {
		return s[:i+1], false
	}
	return strings.ToValidUTF8(s, ""), false
}
