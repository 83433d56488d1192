package wire

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Post is a thing people wrote: a thread's root, a reply, a message, or the
// Tombstone of one. id and, if there is one, attributedTo are sound; the rest
// is as much as the sender said.
type Post struct {
	ID, Type string
	URL      string // the page for people
	Links    []Link // all forms of url

	Name      string // a title; empty where it has to be made from the first line
	Content   string // HTML, unless MediaType says otherwise
	MediaType string
	Source    Source
	Summary   string // a content note, an excerpt or a title: see ContentNote
	Sensitive bool
	Language  string // BCP 47, or empty

	Author    string   // who wrote it; empty where nobody is named
	GroupIDs  []string // groups that stand beside the author (PeerTube)
	InReplyTo string
	Context   string // the conversation (FEP-7888)
	Replies   *Collection

	To, CC, Audience []string // Public in its full spelling
	Attachments      []Attachment
	Tags             []Tag
	Image            *Image
	Options          []Option // of a Question
	MultipleChoice   bool     // a Question by anyOf

	Published, Updated time.Time // zero where unsaid or unreadable
	StartTime, EndTime time.Time // of an Event; when a Question closes
	Place              string    // of an Event: its name and address, as text; empty where unsaid

	CommentsEnabled *bool // nil where unsaid; false is a lock (PeerTube, Mbin, PieFed)
	Stickied        bool
	Distinguished   bool // a moderator speaking as one (Lemmy)
	Direct          bool // ChatMessage, or directMessage (LitePub)
	HasProof        bool // an integrity proof stands in Raw (FEP-8b32)

	FormerType string    // of a Tombstone
	Deleted    time.Time // of a Tombstone

	Raw json.RawMessage
}

// Option is an answer to a Question.
type Option struct {
	Name  string
	Votes int64
}

// DecodePost reads a post or Tombstone as it was fetched. A type that is not
// known comes through as it is.
func DecodePost(body []byte) (*Post, error) {
	raw, root, err := document(body, true)
	if err != nil {
		return nil, err
	}
	return newPost(raw, root)
}

func newPost(raw json.RawMessage, f fields) (*Post, error) {
	p := &Post{
		ID:        iri(f.get("id")),
		Type:      typeOf(f),
		Links:     links(f.get("url", "href")),
		MediaType: mediaType(f),
		Source:    source(f.get("source")),
		Sensitive: f.flag("sensitive"),

		InReplyTo: f.id("inReplyTo"),
		Context:   f.id("context"),
		Replies:   replies(f.get("replies", "comments")),

		To:          f.audience("to"),
		CC:          f.audience("cc"),
		Audience:    f.audience("audience"),
		Attachments: attachments(f.get("attachment")),
		Tags:        tags(f.get("tag")),
		Image:       bestImage(f.get("image", "icon")),

		Published: f.stamp("published"),
		Updated:   f.stamp("updated"),
		StartTime: f.stamp("startTime"),
		EndTime:   f.stamp("endTime"),
		Place:     place(f.get("location")),

		CommentsEnabled: f.choice("commentsEnabled"),
		Stickied:        f.flag("stickied"),
		Distinguished:   f.flag("distinguished"),
		HasProof:        isObject(f.get("proof")) || isArray(f.get("proof")),

		FormerType: f.text("formerType"),
		Deleted:    f.stamp("deleted"),
		Raw:        raw,
	}
	p.URL = pageOf(p.Links)
	p.Direct = f.flag("directMessage") || p.Type == "ChatMessage"
	p.readWords(f)
	p.readOptions(f)
	if err := p.readAuthor(f); err != nil {
		return nil, err
	}
	if p.ID == "" {
		return nil, Error{BadID}
	}
	return p, nil
}

// readWords fills what is said and the language it is said in: the one that is
// told, or that of the content, or of the title.
func (p *Post) readWords(f fields) {
	if told := languages(f.get("language", "inLanguage")); len(told) > 0 {
		p.Language = told[0].Identifier
	}
	content, ofContent := f.localized("content", p.Language)
	name, ofName := f.localized("name", p.Language)
	p.Content, p.Name = content, strings.TrimSpace(name)
	p.Summary, _ = f.localized("summary", p.Language)
	for _, tag := range []string{ofContent, ofName} {
		if p.Language == "" {
			p.Language = languageTag(tag)
		}
	}
}

func (p *Post) readOptions(f fields) {
	p.MultipleChoice = f.get("anyOf") != nil
	for _, one := range oneOrMany(f.get("oneOf", "anyOf")) {
		option := members(one)
		name, _ := option.localized("name", p.Language)
		votes, _ := members(option.get("replies")).number("totalItems")
		p.Options = append(p.Options, Option{name, max(votes, 0)})
	}
}

// readAuthor reads attributedTo, or actor where LitePub's servers write that.
// Whoever is named first and is no Group wrote it. Something that names nobody,
// such as a number, is refused: a server once read it as one of its own
// accounts.
func (p *Post) readAuthor(f fields) error {
	var persons, others []string
	for _, one := range oneOrMany(f.get("attributedTo", "actor")) {
		id := idOf(one)
		switch t := typeOf(members(one)); {
		case id == "":
			return Error{BadAuthor}
		case t == "Group":
			p.GroupIDs = append(p.GroupIDs, id)
		case t == "Person":
			persons = append(persons, id)
		default:
			others = append(others, id)
		}
	}
	if authors := slices.Concat(persons, others, p.GroupIDs); len(authors) > 0 {
		p.Author = authors[0]
	}
	return nil
}

// IsTombstone says whether this is what is left of something deleted
// (ActivityStreams, Tombstone).
func (p *Post) IsTombstone() bool { return p.Type == "Tombstone" }

// IsVote says whether this answers a Question: Mastodon's and GoToSocial's
// votes are Notes with a name and nothing else to say.
func (p *Post) IsVote() bool {
	return p.Type == "Note" && p.Name != "" && p.InReplyTo != "" && p.Content == "" && !p.IsPublic()
}

// IsPublic says whether everybody is addressed.
func (p *Post) IsPublic() bool { return IsPublic(p.To, p.CC) }

// Mentions is the actors that are mentioned.
func (p *Post) Mentions() []string { return mentions(p.Tags) }

// ContentNote is what a reader is told before the words are shown, or empty.
// Mastodon's family puts it in summary, and so do we. NodeBB and WordPress put
// excerpts there, but on things that have a name and are not marked sensitive;
// Mbin puts the name again, with hashtags.
func (p *Post) ContentNote() string {
	note := strings.TrimSpace(p.Summary)
	switch {
	case p.Name != "" && strings.HasPrefix(note, p.Name):
		return ""
	case p.Sensitive, p.Name == "" && p.Type != "Article":
		return note
	}
	return ""
}
