package wire

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Envelope is who says a thing, to whom.
type Envelope struct {
	ID        string // at the actor's origin
	Actor     string
	To, CC    []string
	Audience  string // the group
	Published time.Time
}

// Message is an activity of ours. It is made by the function named after its
// type and written by Encode; carried by another, it is written without
// @context.
type Message struct {
	Envelope
	kind    string
	object  Document
	target  string
	summary *string
	content string
}

// Create says that a post was written.
func Create(e Envelope, post Document) Message {
	return Message{Envelope: e, kind: "Create", object: post}
}

// Update says what a post or an actor is now.
func Update(e Envelope, document Document) Message {
	return Message{Envelope: e, kind: "Update", object: document}
}

// Delete says that a post or an account is no more: a Tombstone for a post, but
// an account's URI, since Lemmy takes nothing else there.
func Delete(e Envelope, document Document) Message {
	return Message{Envelope: e, kind: "Delete", object: document}
}

// Removal is a moderator's Delete of somebody else's post. Lemmy knows it by a
// summary that is there; the reason stays here, so it is empty.
func Removal(e Envelope, document Document) Message {
	none := ""
	return Message{Envelope: e, kind: "Delete", object: document, summary: &none}
}

// Undo takes a message back. It carries the message, since peers match it by
// type, actor and object where they did not keep its id. That of a Follow is, as
// the Follow was, for the group alone.
func Undo(e Envelope, message Message) Message {
	if message.kind == "Follow" {
		e.To, e.CC, e.Audience = message.To, nil, ""
	}
	return Message{Envelope: e, kind: "Undo", object: message}
}

// Follow asks for a group's posts. It is addressed to the group alone, whoever
// the envelope names: Lemmy requires it, and nobody else is to know.
func Follow(e Envelope, group string) Message {
	e.To, e.CC, e.Audience = []string{group}, nil, ""
	return Message{Envelope: e, kind: "Follow", object: URI(group)}
}

// Accept answers a Follow, to its actor alone.
func Accept(e Envelope, follow Message) Message { return answer(e, "Accept", follow) }

// Reject answers a Follow with no, or ends it later, to its actor alone.
func Reject(e Envelope, follow Message) Message { return answer(e, "Reject", follow) }

func answer(e Envelope, kind string, follow Message) Message {
	e.To, e.CC, e.Audience = []string{follow.Actor}, nil, ""
	return Message{Envelope: e, kind: kind, object: follow}
}

// Add puts a post into a group's featured collection, or an actor among its
// moderators.
func Add(e Envelope, id, collection string) Message {
	return Message{Envelope: e, kind: "Add", object: URI(id), target: collection}
}

// Remove is the reverse of Add.
func Remove(e Envelope, id, collection string) Message {
	return Message{Envelope: e, kind: "Remove", object: URI(id), target: collection}
}

// Lock ends the replies to a post (Lemmy 1.0, Mbin, PieFed).
func Lock(e Envelope, post string) Message {
	return Message{Envelope: e, kind: "Lock", object: URI(post)}
}

// Flag asks another server for help with an actor and their posts. words are a
// moderator's, never the reporter's, and may be empty; they stand in content
// for Mastodon and in summary for Lemmy.
func Flag(e Envelope, ids []string, words string) Message {
	return Message{Envelope: e, kind: "Flag", object: several(ids), summary: &words, content: words}
}

// Announce passes on to a group's followers an activity that the group took, in
// the very bytes it came in (FEP-1b12).
func Announce(e Envelope, activity json.RawMessage) Message {
	return Message{Envelope: e, kind: "Announce", object: Verbatim(activity)}
}

// AnnounceURI passes on a post by its id: a boost, to microblogs.
func AnnounceURI(e Envelope, post string) Message {
	return Message{Envelope: e, kind: "Announce", object: URI(post)}
}

type several []string

func (s several) encode(bool) (json.RawMessage, error) {
	if len(s) == 0 || slices.ContainsFunc(s, func(id string) bool { return !isIRI(id) }) {
		return nil, fmt.Errorf("%d ids, of which one is no IRI", len(s))
	}
	return marshal([]string(s))
}

func (m Message) encode(nested bool) (json.RawMessage, error) {
	if err := m.refusal(); err != nil {
		return nil, err
	}
	head, err := marshal(struct {
		Context   json.RawMessage `json:"@context,omitempty"`
		ID        string          `json:"id"`
		Type      string          `json:"type"`
		Actor     string          `json:"actor"`
		To        []string        `json:"to"`
		CC        []string        `json:"cc,omitzero"`
		Audience  string          `json:"audience,omitempty"`
		Target    string          `json:"target,omitempty"`
		Published string          `json:"published,omitempty"`
		Summary   *string         `json:"summary,omitempty"`
		Content   string          `json:"content,omitempty"`
	}{contextOf(nested), m.ID, m.kind, m.Actor, m.To, m.copies(), m.Audience, m.target, timestamp(m.Published), m.summary, m.content})
	if err != nil {
		return nil, err
	}
	object, err := m.object.encode(true)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.kind, err)
	}
	return splice(head, "object", object), nil
}

func (m Message) refusal() error {
	if err := missing("activity", "type", m.kind, "id", m.ID, "actor", m.Actor); err != nil {
		return err
	}
	if len(m.To) == 0 || !SameOrigin(m.ID, m.Actor) {
		return fmt.Errorf("%s to nobody, or not at its actor's origin", m.kind)
	}
	if m.kind == "Add" || m.kind == "Remove" {
		return missing(m.kind, "target", m.target)
	}
	return nil
}

// copies is cc, which Lemmy's parser requires to be there even if empty, except
// in what is between two parties.
func (m Message) copies() []string {
	switch m.kind {
	case "Follow", "Accept", "Reject", "Flag":
		return m.CC
	}
	return list(m.CC)
}
