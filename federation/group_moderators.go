package federation

import (
	"context"
	"errors"

	"hearth/community"
	"hearth/federation/wire"
)

// maxModeratorPages bounds the pages of one list of moderators, and maxNamed the
// moderators whose names are asked for: FEP-1b12 has the whole list in one document.
const (
	maxModeratorPages = 3
	maxNamed          = 20
)

// keepGroup keeps what a group elsewhere says of itself, and those who look after
// it where its document names them (PeerTube).
func (f *Federation) keepGroup(ctx context.Context, doc *wire.Actor, domain string) (community.Group, error) {
	g, err := f.service.SaveRemoteGroup(ctx, groupOfDocument(doc, domain))
	if err != nil || len(doc.ModeratorIDs) == 0 {
		return g, err
	}
	return g, f.service.KeepModeratorsThere(ctx, g.ID, doc.ModeratorIDs)
}

// refreshModerators asks a group's server who looks after it, and the servers of
// those who are not known here for their names. What cannot be had now stays as it
// was.
func (f *Federation) refreshModerators(ctx context.Context, g community.Group) error {
	if g.ModeratorsURI != "" && wire.SameOrigin(g.ModeratorsURI, g.URI) {
		ids, err := f.fetchModerators(ctx, g.ModeratorsURI)
		if err == nil {
			err = f.service.KeepModeratorsThere(ctx, g.ID, ids)
		}
		if err != nil && !isFetch(err) {
			return err
		}
	}
	return f.nameModerators(ctx, g)
}

func (f *Federation) fetchModerators(ctx context.Context, uri string) (ids []string, err error) {
	home := uri
	for range maxModeratorPages {
		if err := f.mayAsk(ctx, uri); err != nil {
			return nil, &FetchError{Fault: FetchRefused, URL: uri, Err: err}
		}
		body, final, err := f.fetcher.Document(ctx, uri)
		if err != nil {
			return nil, err
		}
		list, err := wire.DecodeCollection(body)
		if err != nil {
			return nil, &FetchError{Fault: FetchNotAcceptable, URL: final, Err: err}
		}
		for _, one := range list.Inline() {
			if one.ID != "" {
				ids = append(ids, one.ID)
			}
		}
		if uri = list.More(); uri == "" || !wire.SameOrigin(uri, home) {
			return ids, nil
		}
	}
	return ids, nil
}

// nameModerators takes in those of them that are not known here.
func (f *Federation) nameModerators(ctx context.Context, g community.Group) error {
	uris, err := f.store.ModeratorsThere(ctx, g.ID)
	if err != nil {
		return err
	}
	for _, uri := range uris[:min(len(uris), maxNamed)] {
		if f.isOurs(uri) {
			continue
		}
		if _, err := f.account(ctx, uri); ctx.Err() != nil {
			return err
		}
	}
	return nil
}

func isFetch(err error) bool {
	var fetch *FetchError
	return errors.As(err, &fetch)
}
