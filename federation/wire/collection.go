package wire

import "encoding/json"

// Collection is a list that a server keeps, or a page of it: ordered or not,
// whole, by a first page inline, or by the address of one.
type Collection struct {
	ID           string // empty for a plain array, and for many inline pages
	Type         string // empty for a plain array
	Items        []Ref  // of this document: orderedItems or items
	First        Ref    // a page, inline or by address
	Next, PartOf string
	TotalItems   int64
	HasTotal     bool
	AttributedTo string // the owner of a conversation (FEP-7888)
	Raw          json.RawMessage
}

// DecodeCollection reads a collection as it was fetched. A document of another
// type that lists items or a first page will do: Discourse's conversations do.
func DecodeCollection(body []byte) (*Collection, error) {
	raw, root, err := document(body, true)
	if err != nil {
		return nil, err
	}
	return newCollection(raw, root)
}

func newCollection(raw json.RawMessage, f fields) (*Collection, error) {
	c := &Collection{
		ID:           f.id("id"),
		Type:         typeOf(f),
		Items:        Ref{Raw: f.get("orderedItems", "items")}.All(),
		First:        f.ref("first"),
		Next:         f.id("next"),
		PartOf:       f.id("partOf"),
		AttributedTo: f.id("attributedTo"),
		Raw:          raw,
	}
	if !IsCollectionType(c.Type) && f.get("orderedItems", "items", "first") == nil {
		return nil, Error{NotACollection}
	}
	if total, ok := f.number("totalItems"); ok && total >= 0 {
		c.TotalItems, c.HasTotal = total, true
	}
	return c, nil
}

// Inline is all the items that came with the document: its own, and those of a
// first page inside it.
func (c *Collection) Inline() []Ref {
	first, err := c.First.Collection()
	if err != nil {
		return c.Items
	}
	return append(append([]Ref{}, c.Items...), first.Items...)
}

// More is the address of the page behind what came inline; empty at the end.
func (c *Collection) More() string {
	if first, err := c.First.Collection(); err == nil {
		return first.Next
	}
	if c.First.ID != "" {
		return c.First.ID
	}
	return c.Next
}

// replies reads the three forms of a post's replies: a collection, its address,
// or, from PieFed, the replies themselves.
func replies(raw json.RawMessage) *Collection {
	ref := newRef(raw)
	switch {
	case ref.IsZero():
		return nil
	case isArray(raw):
		return &Collection{Items: ref.All(), Raw: raw}
	case ref.IsURI():
		return &Collection{ID: ref.ID, Raw: raw}
	}
	c, err := ref.Collection()
	if err != nil {
		return nil
	}
	return c
}
