package wire

import (
	"encoding/json"
	"fmt"
	"time"
)

// Writing is what a Page and a Note have in common.
type Writing struct {
	ID, URL     string
	Author      string // an actor of this server
	Content     string // HTML
	Source      string // the Markdown it was made from
	ContentNote string // written as summary, and makes it sensitive
	Sensitive   bool
	Language    Language // the zero value where nobody said

	To, CC   []string
	Audience string // the group
	Context  string // the thread's collection (FEP-7888)
	Replies  string // the address of the collection

	Attachments []Attachment // Link, Image or Document: Lemmy drops a Page with any other
	Tags        []Tag        // Mention or Hashtag

	Published, Updated time.Time // Updated is zero until there was an edit
}

// Page is the root of a thread, as Lemmy has it.
type Page struct {
	Writing
	Name   string // the title
	Locked bool
}

// Note is a reply.
type Note struct {
	Writing
	InReplyTo     string
	Distinguished bool // a moderator speaks as one
}

// Tombstone is what is left of something deleted.
type Tombstone struct {
	ID         string
	FormerType string
	Deleted    time.Time
}

// postJSON is the members of a post in the order they are written. A Page has
// no inReplyTo at all, since Lemmy refuses it.
type postJSON struct {
	Context      json.RawMessage `json:"@context,omitempty"`
	ID           string          `json:"id"`
	Type         string          `json:"type"`
	AttributedTo string          `json:"attributedTo"`
	To           []string        `json:"to"`
	CC           []string        `json:"cc"`
	Audience     string          `json:"audience,omitempty"`
	InReplyTo    string          `json:"inReplyTo,omitempty"`
	Name         string          `json:"name,omitempty"`
	Summary      string          `json:"summary,omitempty"`
	Sensitive    bool            `json:"sensitive"`

	Content    string            `json:"content"`
	ContentMap map[string]string `json:"contentMap,omitempty"`
	MediaType  string            `json:"mediaType"`
	Source     *sourceJSON       `json:"source,omitempty"`
	Language   *Language         `json:"language,omitempty"`

	URL             string `json:"url,omitempty"`
	Attachment      []any  `json:"attachment"`
	Tag             []any  `json:"tag"`
	CommentsEnabled *bool  `json:"commentsEnabled,omitempty"`
	Distinguished   bool   `json:"distinguished,omitempty"`
	Conversation    string `json:"context,omitempty"`
	Replies         string `json:"replies,omitempty"`
	Published       string `json:"published"`
	Updated         string `json:"updated,omitempty"`
}

func (p Page) encode(nested bool) (json.RawMessage, error) {
	open := !p.Locked
	j, err := p.json(nested, "Page")
	if err != nil {
		return nil, err
	}
	j.Name, j.CommentsEnabled = p.Name, &open
	if err := missing("Page", "name", p.Name); err != nil {
		return nil, err
	}
	return marshal(j)
}

func (n Note) encode(nested bool) (json.RawMessage, error) {
	j, err := n.json(nested, "Note")
	if err != nil {
		return nil, err
	}
	j.InReplyTo, j.Distinguished = n.InReplyTo, n.Distinguished
	if err := missing("Note", "content", n.Content, "inReplyTo", n.InReplyTo); err != nil {
		return nil, err
	}
	return marshal(j)
}

func (w Writing) json(nested bool, kind string) (postJSON, error) {
	j := postJSON{
		Context: contextOf(nested), ID: w.ID, Type: kind, AttributedTo: w.Author,
		To: w.To, CC: list(w.CC), Audience: w.Audience,
		Summary: w.ContentNote, Sensitive: w.Sensitive || w.ContentNote != "",
		Content: w.Content, MediaType: "text/html", Source: markdown(w.Source),
		URL: w.URL, Conversation: w.Context, Replies: w.Replies,
		Published: timestamp(w.Published), Updated: timestamp(w.Updated),
	}
	if w.Language.Identifier != "" {
		j.Language = &w.Language
	}
	if j.Language != nil && w.Content != "" {
		j.ContentMap = map[string]string{w.Language.Identifier: w.Content}
	}
	var err error
	if j.Attachment, err = attached(w.Attachments); err != nil {
		return j, err
	}
	if j.Tag, err = tagged(w.Tags); err != nil {
		return j, err
	}
	if len(w.To) == 0 || !SameOrigin(w.ID, w.Author) {
		return j, fmt.Errorf("%s to nobody, or not at its author's origin", kind)
	}
	return j, missing(kind, "published", j.Published)
}

func attached(all []Attachment) ([]any, error) {
	type link struct {
		Type      string `json:"type"`
		Href      string `json:"href"`
		MediaType string `json:"mediaType,omitempty"`
		Name      string `json:"name,omitempty"`
	}
	written := []any{}
	for _, a := range all {
		switch a.Type {
		case "Link":
			written = append(written, link{a.Type, a.URL, a.MediaType, a.Name})
		case "Image", "Document":
			written = append(written, imageJSON{a.Type, a.MediaType, a.URL, a.Name})
		default:
			return nil, fmt.Errorf("attachment of type %q", a.Type)
		}
	}
	return written, nil
}

func tagged(all []Tag) ([]any, error) {
	type tag struct {
		Type string `json:"type"`
		Href string `json:"href"`
		Name string `json:"name"`
	}
	written := []any{}
	for _, t := range all {
		if t.Type != "Mention" && t.Type != "Hashtag" {
			return nil, fmt.Errorf("tag of type %q", t.Type)
		}
		written = append(written, tag{t.Type, t.Href, t.Name})
	}
	return written, nil
}

func (t Tombstone) encode(nested bool) (json.RawMessage, error) {
	if err := missing("Tombstone", "id", t.ID); err != nil {
		return nil, err
	}
	return marshal(struct {
		Context    json.RawMessage `json:"@context,omitempty"`
		ID         string          `json:"id"`
		Type       string          `json:"type"`
		FormerType string          `json:"formerType,omitempty"`
		Deleted    string          `json:"deleted,omitempty"`
	}{contextOf(nested), t.ID, "Tombstone", t.FormerType, timestamp(t.Deleted)})
}
