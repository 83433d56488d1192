//go:build chaos

package chaos

import (
	"time"

	"hearth/federation/fedtest"
)

// signsAs is a dialect of software whose way of signing is not written down in
// federation/fedtest: only what it says is its own.
func signsAs(d fedtest.Dialect, software string) fedtest.Dialect {
	d.Software = software
	return d
}

// speechesBeside are of software that writes into the groups of others and signs in
// the most usual way.
func speechesBeside() []speech {
	return []speech{pleroma(), friendica()}
}

// pleroma names a group in cc alone, and has null and empty text where others say
// nothing.
func pleroma() speech {
	return speech{
		Dialect: signsAs(fedtest.Mastodon, "pleroma"), tries: 5, again: func(n int) time.Duration { return time.Duration(n) * 150 * time.Millisecond },
		root: "Note", reply: "Note",
		erased:    func(uri string) any { return uri },
		announces: func(inner map[string]any, _ said) []any { return []any{inner} },
		address: func(s said) (to, cc []any) {
			return append([]any{fedtest.Public}, s.parentAuthor()...), []any{s.followers(), s.in.uri}
		},
		dress: func(o map[string]any, s said) {
			o["source"], o["summary"], o["sensitive"] = "", "", nil
			o["emoji"], o["tag"], o["attachment"] = map[string]any{}, []any{}, []any{}
			o["context"], o["conversation"] = s.root().uri+"/context", s.root().uri+"/context"
		},
		envelope: func(a map[string]any, s said) { a["context"] = s.root().uri + "/context" },
	}
}

// friendica signs its documents once more within themselves, and says everything
// again in a language.
func friendica() speech {
	return speech{
		Dialect: signsAs(fedtest.Mastodon, "friendica"), tries: 8, again: func(n int) time.Duration { return time.Duration(n) * 120 * time.Millisecond },
		root: "Note", reply: "Note",
		erased:    func(uri string) any { return map[string]any{"id": uri, "type": "Tombstone"} },
		announces: func(inner map[string]any, _ said) []any { return []any{inner} },
		address: func(s said) (to, cc []any) {
			return append([]any{fedtest.Public, s.in.uri}, s.parentAuthor()...), []any{s.followers()}
		},
		dress: func(o map[string]any, s said) {
			o["contentMap"], o["summary"] = map[string]any{"en": o["content"]}, nil
			o["source"] = map[string]any{"content": s.token(s.version), "mediaType": "text/bbcode"}
			o["tag"] = []any{map[string]any{"type": "Mention", "href": s.in.uri, "name": "@" + s.in.page}}
			o["attachment"], o["replies"] = []any{}, s.uri+"/replies"
		},
		envelope: func(a map[string]any, s said) {
			a["instrument"] = map[string]any{"type": "Service", "name": "friendica"}
			a["signature"] = map[string]any{
				"type": "RsaSignature2017", "nonce": "00", "creator": s.author.ID + "#main-key",
				"created": s.published.Format(time.RFC3339), "signatureValue": "bm90IHJlYWQ=",
			}
		},
	}
}
