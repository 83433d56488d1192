package federation

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// Kinds of what an address leads to.
const (
	FoundGroup   = "group"
	FoundAccount = "account"
	FoundPost    = "post"
)

// Found is what an address leads to, as it is known here.
type Found struct {
	Kind   string
	ID     string // ours
	Handle string // of a group or account: the bare name of one of here
}

// IsAddress says whether a text is one that Lookup reads, and no words: a handle
// with its sign (!group@host, @person@host, acct:), or an https address. A bare
// name@host is not: it may be somebody's mail address.
func (f *Federation) IsAddress(text string) bool {
	_, _, ok := f.readAddress(text)
	return ok
}

// readAddress gives a handle, or an address and the domain it stands on.
func (f *Federation) readAddress(text string) (handle wire.Handle, address string, ok bool) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "://") {
		_, err := wire.ParseIRI(text, f.iriOptions())
		return handle, text, err == nil
	}
	if !strings.HasPrefix(text, "acct:") && (text == "" || !strings.ContainsRune("!@~", rune(text[0]))) {
		return handle, "", false
	}
	handle, err := wire.ParseHandle(text, f.iriOptions())
	return handle, "", err == nil
}

// Lookup finds a group, a person or a post by its address: of here without any
// network, of elsewhere by WebFinger and by its document, which is then kept. A
// post elsewhere that is not known here leads to its group. Whether somebody may
// ask is the caller's to judge; whether their server is talked to is judged here,
// before any network.
//
// Errors are *community.Error with a sentence: Invalid for what is no address, or
// leads to nothing that can be shown here; Forbidden for a server that is
// refused, or that shows it to nobody here; NotFound; Unavailable for a server
// that does not answer.
func (f *Federation) Lookup(ctx context.Context, text string) (Found, error) {
	handle, address, ok := f.readAddress(text)
	switch {
	case !ok:
		return Found{}, lookupFailed(community.Invalid, "lookup.not_address", "")
	case address != "":
		found, err := f.lookupAddress(ctx, address)
		return found, lookupError(err, domainOfURI(address, f.iriOptions()))
	}
	found, err := f.lookupHandle(ctx, handle)
	return found, lookupError(err, handle.Host)
}

func (f *Federation) lookupHandle(ctx context.Context, handle wire.Handle) (Found, error) {
	name := community.Fold(handle.Name)
	if handle.Host == f.config.Host {
		a, err := f.store.ActorByName(ctx, "", name)
		return foundActor(a), err
	}
	if err := f.mayAsk(ctx, siteOf(handle.Host)); err != nil {
		return Found{}, err
	}
	known, err := f.store.ActorByName(ctx, handle.Host, name)
	if err == nil && known.GoneAt == nil && !known.IsStale(f.now()) {
		return foundActor(known), nil
	}
	if err != nil && !errors.Is(err, community.NotFound) {
		return Found{}, err
	}
	settled, jrd, fetched := f.fetcher.WebFinger(ctx, handle.Name, handle.Host)
	if fetched != nil {
		return f.orKnown(known, err == nil, fetched)
	}
	doc, fetched := f.fetchActor(ctx, jrd.ActorID(community.ActorGroup))
	if fetched != nil {
		return f.orKnown(known, err == nil, fetched)
	}
	if !f.isNamed(doc, settled) {
		_, fetched = f.fetcher.ConfirmHandle(ctx, doc.ID, doc.PreferredUsername)
	}
	if fetched != nil {
		return Found{}, fetched
	}
	return f.takeIn(ctx, doc)
}

// orKnown is what was known before, where its server only does not answer now. A
// group that its server does not know any more is asked for once more by itself.
func (f *Federation) orKnown(known community.Actor, isKnown bool, err error) (Found, error) {
	if isKnown && errors.Is(err, FetchGone) {
		f.doubt(&known.ID)
	}
	if isKnown && known.GoneAt == nil && errors.Is(err, FetchUnreachable) {
		return foundActor(known), nil
	}
	return Found{}, err
}

// isNamed says whether a handle that WebFinger settled on is the one that the
// document gives, so that it need not be asked for again.
func (f *Federation) isNamed(doc *wire.Actor, handle wire.Handle) bool {
	return strings.EqualFold(doc.PreferredUsername, handle.Name) && handle.Host == domainOfURI(doc.ID, f.iriOptions())
}

func (f *Federation) lookupAddress(ctx context.Context, address string) (Found, error) {
	if domainOfURI(address, f.iriOptions()) == f.config.Host {
		return f.lookupHere(ctx, address)
	}
	if err := f.mayAsk(ctx, address); err != nil {
		return Found{}, err
	}
	found, err := f.knownAddress(ctx, address)
	if !errors.Is(err, community.NotFound) {
		return found, err
	}
	body, id, err := f.fetcher.Document(ctx, address)
	if err != nil {
		return Found{}, err
	}
	if err := f.mayAsk(ctx, id); err != nil {
		return Found{}, err
	}
	_, kind, err := wire.Peek(body)
	if err != nil {
		return Found{}, err
	}
	if !wire.IsActorType(kind) {
		return f.groupOfPost(ctx, body)
	}
	doc, err := f.soundActor(body, id)
	if err != nil {
		return Found{}, err
	}
	return f.confirmAndTakeIn(ctx, doc)
}

// knownAddress is what is known under an id and fresh; NotFound where nothing is.
func (f *Federation) knownAddress(ctx context.Context, address string) (Found, error) {
	a, err := f.store.ActorByURI(ctx, address)
	switch {
	case err == nil && a.GoneAt == nil && !a.IsStale(f.now()):
		return foundActor(a), nil
	case err == nil:
		return Found{}, community.NotFound
	case !errors.Is(err, community.NotFound):
		return Found{}, err
	}
	p, err := f.store.PostByURI(ctx, address)
	return Found{Kind: FoundPost, ID: p.ID}, err
}

// lookupHere reads an address of this server, without any network.
func (f *Federation) lookupHere(ctx context.Context, address string) (Found, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Found{}, err
	}
	switch where := addressOf(u.Path); where.kind {
	case "name":
		name, domain, _ := strings.Cut(community.Fold(where.what), "@")
		a, err := f.store.ActorByName(ctx, domain, name)
		return foundActor(a), err
	case "group", "person":
		a, err := f.store.Actor(ctx, where.what)
		return foundActor(a), err
	case "post":
		return Found{Kind: FoundPost, ID: where.what}, nil
	}
	return Found{}, community.NotFound
}

// maxAsked bounds the actors that one post's address makes us ask for.
const maxAsked = 3

// groupOfPost leads from a post to its group: the first of those it is addressed
// to that is one.
func (f *Federation) groupOfPost(ctx context.Context, body []byte) (Found, error) {
	post, err := wire.DecodePost(body)
	if err != nil {
		return Found{}, err
	}
	asked := 0
	for _, uri := range wire.GroupCandidatesOf(post) {
		found, err := f.knownAddress(ctx, uri)
		if errors.Is(err, community.NotFound) && asked < maxAsked {
			asked++
			found, err = f.lookupActor(ctx, uri)
		}
		if err == nil && found.Kind == FoundGroup {
			return found, nil
		}
	}
	return Found{}, errNothingHere
}

func (f *Federation) lookupActor(ctx context.Context, uri string) (Found, error) {
	doc, err := f.fetchActor(ctx, uri)
	if err != nil {
		return Found{}, err
	}
	return f.confirmAndTakeIn(ctx, doc)
}

func (f *Federation) confirmAndTakeIn(ctx context.Context, doc *wire.Actor) (Found, error) {
	if _, err := f.fetcher.ConfirmHandle(ctx, doc.ID, doc.PreferredUsername); err != nil {
		return Found{}, err
	}
	return f.takeIn(ctx, doc)
}

// takeIn keeps a sound and confirmed actor. It is known by the domain that its
// id stands on, which is the one that policies are made for.
func (f *Federation) takeIn(ctx context.Context, doc *wire.Actor) (Found, error) {
	domain := domainOfURI(doc.ID, f.iriOptions())
	if doc.Type == community.ActorGroup {
		g, err := f.keepGroup(ctx, doc, domain)
		f.askLater(inDoubt{id: g.ID, moderators: true})
		return foundActor(g.Actor), err
	}
	a, err := f.service.SaveRemoteAccount(ctx, accountOf(doc, domain))
	return foundActor(a.Actor), err
}

func foundActor(a community.Actor) Found {
	kind := FoundAccount
	if a.Type == community.ActorGroup {
		kind = FoundGroup
	}
	return Found{Kind: kind, ID: a.ID, Handle: a.Handle()}
}
