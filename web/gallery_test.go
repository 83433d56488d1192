package web

import (
	"flag"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// galleryAddress serves the gallery to look at, until interrupted:
//
//	go test ./web -run TestGallery -gallery 127.0.0.1:8765 -timeout 0
var galleryAddress = flag.String("gallery", "", "serve the gallery of parts on this address")

// gallery is every part in every state: empty, wrong, held, gone, long, and
// written from right to left.
type gallery struct {
	First    Article
	Replies  []Article
	States   []Article
	Problems Problems
	Fields   []Field
	Choices  []Choices
	Threads  []ThreadCard
	Groups   []GroupCard
	Doors    []Door
	Pager    Pager
	Empty    Empty
	Panels   []Panel
	Table    Table
	Chart    Chart
	Labels   []Label
	Actions  []Action
}

var galleryNow = time.Date(2025, 11, 22, 21, 40, 0, 0, time.UTC)

const longWord = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz_without_a_place_to_break_anywhere"

func newGallery() gallery {
	return gallery{
		First: firstArticle(), Replies: galleryReplies(), States: galleryStates(),
		Problems: Problems{
			{Field: "title", Text: "Give it a few words, so that people know whether to open it."},
			{Field: "joining", Text: "Choose who may join."},
			{Text: "This page was open for a day, so it was sent again."},
		},
		Fields: galleryFields(), Choices: galleryChoices(), Threads: galleryThreads(), Groups: galleryGroups(),
		Doors: []Door{
			{URL: "/write", Title: "I want to talk", Text: "Write first. Joining comes after, and your words are kept."},
			{URL: "/groups", Title: "I want to read", Text: "Look around the open groups. Nobody sees that you were here."},
			{URL: "/help", Title: "I need help now", Text: "People to call, text or chat with, by country."},
		},
		Pager:  Pager{Newer: "/newer", Older: "/older", OlderText: "Earlier threads"},
		Empty:  Empty{Title: "No groups here yet.", Text: "You can ask for one, or look on another server.", Actions: []Action{{Text: "Ask for a group", URL: "/groups/new", Kind: "second"}}},
		Panels: galleryPanels(), Table: galleryTable(), Chart: galleryChart(),
		Labels: []Label{{Text: "elm.example"}, {Text: "Peer supporter", Kind: "role"}, {Text: "Note: grief", Kind: "note"}, {Text: "healthy", Kind: "ok"}, {Text: "no contact", Kind: "danger"}},
		Actions: []Action{
			{Text: "Write something", URL: "/new"}, {Text: "Look first", URL: "/look", Kind: "second"},
			{Text: "Delete", URL: "/delete", Kind: "danger", Post: true}, {Text: "Following · change", URL: "/follow", Kind: "quiet"},
		},
	}
}

func galleryActions(name string, supports ...string) []Action {
	actions := []Action{{Text: "Reply to " + name, URL: "#f-words", Kind: "first"}}
	for i, support := range supports {
		pressed := "false"
		if i == 0 {
			pressed = "true"
		}
		actions = append(actions, Action{Text: support, URL: "/support", Kind: "quiet", Post: true, Name: "kind", Value: support, Pressed: pressed})
	}
	return actions
}

func galleryMore(name string) []Action {
	return []Action{
		{Text: "Mute", To: name, URL: "/mute", Kind: "quiet", Post: true},
		{Text: "Report", To: name, URL: "/report", Kind: "quiet"},
		{Text: "Link to this", URL: "/p/1", Kind: "quiet"},
	}
}

func firstArticle() Article {
	return Article{
		ID: "a1", Author: "quiet-heron", AuthorURL: "/@quiet-heron", Time: galleryNow.Add(-5 * time.Hour), Wish: "just wants to be heard",
		Note: "dementia, grief", NoteOpen: true, Lang: "en",
		HTML:    "<p>Thirty-one years. He looked at me over the tea and asked, very politely, whether I worked here.</p><p>I said yes. I do not know why I said yes. He seemed glad that somebody did.</p>",
		Actions: galleryActions("quiet-heron", "With you", "Same here"), More: galleryMore("quiet-heron"),
	}
}

func galleryReplies() []Article {
	answer := Article{
		ID: "a3", Reply: true, Author: "quiet-heron", Time: galleryNow.Add(-70 * time.Minute), Edited: galleryNow.Add(-20 * time.Minute), Versions: "/p/a3/versions",
		HTML: "<p>I have been crying since I read this. The good sort, mostly.</p>", Actions: galleryActions("quiet-heron", "With you"), More: galleryMore("quiet-heron"),
	}
	deeper := Article{
		ID: "a5", Reply: true, Author: "Maya", Domain: "elm.example", Time: galleryNow.Add(-25 * time.Minute), Parent: "quiet-heron", ParentURL: "#p-a3",
		HTML: "<p>Good sort counts.</p>", Actions: galleryActions("Maya"), More: galleryMore("Maya"),
	}
	answer.Replies = []Article{deeper}
	return []Article{
		{ID: "a2", Reply: true, Author: "Maya", Domain: "elm.example", Time: galleryNow.Add(-4 * time.Hour), HTML: "<p>You said yes because he needed somebody to. That was kind, and it must have cost you.</p>", Actions: galleryActions("Maya"), More: galleryMore("Maya"), Replies: []Article{answer}},
		{ID: "a4", Reply: true, Author: "Tomasz", Role: "Peer supporter", New: true, Time: galleryNow.Add(-23 * time.Minute), HTML: "<p>My mother called me by my uncle’s name for two years. I answered to it. You are not lying to him; you are keeping him company where he is.</p>", Actions: galleryActions("Tomasz", "With you"), More: galleryMore("Tomasz")},
	}
}

func galleryStates() []Article {
	article := func(id string, state ArticleState, change func(*Article)) Article {
		a := Article{ID: id, Reply: true, Author: "lantern", Time: galleryNow.Add(-49 * time.Hour), HTML: "<p>What I wanted to say.</p>", State: state, Host: "elm.example", Since: galleryNow.Add(-30 * time.Hour)}
		if change != nil {
			change(&a)
		}
		return a
	}
	states := []Article{
		article("s1", Draft, nil), article("s2", Held, nil),
		article("s3", Hidden, func(a *Article) { a.Why = "It named the ward and the nurse. You can take that out and send it again." }),
		article("s4", Deleted, func(a *Article) { a.HTML, a.Author = "", "" }),
		article("s5", Absent, func(a *Article) { a.HTML, a.Author = "", "" }),
		article("s6", Waiting, nil), article("s7", Sending, nil), article("s8", Received, nil), article("s8c", ReceivedClosed, nil), article("s9", ShownThere, nil),
		article("s15", Overdue, func(a *Article) { a.Why = "They may have decided not to show it." }),
		article("s10", Refused, func(a *Article) { a.Why = "Only members may write there." }),
		article("s16", Barred, nil), article("s11", Unreachable, nil),
		article("s12", Unsent, func(a *Article) { a.Actions = []Action{{Text: "Send it now", URL: "/send", Post: true, Kind: "first"}} }),
		article("s17", Failed, nil), article("s18", FailedChange, nil),
		article("s19", StoppedByLeaving, nil), article("s20", StoppedChange, nil), article("s21", CutOff, nil), article("s22", PassedOn, nil), article("s24", Dropped, nil), article("s25", DroppedChange, nil),
		article("s23", WarnedThere, func(a *Article) { a.Why = "In their words: “Please mind rule 2.”" }),
	}
	long := article("s13", Shown, func(a *Article) {
		a.Author, a.Domain, a.Role = longWord, "a-very-long-domain-name-of-a-neighbouring-server.example", "Someone with a long role"
		a.HTML = template.HTML("<h2>A heading in a post</h2><p>" + longWord + " and then on, with <a href=\"https://example.org/\">https://example.org/" + strings.Repeat("deep/", 30) + "</a>.</p><blockquote><p>Said before.</p></blockquote><ul><li>one</li><li>two <code>three</code></li></ul><pre><code>" + strings.Repeat("a long line of code ", 12) + "</code></pre>")
		a.Actions, a.More = galleryActions(longWord, "With you", "Same here", "Thank you"), galleryMore(longWord)
	})
	turned := article("s14", Shown, func(a *Article) {
		a.Author, a.Lang, a.Note = "نور", "ar", "حزن"
		a.HTML = "<p>شكرا لكم. لم أكن أعرف أن أحدا يسهر مثلي في هذا الليل الطويل، وقد كتبت 3 مرات ثم محوت.</p>"
		a.Actions, a.More = galleryActions("نور"), galleryMore("نور")
	})
	return append(states, long, turned)
}

func galleryFields() []Field {
	return []Field{
		{Name: "title", Label: "What is it about?", Hint: "A few words. People see them before they open it.", Error: "Give it a few words, so that people know whether to open it.", Required: true, MaxLength: 120},
		{Name: "note", Label: "Content note", Hint: "So that people can choose when to read.", Value: "grief", Optional: true},
		{Name: "password", Label: "Password", Type: "password", Autocomplete: "new-password", Hint: "At least 10 characters. Pasting is fine."},
		{Name: "code", Label: "Code", InputMode: "numeric", Short: true, Value: "482913"},
		{Name: "country", Label: "Country", Value: "IE", Choices: []Choice{{Value: "GB", Label: "United Kingdom"}, {Value: "IE", Label: "Ireland"}}},
		{Name: "long", Label: longWord, Value: longWord, Rows: 3},
	}
}

func galleryChoices() []Choices {
	return []Choices{
		{Name: "joining", Legend: "Who may join?", Error: "Choose who may join.", Options: []Choice{
			{Value: "open", Label: "Anyone", Hint: "People are in as soon as they say so."},
			{Value: "asked", Label: "People who ask", Hint: "Approval decides who may write. Anyone can read."},
			{Value: "closed", Label: "Nobody for now", Disabled: true},
		}},
		{Name: "accept", Several: true, Required: true, Options: []Choice{{Value: "yes", Label: "I have read the rules and I am 16 or older", Checked: true}}},
	}
}

func galleryThreads() []ThreadCard {
	return []ThreadCard{
		{Title: "How do you sleep when you listen for the door", URL: "/p/1", New: true, Author: "Rowan", Replies: 14, Last: galleryNow.Add(-time.Hour), Wish: "would like ideas"},
		{Title: "He asked who I was again", URL: "/p/2", Note: "dementia, grief", Author: "quiet-heron", Replies: 6, Last: galleryNow.Add(-5 * time.Hour), Wish: "just wants to be heard"},
		{Title: "Small win: he ate the soup", URL: "/p/3", New: true, Author: "Maya", Domain: "elm.example", Replies: 1, Last: galleryNow.Add(-6 * time.Hour)},
		{Title: "Respite care, what nobody tells you about the forms", URL: "/p/4", Pinned: true, Locked: true, Author: "Tomasz", Role: "Peer supporter", Replies: 41, Last: galleryNow.Add(-30 * time.Hour), Group: "Carers at night", GroupURL: "/g/carers"},
		{Title: "Angry tonight and ashamed of it", URL: "/p/5", Author: "lantern", Last: galleryNow.Add(-2 * time.Hour)},
		{Title: longWord, URL: "/p/6", Author: longWord, Domain: "elm.example", State: "Waiting for a moderator", Last: galleryNow.Add(-400 * 24 * time.Hour)},
		{Title: "كيف تنامون وأنتم تنتظرون الباب", URL: "/p/7", Lang: "ar", Author: "نور", Replies: 2, Last: galleryNow.Add(-60 * 24 * time.Hour)},
	}
}

func galleryGroups() []GroupCard {
	facts := []string{"Anyone can read", "members write", "English"}
	return []GroupCard{
		{Title: "Carers at night", URL: "/g/carers", Purpose: "For people looking after someone, and awake. Usually answered within an hour.", Facts: facts, New: true},
		{Title: "New parents, low days", URL: "/g/parents", Domain: "oak.example", Purpose: "A group on a neighbouring server. You can follow it from here.", Facts: facts, State: "You asked to join"},
		{Title: longWord, URL: "/g/long", Domain: "a-very-long-domain-name-of-a-neighbouring-server.example", Purpose: longWord},
	}
}

func galleryPanels() []Panel {
	return []Panel{
		{Title: "What should happen", Text: "You can take this back for 30 days, and everything returns.", Actions: []Action{{Text: "Watch for a week first", URL: "/", Kind: "second"}, {Text: "No contact", URL: "/", Post: true}}},
		{Kind: "help", Title: "Someone to talk to now", HTML: `<p>You can call <a href="tel:116123">116 123</a>, day and night.</p>`},
		{Kind: "info", Text: "Posts at night appear at once; moderators read them in the morning."},
		{Kind: "warning", Title: "A name is in this text", Text: "It may tell who you are."},
		{Kind: "decision", Title: "We hid your post", Text: "It named a medicine and a dose. You can take that out and send it again, or ask somebody else to look."},
	}
}

func galleryTable() Table {
	return Table{Caption: "What this would change", Head: []string{"What", "Now", "Then", "How many"}, Rows: [][]Cell{
		{{Text: "Members here who follow groups there"}, {Text: "following"}, {Text: "paused, kept for 30 days"}, {Text: "5 to 9", Number: true}},
		{{Text: "loud.example", URL: "/admin/instances/loud.example"}, {Text: "healthy", Label: "ok"}, {Text: "no contact", Label: "danger"}, {Text: "12", Number: true}},
	}}
}

func galleryChart() Chart {
	chart := Chart{Title: "Posts from loud.example, by day", Series: []string{"would still have come", "reported by members here", "waited", "went nowhere"}}
	for i := range 30 {
		chart.Bars = append(chart.Bars, Bar{Label: fmt.Sprintf("%d November", i+1), Counts: []int{10 + i*7%31, i * i / 60, i % 4, i % 9 / 4}})
	}
	return chart
}

func galleryRenderer(t *testing.T) *Renderer {
	t.Helper()
	pages := map[string]string{}
	for _, name := range []string{"gallery", "gallery_doors"} {
		data, err := os.ReadFile("testdata/" + name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = string(data)
	}
	return rendererOf(t, pages)
}

func galleryFrame() Frame {
	return Frame{
		Now: galleryNow, Instance: "Willow Lane", Title: "Gallery", Path: "/g/carers", SignedIn: true, ActingName: "lantern", Unread: true,
		Strip: Strip{Number: "116 123", Dial: "tel:116123", Name: "Samaritans", Hours: "day and night"},
		Exit:  true, FormToken: "token", Main: newGallery(),
	}
}

// galleryHandler answers /gallery and /doors; ?lang=ar turns the page around,
// ?visitor shows it to somebody who is not signed in.
func galleryHandler(r *Renderer) http.Handler {
	page := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			f := galleryFrame()
			f.Lang = req.FormValue("lang")
			if req.URL.Query().Has("visitor") {
				f.SignedIn, f.Exit, f.Unread = false, false, false
			}
			f.Flash = req.FormValue("flash")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'")
			if err := r.Page(w, name, f); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", staticHandler())
	mux.Handle("/gallery", page("gallery"))
	mux.Handle("/doors", page("gallery_doors"))
	mux.HandleFunc("/exit", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "gone") })
	return mux
}

func TestGalleryShowsEveryPart(t *testing.T) {
	r := galleryRenderer(t)
	handler := galleryHandler(r)
	if *galleryAddress != "" {
		t.Fatal(http.ListenAndServe(*galleryAddress, handler))
	}
	var shown strings.Builder
	for _, address := range []string{"/gallery?flash=Saved.", "/doors", "/gallery?lang=ar"} {
		shown.WriteString(bodyOf(t, handler, address))
	}
	for _, want := range []string{
		`class="strip"`, `class="exit"`, `class="masthead"`, `class="skip"`, `class="toast"`, `class="door"`, `class="card"`, `class="post"`,
		`class="note"`, `class="label role"`, `class="panel help"`, `class="panel danger errors"`, `class="field wrong"`, `class="choices wrong"`,
		`class="pager"`, `class="empty"`, `<table class="stack">`, `class="steps"`, `class="progress"`, `class="chart"`, `class="more"`, `class="new"`, `dir="rtl"`,
	} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("the gallery does not show %s", want)
		}
	}
}

func bodyOf(t *testing.T, handler http.Handler, address string) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, address, nil))
	if recorder.Code != http.StatusOK {
		t.Fatalf("%s: got %d: %s", address, recorder.Code, recorder.Body)
	}
	return recorder.Body.String()
}
