package markup

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// maxDepth is how many containers may stand in each other.
const maxDepth = 16

// softLimit leaves room under MaxBytes for everything that may still have to
// be closed: sixteen containers, five inline elements, a domain.
const softLimit = MaxBytes - 1<<10

// A block is a container or a leaf that the next words belong in. It is
// written when the first of them arrives, so an empty one leaves no trace.
type block struct {
	tag     string
	start   int // of an ol, when it is not 1
	written bool
}

// An inline is an element around words. Two of them are the same one only if
// their ids are equal.
type inline struct {
	tag  string
	id   int
	link link // of an a
}

// A writer is a reader of tags that writes a document of its own. It keeps two
// ideas apart: where the next words belong (blocks, leaf, wanted) and what is
// open in the output (what of them is written, and inlines); write brings the
// second in line with the first. White space and line breaks wait for the word
// after them, so none is left at the edge of an element.
type writer struct {
	out    strings.Builder
	blocks []block
	leaf   block // tag "" is none
	wanted []inline
	nested map[string]int // elements of wanted opened again inside themselves
	deep   map[string]int // containers past maxDepth

	inlines   []inline
	linkText  []byte // what stands so far in the link among inlines
	lineStart bool   // nothing stands on this line yet
	space     bool
	breaks    int

	ids  int
	cut  cut
	done bool
}

// A cut is how the document ends if what follows does not fit: so many bytes
// of the output, and then end.
type cut struct {
	at  int
	end string
}

func newWriter() *writer {
	return &writer{
		nested:    map[string]int{},
		deep:      map[string]int{},
		lineStart: true,
		cut:       cut{end: "<p>…</p>"},
	}
}

func (w *writer) full() bool { return w.done }

// finish closes what is open and returns the document.
func (w *writer) finish() string {
	if !w.done {
		w.closeLeaf()
		w.closeBlocks(0)
	}
	if w.done {
		return w.out.String()[:w.cut.at] + w.cut.end
	}
	return w.out.String()
}

func (w *writer) start(tag string, attrs []html.Attribute) {
	switch roles[tag] {
	case inlined:
		w.startInline(ours(tag), attrs)
	case leaf:
		w.startLeaf(ours(tag))
	case container:
		w.startContainer(ours(tag), attrs)
	case cell:
		w.space = true
	case lineBreak:
		w.lineBreak()
	case rule:
		w.rule()
	case image:
		w.image(attrs)
	}
}

func (w *writer) end(tag string) {
	switch roles[tag] {
	case inlined:
		w.endInline(ours(tag))
	case leaf:
		w.closeLeaf()
	case container:
		w.endContainer(ours(tag))
	case lineBreak:
		w.lineBreak() // </br> is a line break too (HTML 13.2.6.4.7)
	}
}

// startLeaf ends the leaf before it: none stands in another.
func (w *writer) startLeaf(tag string) {
	w.closeLeaf()
	w.leaf = block{tag: tag}
}

// startContainer opens a quotation, a list or an item. One that would stand
// too deep only parts the words before it from those after.
func (w *writer) startContainer(tag string, attrs []html.Attribute) {
	w.closeLeaf()
	if tag == "li" {
		w.startItem()
		return
	}
	if w.inList() {
		w.blocks = append(w.blocks, block{tag: "li"})
	}
	if len(w.blocks) > maxDepth-2 { // a list needs room for its items
		w.deep[tag]++
		return
	}
	b := block{tag: tag}
	if tag == "ol" {
		b.start = firstNumber(attr(attrs, "start"))
	}
	w.blocks = append(w.blocks, b)
}

// startItem ends the item before it. An item outside a list is a paragraph.
func (w *writer) startItem() {
	if i := w.openItem(); i >= 0 {
		w.closeBlocks(i)
	}
	if w.inList() {
		w.blocks = append(w.blocks, block{tag: "li"})
	}
}

func (w *writer) endContainer(tag string) {
	w.closeLeaf()
	if tag == "li" {
		if i := w.openItem(); i >= 0 {
			w.closeBlocks(i)
		}
		return
	}
	if w.deep[tag] > 0 {
		w.deep[tag]--
		return
	}
	for i := len(w.blocks) - 1; i >= 0; i-- {
		if w.blocks[i].tag == tag {
			w.closeBlocks(i)
			return
		}
	}
}

// openItem returns the place of the item that an li or its end tag would
// close, or -1. It does not look past the list it is in.
func (w *writer) openItem() int {
	for i := len(w.blocks) - 1; i >= 0; i-- {
		switch w.blocks[i].tag {
		case "li":
			return i
		case "ul", "ol":
			return -1
		}
	}
	return -1
}

// inList reports whether the next words would stand in a list and no item.
func (w *writer) inList() bool {
	if len(w.blocks) == 0 {
		return false
	}
	tag := w.blocks[len(w.blocks)-1].tag
	return tag == "ul" || tag == "ol"
}

// closeLeaf ends the paragraph, heading or code block, or at least keeps words
// on its two sides apart.
func (w *writer) closeLeaf() {
	if w.leaf.written {
		w.closeInlines(0)
		w.endTag(w.leaf.tag)
		w.newLine()
	}
	w.leaf = block{}
	w.space = true
}

// closeBlocks closes containers until only n are left.
func (w *writer) closeBlocks(n int) {
	for len(w.blocks) > n {
		last := w.blocks[len(w.blocks)-1]
		if last.written {
			w.closeInlines(0)
			w.endTag(last.tag)
			w.newLine()
		}
		w.blocks = w.blocks[:len(w.blocks)-1]
	}
}

func (w *writer) newLine() {
	w.lineStart, w.space, w.breaks = true, false, 0
}

func (w *writer) lineBreak() {
	if w.leaf.tag == "pre" {
		w.text("\n")
		return
	}
	w.breaks++
}

// rule writes a thematic break as words: the subset has no element for it.
func (w *writer) rule() {
	wanted := w.wanted
	w.wanted = nil
	w.startLeaf("p")
	w.text("* * *")
	w.closeLeaf()
	w.wanted = wanted
}

func (w *writer) endTag(tag string) {
	w.out.WriteString("</" + tag + ">")
}

// firstNumber reads an ol's start; what is not a small natural number is 1,
// and 1 is not written.
func firstNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 999_999_999 {
		return 1
	}
	return n
}
