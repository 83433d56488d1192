package markup

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// longWord is how many bytes are written at once; only what is longer, as in
// scripts without spaces, can be cut inside a word.
const longWord = 512

// blank is the white space that HTML folds into one.
const blank = " \t\n"

// text writes the words of s where they belong.
func (w *writer) text(s string) {
	if w.leaf.tag == "pre" {
		w.lines(s)
		return
	}
	for s != "" && !w.done {
		word := strings.TrimLeft(s, blank)
		w.space = w.space || len(word) < len(s)
		end := strings.IndexAny(word, blank)
		if end < 0 {
			end = len(word)
		}
		w.word(word[:end])
		s = word[end:]
	}
}

func (w *writer) word(s string) {
	for len(s) > longWord {
		n := clusterStart(s, longWord)
		w.write(s[:n])
		s = s[n:]
	}
	if s != "" {
		w.write(s)
	}
}

// lines writes preformatted text, a line at a time. Browsers drop a line feed
// at the start of a pre, so none is written there.
func (w *writer) lines(s string) {
	if !w.leaf.written {
		s = strings.TrimLeft(s, "\n")
	}
	for s != "" && !w.done {
		end := strings.IndexByte(s[1:], '\n') + 1
		if end == 0 {
			end = len(s)
		}
		w.write(s[:end])
		s = s[end:]
	}
}

// write puts s into the output and, if it does not fit, ends the document
// where it last could have ended.
func (w *writer) write(s string) {
	w.closeInlines(w.lasting())
	if w.done {
		return
	}
	w.keepCut(s)
	w.openBlocks()
	w.openInlines()
	w.out.WriteString(html.EscapeString(s))
	if w.inLink() {
		w.linkText = append(w.linkText, s...)
	}
	w.lineStart = false
	w.done = w.out.Len() > softLimit
}

// keepCut remembers how the document ends if s is too much for it: with an
// ellipsis after the last word, outside any link. Only long ones need it.
//
// A document cut here is cut here again when it is read again: the ellipsis
// stands where the next word would have stood, so it is too much or it is not,
// and either way the same comes out.
func (w *writer) keepCut(s string) {
	if w.out.Len() < MaxBytes/2 || w.inLink() {
		return
	}
	var end strings.Builder
	switch {
	case w.lineStart && w.lastWritten() == "ul", w.lineStart && w.lastWritten() == "ol":
		end.WriteString("<li>…</li>")
	case w.lineStart:
		end.WriteString("<p>…</p>")
	case w.leaf.tag != "pre":
		end.WriteString(" …")
	case s[0] == '\n':
		end.WriteString("\n…")
	default:
		return
	}
	w.writeEnds(&end)
	w.cut = cut{at: w.out.Len(), end: end.String()}
}

// lastWritten returns the innermost container that is open in the output.
func (w *writer) lastWritten() string {
	for i := len(w.blocks) - 1; i >= 0; i-- {
		if w.blocks[i].written {
			return w.blocks[i].tag
		}
	}
	return ""
}

// writeEnds writes the end tags of all that is open in the output to b.
func (w *writer) writeEnds(b *strings.Builder) {
	for i := len(w.inlines) - 1; i >= 0; i-- {
		b.WriteString("</" + w.inlines[i].tag + ">")
	}
	if w.leaf.written {
		b.WriteString("</" + w.leaf.tag + ">")
	}
	for i := len(w.blocks) - 1; i >= 0; i-- {
		if w.blocks[i].written {
			b.WriteString("</" + w.blocks[i].tag + ">")
		}
	}
}

// openBlocks writes the start tags of the blocks the next word stands in.
func (w *writer) openBlocks() {
	if w.inList() {
		w.blocks = append(w.blocks, block{tag: "li"})
	}
	inItem := len(w.blocks) > 0 && w.blocks[len(w.blocks)-1].tag == "li"
	if w.leaf.tag == "" && !inItem {
		w.leaf = block{tag: "p"}
	}
	for i := range w.blocks {
		w.openBlock(&w.blocks[i])
	}
	if w.leaf.tag != "" {
		w.openBlock(&w.leaf)
	}
}

func (w *writer) openBlock(b *block) {
	if b.written {
		return
	}
	w.closeInlines(0)
	w.out.WriteString("<" + b.tag)
	if b.tag == "ol" && b.start != 1 {
		w.out.WriteString(` start="` + strconv.Itoa(b.start) + `"`)
	}
	w.out.WriteString(">")
	b.written = true
	w.newLine()
}

// lasting returns how many of the open inline elements the next word stands in
// too.
func (w *writer) lasting() int {
	n := 0
	for n < len(w.inlines) && n < len(w.wanted) && w.inlines[n].id == w.wanted[n].id {
		n++
	}
	return n
}

// openInlines writes the space or line break that was waiting, and opens the
// inline elements that have begun.
func (w *writer) openInlines() {
	w.gap()
	for _, e := range w.wanted[len(w.inlines):] {
		w.out.WriteString("<" + e.tag)
		if e.tag == "a" {
			w.out.WriteString(` href="` + html.EscapeString(e.link.href) + `" rel="` + rel + `"`)
			w.linkText = w.linkText[:0]
		}
		w.out.WriteString(">")
		w.inlines = append(w.inlines, e)
	}
}

// gap writes what waits between the last word and the next. Two line breaks
// are an empty line; more are only there to push others off the page.
func (w *writer) gap() {
	switch {
	case w.leaf.tag == "pre" || w.lineStart:
	case w.breaks > 0:
		w.out.WriteString(strings.Repeat("<br>", min(w.breaks, 2)))
		w.addLinkSpace()
	case w.space:
		w.out.WriteString(" ")
		w.addLinkSpace()
	}
	w.space, w.breaks = false, 0
}

func (w *writer) addLinkSpace() {
	if w.inLink() {
		w.linkText = append(w.linkText, ' ')
	}
}

func (w *writer) inLink() bool {
	for _, e := range w.inlines {
		if e.tag == "a" {
			return true
		}
	}
	return false
}

// closeInlines closes inline elements until only n are left. A link that hides
// where it leads is made to say so first.
func (w *writer) closeInlines(n int) {
	for len(w.inlines) > n {
		last := w.inlines[len(w.inlines)-1]
		if last.tag == "a" && !last.link.shows(string(w.linkText)) {
			w.out.WriteString(html.EscapeString(" (" + last.link.domain + ")"))
			w.done = w.done || w.out.Len() > softLimit
		}
		w.endTag(last.tag)
		w.inlines = w.inlines[:len(w.inlines)-1]
	}
}

// startInline wants an element from the next word on. One that is open already
// is only counted; a link ends the link before it.
func (w *writer) startInline(tag string, attrs []html.Attribute) {
	if tag == "a" {
		w.unwant(tag)
		if l, ok := parseLink(attr(attrs, "href")); ok {
			w.want(inline{tag: tag, link: l})
		}
		return
	}
	if w.wants(tag) {
		w.nested[tag]++
		return
	}
	w.want(inline{tag: tag})
}

func (w *writer) endInline(tag string) {
	if w.nested[tag] > 0 {
		w.nested[tag]--
		return
	}
	w.unwant(tag)
}

func (w *writer) want(e inline) {
	w.ids++
	e.id = w.ids
	w.wanted = append(w.wanted, e)
}

func (w *writer) wants(tag string) bool {
	for _, e := range w.wanted {
		if e.tag == tag {
			return true
		}
	}
	return false
}

func (w *writer) unwant(tag string) {
	kept := w.wanted[:0:0]
	for _, e := range w.wanted {
		if e.tag != tag {
			kept = append(kept, e)
		}
	}
	w.wanted = kept
}

// image writes a link to the picture, named by its description. Inside a link,
// or where the picture only stands for a character, the description alone is
// left.
func (w *writer) image(attrs []html.Attribute) {
	name := strings.TrimSpace(attr(attrs, "alt"))
	l, ok := parseLink(attr(attrs, "src"))
	if !ok || w.wants("a") || isSign(name) {
		w.text(name)
		return
	}
	if name == "" {
		name = l.file()
	}
	w.want(inline{tag: "a", link: l})
	w.text(name)
	w.unwant("a")
}

// isSign reports whether an image's description is an emoji or the short code
// of one: a character drawn as a picture, not a picture.
func isSign(name string) bool {
	const longest = 64
	if name == "" || len(name) > longest || strings.ContainsAny(name, blank) {
		return false
	}
	if !hasWord(name) {
		return true
	}
	return utf8.RuneCountInString(name) > 2 && name[0] == ':' && name[len(name)-1] == ':'
}
