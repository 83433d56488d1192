package federation

import (
	"testing"

	"hearth/federation/wire"
)

// A rehearsal judges by these: what is kept wrongly is judged by the wrong row.
func TestWhatCameIsKeptAsTheKindThatPoliciesKnowItFor(t *testing.T) {
	const (
		note  = `{"type":"Note","id":"https://fir.example/p/1","attributedTo":"https://fir.example/u/1","content":"x"}`
		maker = `"actor":"https://fir.example/u/1"`
	)
	f := &Federation{config: Config{Host: "oak.example", Scheme: "https"}}
	for _, c := range []struct{ name, kind, object, wantKind, wantAbout string }{
		{"a post", "Create", `{"type":"Note","id":"https://elm.example/p/1","attributedTo":"https://elm.example/u/1"}`, "words", ""},
		{"an edit", "Update", `{"type":"Note","id":"https://elm.example/p/1"}`, "words", ""},
		{"a profile", "Update", `{"type":"Person","id":"https://elm.example/u/1"}`, "other", ""},
		{"a follow", "Follow", `"https://oak.example/g/1"`, "follow", ""},
		{"a report", "Flag", `["https://oak.example/p/1"]`, "report", ""},
		{"a deletion", "Delete", `"https://elm.example/p/1"`, "other", ""},
		{"a post of another server", "Announce", note, "words", "fir.example"},
		{"its id alone", "Announce", `"https://fir.example/p/1"`, "words", "fir.example"},
		{"its Create", "Announce", `{"type":"Create","id":"https://fir.example/a/1",` + maker + `,"object":` + note + `}`, "words", "fir.example"},
		{"a liking", "Announce", `{"type":"Like","id":"https://fir.example/a/1",` + maker + `,"object":"https://elm.example/p/1"}`, "other", "fir.example"},
		{"a report passed on", "Announce", `{"type":"Flag","id":"https://fir.example/a/1",` + maker + `,"object":"https://elm.example/p/1"}`, "report", "fir.example"},
		{"words of ours", "Announce", `"https://oak.example/p/1"`, "words", ""},
		{"words of their own", "Announce", `"https://elm.example/p/1"`, "words", ""},
		{"several, one of them words", "Announce", `[{"type":"Like","id":"https://elm.example/a/1","actor":"https://elm.example/u/1","object":"https://elm.example/p/1"},` + note + `]`, "words", "fir.example"},
	} {
		act, err := wire.Decode([]byte(`{"type":"` + c.kind + `","id":"https://elm.example/a/9","actor":"https://elm.example/u/1","object":` + c.object + `}`))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if kind, about := string(kindOfFact(act)), f.aboutOf(act, "elm.example"); kind != c.wantKind || about != c.wantAbout {
			t.Errorf("%s: got %s about %q, want %s about %q", c.name, kind, about, c.wantKind, c.wantAbout)
		}
	}
}
