package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
)

// The inner activity's bytes are what its proof, and other servers, go by.
func TestAnnounceCarriesTheBytesUnchanged(t *testing.T) {
	tests := map[string]string{
		"white space":   "{ \"type\" :\t\"Like\",\r\n\n  \"id\":\"https://lemmy.example.org/1\"  ,\"actor\":\"https://lemmy.example.org/u\" }",
		"escapes":       `{"type":"\u004cike","id":"https:\/\/lemmy.example.org\/1","actor":"https://lemmy.example.org/u","x":"<>&\u003c\u2028é\ud83d\udd25"}`,
		"order of keys": `{"z":1,"type":"Like","object":{"z":[],"a":{}},"b":2,"id":"https://lemmy.example.org/1","a":3,"actor":"https://lemmy.example.org/u"}`,
		"numbers":       `{"type":"Like","id":"https://lemmy.example.org/1","actor":"https://lemmy.example.org/u","n":[1.0,1e3,-0,123456789012345678901234567890]}`,
		"its @context":  `{"@context":["https://www.w3.org/ns/activitystreams",{"x":"as:x","x":"as:y"}],"type":"Like","id":"https://lemmy.example.org/1","actor":"https://lemmy.example.org/u"}`,
		"its proof":     `{"type":"Like","id":"https://lemmy.example.org/1","actor":"https://lemmy.example.org/u","proof":{"type":"DataIntegrityProof"}}`,
	}
	for name, inner := range tests {
		t.Run(name, func(t *testing.T) {
			received, err := Decode([]byte("\ufeff" + inner + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			raw := encoded(t, Announce(by(ourGroup, "1"), received.Raw))
			if !bytes.Contains(raw, []byte(`"object":`+inner+`}`)) {
				t.Errorf("%s\ndoes not contain\n%s", raw, inner)
			}
			announce, err := Decode(raw)
			if err != nil {
				t.Fatal(err)
			}
			if announce.Actor != ourGroup || string(announce.Object.Raw) != inner {
				t.Errorf("read back: by %q, %s", announce.Actor, announce.Object.Raw)
			}
			again, err := announce.Object.Activity()
			if err != nil || again.ID != received.ID {
				t.Errorf("the inner activity read back: %+v, %v", again, err)
			}
		})
	}
}

// An Announce within an outbox, and one taken back, keep the bytes too.
func TestAnnounceKeepsItsBytesWithinOthers(t *testing.T) {
	inner := "{\"type\":\"Like\",\t\"id\":\"https://lemmy.example.org/1\", \"actor\":\"https://lemmy.example.org/u\"}"
	announce := Announce(by(ourGroup, "1"), json.RawMessage(inner))
	for name, d := range map[string]Document{
		"outbox": OrderedCollection{ID: ourGroup + "/outbox", Items: []Document{announce}},
		"undo":   Undo(by(ourGroup, "2"), announce),
	} {
		if raw := encoded(t, d); !bytes.Contains(raw, []byte(inner)) {
			t.Errorf("%s: %s does not contain %s", name, raw, inner)
		}
	}
}

func TestPrivateRecipientsAreNotAnnounced(t *testing.T) {
	raw := encoded(t, Announce(by(ourGroup, "1"), json.RawMessage(`{"type":"Like","bto":"https://a.example.org/u","x":{"bcc":[]}}`)))
	if bytes.Contains(raw, []byte("bto")) || bytes.Contains(raw, []byte("bcc")) {
		t.Errorf("announced: %s", raw)
	}
}

func TestEveryAnnounceIsTheSame(t *testing.T) {
	first := encoded(t, Create(by(ourPerson, "1"), aPage()))
	for range 50 {
		if again := encoded(t, Create(by(ourPerson, "1"), aPage())); !slices.Equal(first, again) {
			t.Fatalf("written differently:\n%s\n%s", first, again)
		}
	}
}
