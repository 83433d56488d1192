package domainlist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// writeJSON writes an object a line: what is known here in the order of the
// columns, then what is not.
func writeJSON(w io.Writer, entries []Entry, columns []string) error {
	b := bufio.NewWriter(w)
	o := &objectWriter{Writer: b, scratch: &bytes.Buffer{}}
	o.encoder = json.NewEncoder(o.scratch)
	o.encoder.SetEscapeHTML(false)
	b.WriteString("[\n")
	for i := range entries {
		o.write(&entries[i], columns)
		if i < len(entries)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	return flush(b)
}

type objectWriter struct {
	*bufio.Writer
	scratch *bytes.Buffer
	encoder *json.Encoder
	begun   bool
}

func (o *objectWriter) write(e *Entry, columns []string) {
	o.begun = false
	o.WriteByte('{')
	for _, name := range columns {
		about := memberMeaning(name)
		if about == aboutNothing {
			continue
		}
		c := e.cell(about, MastodonJSON)
		switch {
		case about.isFlag():
			o.member(name, c.text)
		case c.given():
			o.member(name, o.quote(c.text))
		}
	}
	for _, f := range e.Extra {
		o.member(f.Name, f.Value)
	}
	o.WriteByte('}')
}

func (o *objectWriter) member(name, value string) {
	if o.begun {
		o.WriteByte(',')
	}
	o.begun = true
	o.WriteString(o.quote(name))
	o.WriteByte(':')
	o.WriteString(value)
}

// quote is a JSON string.
func (o *objectWriter) quote(text string) string {
	o.scratch.Reset()
	if err := o.encoder.Encode(text); err != nil {
		panic(err) // a string always encodes
	}
	return string(bytes.TrimSuffix(o.scratch.Bytes(), []byte("\n")))
}
