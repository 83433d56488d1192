package federation_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// golden is a post as other software writes it, addressed to the group elsewhere,
// and its author, on whose server it stands.
func (w *writers) golden(file string, servers map[string]*fedtest.Server) (post map[string]any, author *fedtest.Actor) {
	w.Helper()
	text, err := os.ReadFile("wire/testdata/" + file + ".json")
	w.must(err)
	w.must(json.Unmarshal(text, &post))
	if inner, ok := post["object"].(map[string]any); ok {
		post = inner
	}
	by, _ := post["attributedTo"].(string)
	if list, ok := post["attributedTo"].([]any); ok {
		by = list[0].(map[string]any)["id"].(string)
	}
	at, err := url.Parse(by)
	w.must(err)
	if servers[at.Host] == nil {
		servers[at.Host] = fedtest.NewServer(w.T, at.Host, fedtest.In(w.world))
	}
	post["audience"] = w.group.URI
	post["to"], post["cc"] = []any{fedtest.Public, w.group.URI}, []any{}
	servers[at.Host].Serve(strings.TrimPrefix(post["id"].(string), servers[at.Host].URL), post)
	return post, servers[at.Host].ActorAt("Person", by)
}

// What other software begins threads with is read by members as it was meant.
func TestThreadsOfAllSoftwareAreReadAsTheyWereMeant(t *testing.T) {
	eachWriters(t, func(w *writers) {
		servers := map[string]*fedtest.Server{}
		for _, c := range []struct {
			file, title, note, language string
			has, hasNot                 []string
		}{
			{"nodebb/36-article", "Respite", "", "", []string{"An excerpt and more"}, nil},
			{"nodebb/18-excerpt", "Soup", "", "", []string{"This is about soup."}, nil},
			{"mbin/18-title-again", "Soup", "", "", nil, []string{"#kitchen"}},
			{"mastodon/18-content-note", "soup", "food", "", []string{"soup"}, nil},
			{"mastodon/37-root-without-name", "A question", "", "en", []string{"quiet", "and its text"}, nil},
			{"piefed/36-question", "Which evening?", "", "", []string{"Vote", "<li>Monday</li>", "<li>Friday</li>"}, []string{"3", "4"}},
			{"piefed/36-link", "Worth a read", "", "", []string{`href="https://example.com/read"`}, nil},
			{"mobilizon/36-event", "A slow walk", "", "", []string{"By the river.", "2026-12-11 19:00 UTC – 2026-12-11 21:00 UTC", "<li>River</li>"}, []string{"50.66"}},
			{"mobilizon/22-in-language", "Tea", "", "en-GB", nil, nil},
			{"peertube/36-video", "Stretching", "", "", []string{`href="https://peertube.example.com/w/36"`}, []string{"<video", "<iframe", "<img"}},
			{"wordpress/21-maps-only", "Le jardin", "", "fr", []string{"Bonjour"}, []string{"Un extrait"}},
			{"lemmy/22-language-object", "Bonjour", "", "fr", nil, nil},
			{"lemmy/25-attachment-kinds", "Kinds", "", "", []string{`href="https://example.com/a"`, "a bee", "c.pdf", `href="https://example.com/bare"`}, []string{"<img"}},
			{"gotosocial/23-tag-alone", ":wave:", "", "", []string{":wave:"}, []string{"<img", "emoji/wave.png"}},
			{"friendica/21-map-differs", "Hallo", "", "de", []string{"kim", "Hallo"}, nil},
			{"lotide/01-addressed-by-string", "Rota for the tea table", "", "", []string{"Who can do Sunday?"}, nil},
			{"pleroma/04-group-in-cc", "hi", "", "", []string{"hi"}, nil},
		} {
			post, author := w.golden(c.file, servers)
			g := w.passes(author.Activity("Create", post, map[string]any{"id": author.Server.NewID("/x/")}))
			if g.outcome != federation.Accepted {
				t.Errorf("%s: %s %q, want it taken", c.file, g.outcome, g.reason)
				continue
			}
			known, err := w.store.PostByURI(w.Context(), post["id"].(string))
			w.must(err)
			view, err := w.service.Thread(w.Context(), w.bela, known.ID, community.Paging{}, false)
			w.must(err)
			p := view.Posts[0]
			if p.Title != c.title || p.NoteText != c.note || c.language != "" && p.Language != c.language {
				t.Errorf("%s: title %q, note %q, language %q; want %q, %q, %q", c.file, p.Title, p.NoteText, p.Language, c.title, c.note, c.language)
			}
			for _, part := range c.has {
				if !strings.Contains(p.HTML, part) {
					t.Errorf("%s: %q is not in %q", c.file, part, p.HTML)
				}
			}
			for _, part := range c.hasNot {
				if strings.Contains(p.HTML, part) {
					t.Errorf("%s: %q is in %q", c.file, part, p.HTML)
				}
			}
		}
	})
}
