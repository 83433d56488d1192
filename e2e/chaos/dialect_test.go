//go:build chaos

package chaos

import (
	"encoding/json"
	"math"
	"time"

	"hearth/federation/fedtest"
)

// speech is how one software says things and how it sends them. Pauses between
// tries are those of its source with seconds for what are hours there.
type speech struct {
	fedtest.Dialect
	hosts   bool // groups of its own, which others follow
	ordered bool // one thing after the other, however often it has to try
	tries   int  // before it gives up; 0 for never
	again   func(tries int) time.Duration

	root, reply string // types of a thread's first post and of answers
	titled      bool   // the first has a name
	address     func(said) (to, cc []any)
	dress       func(object map[string]any, s said)
	erased      func(uri string) any // the object of a Delete
	envelope    func(activity map[string]any, s said)
	announces   func(inner map[string]any, s said) []any // the objects of one Announce each
}

// said is one version of a post, and who says it.
type said struct {
	*post
	author  *fedtest.Actor
	version int
}

func (s said) isRoot() bool { return s.parent == nil }

func (s said) followers() string { return s.author.ID + "/followers" }

// parentAuthor is the id of whoever is answered, where they have one that is known.
func (s said) parentAuthor() []any {
	if s.parent == nil || s.parent.by == nil {
		return nil
	}
	return []any{s.parent.author}
}

// speeches are of all dialects whose signatures federation/fedtest has.
func speeches() []speech {
	bare := func(uri string) any { return uri }
	tombstone := func(uri string) any { return map[string]any{"id": uri, "type": "Tombstone"} }
	asItIs := func(inner map[string]any, _ said) []any { return []any{inner} }
	plain := func(map[string]any, said) {}
	return []speech{
		{
			Dialect: fedtest.Mastodon, tries: 16, again: func(n int) time.Duration { return time.Duration(n*n*n*n+15) * 5 * time.Millisecond },
			root: "Note", reply: "Note", erased: tombstone, envelope: plain, announces: asItIs,
			address: func(s said) (to, cc []any) {
				return []any{fedtest.Public}, append([]any{s.followers(), s.in.uri}, s.parentAuthor()...)
			},
			dress: func(o map[string]any, s said) {
				o["tag"] = []any{map[string]any{"type": "Mention", "href": s.in.uri, "name": "@" + s.in.page}}
				o["summary"], o["sensitive"], o["inReplyToAtomUri"] = nil, false, o["inReplyTo"]
				o["contentMap"] = map[string]any{"en": o["content"]}
			},
		},
		{
			Dialect: fedtest.Lemmy, hosts: true, ordered: true,
			again: func(n int) time.Duration {
				return time.Duration(50*math.Pow(1.25, float64(min(n, 20)-1))) * time.Millisecond
			},
			root: "Page", reply: "Note", titled: true, erased: bare,
			address: func(s said) (to, cc []any) { return []any{s.in.uri, fedtest.Public}, []any{} },
			dress: func(o map[string]any, s said) {
				o["audience"], o["mediaType"] = s.in.uri, "text/html"
				o["source"] = map[string]any{"content": s.token(s.version), "mediaType": "text/markdown"}
				o["language"] = map[string]any{"identifier": "en", "name": "English"}
				if s.isRoot() {
					o["attachment"], o["sensitive"] = []any{}, false
				} else {
					o["distinguished"] = false
				}
			},
			envelope: func(a map[string]any, s said) { a["audience"] = s.in.uri },
			announces: func(inner map[string]any, s said) []any {
				inner = without(inner, "@context")
				if object, ok := inner["object"].(map[string]any); ok && s.isRoot() && inner["type"] == "Create" {
					return []any{inner, with(object, "actor", inner["actor"])}
				}
				return []any{inner}
			},
		},
		{
			Dialect: fedtest.PieFed, hosts: true, tries: 9, again: func(n int) time.Duration { return 60 * time.Millisecond << min(n, 5) },
			root: "Page", reply: "Note", titled: true, erased: bare,
			address: func(s said) (to, cc []any) { return []any{fedtest.Public}, []any{s.in.uri} },
			dress: func(o map[string]any, s said) {
				o["audience"] = s.in.uri
				if s.isRoot() {
					o["replies"] = []any{}
				}
			},
			envelope:  func(a map[string]any, s said) { a["audience"] = s.in.uri },
			announces: func(inner map[string]any, _ said) []any { return []any{[]any{without(inner, "@context")}} },
		},
		{
			Dialect: fedtest.Mbin, hosts: true, tries: 6, again: func(n int) time.Duration { return time.Duration(min(n, 4)) * 100 * time.Millisecond },
			root: "Page", reply: "Note", titled: true, erased: tombstone,
			announces: func(inner map[string]any, s said) []any {
				if object, ok := inner["object"].(map[string]any); ok && s.isRoot() && inner["type"] == "Create" {
					return []any{object["id"]} // a boost
				}
				return []any{inner}
			},
			address: func(s said) (to, cc []any) {
				if s.isRoot() {
					return []any{s.in.uri, fedtest.Public}, []any{s.followers()}
				}
				return append([]any{fedtest.Public}, s.parentAuthor()...), []any{s.in.uri, s.followers()}
			},
			dress: func(o map[string]any, s said) {
				o["audience"], o["commentsEnabled"] = s.in.uri, true
				o["contentMap"] = map[string]any{"en": o["content"]}
				if s.isRoot() {
					o["summary"] = o["name"].(string) + " #talk"
				}
			},
			envelope: func(a map[string]any, s said) { a["audience"] = s.in.uri },
		},
		{
			Dialect: fedtest.NodeBB, hosts: true, tries: 10, again: func(n int) time.Duration { return 50 * time.Millisecond << min(n, 5) },
			root: "Article", reply: "Note", titled: true, erased: bare, envelope: plain,
			address: func(s said) (to, cc []any) {
				return append([]any{fedtest.Public, s.in.uri}, s.parentAuthor()...), []any{s.followers()}
			},
			dress: func(o map[string]any, s said) {
				o["audience"], o["context"] = s.in.uri, s.root().uri+"/topic"
				o["summary"], o["icon"] = o["content"], nil
				o["tag"] = []any{map[string]any{"type": "Mention", "href": s.in.uri, "name": s.in.uri}}
			},
			announces: func(inner map[string]any, s said) []any {
				if object, ok := inner["object"].(map[string]any); ok && s.isRoot() && inner["type"] == "Create" {
					return []any{object, inner}
				}
				return []any{inner}
			},
		},
		{
			Dialect: fedtest.Discourse, hosts: true, tries: 5, again: func(n int) time.Duration { return time.Duration(n-1) * 100 * time.Millisecond },
			root: "Article", reply: "Note", titled: true, erased: tombstone, announces: asItIs,
			address: func(s said) (to, cc []any) { return []any{fedtest.Public}, []any{s.in.uri} },
			dress: func(o map[string]any, s said) {
				o["audience"], o["@context"], o["summary"], o["updated"] = s.in.uri, "https://www.w3.org/ns/activitystreams", nil, nil
			},
			envelope: func(a map[string]any, s said) {
				a["audience"] = s.in.uri
				a["actor"] = map[string]any{"id": s.author.ID, "type": "Person", "preferredUsername": s.author.Name, "inbox": s.author.Inbox}
			},
		},
		{
			Dialect: fedtest.GoToSocial, tries: 5, again: func(n int) time.Duration { return 20 * time.Millisecond << (n + 1) },
			root: "Note", reply: "Note", erased: bare, envelope: plain, announces: asItIs,
			address: func(s said) (to, cc []any) {
				return append([]any{fedtest.Public}, s.parentAuthor()...), []any{s.followers(), s.in.uri}
			},
			dress: func(o map[string]any, s said) {
				o["tag"] = map[string]any{"type": "Mention", "href": s.in.uri, "name": "@" + s.in.page}
				o["interactionPolicy"] = map[string]any{"canReply": map[string]any{"always": []any{fedtest.Public}}}
			},
		},
		{
			Dialect: fedtest.WordPress, hosts: true, tries: 8, again: func(n int) time.Duration { return time.Duration(n) * 100 * time.Millisecond },
			root: "Article", reply: "Note", titled: true, erased: tombstone, envelope: plain, announces: asItIs,
			address: func(s said) (to, cc []any) { return []any{fedtest.Public}, []any{s.in.uri, s.followers()} },
			dress: func(o map[string]any, s said) {
				o["contentMap"] = map[string]any{"en": o["content"]}
				if s.isRoot() {
					o["summary"], o["nameMap"] = o["content"], map[string]any{"en": o["name"]}
				}
			},
		},
		{
			Dialect: fedtest.Fedify, tries: 10, again: func(n int) time.Duration { return 50 * time.Millisecond << min(n, 6) },
			root: "Note", reply: "Note", titled: true, erased: tombstone, announces: asItIs,
			address:  func(s said) (to, cc []any) { return []any{"as:Public"}, []any{s.in.uri} },
			dress:    func(o map[string]any, s said) { o["audience"] = s.in.uri },
			envelope: plain,
		},
	}
}

// object is a version of a post as its author's software writes it.
func (s said) object() map[string]any {
	speaks := s.by.speaks
	to, cc := speaks.address(s)
	o := map[string]any{
		"id": s.uri, "type": speaks.reply, "attributedTo": s.author.ID, "content": "<p>" + s.token(s.version) + "</p>",
		"published": s.published.Format(time.RFC3339Nano), "to": to, "cc": cc, "inReplyTo": nil,
	}
	if s.isRoot() {
		o["type"] = speaks.root
		if speaks.titled {
			o["name"] = s.token(s.version)
		}
	} else {
		o["inReplyTo"] = s.parent.uri
	}
	speaks.dress(o, s)
	if s.version > 0 {
		o["updated"] = time.Now().UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
	}
	s.author.Server.Serve(s.uri[len(s.author.Server.URL):], with(o, "@context", "https://www.w3.org/ns/activitystreams"))
	return o
}

// activity is what the author says of a version.
func (s said) activity(kind string, object any) map[string]any {
	to, cc := s.by.speaks.address(s)
	a := map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": s.author.Server.NewID("/x/" + kind + "-"), "type": kind,
		"actor": s.author.ID, "object": object, "to": to, "cc": cc,
	}
	s.by.speaks.envelope(a, s)
	return a
}

func with(o map[string]any, key string, value any) map[string]any {
	other := map[string]any{key: value}
	for k, v := range o {
		if k != key {
			other[k] = v
		}
	}
	return other
}

func without(o map[string]any, key string) map[string]any {
	other := with(o, key, nil)
	delete(other, key)
	return other
}

func encoded(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return body
}
