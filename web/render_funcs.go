package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// templateSet is a copy of all templates whose functions know the page that is
// being rendered with it.
type templateSet struct {
	renderer  *Renderer
	templates *template.Template
	page      string
	frame     *Frame
}

// funcs are what a template may call:
//
//	t "key" "Name" x ...      the sentence, with its arguments in pairs
//	tn "key" n "Name" x ...   the sentence in the plural form for n; it may say {{.Count}}
//	th "key" "Name" x ...     the same as t, but arguments made by link or html stay markup
//	link "/help" "All lines"  an <a> for th; web, tel and mail addresses only
//	when .Time                coarse words in a <time>, the exact time with it
//	exact .Time, date .Time   to the minute, to the day
//	band 7                    "5 to 9"
//	html .Sanitised           a string that is already safe markup
//	asset "hearth.css"        the address of a static file, good for ever
//	path "g" .Name "new"      "/g/<name>/new", escaped
//	domain .Domain            another server's domain as people read it
//	token                     the hidden field that every form carries
//	add 1 2
//	dict "Name" x ...         an argument for a part; list a b c
func (s *templateSet) funcs() template.FuncMap {
	return template.FuncMap{
		"t": s.sentence, "tn": s.plural, "th": s.markup, "link": link,
		"when": s.when, "exact": s.exact, "date": s.date, "band": s.band,
		"html":  func(safe string) template.HTML { return template.HTML(safe) },
		"asset": s.asset, "path": joinPath, "domain": shownDomain, "token": s.token,
		"add":  func(a, b int) int { return a + b },
		"dict": dict, "list": func(items ...any) []any { return items },
		"content": s.content, "has": s.has, "actionClass": actionClass,
	}
}

func (s *templateSet) sentence(key string, pairs ...any) (string, error) {
	args, err := dict(pairs...)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return s.renderer.Catalogue.T(s.frame.Lang, key, args), nil
}

func (s *templateSet) plural(key string, n int, pairs ...any) (string, error) {
	args, err := dict(pairs...)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	return s.renderer.Catalogue.N(s.frame.Lang, key, n, args), nil
}

// markup fills a sentence with markup. Places are marked while the sentence is
// put together, so that the sentence itself is escaped and only they are not.
func (s *templateSet) markup(key string, pairs ...any) (template.HTML, error) {
	args, err := dict(pairs...)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	var places []string
	for name, value := range args {
		markup, ok := value.(template.HTML)
		if !ok {
			markup = template.HTML(template.HTMLEscaper(value))
		}
		mark := "\uE000" + strconv.Itoa(len(places)/2) + "\uE001"
		places = append(places, mark, string(markup))
		args[name] = mark
	}
	text := s.renderer.Catalogue.T(s.frame.Lang, key, args)
	escaped := template.HTMLEscapeString(text)
	return template.HTML(strings.NewReplacer(places...).Replace(escaped)), nil
}

var errLink = errors.New("link: not a web, tel, sms or mail address")

func link(address, text string) (template.HTML, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errLink
	}
	switch u.Scheme {
	case "", "http", "https", "tel", "sms", "mailto":
	default:
		return "", errLink
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(address) + `">` + template.HTMLEscapeString(text) + `</a>`), nil
}

// when says the exact time in the title for a mouse and in hidden text for a
// screen reader; where a post shows it, its menu says it for everybody.
func (s *templateSet) when(t time.Time) template.HTML {
	if t.IsZero() {
		return ""
	}
	exact := template.HTMLEscapeString(s.exact(t))
	coarse := s.renderer.Catalogue.When(s.frame.Lang, t, s.frame.Now, s.frame.Zone)
	return template.HTML(`<time datetime="` + t.UTC().Format(time.RFC3339) + `" title="` + exact + `">` +
		template.HTMLEscapeString(coarse) + `<span class="hidden-text"> (` + exact + `)</span></time>`)
}

func (s *templateSet) exact(t time.Time) string {
	return s.renderer.Catalogue.Exact(s.frame.Lang, t, s.frame.Zone)
}

func (s *templateSet) date(t time.Time) string {
	return s.renderer.Catalogue.Day(s.frame.Lang, t, s.frame.Zone)
}

func (s *templateSet) band(n int) string { return s.renderer.Catalogue.Band(s.frame.Lang, n) }

func (s *templateSet) asset(name string) (string, error) {
	address, ok := s.renderer.static.address(name)
	if !ok && s.renderer.Catalogue.strict {
		return "", fmt.Errorf("asset: no static file %q", name)
	}
	return address, nil
}

func (s *templateSet) token() template.HTML {
	return template.HTML(`<input type="hidden" name="_token" value="` + template.HTMLEscapeString(s.frame.FormToken) + `">`)
}

// has reports whether the page defines a block.
func (s *templateSet) has(block string) bool {
	return s.templates.Lookup(blockName(s.page, block)) != nil
}

// content is a block of the page, or nothing.
func (s *templateSet) content(block string, frame Frame) (template.HTML, error) {
	if !s.has(block) {
		return "", nil
	}
	var buf bytes.Buffer
	err := s.templates.ExecuteTemplate(&buf, blockName(s.page, block), frame)
	return template.HTML(buf.String()), err
}

// actionClass is the look of an Action's Kind.
func actionClass(kind string) string {
	switch kind {
	case "":
		return "button"
	case "quiet":
		return "quiet"
	case "first":
		return "quiet first"
	}
	return "button " + kind
}

func joinPath(segments ...any) string {
	var b strings.Builder
	for _, segment := range segments {
		b.WriteByte('/')
		text, ok := segment.(string)
		if !ok {
			text = fmt.Sprint(segment)
		}
		b.WriteString(url.PathEscape(text))
	}
	return b.String()
}

var errDict = errors.New("arguments come in pairs of a name and a value")

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errDict
	}
	named := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, errDict
		}
		named[name] = pairs[i+1]
	}
	return named, nil
}
