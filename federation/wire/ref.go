package wire

import "encoding/json"

// Ref is a property that may be an id, an embedded thing, or several of either.
// The zero Ref is a property that is absent, null, or of no use.
type Ref struct {
	ID  string          // of the one thing named; empty where it has none or there are several
	Raw json.RawMessage // the exact value
}

func newRef(raw json.RawMessage) Ref {
	if !isObject(raw) && !isString(raw) && (!isArray(raw) || len(oneOrMany(raw)) == 0) {
		return Ref{}
	}
	return Ref{idOf(raw), raw}
}

// IsZero says whether nothing is there.
func (r Ref) IsZero() bool { return r.Raw == nil }

// IsURI says whether the thing is named only, not embedded.
func (r Ref) IsURI() bool { return r.ID != "" && isString(r.only()) }

// IsEmbedded says whether the thing itself is here. It is to be believed only
// as far as its id's origin and the sender's are one (FEP-fe34).
func (r Ref) IsEmbedded() bool { return isObject(r.only()) }

// Type is the embedded thing's, read as Decode reads it; empty for a URI.
func (r Ref) Type() string { return typeOf(members(r.only())) }

// All is the elements of an array, or the Ref alone where there is one thing:
// Flag reports several, Mastodon's polls send one vote an element, PieFed
// announces in batches.
func (r Ref) All() []Ref {
	var all []Ref
	for _, raw := range oneOrMany(r.Raw) {
		if one := newRef(raw); !one.IsZero() {
			all = append(all, one)
		}
	}
	return all
}

// IDs is the ids of All, without those that have none.
func (r Ref) IDs() []string {
	var ids []string
	for _, one := range r.All() {
		if one.ID != "" {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

// Activity opens an embedded activity. It may lack an id, as the Follow in an
// Accept may, but not its actor.
func (r Ref) Activity() (*Activity, error) {
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	return newActivity(r.only(), f, embedded)
}

// Actor opens an embedded actor document.
func (r Ref) Actor() (*Actor, error) {
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	return newActor(r.only(), f)
}

// Post opens an embedded post or Tombstone.
func (r Ref) Post() (*Post, error) {
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	return newPost(r.only(), f)
}

// Collection opens an embedded collection or page of one.
func (r Ref) Collection() (*Collection, error) {
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	return newCollection(r.only(), f)
}

func (r Ref) open() (fields, error) {
	if !r.IsEmbedded() {
		return nil, Error{NotAnObject}
	}
	f := members(r.only())
	if typeOf(f) == "" {
		return nil, Error{NoType}
	}
	return f, nil
}

// only is the one thing, also where it stands alone in an array.
func (r Ref) only() json.RawMessage {
	all := oneOrMany(r.Raw)
	if len(all) != 1 {
		return nil
	}
	return all[0]
}

// Peek tells what a document is before it is read as that: its type, and in the
// Ref its id where it has one.
func Peek(body []byte) (Ref, string, error) {
	raw, root, err := document(body, true)
	if err != nil {
		return Ref{}, "", err
	}
	return newRef(raw), typeOf(root), nil
}
