package wire

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The readers here stand behind check: their input is valid JSON or nothing.
// What is absent, null or of another kind than asked for is the zero value.

// fields are the members of a JSON object in their order.
type fields []field

type field struct {
	key string
	raw json.RawMessage
}

// members splits an object; of anything else there are none.
func members(raw json.RawMessage) fields {
	s := scanner{doc: raw, at: skipSpace(raw, 0)}
	if s.at == len(raw) || raw[s.at] != '{' {
		return nil
	}
	all := make(fields, 0, 16)
	for range s.items() {
		key := string(s.key())
		from := s.at
		s.skip()
		all = append(all, field{key, raw[from:s.at:s.at]})
	}
	return all
}

// get is the value of the first of the keys that is there and not null.
func (f fields) get(keys ...string) json.RawMessage {
	for _, key := range keys {
		for i := range f {
			if f[i].key == key && string(f[i].raw) != "null" {
				return f[i].raw
			}
		}
	}
	return nil
}

func (f fields) text(keys ...string) string      { return text(f.get(keys...)) }
func (f fields) id(keys ...string) string        { return idOf(f.get(keys...)) }
func (f fields) ref(keys ...string) Ref          { return newRef(f.get(keys...)) }
func (f fields) flag(key string) bool            { return string(f.get(key)) == "true" }
func (f fields) stamp(keys ...string) time.Time  { return stamp(f.get(keys...)) }
func (f fields) audience(key string) []string    { return audience(f.get(key)) }
func (f fields) number(key string) (int64, bool) { return number(f.get(key)) }

// choice is a flag that may also be unsaid.
func (f fields) choice(key string) *bool {
	switch string(f.get(key)) {
	case "true":
		yes := true
		return &yes
	case "false":
		no := false
		return &no
	}
	return nil
}

// oneOrMany is the elements of an array, or the one value itself. Nulls are not
// elements.
func oneOrMany(raw json.RawMessage) []json.RawMessage {
	s := scanner{doc: raw, at: skipSpace(raw, 0)}
	if s.at == len(raw) || string(raw) == "null" {
		return nil
	}
	if raw[s.at] != '[' {
		return []json.RawMessage{raw}
	}
	var all []json.RawMessage
	for range s.items() {
		from := s.at
		s.skip()
		if one := raw[from:s.at:s.at]; string(one) != "null" {
			all = append(all, one)
		}
	}
	return all
}

func isKind(raw json.RawMessage, bracket byte) bool {
	at := skipSpace(raw, 0)
	return at < len(raw) && raw[at] == bracket
}

func isObject(raw json.RawMessage) bool { return isKind(raw, '{') }
func isArray(raw json.RawMessage) bool  { return isKind(raw, '[') }
func isString(raw json.RawMessage) bool { return isKind(raw, '"') }

// text is a string for people, without NUL, which PostgreSQL refuses.
func text(raw json.RawMessage) string {
	return strings.ReplaceAll(word(raw), "\x00", "")
}

// word is a string that means something to machines, to the letter: one with
// NUL in it is not the one without.
func word(raw json.RawMessage) string {
	if !isString(raw) {
		return ""
	}
	s := scanner{doc: raw, at: skipSpace(raw, 0)}
	return string(s.string())
}

// number is a JSON number cut to a whole one. Counts come as floats, as strings
// and larger than any machine's word.
func number(raw json.RawMessage) (int64, bool) {
	digits := json.Number(strings.Trim(string(raw), `" `))
	if n, err := digits.Int64(); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(digits.String(), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// stamp reads the forms of xsd:dateTime that are seen: with Z, an offset, a
// fraction, or no zone at all, which is read as UTC. It does not judge: a time
// may lie in the future or the year 1.
func stamp(raw json.RawMessage) time.Time {
	said := strings.ToUpper(strings.TrimSpace(text(raw)))
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, said); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// localized is a text that may be given plain, by language (key + "Map"), or
// both, and the language it is in where the map tells: plain text is in the
// language of the same words, or of the only ones.
func (f fields) localized(key, language string) (said, in string) {
	plain, spoken := f.text(key), spokenIn(f.get(key+"Map"))
	for _, entry := range spoken {
		if said := text(entry.raw); said == plain || plain == "" && entry.key == language {
			return said, entry.key
		}
	}
	switch {
	case len(spoken) == 0 || plain != "" && len(spoken) > 1:
		return plain, ""
	case plain != "":
		return plain, spoken[0].key
	}
	return text(spoken[0].raw), spoken[0].key
}

// spokenIn is the entries of a language map that say something.
func spokenIn(raw json.RawMessage) fields {
	return slices.DeleteFunc(members(raw), func(entry field) bool { return text(entry.raw) == "" })
}
