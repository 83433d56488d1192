package web

import (
	"fmt"
	"strings"
)

// cut is a sentence with places in it, {{.Name}}, cut where they stand: filling
// one in is most of what a page asks of the catalogue.
type cut struct {
	texts []string // one more than names
	names []string
}

// cutSentence is false for a sentence that asks for more than places.
func cutSentence(text string) (c cut, ok bool) {
	for {
		before, rest, found := strings.Cut(text, "{{")
		c.texts = append(c.texts, before)
		if !found {
			return c, true
		}
		place, after, closed := strings.Cut(rest, "}}")
		name, named := strings.CutPrefix(place, ".")
		if !closed || !named || name == "" || strings.ContainsAny(name, " .|()$\"`") {
			return cut{}, false
		}
		c.names = append(c.names, name)
		text = after
	}
}

// fill is false where an argument is missing.
func (c cut) fill(args map[string]any) (string, bool) {
	var b strings.Builder
	for i, text := range c.texts {
		b.WriteString(text)
		if i == len(c.names) {
			break
		}
		switch value := args[c.names[i]].(type) {
		case nil:
			return "", false
		case string:
			b.WriteString(value)
		default:
			fmt.Fprint(&b, value)
		}
	}
	return b.String(), true
}
