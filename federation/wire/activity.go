package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Activity is a message between servers (ActivityPub 7). Types that are not
// known come through with their type as it was given: they are answered and
// kept as a fact, without effect.
type Activity struct {
	ID    string // made from the bytes where IsNameless
	Type  string // the first known of several; without as:
	Actor string // the id, also where the actor was embedded

	Object Ref
	Target Ref // of Add, Remove, Move; of Block the group or instance it is from
	Origin Ref // of Move
	Result Ref // of Accept: an authorization (FEP-044f)

	To, CC, Audience []string // Public in its full spelling
	Tag              []Tag

	Published, Updated time.Time
	EndTime            time.Time // when a Block ends, by Lemmy
	Expires            time.Time // the same, by Mbin and PieFed

	Summary     string // a moderator's reason on Delete, Block, Lock, Flag
	HasSummary  bool   // said, if only ""; makes a Delete a moderator's (Lemmy)
	Content     string // a Flag's words; the emoji of EmojiReact and Misskey's Like
	Name        string
	Context     string
	RemoveData  bool // of Block and Delete: all the person's posts too (Lemmy)
	RestoreData bool // of Undo of a Block: what that removed is to be seen again (Lemmy)
	WithReplies bool // of Delete: what answers it too (Lemmy)
	Direct      bool // directMessage (LitePub)
	HasProof    bool // an integrity proof stands in Raw (FEP-8b32)
	IsNameless  bool // GoToSocial's Delete has no id; ID cannot be fetched

	Raw json.RawMessage // the exact bytes, but for bto and bcc
}

// Decode reads an activity from a body as it came. Its Error names what is
// wrong; id, type and actor are there and well-formed if there is none.
func Decode(body []byte) (*Activity, error) {
	raw, root, err := document(body, true)
	if err != nil {
		return nil, err
	}
	return newActivity(raw, root, received)
}

// standing is where an activity was found.
type standing int

const (
	received standing = iota // itself, by delivery or fetch: its id is what duplicates are known by
	embedded                 // inside another, where servers leave the id out
)

func newActivity(raw json.RawMessage, f fields, found standing) (*Activity, error) {
	a := &Activity{
		ID:     iri(f.get("id")),
		Type:   typeOf(f),
		Actor:  f.id("actor"),
		Object: f.ref("object"),
		Target: f.ref("target"),
		Origin: f.ref("origin"),
		Result: f.ref("result"),

		To:       f.audience("to"),
		CC:       f.audience("cc"),
		Audience: f.audience("audience"),
		Tag:      tags(f.get("tag")),

		Published: f.stamp("published"),
		Updated:   f.stamp("updated"),
		EndTime:   f.stamp("endTime"),
		Expires:   f.stamp("expires"),

		HasSummary:  isString(f.get("summary")),
		Context:     f.id("context"),
		RemoveData:  f.flag("removeData"),
		RestoreData: f.flag("restoreData"),
		WithReplies: f.flag("withReplies"),
		Direct:      f.flag("directMessage"),
		HasProof:    isObject(f.get("proof")) || isArray(f.get("proof")),
		Raw:         raw,
	}
	a.Summary, _ = f.localized("summary", "")
	a.Name, _ = f.localized("name", "")
	if a.Content, _ = f.localized("content", ""); a.Content == "" {
		a.Content = f.text("_misskey_reaction")
	}
	if a.Type == "Delete" && f.get("id") == nil && found == received {
		a.IsNameless, a.ID = true, madeID(a.Actor, raw)
	}
	if err := a.refusal(f, found); err != nil {
		return nil, err
	}
	return a, nil
}

// madeID is an id for an activity without one, so that it is known when it
// comes again. It stands at its actor's origin, as every activity's must.
func madeID(actor string, raw json.RawMessage) string {
	bare, _, _ := strings.Cut(actor, "#")
	hash := sha256.Sum256(raw)
	return bare + "#delete-" + hex.EncodeToString(hash[:])
}

// refusal is why the activity cannot be taken: nobody could say which message
// this is, who says it, or about what.
func (a *Activity) refusal(f fields, found standing) error {
	switch {
	case a.ID == "" && (found == received || f.get("id") != nil):
		return Error{BadID}
	case a.Actor == "":
		return Error{BadActor}
	case f.get("object") != nil && !isUsable(f.get("object")):
		return Error{BadObject}
	}
	return nil
}

// isUsable says whether each thing an object property names can be known again:
// an IRI or an embedded object. A relative id or a number is neither.
func isUsable(raw json.RawMessage) bool {
	for _, one := range oneOrMany(raw) {
		if !isObject(one) && iri(one) == "" {
			return false
		}
	}
	return true
}

// Ends is when a Block ends, by whichever property said so; zero for never.
func (a *Activity) Ends() time.Time {
	if a.EndTime.IsZero() {
		return a.Expires
	}
	return a.EndTime
}

// Carrying is the activity with some of its objects alone. It is not for others
// to see: a signature over it would no longer hold.
func (a *Activity) Carrying(objects []Ref) json.RawMessage {
	raw := []byte{'{'}
	for _, f := range members(a.Raw) {
		if f.key == "object" {
			continue
		}
		key, _ := json.Marshal(f.key) // a string always can be
		raw = append(append(append(raw, key...), ':'), f.raw...)
		raw = append(raw, ',')
	}
	raw = append(raw, `"object":[`...)
	for i, o := range objects {
		if i > 0 {
			raw = append(raw, ',')
		}
		raw = append(raw, o.Raw...)
	}
	return append(raw, ']', '}')
}

// Unsigned is Raw without its Linked Data signature and integrity proof, which
// are ours neither to keep nor to compare: the same activity comes with and
// without.
func (a *Activity) Unsigned() json.RawMessage {
	g := gate{scanner: scanner{doc: a.Raw, at: skipSpace(a.Raw, 0)}}
	kept := -1
	var signatures []span
	for range g.items() {
		from := g.at
		key := string(g.key())
		if g.skip(); key == "signature" || key == "proof" {
			signatures = append(signatures, g.withComma(span{from, g.at}, kept))
		} else {
			kept = g.at
		}
	}
	return cut(a.Raw, signatures)
}
