package community

import "strings"

// Kind says what sort of no an Error is. It is itself an error, so that
// errors.Is(err, community.NotFound) works. What has no Kind is internal.
type Kind string

// The kinds of no. Their HTTP status stands in web/errors.go alone.
const (
	Invalid     Kind = "invalid"     // the input is wrong and can be corrected
	NotFound    Kind = "not found"   // absent, or not for this Viewer
	Forbidden   Kind = "forbidden"   // seen, but not theirs to do
	Conflict    Kind = "conflict"    // somebody was first; look again
	Gone        Kind = "gone"        // once here and seen, deleted since
	TooMany     Kind = "too many"    // slow down
	Unavailable Kind = "unavailable" // our own trouble; try again
)

func (k Kind) Error() string { return string(k) }

// Error is a Kind and a sentence that is safe to show: Key names it in the
// catalogue, Args fill it. Fields, where set, say which inputs to mend.
type Error struct {
	Kind   Kind
	Key    string
	Args   map[string]any
	Fields []FieldError
}

// FieldError is one input that has to be mended, by the form's name for it.
type FieldError struct {
	Field  string
	Key    string
	Args   map[string]any
	Advice bool // may be kept: sent again unchanged, it is taken
}

func (e *Error) Error() string {
	keys := make([]string, 0, len(e.Fields))
	for _, f := range e.Fields {
		keys = append(keys, f.Field+": "+f.Key)
	}
	if len(keys) == 0 {
		return e.Kind.Error() + ": " + e.Key
	}
	return e.Kind.Error() + ": " + e.Key + " (" + strings.Join(keys, ", ") + ")"
}

// Unwrap makes the Kind visible to errors.Is.
func (e *Error) Unwrap() error { return e.Kind }

// fail is an Error of a kind with a sentence and its arguments in pairs.
func fail(kind Kind, key string, pairs ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args(pairs)}
}

// problems gathers what is wrong with a form, so that all of it is told at once.
type problems struct{ fields []FieldError }

// advise adds what its person may keep by sending it again unchanged.
func (p *problems) advise(field, key string) {
	p.fields = append(p.fields, FieldError{Field: field, Key: key, Advice: true})
}

func (p *problems) add(field, key string, pairs ...any) {
	p.fields = append(p.fields, FieldError{Field: field, Key: key, Args: args(pairs)})
}

// err is nil when nothing was wrong, otherwise an Invalid that names each field.
func (p *problems) err() error {
	if len(p.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "form.check", Fields: p.fields}
}

func args(pairs []any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// ServerName is a server's domain among the Args of a sentence: kept as it stands in
// addresses, and said as people read it.
type ServerName string
