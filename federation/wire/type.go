package wire

import (
	"encoding/json"
	"slices"
	"strings"
)

// ActivityStreams is the namespace, and the one string every @context must
// contain.
const ActivityStreams = "https://www.w3.org/ns/activitystreams"

var (
	activityTypes = []string{
		"Create", "Update", "Delete", "Undo", "Follow", "Accept", "Reject", "Announce",
		"Like", "Dislike", "EmojiReact", "Flag", "Add", "Remove", "Block", "Lock", "Move",
		"Warn", "Resolve", "TentativeAccept", "TentativeReject", "Invite", "Join", "Leave",
		"Ignore", "View", "Listen", "Read", "Travel", "Arrive", "Offer", "QuoteRequest",
		"LikeRequest", "ReplyRequest", "AnnounceRequest", "ApproveReply", "RejectReply", "PollVote",
	}
	actorTypes      = []string{"Person", "Group", "Service", "Application", "Organization"}
	postTypes       = []string{"Page", "Note", "Article", "Question", "Event", "Video", "Link", "Audio", "Image", "Document", "ChatMessage"}
	collectionTypes = []string{"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
	otherTypes      = []string{"Tombstone", "CryptographicKey", "Key", "Multikey", "Object", "Feed", "Mention", "Hashtag", "Emoji", "PropertyValue"}
)

// IsActivityType says whether a type is an activity's, of ActivityStreams or of
// an extension that peers send.
func IsActivityType(t string) bool { return slices.Contains(activityTypes, t) }

// IsActorType says whether a type is one of the five of ActivityStreams 2.3.
// All may author posts: bots are Service and Application, Friendica's forums
// and pages Organization.
func IsActorType(t string) bool { return slices.Contains(actorTypes, t) }

// IsPostType says whether a thread can begin with, or a message be, a thing of
// this type. ChatMessage is among them, so that it can be refused for what it
// is.
func IsPostType(t string) bool { return slices.Contains(postTypes, t) }

// IsCollectionType says whether a type is a collection's or a page's of one.
func IsCollectionType(t string) bool { return slices.Contains(collectionTypes, t) }

func isKnownType(t string) bool {
	return IsActivityType(t) || IsActorType(t) || IsPostType(t) || IsCollectionType(t) || slices.Contains(otherTypes, t)
}

// typeOf is the first type of an object that is known, or else the first,
// without the prefix by which JSON-LD may name the ActivityStreams vocabulary.
func typeOf(f fields) string {
	first := ""
	for _, raw := range oneOrMany(f.get("type")) {
		t := unprefixed(word(raw))
		if isKnownType(t) {
			return t
		}
		if first == "" && !strings.Contains(t, "\x00") {
			first = t
		}
	}
	return first
}

func unprefixed(t string) string {
	for _, prefix := range []string{"as:", ActivityStreams + "#"} {
		if bare, ok := strings.CutPrefix(t, prefix); ok {
			return bare
		}
	}
	return t
}

// isExpanded says whether an object is JSON-LD in expanded form: keywords and
// full IRIs where ActivityPub requires the compact form (ActivityPub 3).
func isExpanded(f fields) bool {
	if f.get("type") != nil {
		return false
	}
	return slices.ContainsFunc(f, func(member field) bool {
		return member.key == "@type" || member.key == "@id" || strings.HasPrefix(member.key, ActivityStreams+"#")
	})
}

// document passes a body through the gate and splits its root, which must have
// a type. typed is false for documents that are not ActivityStreams.
func document(body []byte, typed bool) (json.RawMessage, fields, error) {
	raw, err := check(body)
	if err != nil {
		return nil, nil, err
	}
	root := members(raw)
	switch {
	case !typed:
		return raw, root, nil
	case isExpanded(root):
		return nil, nil, Error{Expanded}
	case typeOf(root) == "":
		return nil, nil, Error{NoType}
	}
	return raw, root, nil
}
