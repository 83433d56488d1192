package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// Bounds of the authors that a backfill asks other servers for: of one server, and of
// all. Whoever runs a group names whom they like as the authors of its past
// (docs/decisions/0034).
const (
	authorsOfOne = 20
	authorsOfAll = 200
)

// author is the id of the account that wrote something; empty where nobody known
// did, and who does not say so themselves. Whoever is not known is asked for at their
// own server: only it can say who they are.
func (b *backfill) author(ctx context.Context, uri string) (id string, err error) {
	known, err := b.f.store.ActorByURI(ctx, uri)
	switch {
	case err == nil && (known.Type == community.ActorGroup || known.IsLocal() || known.GoneAt != nil):
		return "", nil
	case err == nil:
		return known.ID, nil
	case !errors.Is(err, community.NotFound):
		return "", err
	case b.absent[uri]:
		return "", nil
	}
	fetch := b.fetchAuthor
	if !b.isAtHome(uri) {
		fetch = b.fetchElsewhere
	}
	account, err := fetch(ctx, uri)
	if errors.Is(err, errAbsent) {
		b.absent[uri] = true
		return "", nil
	}
	return account.ID, err
}

func (b *backfill) fetchAuthor(ctx context.Context, uri string) (community.Account, error) {
	body, err := b.ask(ctx, uri, b.f.fetcher.AtHome)
	if err != nil {
		return community.Account{}, err
	}
	return b.keepAuthor(ctx, body, uri, b.group.Domain)
}

func (b *backfill) keepAuthor(ctx context.Context, body []byte, uri, domain string) (community.Account, error) {
	doc, err := b.f.soundActor(body, uri)
	if err != nil || doc.Type == community.ActorGroup {
		return community.Account{}, errAbsent
	}
	account, err := b.f.service.SaveRemoteAccount(ctx, accountOf(doc, domain))
	if errors.Is(err, community.Conflict) {
		err = errAbsent
	}
	return account, err
}

// fetchElsewhere asks another server for one of its people. Nobody waits for one that
// does not answer: it is asked nothing more by this job.
func (b *backfill) fetchElsewhere(ctx context.Context, uri string) (community.Account, error) {
	domain := domainOfURI(uri, b.f.iriOptions())
	if domain == "" || b.isPastRefused(domain) || !b.mayAskElsewhere(domain) {
		return community.Account{}, errAbsent
	}
	body, err := b.askOnce(ctx, uri, b.f.fetcher.AtHome)
	var fetch *FetchError
	if errors.As(err, &fetch) {
		if fetch.Fault == FetchUnreachable {
			b.past.Elsewhere[domain] = authorsOfOne
		}
		return community.Account{}, errAbsent
	}
	if err != nil {
		return community.Account{}, err
	}
	return b.keepAuthor(ctx, body, uri, domain)
}

// mayAskElsewhere counts a question to another server, where there is one left.
func (b *backfill) mayAskElsewhere(domain string) bool {
	all := 0
	for _, n := range b.past.Elsewhere {
		all += n
	}
	if all >= authorsOfAll || b.past.Elsewhere[domain] >= authorsOfOne || b.past.Asked >= backfillAsks {
		return false
	}
	if b.past.Elsewhere == nil {
		b.past.Elsewhere = map[string]int{}
	}
	b.past.Elsewhere[domain]++
	return true
}

// takeModerators asks the group's server who looks after it, and takes in the first
// of them.
func (b *backfill) takeModerators(ctx context.Context) error {
	ids, err := b.listModerators(ctx)
	if err != nil || ids == nil {
		return err
	}
	if err := b.f.service.KeepModeratorsThere(ctx, b.group.ID, ids); err != nil {
		return err
	}
	for _, uri := range ids[:min(len(ids), maxNamed)] {
		if b.f.isOurs(uri) {
			continue
		}
		if _, err := b.author(ctx, uri); err != nil {
			return err
		}
	}
	return nil
}

// listModerators is the list as the group's server shows it; nil where it does not
// show all of it, which leaves what is known as it is.
func (b *backfill) listModerators(ctx context.Context) (ids []string, err error) {
	list := b.group.ModeratorsURI
	for page := 0; page < maxModeratorPages && b.isAtHome(list); page++ {
		body, err := b.ask(ctx, list, b.f.fetcher.ListAtHome)
		if errors.Is(err, errAbsent) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		shown, err := wire.DecodeCollection(body)
		if err != nil {
			return nil, nil
		}
		if ids == nil {
			ids = []string{}
		}
		for _, one := range shown.Inline() {
			if one.ID != "" {
				ids = append(ids, one.ID)
			}
		}
		list = shown.More()
	}
	return ids, nil
}
