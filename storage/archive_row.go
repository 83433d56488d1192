package storage

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// momentForm is how a time stands in an archive.
const momentForm = "2006-01-02T15:04:05.999999Z"

// sqliteMoment is how bun writes a time into SQLite. Times there are compared
// as text, so all of them have to be in this form.
const sqliteMoment = "2006-01-02 15:04:05.999999-07:00"

// rowWriter writes rows as lines. What the engine gives for a value may differ,
// the line does not.
type rowWriter struct {
	columns []Column
	names   [][]byte // each as a JSON key with its colon
	line    bytes.Buffer
	strings *json.Encoder // into line
}

func newRowWriter(columns []Column) *rowWriter {
	w := &rowWriter{columns: columns}
	for _, c := range columns {
		w.names = append(w.names, []byte(strconv.Quote(c.Name)+":"))
	}
	w.strings = json.NewEncoder(&w.line)
	w.strings.SetEscapeHTML(false)
	return w
}

// row is the line of a row, good until the next.
func (w *rowWriter) row(values []any) ([]byte, error) {
	w.line.Reset()
	w.line.WriteByte('{')
	for i, v := range values {
		if i > 0 {
			w.line.WriteByte(',')
		}
		w.line.Write(w.names[i])
		if err := w.value(w.columns[i].Kind, v); err != nil {
			return nil, fmt.Errorf("column %s: %w", w.columns[i].Name, err)
		}
	}
	w.line.WriteString("}\n")
	if w.line.Len() > longestRow {
		return nil, fmt.Errorf("a row of %d bytes is too long", w.line.Len())
	}
	return w.line.Bytes(), nil
}

func (w *rowWriter) value(k kind, v any) error {
	if v == nil {
		w.line.WriteString("null")
		return nil
	}
	switch k {
	case text:
		return w.text(v)
	case integer:
		if n, ok := v.(int64); ok {
			w.line.Write(strconv.AppendInt(w.line.AvailableBuffer(), n, 10))
			return nil
		}
	case boolean:
		if is, ok := truth(v); ok {
			w.line.Write(strconv.AppendBool(w.line.AvailableBuffer(), is))
			return nil
		}
	case moment:
		if t, ok := when(v); ok {
			w.line.WriteString(t.UTC().Format(`"` + momentForm + `"`))
			return nil
		}
	case octets:
		if b, ok := v.([]byte); ok {
			w.base64(b)
			return nil
		}
	}
	return fmt.Errorf("it holds %T, which is no %s", v, k)
}

// text is a string, or {"base64": ...} where it is no UTF-8: SQLite keeps any
// bytes as text.
func (w *rowWriter) text(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("it holds %T, which is no text", v)
	}
	if !utf8.ValidString(s) {
		w.line.WriteString(`{"base64":`)
		w.base64([]byte(s))
		w.line.WriteByte('}')
		return nil
	}
	if err := w.strings.Encode(s); err != nil {
		return err
	}
	w.line.Truncate(w.line.Len() - 1) // the encoder's line feed
	return nil
}

func (w *rowWriter) base64(b []byte) {
	w.line.WriteByte('"')
	w.line.Write(base64.StdEncoding.AppendEncode(w.line.AvailableBuffer(), b))
	w.line.WriteByte('"')
}

// truth is a boolean, which SQLite keeps as 0 or 1.
func truth(v any) (is, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case int64:
		return v == 1, v == 0 || v == 1
	}
	return false, false
}

// when is a time, which SQLite keeps as text.
func when(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		t, err := time.Parse(sqliteMoment, v)
		return t, err == nil
	}
	return time.Time{}, false
}

// rowReader reads lines back into values: string, int64, bool, time.Time,
// []byte or nil.
type rowReader struct {
	columns []Column
	names   [][]byte // each as a JSON key with its colon
	fields  [][]byte // of the row at hand
}

func newRowReader(columns []Column) *rowReader {
	r := &rowReader{columns: columns, fields: make([][]byte, len(columns))}
	for _, c := range columns {
		r.names = append(r.names, []byte(strconv.Quote(c.Name)+":"))
	}
	return r
}

func (r *rowReader) row(line []byte) ([]any, error) {
	if !r.split(line) {
		if err := r.parse(line); err != nil {
			return nil, err
		}
	}
	values := make([]any, len(r.columns))
	for i, c := range r.columns {
		var err error
		if values[i], err = parseValue(c.Kind, r.fields[i]); err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return values, nil
}

// split finds the fields of a line as rowWriter writes it, and is false for any
// other. It is several times as fast as parse.
func (r *rowReader) split(line []byte) bool {
	rest, found := bytes.CutPrefix(line, []byte("{"))
	for i, name := range r.names {
		if i > 0 && found {
			rest, found = bytes.CutPrefix(rest, []byte(","))
		}
		if found {
			rest, found = bytes.CutPrefix(rest, name)
		}
		if !found {
			return false
		}
		end := fieldEnd(rest)
		r.fields[i], rest = rest[:end], rest[end:]
	}
	return string(rest) == "}"
}

// fieldEnd is where the value ends that some JSON begins with: at its closing
// quote or brace, or before what follows it.
func fieldEnd(b []byte) int {
	switch {
	case len(b) == 0:
		return 0
	case b[0] == '{':
		return bytes.IndexByte(b, '}') + 1
	case b[0] != '"':
		return max(0, bytes.IndexAny(b, ",}"))
	}
	for end := 1; end < len(b); end++ {
		quote := bytes.IndexAny(b[end:], `"\\`)
		if quote < 0 {
			break
		}
		if end += quote; b[end] == '"' {
			return end + 1
		}
		end++ // past what the backslash is for
	}
	return 0
}

// parse finds the fields of any JSON object.
func (r *rowReader) parse(line []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return err
	}
	if len(fields) != len(r.columns) {
		return fmt.Errorf("%d columns instead of %d", len(fields), len(r.columns))
	}
	for i, c := range r.columns {
		field, ok := fields[c.Name]
		if !ok {
			return fmt.Errorf("no column %s", c.Name)
		}
		r.fields[i] = field
	}
	return nil
}

func parseValue(k kind, field []byte) (any, error) {
	if string(field) == "null" {
		return nil, nil
	}
	switch k {
	case text:
		return parseText(field)
	case integer:
		return strconv.ParseInt(string(field), 10, 64)
	case boolean:
		if s := string(field); s != "true" && s != "false" {
			return nil, fmt.Errorf("%.20s is neither true nor false", s)
		}
		return string(field) == "true", nil
	case moment:
		return time.Parse(`"`+momentForm+`"`, string(field))
	case octets:
		b := []byte{}
		err := json.Unmarshal(field, &b)
		return b, err
	}
	return nil, fmt.Errorf("of an unknown kind %.20q", k)
}

func parseText(field []byte) (string, error) {
	if n := len(field); n >= 2 && field[0] == '"' && bytes.IndexByte(field, '\\') < 0 && utf8.Valid(field) {
		return string(field[1 : n-1]), nil
	}
	if len(field) > 0 && field[0] == '{' {
		var raw struct{ Base64 []byte }
		err := json.Unmarshal(field, &raw)
		return string(raw.Base64), err
	}
	var s string
	err := json.Unmarshal(field, &s)
	return s, err
}

// unfitFor says what of a row an engine cannot keep: PostgreSQL has neither NUL
// nor invalid UTF-8 in a text.
func unfitFor(e engine, values []any) bool {
	if e != postgres {
		return false
	}
	for _, v := range values {
		if s, ok := v.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return true
		}
	}
	return false
}
