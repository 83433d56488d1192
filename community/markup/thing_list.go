package markup

import (
	"html"
	"net/url"
	"path"
	"slices"
	"strings"
)

// maxThings and thingRunes bound what is listed under one post.
const (
	maxThings  = 20
	thingRunes = 300
)

// Thing is what hangs on a stranger's post beside its words: a link, a picture, a
// file.
type Thing struct {
	Name string // what its server calls it, a picture's description: text, or empty
	URL  string
}

// ThingList is safe HTML that lists things as links: each under its name, or that
// of its file, and with the server that it leads to, as Sanitize writes it. Nothing
// of it is shown or fetched before somebody follows the link. It is empty where
// there is nothing with an http or https address.
func ThingList(things []Thing) string {
	var b strings.Builder
	var listed []string
	for _, t := range things {
		u, err := url.Parse(t.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || slices.Contains(listed, t.URL) || len(listed) == maxThings {
			continue
		}
		listed = append(listed, t.URL)
		b.WriteString(`<li><a href="` + html.EscapeString(t.URL) + `">` + html.EscapeString(t.label(u)) + "</a></li>")
	}
	if b.Len() == 0 {
		return ""
	}
	return Sanitize("<ul>" + b.String() + "</ul>")
}

func (t Thing) label(u *url.URL) string {
	if name := cutAt(oneLine(clean(t.Name)), thingRunes); name != "" {
		return name
	}
	if file := path.Base(u.Path); file != "/" && file != "." {
		return cutAt(oneLine(clean(file)), thingRunes)
	}
	return u.Hostname()
}
