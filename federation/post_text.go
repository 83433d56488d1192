package federation

import (
	"html"
	"strings"
	"time"

	"hearth/community/markup"
	"hearth/federation/wire"
)

// besideWords is what a post says beside its content and is text here: when and
// where an Event is, and what a Question offers. Nobody votes here, and how many
// did elsewhere is not said.
func besideWords(post *wire.Post) string {
	switch post.Type {
	case "Event":
		return eventText(post)
	case "Question":
		return optionsText(post.Options)
	}
	return ""
}

// eventTime is a time as somebody anywhere can read it: of an event elsewhere only
// the hour at its own place is known, and that may be anybody's.
const eventTime = "2006-01-02 15:04 UTC"

func eventText(post *wire.Post) string {
	var said []string
	for _, at := range []time.Time{post.StartTime, post.EndTime} {
		if !at.IsZero() {
			said = append(said, at.UTC().Format(eventTime))
		}
	}
	var parts []string
	for _, part := range []string{strings.Join(said, " – "), post.Place} {
		if part = markup.Excerpt(part, 300); part != "" {
			parts = append(parts, "<li>"+html.EscapeString(part)+"</li>")
		}
	}
	return listOf(parts)
}

// maxOptions bounds the options of a Question that are shown.
const maxOptions = 50

func optionsText(options []wire.Option) string {
	var parts []string
	for _, o := range options[:min(len(options), maxOptions)] {
		if name := markup.Excerpt(o.Name, 200); name != "" {
			parts = append(parts, "<li>"+html.EscapeString(name)+"</li>")
		}
	}
	return listOf(parts)
}

func listOf(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return markup.Sanitize("<ul>" + strings.Join(parts, "") + "</ul>")
}
