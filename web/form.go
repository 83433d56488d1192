package web

import (
	"net/http"
	"net/url"
	"strings"
)

// form is what routes.go knows of a form beside its handler: where it stands, so
// that whoever has to sign in first comes back there, and which of its fields
// hold somebody's own words, so that no error loses them.
type form struct {
	page   string   // a route that answers GET; empty for the form's own
	fields []string // that the page's address carries on
	words  []string
}

// on names the page of a form that is sent to another address than its page's,
// as a route whose parameters the form's has too. fields are those of the form
// that the page wants in its query.
func (f *form) on(page string, fields ...string) *form {
	f.page, f.fields = page, fields
	return f
}

// holding names the fields that hold somebody's own words. Each has a name for
// people in the catalogue, under "typed".
func (f *form) holding(words ...string) *form {
	f.words = words
	return f
}

// form is the one that was sent; an empty one where nothing more is known of it.
func (v *visit) form() *form {
	if f := v.server.forms[v.FullPath()]; f != nil && v.Request.Method == http.MethodPost {
		return f
	}
	return &form{}
}

// formPage is the address of the page on which the form stands that was sent.
func (v *visit) formPage() string {
	f := v.form()
	path := v.Request.URL.EscapedPath()
	if f.page != "" {
		path = v.filledIn(f.page)
	}
	query := url.Values{}
	for _, name := range f.fields {
		if value := v.input(name); value != "" {
			query.Set(name, value)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// filledIn is the address of a route with the request's own parameters.
func (v *visit) filledIn(route string) string {
	parts := strings.Split(route, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = url.PathEscape(v.Param(name))
		}
	}
	return strings.Join(parts, "/")
}

// typedWords are what somebody wrote into one field of a form.
type typedWords struct{ Name, Label, Text string }

// typed is what somebody wrote into the form that was sent, to hand it back
// where it came to nothing.
func (v *visit) typed() (all []typedWords) {
	for _, name := range v.form().words {
		if text := v.input(name); text != "" {
			all = append(all, typedWords{name, v.t("typed." + name), text})
		}
	}
	return all
}
