package web

import (
	"html/template"
	"strings"
)

// wordsUnder is HTML that was made safe when it was stored, as it stands under a
// heading of a level: its own headings, which are stored as h4 to h6, begin at the
// next level and skip none, whatever their author began with (WCAG 1.3.1).
func wordsUnder(level int, safe string) template.HTML {
	if !strings.Contains(safe, "<h") { // nothing else that is stored begins so
		return template.HTML(safe)
	}
	var out strings.Builder
	out.Grow(len(safe))
	first, last := level+1, level
	for {
		before, rest, found := strings.Cut(safe, "<h")
		out.WriteString(before)
		if !found || rest == "" || rest[0] < '4' || rest[0] > '6' {
			out.WriteString(safe[len(before):])
			return template.HTML(out.String())
		}
		last = min(first+int(rest[0]-'4'), last+1, 6)
		words, after, _ := strings.Cut(rest[1:], "</h"+rest[:1]+">")
		heading := string(rune('0' + last))
		out.WriteString("<h" + heading + words + "</h" + heading + ">")
		safe = after
	}
}

// authorLevel is the level of the heading that names a post's author: that of the
// thread's first stands under the thread's title, those of replies under a heading of
// their own.
func authorLevel(isReply bool) int {
	if isReply {
		return 3
	}
	return 2
}
