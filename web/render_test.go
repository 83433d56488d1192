package web

import (
	"bytes"
	"errors"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// pageFS is the embedded templates with pages of the test's own.
func pageFS(t *testing.T, pages map[string]string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(templateFiles, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(templateFiles, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		files["templates/"+name+".html"] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func rendererOf(t *testing.T, pages map[string]string) *Renderer {
	t.Helper()
	r, err := newRenderer(pageFS(t, pages), true)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func pageOf(t *testing.T, main string, f Frame) string {
	t.Helper()
	r := rendererOf(t, map[string]string{"probe": `{{define "main"}}` + main + `{{end}}`})
	var b strings.Builder
	if err := r.Page(&b, "probe", f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// mainOf is what the page itself put between its frame.
func mainOf(t *testing.T, main string, f Frame) string {
	t.Helper()
	page := pageOf(t, "<!--from-->"+"{{html \"\uE010\"}}"+main+"{{html \"\uE011\"}}", f)
	_, page, _ = strings.Cut(page, "\uE010")
	page, _, _ = strings.Cut(page, "\uE011")
	return page
}

func TestEmbeddedTemplatesParse(t *testing.T) {
	if _, err := NewRenderer(true); err != nil {
		t.Fatal(err)
	}
}

func TestPageKnowsItsReader(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	frame := Frame{
		Zone:      berlin,
		Now:       time.Date(2025, 11, 22, 12, 0, 0, 0, time.UTC),
		FormToken: `a"b`,
		Main:      []time.Time{time.Date(2025, 11, 20, 23, 30, 0, 0, time.UTC)},
	}
	tests := []struct{ name, in, want string }{
		{"time inside range", `{{range .Main}}{{exact .}}{{end}}`, "21 November 2025, 00:30"},
		{"coarse time", `{{range .Main}}{{when .}}{{end}}`,
			`<time datetime="2025-11-20T23:30:00Z" title="21 November 2025, 00:30">yesterday<span class="hidden-text"> (21 November 2025, 00:30)</span></time>`},
		{"token", `{{token}}`, `<input type="hidden" name="_token" value="a&#34;b">`},
		{"plural", `{{tn "thread.replies" 1}}, {{tn "thread.replies" 4}}`, "1 reply, 4 replies"},
		{"argument", `{{t "nav.as" "Name" "<Rowan>"}}`, "as &lt;Rowan&gt;"},
		{"markup in a sentence", `{{th "nav.as" "Name" (link "/me?a=1&b" "<R>")}}`, `as <a href="/me?a=1&amp;b">&lt;R&gt;</a>`},
		{"words in a sentence with markup", `{{th "nav.as" "Name" "<R>"}}`, "as &lt;R&gt;"},
		{"path", `{{path "g" "a b/c" "new"}}`, "/g/a%20b%2Fc/new"},
		{"band", `{{band 7}}`, "5 to 9"},
		{"dollar is the frame", `{{range .Main}}{{$.FormToken}}{{end}}`, "a&#34;b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mainOf(t, tt.in, frame); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestBlocksTurnOnWhatTheyNeed(t *testing.T) {
	r := rendererOf(t, map[string]string{
		"one":      `{{define "main"}}<h1>one</h1>{{end}}`,
		"deep/two": `{{define "main"}}<h1>two</h1>{{end}} {{define "side"}}<section>aside</section>{{end}}{{define "head"}}<meta name="x">{{end}}`,
	})
	pages := map[string]string{}
	for _, name := range []string{"one", "deep/two"} {
		var b strings.Builder
		if err := r.Page(&b, name, Frame{}); err != nil {
			t.Fatal(err)
		}
		pages[name] = b.String()
	}
	if got := pages["one"]; strings.Contains(got, "columns") || strings.Contains(got, "<aside>") || !strings.Contains(got, "<h1>one</h1>") {
		t.Errorf("a page without a side: got %s", got)
	}
	if got := pages["deep/two"]; !strings.Contains(got, "frame columns") || !strings.Contains(got, "<section>aside</section>") ||
		strings.Index(got, `<meta name="x">`) > strings.Index(got, "</head>") {
		t.Errorf("a page with all blocks: got %s", got)
	}
}

func TestFailingPageWritesNothing(t *testing.T) {
	r := rendererOf(t, map[string]string{"bad": `{{define "main"}}<p>half</p>{{.Nothing}}{{end}}`})
	var b bytes.Buffer
	if err := r.Page(&b, "bad", Frame{}); err == nil {
		t.Error("no error")
	}
	if b.Len() != 0 {
		t.Errorf("got %d bytes, want none", b.Len())
	}
	if err := r.Page(&b, "absent", Frame{}); !errors.Is(err, ErrNoPage) {
		t.Errorf("got %v, want ErrNoPage", err)
	}
}

func TestNewRendererRefusesWhatWouldNotShow(t *testing.T) {
	tests := []struct {
		name  string
		pages map[string]string
	}{
		{"a syntax error", map[string]string{"a": `{{define "main"}}{{end`}},
		{"an unknown function", map[string]string{"a": `{{define "main"}}{{nope}}{{end}}`}},
		{"words outside of a definition", map[string]string{"a": `hello {{define "main"}}{{end}}`}},
		{"one name for two templates", map[string]string{"a": `{{define "row"}}a{{end}}`, "b": `{{define "row"}}b{{end}}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := newRenderer(pageFS(t, tt.pages), true); err == nil {
				t.Error("no error")
			}
		})
	}
}

// blockingWriter is a reader's slow connection.
type blockingWriter struct{ reached, release chan struct{} }

func (w blockingWriter) Write(p []byte) (int, error) {
	w.reached <- struct{}{}
	<-w.release
	return len(p), nil
}

func TestSlowReadersHoldNobodyUp(t *testing.T) {
	r := rendererOf(t, map[string]string{"p": `{{define "main"}}{{t "nav.home"}}{{end}}`})
	slow := blockingWriter{make(chan struct{}), make(chan struct{})}
	readers := 4 * cap(r.sets)
	var waiting sync.WaitGroup
	for range readers {
		waiting.Go(func() { _ = r.Page(slow, "p", Frame{}) })
	}
	for range readers {
		select {
		case <-slow.reached:
		case <-time.After(10 * time.Second):
			t.Fatal("a slow reader holds the templates that others wait for")
		}
	}
	close(slow.release)
	waiting.Wait()
}

func TestPagesRenderedAtOnceDoNotMix(t *testing.T) {
	r := rendererOf(t, map[string]string{"p": `{{define "main"}}{{token}}{{end}}`})
	var waiting sync.WaitGroup
	for _, token := range strings.Fields(strings.Repeat("one two three four five six seven eight ", 20)) {
		waiting.Go(func() {
			var b strings.Builder
			if err := r.Page(&b, "p", Frame{FormToken: token}); err != nil {
				t.Error(err)
			}
			if !strings.Contains(b.String(), `value="`+token+`"`) {
				t.Errorf("token %s is not in its page", token)
			}
		})
	}
	waiting.Wait()
}

func TestR01StripIsTheSameOnEveryPage(t *testing.T) {
	r := rendererOf(t, map[string]string{"p": `{{define "main"}}<h1>p</h1>{{end}}`})
	line := Strip{Number: "116 123", Dial: "tel:116123", Name: "Samaritans", Hours: "day and night"}
	for name, strip := range map[string]Strip{"a number": line, "no number": {}} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			for _, f := range []Frame{{}, {SignedIn: true, Exit: true, Flash: "Saved."}, {Title: "Sign in", Path: "/help"}} {
				f.Strip = strip
				var b strings.Builder
				if err := r.Page(&b, "p", f); err != nil {
					t.Fatal(err)
				}
				_, rest, found := strings.Cut(b.String(), `<section id="urgent-help"`)
				section, rest, _ := strings.Cut(rest, "</section>")
				if !found || !strings.Contains(rest, "<main") {
					t.Fatalf("no help strip before main: %s", b.String())
				}
				seen[section] = true
			}
			if len(seen) != 1 {
				t.Errorf("got %d strips, want one: %v", len(seen), seen)
			}
			for section := range maps.Keys(seen) {
				if !strings.Contains(section, `href="/help"`) || strip.Number != "" && !strings.Contains(section, `href="tel:116123"`) {
					t.Errorf("got %s", section)
				}
			}
		})
	}
}

func TestR04ExitIsAButtonAndASecondLinkAndStandsInTheFooter(t *testing.T) {
	const exits = `href="/exit" rel="nofollow noreferrer"`
	if got := strings.Count(pageOf(t, "", Frame{Exit: true}), exits); got != 3 {
		t.Errorf("on a sensitive page: got %d links, want 3", got)
	}
	if got := strings.Count(pageOf(t, "", Frame{}), exits); got != 2 {
		t.Errorf("elsewhere: got %d links, want 2", got)
	}
	page := pageOf(t, "", Frame{Exit: true})
	if first := strings.Index(page, exits); first > strings.Index(page, `href="/help"`) {
		t.Error("the secondary link does not come before what else can be focused")
	}
}

func TestMastheadShowsTheRoomsOfItsReader(t *testing.T) {
	tests := []struct {
		name      string
		frame     Frame
		has, lack []string
	}{
		{"a visitor", Frame{Path: "/g/carers"}, []string{`href="/groups" aria-current="true"`, `href="/sign-in"`}, []string{`href="/me"`, `href="/mod"`, `href="/notices"`}},
		{"on the page itself", Frame{Path: "/groups"}, []string{`href="/groups" aria-current="page"`}, []string{`aria-current="true"`}},
		{"in a thread", Frame{SignedIn: true, Path: "/p/0001"}, []string{`href="/groups" aria-current="true"`}, []string{`aria-current="page"`}},
		{"elsewhere", Frame{SignedIn: true, Path: "/report"}, nil, []string{`aria-current=`}},
		{"a member", Frame{SignedIn: true, Unread: true}, []string{`href="/home"`, `href="/me"`, `<span class="new">new</span>`}, []string{`href="/sign-in"`, `href="/mod"`, `href="/admin"`}},
		{"a moderator", Frame{SignedIn: true, IsModerator: true}, []string{`href="/mod"`}, []string{`href="/admin"`, `class="new"`}},
		{"an admin", Frame{SignedIn: true, IsAdmin: true}, []string{`href="/admin"`}, []string{`href="/mod"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := pageOf(t, "", tt.frame)
			for _, want := range tt.has {
				if !strings.Contains(page, want) {
					t.Errorf("no %s", want)
				}
			}
			for _, not := range tt.lack {
				if strings.Contains(page, not) {
					t.Errorf("%s is there", not)
				}
			}
		})
	}
}

func TestRightToLeftLanguagesTurnThePage(t *testing.T) {
	for lang, want := range map[string]string{"": "ltr", "en": "ltr", "ar": "rtl", "he": "rtl", "fa-IR": "rtl", "de": "ltr", "uz-Arab": "rtl"} {
		if got := (Frame{Lang: lang}).Dir(); got != want {
			t.Errorf("%q: got %s, want %s", lang, got, want)
		}
	}
}

func TestLinkRefusesScripts(t *testing.T) {
	for _, address := range []string{"javascript:alert(1)", "data:text/html,x", "vbscript:x", "%zz"} {
		if got, err := link(address, "x"); err == nil {
			t.Errorf("%s: got %s", address, got)
		}
	}
	if got, _ := link("tel:116123", "116 123"); got != template.HTML(`<a href="tel:116123">116 123</a>`) {
		t.Errorf("got %s", got)
	}
}

// BenchmarkPage is a thread of fifty replies, the largest page there is.
func BenchmarkPage(b *testing.B) {
	files := fstest.MapFS{"templates/p.html": {Data: []byte(`{{define "main"}}{{template "replies" .Main}}{{end}}`)}}
	_ = fs.WalkDir(templateFiles, "templates", func(name string, entry fs.DirEntry, err error) error {
		if !entry.IsDir() {
			data, _ := fs.ReadFile(templateFiles, name)
			files[name] = &fstest.MapFile{Data: data}
		}
		return err
	})
	r, err := newRenderer(files, true)
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2025, 11, 22, 12, 0, 0, 0, time.UTC)
	reply := Article{ID: "a", Reply: true, Author: "Maya", Domain: "elm.example", Role: "Peer supporter", New: true, Time: now.Add(-50 * time.Hour),
		HTML: "<p>You said yes because he needed somebody to.</p>", Actions: []Action{{Text: "Reply to Maya", URL: "/p/a", Kind: "first"}, {Text: "With you", Post: true, URL: "/p/a/support", Kind: "quiet"}},
		More: []Action{{Text: "Mute", URL: "/", Kind: "quiet"}, {Text: "Report", URL: "/", Kind: "quiet"}}}
	replies := make([]Article, 50)
	for i := range replies {
		replies[i] = reply
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Page(io.Discard, "p", Frame{Now: now, SignedIn: true, Main: replies}); err != nil {
			b.Fatal(err)
		}
	}
}
