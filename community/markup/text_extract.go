package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// PlainText returns the words of html: one line each for items, rows and line
// breaks, an empty line between other blocks, and of an image its description.
// Any HTML will do. The result is text, not HTML: escape it before it goes on
// a page.
func PlainText(html string) string { return words(html, MaxBytes) }

// Excerpt returns the beginning of html's words on one line, in at most the
// given number of runes. A cut falls between two words where it can and is
// marked by an ellipsis, which counts. The result is text, not HTML.
func Excerpt(html string, runes int) string {
	return cutAt(oneLine(words(html, enough(runes))), runes)
}

// FirstLine returns a title for a post that came without one: its first line
// that holds more than signs and handles, without the handles it begins with,
// in at most the given number of runes. It is "" if there is no such line. The
// result is text, not HTML.
func FirstLine(html string, runes int) string {
	for line := range strings.SplitSeq(words(html, MaxBytes), "\n") {
		line = withoutHandles(oneLine(line))
		if strings.ContainsFunc(line, isTelling) {
			return cutAt(line, runes)
		}
	}
	return ""
}

// isTelling reports whether a title may consist of r: a letter, a digit or an
// emoji, but not a star or a dash.
func isTelling(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
}

func withoutHandles(line string) string {
	for {
		_, n := readMention(line, ' ')
		if n == 0 {
			return line
		}
		line = strings.TrimLeft(line[n:], " ,:;")
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// enough is how many bytes surely hold that many runes and the white space
// between them.
func enough(runes int) int {
	return min(MaxBytes, 8*max(0, min(runes, MaxBytes))+64)
}

// words returns html's text, stopping soon after limit bytes.
func words(html string, limit int) string {
	html, _ = head(clean(html))
	r := &wordReader{limit: limit}
	walk(html, r)
	return r.out.String()
}

// Breaks between two words, weakest first.
const (
	noBreak = iota
	spaceBreak
	lineEnd
	blockEnd
)

var breakText = [...]string{noBreak: "", spaceBreak: " ", lineEnd: "\n", blockEnd: "\n\n"}

// A wordReader collects text, and between two words the strongest break that
// stood there.
type wordReader struct {
	out   strings.Builder
	limit int
	gap   int
	pre   bool
}

func (r *wordReader) full() bool { return r.out.Len() >= r.limit }

func (r *wordReader) start(tag string, attrs []html.Attribute) {
	r.parted(tag)
	if ours(tag) == "pre" {
		r.pre = true
	}
	switch roles[tag] {
	case image:
		r.text(strings.TrimSpace(attr(attrs, "alt")))
	case rule:
		r.gap = blockEnd
	}
}

func (r *wordReader) end(tag string) {
	r.parted(tag)
	if ours(tag) == "pre" {
		r.pre = false
	}
}

// parted notes the break that tag makes.
func (r *wordReader) parted(tag string) {
	switch {
	case roles[tag] == lineBreak, tag == "li", tag == "tr", tag == "dt", tag == "dd":
		r.gap = max(r.gap, lineEnd)
	case roles[tag] == leaf, roles[tag] == container:
		r.gap = max(r.gap, blockEnd)
	case roles[tag] == cell:
		r.gap = max(r.gap, spaceBreak)
	}
}

func (r *wordReader) text(s string) {
	for s != "" {
		word := strings.TrimLeft(s, blank)
		if len(word) < len(s) {
			r.space(s[:len(s)-len(word)])
		}
		end := strings.IndexAny(word, blank)
		if end < 0 {
			end = len(word)
		}
		r.word(word[:end])
		s = word[end:]
	}
}

// space notes white space, which parts lines only in preformatted text.
func (r *wordReader) space(s string) {
	if r.pre && strings.Contains(s, "\n") {
		r.gap = max(r.gap, lineEnd)
	}
	r.gap = max(r.gap, spaceBreak)
}

func (r *wordReader) word(s string) {
	if s == "" || r.full() {
		return
	}
	if r.out.Len() > 0 {
		r.out.WriteString(breakText[r.gap])
	}
	r.gap = noBreak
	if room := r.limit - r.out.Len(); len(s) > room+utf8.UTFMax {
		s = s[:clusterStart(s, room+utf8.UTFMax)]
	}
	r.out.WriteString(s)
}
