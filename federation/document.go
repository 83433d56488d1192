package federation

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"hearth/community"
	"hearth/federation/wire"
)

// Addresses below an actor's or a post's own, by what stands there.
const (
	inboxPath      = "/inbox"
	outboxPath     = "/outbox"
	followersPath  = "/followers"
	moderatorsPath = "/moderators"
	featuredPath   = "/featured"
	contextPath    = "/context"
	repliesPath    = "/replies"
)

// firstPage is what the address of a collection's first page ends in; that of a
// later one ends in the place that it begins after. No address has a query:
// half of the peers sign it and half do not.
const firstPage = "/first"

// publicKey is an actor's key as its document shows it. Lemmy looks for the #.
func publicKeyOf(a community.Actor, pem string) wire.PublicKey {
	return wire.PublicKey{ID: a.URI + "#main-key", Owner: a.URI, PEM: pem}
}

// languageOf is a language tag with its English name, as Lemmy writes both; the
// zero value for what is no tag.
func languageOf(tag string) wire.Language {
	parsed, err := language.Parse(tag)
	if tag == "" || err != nil || parsed == language.Und {
		return wire.Language{}
	}
	return wire.Language{Identifier: parsed.String(), Name: display.English.Languages().Name(parsed)}
}

func languagesOf(tag string) []wire.Language {
	if l := languageOf(tag); l.Identifier != "" {
		return []wire.Language{l}
	}
	return nil
}
