package wire

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// Whatever a stranger sends, Decode answers with an activity that holds what
// doc.go says, or an Error with a reason.
func FuzzDecode(f *testing.F) {
	for _, file := range goldenFiles(f) {
		f.Add(golden(f, file))
	}
	f.Add([]byte(like(`,"bto":[1],"x":{"bcc":2,"y":[{"bto":{}}]},"@context":{"a":"b"}`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		readAsAnything(body)
		a, err := Decode(body)
		if err != nil {
			if reason(err) == "" {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		holds(t, a)
		walk(a.Object, MaxDepth)
		walk(a.Target, MaxDepth)
		announceAgain(t, a)
	})
}

// holds checks what is promised of every activity.
func holds(t *testing.T, a *Activity) {
	t.Helper()
	if !isIRI(a.ID) || a.Type == "" || !isIRI(a.Actor) {
		t.Fatalf("id %q, type %q, actor %q", a.ID, a.Type, a.Actor)
	}
	if !json.Valid(a.Raw) || hasPrivate(a.Raw) {
		t.Fatalf("Raw = %q", a.Raw)
	}
	again, err := Decode(a.Raw)
	if err != nil {
		t.Fatalf("Raw is refused: %v", err)
	}
	if again.ID != a.ID || again.Actor != a.Actor || again.Type != a.Type || again.Object.ID != a.Object.ID || !bytes.Equal(again.Raw, a.Raw) {
		t.Fatalf("decoded again it is another: %+v, %+v", a, again)
	}
	var plain struct{ ID, Actor any }
	if err := json.Unmarshal(a.Raw, &plain); err != nil {
		t.Fatalf("encoding/json refuses Raw: %v", err)
	}
	if !json.Valid(a.Unsigned()) {
		t.Fatalf("Unsigned = %q", a.Unsigned())
	}
	if n := len(GroupCandidates(a)); n > maxCandidates {
		t.Fatalf("%d candidates", n)
	}
}

// hasPrivate asks encoding/json for bto and bcc outside @context.
func hasPrivate(raw []byte) bool {
	var document any
	return json.Unmarshal(raw, &document) == nil && anyPrivate(document)
}

func anyPrivate(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			if key == "bto" || key == "bcc" || key != "@context" && anyPrivate(member) {
				return true
			}
		}
	case []any:
		for _, item := range v {
			if anyPrivate(item) {
				return true
			}
		}
	}
	return false
}

// walk opens everything a Ref embeds.
func walk(r Ref, depth int) {
	for _, one := range r.All() {
		if depth == 0 {
			return
		}
		if inner, err := one.Activity(); err == nil {
			GroupCandidates(inner)
			walk(inner.Object, depth-1)
		}
		if post, err := one.Post(); err == nil && post.Replies != nil {
			post.Replies.Inline()
			post.ContentNote()
		}
		if c, err := one.Collection(); err == nil {
			c.More()
			for _, item := range c.Inline() {
				walk(item, depth-1)
			}
		}
		if somebody, err := one.Actor(); err == nil {
			_ = somebody.Refusal()
		}
	}
}

// announceAgain splices the activity and looks for its bytes. It is refused
// only where the wrapping makes it too large or too deep.
func announceAgain(t *testing.T, a *Activity) {
	t.Helper()
	raw, err := Encode(Announce(by(ourGroup, "1"), a.Raw))
	if err != nil {
		if r := reason(err); r != TooLarge && r != TooDeep {
			t.Fatalf("not announced: %v", err)
		}
		return
	}
	if !bytes.HasSuffix(raw, append([]byte(`"object":`+string(a.Raw)), '}')) {
		t.Fatalf("announced with other bytes: %q", raw)
	}
}

func readAsAnything(body []byte) {
	_, _ = DecodeActor(body)
	_, _ = DecodePost(body)
	_, _ = DecodeKey(body)
	_, _ = DecodeNodeInfo(body)
	_, _, _ = Peek(body)
	if c, err := DecodeCollection(body); err == nil {
		c.More()
	}
	if j, err := DecodeJRD(body); err == nil {
		j.ActorID("Group")
		j.SubscribeTemplate()
	}
}

// An IRI that passes has an origin that no parser could take for another.
func FuzzParseIRI(f *testing.F) {
	for _, s := range []string{
		"https://example.org/u/1", "https://Bücher.example:443/?a#b", "http://oak.localhost:4001/g/1",
		"https://good.example@evil.example/", "https://127.1/", "https://[::1]:80/", "https://example.org。/",
		"https://ex%61mple.org/", `https://a.example\@b.example/`, "https://xn--bcher-kva.example/", "https://１２７.０.０.１/",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, development bool) {
		opts := IRIOptions{Development: development, Fetch: !development}
		origin, err := ParseIRI(s, opts)
		if err != nil {
			if reason(err) == "" {
				t.Fatalf("an error without a reason: %v", err)
			}
			return
		}
		if !development && (origin.Scheme != "https" || origin.Port != "" || strings.Contains(s, "#")) {
			t.Fatalf("%q passes as %v", s, origin)
		}
		if strings.Trim(origin.Host, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" || isAddress(origin.Host) {
			t.Fatalf("%q has host %q", s, origin.Host)
		}
		if again, err := ParseIRI(origin.String()+"/", opts); err != nil || again != origin {
			t.Fatalf("%q has origin %v, which is %v, %v", s, origin, again, err)
		}
		if u, err := url.Parse(s); err != nil || u.User != nil || u.Hostname() == "" {
			t.Fatalf("%q parses as %v, %v", s, u, err)
		}
		if !SameOrigin(s, origin.String()) {
			t.Fatalf("%q is not of its own origin %v", s, origin)
		}
	})
}
