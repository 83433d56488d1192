package wire

import (
	"slices"
	"testing"
)

func TestCollectionsAreReadToTheirEnd(t *testing.T) {
	const id = `{"id":"https://a.example.org/c","type":"OrderedCollection"`
	tests := []struct {
		name, body string
		items      []string
		more       string
	}{
		{"whole", id + `,"orderedItems":["https://a.example.org/1",{"id":"https://a.example.org/2"}]}`, []string{"https://a.example.org/1", "https://a.example.org/2"}, ""},
		{"empty", id + `,"orderedItems":[]}`, nil, ""},
		{"first by address", id + `,"first":"https://a.example.org/c?page=1"}`, nil, "https://a.example.org/c?page=1"},
		{"first inline, with more", id + `,"first":{"type":"OrderedCollectionPage","orderedItems":["https://a.example.org/1"],"next":"https://a.example.org/c?page=2"}}`, []string{"https://a.example.org/1"}, "https://a.example.org/c?page=2"},
		{"items before a first page", id + `,"orderedItems":["https://a.example.org/1"],"first":"https://a.example.org/c?page=1"}`, []string{"https://a.example.org/1"}, "https://a.example.org/c?page=1"},
		{"a page", `{"type":"CollectionPage","items":["https://a.example.org/1"],"next":"https://a.example.org/c?page=3","prev":"https://a.example.org/c?page=1"}`, []string{"https://a.example.org/1"}, "https://a.example.org/c?page=3"},
		{"one item, no array", `{"type":"Collection","items":"https://a.example.org/1"}`, []string{"https://a.example.org/1"}, ""},
		{"items of no use", id + `,"orderedItems":[1,null,"a b","https://a.example.org/1"]}`, []string{"https://a.example.org/1"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := DecodeCollection([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, item := range c.Inline() {
				if item.ID != "" {
					ids = append(ids, item.ID)
				}
			}
			if !slices.Equal(ids, tt.items) || c.More() != tt.more {
				t.Errorf("got %q and more at %q, want %q and %q", ids, c.More(), tt.items, tt.more)
			}
		})
	}
}

func TestWhatListsNothingIsNoCollection(t *testing.T) {
	for body, want := range map[string]string{
		`{"type":"Note","id":"https://a.example.org/1"}`:                                            NotACollection,
		`{"type":"Conversation","id":"https://a.example.org/1","orderedItems":[]}`:                  "",
		`{"type":"OrderedCollection","id":"https://a.example.org/1"}`:                               "",
		`{"type":["Frob","Collection"],"totalItems":-3}`:                                            "",
		`{"id":"https://a.example.org/1","items":[]}`:                                               NoType,
		`{"type":"Collection","items":[` + numbered(MaxItems+1, `"https://a.example.org/#"`) + `]}`: ArrayTooLong,
	} {
		c, err := DecodeCollection([]byte(body))
		if reason(err) != want {
			t.Errorf("%.60s: got %q, want %q", body, reason(err), want)
		}
		if err == nil && c.HasTotal {
			t.Errorf("%.60s: total %d, want none", body, c.TotalItems)
		}
	}
}

func TestRefsAreOneOrMany(t *testing.T) {
	tests := []struct {
		name, object  string
		id            string
		all           int
		uri, embedded bool
		kind          string
	}{
		{"a URI", `"https://a.example.org/1"`, "https://a.example.org/1", 1, true, false, ""},
		{"embedded", `{"id":"https://a.example.org/1","type":"Note"}`, "https://a.example.org/1", 1, false, true, "Note"},
		{"one in an array", `["https://a.example.org/1"]`, "https://a.example.org/1", 1, true, false, ""},
		{"one embedded in an array", `[{"id":"https://a.example.org/1","type":"as:Note"}]`, "https://a.example.org/1", 1, false, true, "Note"},
		{"several", `["https://a.example.org/1",{"type":"Note"},null]`, "", 2, false, false, ""},
		{"none", `[]`, "", 0, false, false, ""},
		{"null", `null`, "", 0, false, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Decode([]byte(`{"id":"https://a.example.org/9","type":"Announce","actor":"https://a.example.org/u","object":` + tt.object + `}`))
			if err != nil {
				t.Fatal(err)
			}
			r := a.Object
			if r.ID != tt.id || len(r.All()) != tt.all || r.IsURI() != tt.uri || r.IsEmbedded() != tt.embedded || r.Type() != tt.kind || r.IsZero() != (tt.all == 0) {
				t.Errorf("got id %q, %d in all, URI %v, embedded %v, type %q, zero %v", r.ID, len(r.All()), r.IsURI(), r.IsEmbedded(), r.Type(), r.IsZero())
			}
		})
	}
}

func TestOnlyEmbeddedThingsCanBeOpened(t *testing.T) {
	a, err := Decode([]byte(like("")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Object.Post(); reason(err) != NotAnObject {
		t.Errorf("a URI opened as a post: %v", err)
	}
	if _, err := (Ref{}).Activity(); reason(err) != NotAnObject {
		t.Errorf("nothing opened as an activity: %v", err)
	}
	embeds, err := Decode([]byte(`{"id":"https://a.example.org/9","type":"Undo","actor":"https://a.example.org/u","object":{"type":"Follow","object":"https://b.example.org/g"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := embeds.Object.Activity(); reason(err) != BadActor {
		t.Errorf("an inner activity without actor: got %v, want %s", err, BadActor)
	}
	if _, err := embeds.Object.Actor(); reason(err) != BadID && reason(err) != NotAnActor {
		t.Errorf("a Follow opened as an actor: %v", err)
	}
}

func TestPeekTellsWhatADocumentIs(t *testing.T) {
	ref, kind, err := Peek(golden(t, "lemmy/07-moderators-collection"))
	if err != nil || kind != "Group" || ref.ID != "https://lemmy.example.org/c/garden" {
		t.Errorf("got %q of type %q, %v", ref.ID, kind, err)
	}
	if _, _, err := Peek(golden(t, "fedify/31-expanded")); reason(err) != Expanded {
		t.Errorf("got %v, want %s", err, Expanded)
	}
}
