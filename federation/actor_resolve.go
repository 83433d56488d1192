package federation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hearth/community"
	"hearth/community/markup"
	"hearth/federation/wire"
)

// errOtherActor is an actor's address that another actor answers at.
var errOtherActor = errors.New("another actor answers there")

// account is the account of an actor elsewhere, as it is known; fetched where it
// never was, or not for a day. A stale one whose server does not answer is
// better than none.
func (f *Federation) account(ctx context.Context, uri string) (community.Account, error) {
	known, err := f.store.ActorByURI(ctx, uri)
	if err != nil && !errors.Is(err, community.NotFound) {
		return community.Account{}, err
	}
	isKnown := err == nil
	if isKnown && (known.IsLocal() || !known.IsStale(f.now())) {
		return f.store.Account(ctx, known.ID)
	}
	doc, err := f.fetchActor(ctx, uri)
	if err != nil && isKnown && !errors.Is(err, FetchGone) {
		return f.store.Account(ctx, known.ID)
	}
	if err != nil {
		return community.Account{}, err
	}
	if isKnown {
		if err := f.confirmName(ctx, known, doc); err != nil && !errors.Is(err, FetchUnreachable) {
			return community.Account{}, err
		}
	}
	return f.service.SaveRemoteAccount(ctx, accountOf(doc, domainOfURI(uri, f.iriOptions())))
}

// fetchActor gets an actor's document, judged by policy before any network and
// held to its own name afterwards.
func (f *Federation) fetchActor(ctx context.Context, uri string) (*wire.Actor, error) {
	if err := f.mayAsk(ctx, uri); err != nil {
		return nil, err
	}
	body, final, err := f.fetcher.Document(ctx, uri)
	if err != nil {
		return nil, err
	}
	if final != uri {
		return nil, fmt.Errorf("federation: %s: %w", uri, errOtherActor)
	}
	return f.soundActor(body, final)
}

// soundActor reads an actor's document that was found under an id, and holds it
// to that and to its own origin.
func (f *Federation) soundActor(body []byte, id string) (*wire.Actor, error) {
	doc, err := wire.DecodeActor(body)
	switch {
	case err != nil:
		return nil, err
	case doc.ID != id:
		return nil, fmt.Errorf("federation: %s: %w", id, errOtherActor)
	case doc.Refusal() != nil:
		return nil, doc.Refusal()
	}
	f.rememberProofKeys(doc)
	return doc, f.checkInboxes(doc)
}

// checkInboxes holds the inboxes to the actor's own origin: nobody has their
// mail sent to a third server.
func (f *Federation) checkInboxes(doc *wire.Actor) error {
	if !wire.SameOrigin(doc.ID, doc.Inbox) {
		return wire.Error{Reason: wire.NoInbox}
	}
	if doc.SharedInbox != "" && !wire.SameOrigin(doc.ID, doc.SharedInbox) {
		doc.SharedInbox = ""
	}
	return nil
}

// domainOfURI is the domain that an id stands on, or empty.
func domainOfURI(uri string, opts wire.IRIOptions) string {
	origin, err := wire.ParseIRI(uri, opts)
	if err != nil {
		return ""
	}
	return origin.Domain()
}

// actorOf is what is kept of any actor elsewhere.
func actorOf(doc *wire.Actor, domain string) community.Actor {
	a := community.Actor{
		URI: doc.ID, Type: doc.Type, Domain: domain, Name: community.Fold(doc.PreferredUsername), Title: markup.Excerpt(doc.Name, 100),
		URL: pageOf(doc.ID, doc.URL), Inbox: doc.Inbox, SharedInbox: doc.SharedInbox, MovedTo: doc.MovedTo,
	}
	if strings.TrimSpace(a.Title) == "" {
		a.Title = doc.PreferredUsername
	}
	return a
}

// pageOf is where something elsewhere is read: the address that it names, if
// that is on its own server, and else its id. A page of ours leads nobody where
// its sender has no say (CVE-2024-52591).
func pageOf(id, url string) string {
	if wire.SameOrigin(id, url) {
		return url
	}
	return id
}

func accountOf(doc *wire.Actor, domain string) community.Account {
	return community.Account{
		Actor: actorOf(doc, domain), About: doc.Source.Content, AboutHTML: markup.Sanitize(doc.Summary), Indexable: doc.Indexable,
	}
}
