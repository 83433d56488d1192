package wire

import (
	"encoding/json"
	"fmt"
)

// OrderedCollection is a list of ours, whole: Lemmy reads moderators and
// featured only unpaged. At most MaxItems.
type OrderedCollection struct {
	ID           string
	AttributedTo string // the owner, of a conversation
	Total        *int64 // unsaid where it would tell too much
	First        string // the address of the first page, where not all is inline
	Items        []Document
}

// OrderedCollectionPage is a part of one. Next is empty on the last.
type OrderedCollectionPage struct {
	ID, PartOf, Next string
	Items            []Document
}

// Followers is a collection of people: it has no items, and its total is
// written in bands, if at all. Who is in a group is nobody's business.
type Followers struct {
	ID    string
	Total *int64
}

// Moderators is the inline collection that Lemmy reads a group's moderators
// from (FEP-1b12).
func Moderators(id string, actors []string) OrderedCollection {
	return OrderedCollection{ID: id, Items: URIs(actors)}
}

// Conversation is the context collection of a thread: its posts from the root
// on, owned by the group (FEP-7888, FEP-f228).
func Conversation(id, group string, posts []string) OrderedCollection {
	total := int64(len(posts))
	return OrderedCollection{ID: id, AttributedTo: group, Total: &total, Items: URIs(posts)}
}

// Band rounds a count of people down to 0, 10, 20, 50, 100, 200, 500 and so on,
// so that nobody can be counted in or out.
func Band(n int64) int64 {
	band := int64(0)
	for step := int64(10); step <= n && step <= 1e15; step *= 10 {
		for _, multiple := range []int64{1, 2, 5} {
			if step*multiple <= n {
				band = step * multiple
			}
		}
	}
	return band
}

type collectionJSON struct {
	Context      json.RawMessage `json:"@context,omitempty"`
	ID           string          `json:"id"`
	Type         string          `json:"type"`
	AttributedTo string          `json:"attributedTo,omitempty"`
	PartOf       string          `json:"partOf,omitempty"`
	TotalItems   *int64          `json:"totalItems,omitempty"`
	First        string          `json:"first,omitempty"`
	Next         string          `json:"next,omitempty"`
}

func (c OrderedCollection) encode(nested bool) (json.RawMessage, error) {
	return collectionJSON{
		Context: contextOf(nested), ID: c.ID, Type: "OrderedCollection",
		AttributedTo: c.AttributedTo, TotalItems: c.Total, First: c.First,
	}.with(c.Items)
}

func (p OrderedCollectionPage) encode(nested bool) (json.RawMessage, error) {
	if err := missing("OrderedCollectionPage", "partOf", p.PartOf); err != nil {
		return nil, err
	}
	return collectionJSON{
		Context: contextOf(nested), ID: p.ID, Type: "OrderedCollectionPage",
		PartOf: p.PartOf, Next: p.Next,
	}.with(p.Items)
}

func (f Followers) encode(nested bool) (json.RawMessage, error) {
	if err := missing("Followers", "id", f.ID); err != nil {
		return nil, err
	}
	j := collectionJSON{Context: contextOf(nested), ID: f.ID, Type: "Collection"}
	if f.Total != nil {
		band := Band(*f.Total)
		j.TotalItems = &band
	}
	return marshal(j)
}

// with writes the items last, each in its own bytes.
func (j collectionJSON) with(items []Document) (json.RawMessage, error) {
	if err := missing(j.Type, "id", j.ID); err != nil {
		return nil, err
	}
	head, err := marshal(j)
	if err != nil {
		return nil, err
	}
	array := json.RawMessage{'['}
	for i, item := range items {
		written, err := item.encode(true)
		if err != nil {
			return nil, fmt.Errorf("%s: item %d: %w", j.Type, i, err)
		}
		if i > 0 {
			array = append(array, ',')
		}
		array = append(array, written...)
	}
	return splice(head, "orderedItems", append(array, ']')), nil
}
