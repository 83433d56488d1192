package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Document is what Encode writes: an actor, a post, a collection, an activity,
// or the id or exact bytes of one.
type Document interface {
	// encode writes the document; nested ones are without @context.
	encode(nested bool) (json.RawMessage, error)
}

// MediaType is what ActivityPub documents are served and sent as: these bytes
// exactly, since Lemmy takes no parameter that it does not know.
const MediaType = "application/activity+json"

// Encode writes a document as it is served or sent. It is an error if something
// required is missing, or if the result would not pass the gate that documents
// from outside pass: what is refused here is not sent from here.
func Encode(d Document) (json.RawMessage, error) {
	written, err := d.encode(false)
	if err != nil {
		return nil, fmt.Errorf("wire: encode: %w", err)
	}
	passed, err := check(written)
	if err != nil {
		return nil, fmt.Errorf("wire: encode: %w", err)
	}
	return passed, nil
}

// vocabulary is the @context of everything we send. The terms are those that a
// JSON-LD processor (Fedify, Mastodon) would otherwise drop.
const vocabulary = `["` + ActivityStreams + `","https://w3id.org/security/v1",{` +
	`"sensitive":"as:sensitive","Hashtag":"as:Hashtag","manuallyApprovesFollowers":"as:manuallyApprovesFollowers",` +
	`"toot":"http://joinmastodon.org/ns#","featured":{"@id":"toot:featured","@type":"@id"},` +
	`"discoverable":"toot:discoverable","indexable":"toot:indexable",` +
	`"lemmy":"https://join-lemmy.org/ns#","moderators":{"@id":"lemmy:moderators","@type":"@id"},` +
	`"postingRestrictedToMods":"lemmy:postingRestrictedToMods","Lock":"lemmy:Lock",` +
	`"pt":"https://joinpeertube.org/ns#","commentsEnabled":"pt:commentsEnabled",` +
	`"sc":"http://schema.org/","language":"sc:inLanguage","identifier":"sc:identifier"}]`

func contextOf(nested bool) json.RawMessage {
	if nested {
		return nil
	}
	return json.RawMessage(vocabulary)
}

// URI is a document by its id alone.
type URI string

func (u URI) encode(bool) (json.RawMessage, error) {
	if !isIRI(string(u)) {
		return nil, fmt.Errorf("id %q is no IRI", string(u))
	}
	return marshal(string(u))
}

// URIs is documents by their ids alone.
func URIs(ids []string) []Document {
	all := make([]Document, len(ids))
	for i, id := range ids {
		all[i] = URI(id)
	}
	return all
}

// Verbatim is a JSON object that keeps its bytes: white space, escapes, order
// of keys and @context of its own.
type Verbatim json.RawMessage

func (v Verbatim) encode(bool) (json.RawMessage, error) {
	if !json.Valid(v) || !isObject(json.RawMessage(v)) {
		return nil, Error{NotAnObject}
	}
	return json.RawMessage(v), nil
}

// marshal writes v without HTML escapes and the newline of json.Encoder.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// splice appends a member to an object that has members. json.Marshal would
// compact the value; here its bytes stay.
func splice(object json.RawMessage, key string, value json.RawMessage) json.RawMessage {
	whole := make(json.RawMessage, 0, len(object)+len(key)+len(value)+4)
	whole = append(whole, object[:len(object)-1]...)
	whole = append(whole, ',')
	whole = strconv.AppendQuote(whole, key)
	whole = append(whole, ':')
	whole = append(whole, value...)
	return append(whole, '}')
}

// missing says what a document lacks, of properties given as name and value by
// turns.
func missing(document string, properties ...string) error {
	for i := 0; i+1 < len(properties); i += 2 {
		if properties[i+1] == "" {
			return fmt.Errorf("%s without %s", document, properties[i])
		}
	}
	return nil
}

// timestamp is RFC 3339 in UTC with milliseconds: Mastodon takes an Update only
// if it is newer than the last.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// list is never null.
func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}
