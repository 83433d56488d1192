package web

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rs/zerolog"
)

// twoLanguages is a catalogue in which German lacks a sentence.
func twoLanguages(t *testing.T, strict bool) *Catalogue {
	t.Helper()
	c, err := newCatalogue(fstest.MapFS{
		"locales/a.en.json": {Data: []byte(`{"a": {"hello": "Hello", "named": "Hello {{.Name}}", "only": "Only here"}, "a.n": {"one": "{{.Count}} reply by {{.Who}}", "other": "{{.Count}} replies by {{.Who}}"}}`)},
		"locales/b.en.json": {Data: []byte(`{"b.bye": "Bye"}`)},
		"locales/a.de.json": {Data: []byte(`{"a.hello": "Hallo", "a.named": "Hallo {{.Name}}"}`)},
	}, strict)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSentencesComeInTheReadersLanguage(t *testing.T) {
	c := twoLanguages(t, true)
	who := map[string]any{"Name": "Rowan"}
	tests := []struct{ name, lang, key, want string }{
		{"english", "en", "a.hello", "Hello"},
		{"german", "de", "a.hello", "Hallo"},
		{"with a name", "de", "a.named", "Hallo Rowan"},
		{"of another file", "en", "b.bye", "Bye"},
		{"not translated yet", "de", "a.only", "Only here"},
		{"a language that is not there", "xx", "a.named", "Hello Rowan"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.T(tt.lang, tt.key, who); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got, want := c.N("en", "a.n", 1, map[string]any{"Who": "Maya"}), "1 reply by Maya"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := c.N("de", "a.n", 3, map[string]any{"Who": "Maya"}), "3 replies by Maya"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPlacesAreFilledAsTheSentencesOwnTemplateWould(t *testing.T) {
	c, err := NewCatalogue(true)
	if err != nil {
		t.Fatal(err)
	}
	for key, sentence := range c.cuts[fallback] {
		args := map[string]any{}
		for i, name := range sentence.names {
			args[name] = []any{"words & <more>", 7, template.HTML("<b>mark</b>")}[i%3]
		}
		if got, want := c.T(fallback, key, args), c.localize(fallback, key, args, nil); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if len(c.cuts[fallback]) < 100 {
		t.Errorf("got %d sentences with places, want hundreds", len(c.cuts[fallback]))
	}
	for _, more := range []string{"{{.A.B}}", "{{if .A}}x{{end}}", "{{.A", "{{A}}", "{{ .A }}"} {
		if _, ok := cutSentence(more); ok {
			t.Errorf("%q was taken for a sentence with places alone", more)
		}
	}
}

func TestLanguageIsChosenAmongThoseThatExist(t *testing.T) {
	c := twoLanguages(t, true)
	for header, want := range map[string]string{
		"": "en", "de": "de", "de-AT,de;q=0.9": "de", "fr,de;q=0.5": "de", "fr": "en", "en-GB": "en", "*": "en", "not a header;;": "en",
	} {
		if got := c.Language(header); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestMissingSentencePanicsWhereCatalogueIsStrict(t *testing.T) {
	for name, ask := range map[string]func(*Catalogue){
		"no such key": func(c *Catalogue) { c.T("en", "a.absent", nil) },
		"no argument": func(c *Catalogue) { c.T("en", "a.named", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			ask(twoLanguages(t, true))
		})
	}
}

func TestMissingSentenceIsShownInBracketsAndLoggedOnce(t *testing.T) {
	c := twoLanguages(t, false)
	var log bytes.Buffer
	c.Log = zerolog.New(&log)
	for range 3 {
		if got := c.T("en", "a.absent", nil); got != "[a.absent]" {
			t.Errorf("got %q, want [a.absent]", got)
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "a.absent") {
		t.Errorf("got %d lines, want 1: %s", lines, log.String())
	}
}

func TestCatalogueRefusesFilesThatContradict(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"no json":       {"locales/a.en.json": {Data: []byte(`{`)}},
		"one key twice": {"locales/a.en.json": {Data: []byte(`{"a": "x"}`)}, "locales/b.en.json": {Data: []byte(`{"a": "y"}`)}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := newCatalogue(files, true); err == nil {
				t.Error("no error")
			}
		})
	}
}
