package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// like is a sound activity with room for more members, each beginning with a
// comma.
func like(more string) string {
	return `{"id":"https://a.example.org/1","type":"Like","actor":"https://a.example.org/u","object":"https://b.example.org/p"` + more + `}`
}

func reason(err error) string {
	var refused Error
	if errors.As(err, &refused) {
		return refused.Reason
	}
	return ""
}

func nested(depth int, open, inner, shut string) string {
	return strings.Repeat(open, depth) + inner + strings.Repeat(shut, depth)
}

func numbered(n int, format string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(items, ",")
}

func TestTheGateRefusesWithAReason(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"sound", like(""), ""},
		{"empty", "", NotJSON},
		{"white space", " \r\n\t", NotJSON},
		{"cut short", like("")[:40], NotJSON},
		{"two documents", like("") + like(""), NotJSON},
		{"HTML", "<!doctype html>", NotJSON},
		{"NaN", like(`,"x":NaN`), NotJSON},
		{"a string", `"https://a.example.org/1"`, NotAnObject},
		{"null", `null`, NotAnObject},
		{"an array", `[` + like("") + `]`, NotAnObject},

		{"largest", like(`,"x":"` + strings.Repeat("y", MaxBytes-len(like(`,"x":""`))) + `"`), ""},
		{"a byte more", like(`,"x":"` + strings.Repeat("y", MaxBytes-len(like(`,"x":""`))+1) + `"`), TooLarge},

		{"deepest array", like(`,"x":` + nested(MaxDepth-1, "[", "", "]")), ""},
		{"an array deeper", like(`,"x":` + nested(MaxDepth, "[", "", "]")), TooDeep},
		{"an object deeper", like(`,"x":` + nested(MaxDepth, `{"y":`, "1", "}")), TooDeep},
		{"never closed", nested(500_000, "[", "", ""), TooDeep},
		{"brackets in strings", like(`,"x":"` + nested(40, "[{", `\"`, "") + `"`), ""},

		{"longest array", like(`,"x":[` + numbered(MaxItems, "#") + `]`), ""},
		{"an item more", like(`,"x":[` + numbered(MaxItems+1, "#") + `]`), ArrayTooLong},
		{"an item more within", like(`,"x":{"y":[[` + numbered(MaxItems+1, "#") + `]]}`), ArrayTooLong},
		{"widest object", like(`,"x":{` + numbered(MaxItems, `"#":1`) + `}`), ""},
		{"a member more", like(`,"x":{` + numbered(MaxItems+1, `"#":1`) + `}`), ObjectTooWide},

		{"id twice", like(`,"id":"https://a.example.org/2"`), DuplicateKey},
		{"actor twice", like(`,"actor":"https://a.example.org/v"`), DuplicateKey},
		{"object twice", like(`,"object":null`), DuplicateKey},
		{"type twice, escaped", like(`,"t\u0079pe":"Delete"`), DuplicateKey},
		{"twice within", like(`,"target":{"attributedTo":1,"attributedTo":2}`), DuplicateKey},
		{"twice among many", like(`,"x":{` + numbered(60, `"#":1`) + `,"59":2}`), DuplicateKey},
		{"twice, first and last of many", like(`,"x":{` + numbered(60, `"#":1`) + `,"0":2}`), DuplicateKey},
		{"the same key elsewhere", like(`,"target":{"id":"https://a.example.org/1"},"origin":[{"id":1},{"id":2}]`), ""},
		{"twice in @context", like(`,"@context":[{"a":"b:a","a":"b:a"}]`), ""},
		{"@context twice", like(`,"@context":[],"@context":[]`), DuplicateKey},

		{"@graph", like(`,"@graph":[]`), ForbiddenKeyword},
		{"@included within", like(`,"x":[{"@included":{}}]`), ForbiddenKeyword},
		{"@reverse escaped", like(`,"\u0040reverse":{}`), ForbiddenKeyword},
		{"@reverse in @context", like(`,"@context":{"x":{"@reverse":"as:object"}}`), ForbiddenKeyword},
		{"an alias in @context", like(`,"@context":{"x":"@graph"}`), ForbiddenKeyword},
		{"a word in the text", like(`,"content":"@graph"`), ""},

		{"Latin-1", like(",\"x\":\"caf\xe9\""), NotUTF8},
		{"overlong", like(",\"x\":\"\xc0\xaf\""), NotUTF8},
		{"lone surrogate, escaped", like(`,"content":"\ud800"`), ""},
		{"byte order mark and newlines", "\xef\xbb\xbf\r\n" + like("") + "\n\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Decode([]byte(tt.body)); reason(err) != tt.want {
				t.Errorf("Decode: got %q, want %q", reason(err), tt.want)
			}
		})
	}
}

func TestAnActivityMustSayWhichWhoAndWhat(t *testing.T) {
	with := func(id, kind, actor, object string) string {
		return fmt.Sprintf(`{"id":%s,"type":%s,"actor":%s,"object":%s}`, id, kind, actor, object)
	}
	const id, kind, who, what = `"https://a.example.org/1"`, `"Like"`, `"https://a.example.org/u"`, `"https://b.example.org/p"`
	tests := []struct{ name, body, want string }{
		{"type missing", `{"id":` + id + `,"actor":` + who + `}`, NoType},
		{"type a number", with(id, "1", who, what), NoType},
		{"type blank", with(id, `""`, who, what), NoType},
		{"type with NUL", with(id, `"De\u0000lete"`, who, what), NoType},
		{"type in capitals of another key", `{"id":` + id + `,"Type":"Like","actor":` + who + `}`, NoType},
		{"id null", with("null", kind, who, what), BadID},
		{"id a number", with("7", kind, who, what), BadID},
		{"id an object", with(`{"id":`+id+`}`, kind, who, what), BadID},
		{"id relative", with(`"/1"`, kind, who, what), BadID},
		{"id of another scheme", with(`"javascript://a.example.org/%0aalert(1)"`, kind, who, what), BadID},
		{"id with a line break", with(`"https://a.example.org/1\r\nHost: b"`, kind, who, what), BadID},
		{"id with a space", with(`"https://a.example.org/ 1"`, kind, who, what), BadID},
		{"id with NUL", with(`"https://a.example.org/\u00001"`, kind, who, what), BadID},
		{"id too long", with(`"https://a.example.org/`+strings.Repeat("x", maxIRI)+`"`, kind, who, what), BadID},
		{"actor missing", `{"id":` + id + `,"type":"Like"}`, BadActor},
		{"actor null", with(id, kind, "null", what), BadActor},
		{"actor a number", with(id, kind, "1", what), BadActor},
		{"actors", with(id, kind, `[`+who+`,"https://c.example.org/u"]`, what), BadActor},
		{"one actor in an array", with(id, kind, `[`+who+`]`, what), ""},
		{"actor without id", with(id, kind, `{"type":"Person"}`, what), BadActor},
		{"object missing", `{"id":` + id + `,"type":"Like","actor":` + who + `}`, ""},
		{"object null", with(id, kind, who, "null"), ""},
		{"object a number", with(id, kind, who, "1"), BadObject},
		{"object blank", with(id, kind, who, `""`), BadObject},
		{"an object of several relative", with(id, kind, who, `[`+what+`,"p/2"]`), BadObject},
		{"a Delete without id", `{"type":"Delete","actor":` + who + `,"object":` + what + `}`, ""},
		{"a Delete with a blank id", with(`""`, `"Delete"`, who, what), BadID},
		{"a Like without id", `{"type":"Like","actor":` + who + `,"object":` + what + `}`, BadID},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Decode([]byte(tt.body)); reason(err) != tt.want {
				t.Errorf("Decode: got %q, want %q", reason(err), tt.want)
			}
		})
	}
}

func TestKeysAreMatchedExactly(t *testing.T) {
	a, err := Decode([]byte(like(`,"ID":"https://evil.example.net/1","Actor":"https://evil.example.net/u","OBJECT":"https://evil.example.net/p"`)))
	if err != nil {
		t.Fatal(err)
	}
	if a.ID != "https://a.example.org/1" || a.Actor != "https://a.example.org/u" || a.Object.ID != "https://b.example.org/p" {
		t.Errorf("got %q by %q about %q, want those of the lower-case keys", a.ID, a.Actor, a.Object.ID)
	}
}

func TestPrivateRecipientsAreCutOut(t *testing.T) {
	tests := []struct{ name, more, want string }{
		{"last", `,"bto":["https://b.example.org/u"]`, ``},
		{"between", ` , "bcc" : "https://b.example.org/u" , "x" : 1`, ` , "x" : 1`},
		{"both", `,"bto":1,"bcc":{"bto":[]},"x":2`, `,"x":2`},
		{"within", `,"x":{"bto":1},"y":[{"bcc":1,"z":2},{"z":3,"bto":4}]`, `,"x":{},"y":[{"z":2},{"z":3}]`},
		{"escaped", `,"b\u0074o":1`, ``},
		{"all there is", `,"x":{"bto":1 , "bcc":2}`, `,"x":{}`},
		{"as words", `,"content":"bto","name":"\"bcc\":1"`, `,"content":"bto","name":"\"bcc\":1"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Decode([]byte(like(tt.more)))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(a.Raw); got != like(tt.want) {
				t.Errorf("got  %s\nwant %s", got, like(tt.want))
			}
		})
	}
}

func TestFirstMemberMayBePrivate(t *testing.T) {
	body := `{ "bto" : [ ] , "bcc": null, ` + like("")[1:]
	a, err := Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(a.Raw), `{ `+like("")[1:]; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRawIsTheSendersBytes(t *testing.T) {
	odd := "{\n\t\"type\" :\"Like\",\"id\":\"https://a.example.org/1\" , \"object\":\"https:\\/\\/b.example.org\\/p\",\r\n\"x\": 1.0e2,\"html\":\"<&>\\u003c\", \"actor\":\"https://a.example.org/u\"}"
	a, err := Decode([]byte("\xef\xbb\xbf" + odd + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if string(a.Raw) != odd {
		t.Errorf("Raw = %q, want %q", a.Raw, odd)
	}
	if a.Object.ID != "https://b.example.org/p" {
		t.Errorf("Object.ID = %q, want it unescaped", a.Object.ID)
	}
}

func TestUnsignedIsWithoutSignatureAndProof(t *testing.T) {
	for _, more := range []string{`,"signature":{"type":"RsaSignature2017","x":[1]}`, `,"proof":[{}],"signature":null`, ``} {
		a, err := Decode([]byte(like(more)))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(a.Unsigned()); got != like("") {
			t.Errorf("Unsigned = %s, want %s", got, like(""))
		}
	}
	signedFirst := `{"proof":{},` + like("")[1:]
	a, err := Decode([]byte(signedFirst))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(a.Unsigned()); got != like("") {
		t.Errorf("Unsigned = %s, want %s", got, like(""))
	}
	if !bytes.Equal(a.Raw, []byte(signedFirst)) {
		t.Errorf("Raw = %s, want it untouched", a.Raw)
	}
}

func TestErrorsAreComparedByReason(t *testing.T) {
	_, err := Decode([]byte(`[]`))
	if !errors.Is(err, Error{NotAnObject}) || errors.Is(err, Error{TooDeep}) {
		t.Errorf("errors.Is does not tell %v by its reason", err)
	}
	if err.Error() != "wire: not_an_object" {
		t.Errorf("Error() = %q", err)
	}
}

func TestNamelessDeletesAreKnownAgain(t *testing.T) {
	body := golden(t, "gotosocial/16-delete-without-id")
	first, err := Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Decode(append([]byte(" "), body...))
	other, _ := Decode(bytes.Replace(body, []byte("/statuses/16"), []byte("/statuses/17"), 1))
	if first.ID != again.ID || first.ID == other.ID {
		t.Errorf("ids %q, %q, %q: want the first two alike, the third not", first.ID, again.ID, other.ID)
	}
	undo, _ := Decode([]byte(`{"id":"https://a.example.org/1","type":"Undo","actor":"https://a.example.org/u","object":` + string(first.Raw) + `}`))
	if inner, err := undo.Object.Activity(); err != nil || inner.ID != "" || inner.IsNameless {
		t.Errorf("within an Undo it is given an id: %+v, %v", inner, err)
	}
	if !SameOrigin(first.ID, first.Actor) {
		t.Errorf("id %q is not at the origin of %q", first.ID, first.Actor)
	}
}

func TestDuplicateDeliveryIsKnownByItsID(t *testing.T) {
	direct, err := Decode(golden(t, "lemmy/52-direct"))
	if err != nil {
		t.Fatal(err)
	}
	announce, err := Decode(golden(t, "lemmy/52-announced"))
	if err != nil {
		t.Fatal(err)
	}
	inner, err := announce.Object.Activity()
	if err != nil {
		t.Fatal(err)
	}
	if inner.ID != direct.ID {
		t.Errorf("announced id %q, direct id %q", inner.ID, direct.ID)
	}
	if !json.Valid(inner.Raw) || !bytes.Contains(announce.Raw, inner.Raw) {
		t.Errorf("the inner activity's bytes are not those in the Announce: %s", inner.Raw)
	}
}

func TestBansEndByEitherProperty(t *testing.T) {
	for file, want := range map[string]string{
		"lemmy/29-ban-end-time": "2026-11-01T12:23:50.151874Z",
		"mbin/29-ban-expires":   "2026-11-01T12:23:50Z",
		"mbin/17-expires-null":  "0001-01-01T00:00:00Z",
	} {
		a, err := Decode(golden(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Ends().Format(time.RFC3339Nano); got != want {
			t.Errorf("%s ends %s, want %s", file, got, want)
		}
	}
}
