package wire

import (
	"encoding/json"
	"time"
)

// Actor is an actor's document (ActivityPub 4.1). Only id and type are sure to
// be there: some servers serve stubs for their keys alone (GoToSocial). Ask
// Refusal before taking somebody in.
type Actor struct {
	ID, Type          string
	PreferredUsername string // in the case it was given; looked up without regard to it
	Name              string
	Summary           string // HTML
	Source            Source
	URL               string // the page for people
	Icon, Image       *Image

	Inbox, Outbox        string
	SharedInbox          string // of endpoints, or beside them (Discourse)
	Followers, Following string
	Featured             string
	Moderators           string   // a Group's collection of moderators
	ModeratorIDs         []string // where it names them itself (PeerTube)

	Keys      []PublicKey
	Multikeys []Multikey

	PostingRestrictedToMods   bool
	ManuallyApprovesFollowers bool // of a Group in Lemmy: private
	Sensitive                 bool
	Suspended                 bool  // by its own server (Mastodon)
	Discoverable              *bool // nil where unsaid
	Indexable                 bool  // unsaid is no (FEP-5feb)

	Closed      bool      // of a Group here and in other hearths: nobody writes in it (Activity Vocabulary, closed)
	ClosedAt    time.Time // since when, where that is said
	Languages   []Language
	MovedTo     string
	AlsoKnownAs []string
	Published   time.Time
	Updated     time.Time

	Raw json.RawMessage
}

// Source is what HTML was made from (ActivityPub 3.3). Of a source that is only
// a string, which may be text in any syntax or the address of a link, the media
// type is unknown.
type Source struct {
	Content   string
	MediaType string
}

// DecodeActor reads an actor's document as it was fetched. That its id is the
// one that was asked for is the caller's to check.
func DecodeActor(body []byte) (*Actor, error) {
	raw, root, err := document(body, true)
	if err != nil {
		return nil, err
	}
	return newActor(raw, root)
}

func newActor(raw json.RawMessage, f fields) (*Actor, error) {
	a := &Actor{
		ID:                iri(f.get("id")),
		Type:              typeOf(f),
		PreferredUsername: f.text("preferredUsername"),
		Source:            source(f.get("source")),
		URL:               pageOf(links(f.get("url"))),
		Icon:              bestImage(f.get("icon")),
		Image:             bestImage(f.get("image")),
		Inbox:             f.id("inbox"),
		Outbox:            f.id("outbox"),
		SharedInbox:       sharedInbox(f),
		Followers:         f.id("followers"),
		Following:         f.id("following"),
		Featured:          f.id("featured"),
		Multikeys:         multikeys(f.get("assertionMethod")),

		PostingRestrictedToMods:   f.flag("postingRestrictedToMods"),
		ManuallyApprovesFollowers: f.flag("manuallyApprovesFollowers"),
		Sensitive:                 f.flag("sensitive"),
		Suspended:                 f.flag("suspended"),
		Discoverable:              f.choice("discoverable"),
		Indexable:                 f.flag("indexable"),

		Closed:      f.flag("closed") || !f.stamp("closed").IsZero(),
		ClosedAt:    f.stamp("closed"),
		Languages:   languages(f.get("language", "inLanguage")),
		MovedTo:     f.id("movedTo"),
		AlsoKnownAs: f.ref("alsoKnownAs").IDs(),
		Published:   f.stamp("published"),
		Updated:     f.stamp("updated"),
		Raw:         raw,
	}
	switch {
	case a.ID == "":
		return nil, Error{BadID}
	case !IsActorType(a.Type):
		return nil, Error{NotAnActor}
	}
	a.Name, _ = f.localized("name", "")
	a.Summary, _ = f.localized("summary", "")
	a.Keys = keys(f.get("publicKey"), a.ID)
	a.Moderators, a.ModeratorIDs = moderators(f)
	return a, nil
}

// moderators reads who moderates a Group: attributedTo is their collection's
// address (Lemmy), which PieFed and Mbin say again as moderators, or an array
// of the actors themselves (PeerTube).
func moderators(f fields) (collection string, ids []string) {
	collection = f.id("moderators")
	for _, one := range oneOrMany(f.get("attributedTo")) {
		switch {
		case isString(one) && collection == "":
			collection = iri(one)
		case isObject(one) && IsActorType(typeOf(members(one))) && idOf(one) != "":
			ids = append(ids, idOf(one))
		}
	}
	return collection, ids
}

func sharedInbox(f fields) string {
	if inbox := members(f.get("endpoints")).id("sharedInbox"); inbox != "" {
		return inbox
	}
	return f.id("sharedInbox")
}

func source(raw json.RawMessage) Source {
	f := members(raw)
	if f == nil {
		return Source{Content: text(raw)}
	}
	return Source{f.text("content"), mediaType(f)}
}

// Refusal is why the actor cannot be taken in, though its document could be
// read: nothing could be sent to it, found by name, or verified as its own.
func (a *Actor) Refusal() error {
	switch {
	case a.Inbox == "":
		return Error{NoInbox}
	case a.PreferredUsername == "":
		return Error{NoName}
	case len(a.ownKeys()) == 0:
		return Error{NoKey}
	}
	return nil
}

// Key is the actor's own key of that id. A key in its document that names
// another owner is not the actor's.
func (a *Actor) Key(id string) (PublicKey, bool) {
	for _, key := range a.ownKeys() {
		if key.ID == id {
			return key, true
		}
	}
	return PublicKey{}, false
}

func (a *Actor) ownKeys() []PublicKey {
	var own []PublicKey
	for _, key := range a.Keys {
		if key.Owner == a.ID {
			own = append(own, key)
		}
	}
	return own
}
