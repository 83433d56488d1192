package community

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/community/markup"
	"hearth/community/secret"
)

// Draft is what somebody has written so far, as a form sends it. Its id becomes
// the post's, so that sending twice makes one post. A Draft that was kept is a
// Post in the state draft, until it is sent, discarded or 30 days old.
type Draft struct {
	ID         string
	GroupID    string
	ParentID   string // empty: begins a thread
	Title      string
	NoteTopics []string
	NoteText   string
	Wants      string
	Language   string
	Text       string // Markdown
	Version    int    // when editing: the version that the words were written over
}

// Limits of what is written, in characters.
const (
	MaxTitle = 120
	MaxText  = 10000
	MaxNote  = 120
)

// draftLife is how long a draft is kept after it was last saved.
const draftLife = 30 * 24 * time.Hour

// maxDrafts bounds the drafts of one account.
const maxDrafts = 50

// NewDraftID is the id of a post that has not been written yet.
func (s *Service) NewDraftID() string { return secret.NewID(s.now()) }

// tidy is the draft with its words trimmed and what only threads have left out
// of replies.
func (d Draft) tidy() Draft {
	d.Title = strings.Join(strings.Fields(d.Title), " ")
	d.NoteText = strings.Join(strings.Fields(d.NoteText), " ")
	d.Text = strings.TrimSpace(strings.ReplaceAll(d.Text, "\r\n", "\n"))
	var topics []string
	for _, t := range NoteTopics() {
		if slices.Contains(d.NoteTopics, t) {
			topics = append(topics, t)
		}
	}
	d.NoteTopics = topics
	if d.ParentID != "" {
		d.Title, d.Wants = "", ""
	}
	return d
}

// check says all that has to be mended before the words are sent.
func (d Draft) check() error {
	var p problems
	if d.Text == "" {
		p.add("text", "write.empty")
	}
	d.checkSize(&p)
	if !oneOf(d.Wants, "", WantsHeard, WantsIdeas) {
		p.add("wants", "form.choose")
	}
	return p.err()
}

func (d Draft) checkSize(p *problems) {
	tooLong := func(field, text, key string, limit int) {
		if n := utf8.RuneCountInString(text); n > limit {
			p.add(field, key, "Max", limit, "Over", n-limit)
		}
	}
	tooLong("text", d.Text, "write.text_long", MaxText)
	tooLong("title", d.Title, "write.title_long", MaxTitle)
	tooLong("note_text", d.NoteText, "write.note_long", MaxNote)
	if !looksLikeLanguage(d.Language) {
		p.add("language", "form.choose")
	}
}

// looksLikeLanguage says whether s has the form of a BCP 47 tag, or is empty.
func looksLikeLanguage(s string) bool {
	if len(s) > 35 || strings.HasPrefix(s, "-") {
		return false
	}
	for _, r := range s {
		if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}

// fill writes the draft's words into a post.
func (d Draft) fill(p *Post, html string) {
	p.Title, p.Wants, p.Language, p.Source, p.HTML = d.Title, d.Wants, d.Language, d.Text, html
	p.NoteTopics, p.NoteText = strings.Join(d.NoteTopics, ","), d.NoteText
	p.Renderer = markup.Version
	if p.Title == "" && d.ParentID == "" {
		p.Title = markup.FirstLine(html, 80)
	}
}

// draftOf is a kept draft as its form shows it.
func draftOf(p Post) Draft {
	d := Draft{
		ID: p.ID, GroupID: p.GroupID, Title: p.Title, NoteTopics: p.Topics(), NoteText: p.NoteText,
		Wants: p.Wants, Language: p.Language, Text: p.Source, Version: p.Version,
	}
	if p.ParentID != nil {
		d.ParentID = *p.ParentID
	}
	return d
}

// DraftStore keeps drafts. Their author may be changed until they are sent.
type DraftStore interface {
	// Drafts lists the drafts of some accounts, the last saved first.
	Drafts(ctx context.Context, accountIDs []string, limit int) ([]KeptDraft, error)
	// UpdateDraft stores a draft's words and author; Conflict when it is no
	// longer a draft.
	UpdateDraft(ctx context.Context, p Post) error
	// DeleteDraft deletes a draft of one of the accounts; NotFound for any other.
	DeleteDraft(ctx context.Context, id string, accountIDs []string) error
	// DeleteDrafts deletes a batch of those last saved before a time, the oldest
	// first, and returns how many.
	DeleteDrafts(ctx context.Context, before time.Time, limit int) (int, error)
}

// KeptDraft is a draft in the list of somebody's drafts.
type KeptDraft struct {
	Post
	GroupTitle   string
	GroupName    string
	GroupDomain  string
	Sensitive    bool // the group is
	ThreadTitle  string
	ThreadState  string
	ParentAuthor string
}
