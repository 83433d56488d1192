package community

import (
	"cmp"
	"context"
	"time"
)

// How often a person may take their data along, and how many posts are read at once.
const (
	exportsMost   = 5
	exportsWindow = time.Hour
	exportPage    = 100
)

// Export is all of the person looking but their posts, suspended or not. TooMany
// after five in an hour.
func (s *Service) Export(ctx context.Context, v Viewer) (e Export, err error) {
	if v.User == nil {
		return e, fail(NotFound, "error.not_found")
	}
	n, err := s.store.CountTry(ctx, tryKey("export", v.User.ID), s.now(), exportsWindow)
	if err == nil && n > exportsMost {
		err = fail(TooMany, "export.slow_down")
	}
	if err != nil {
		return e, err
	}
	site, err := s.store.Site(ctx)
	if err != nil {
		return e, err
	}
	e.Form, e.Server, e.MadeAt = 1, site.Base(), s.now()
	e.setProfile(*v.User, v.Accounts)
	err = s.gather(ctx, v, &e)
	e.Consents, e.Memberships, e.Reports = listed(e.Consents), listed(e.Memberships), listed(e.Reports)
	e.Decisions, e.Support, e.Blocks, e.Devices = listed(e.Decisions), listed(e.Support), listed(e.Blocks), listed(e.Devices)
	return e, err
}

// listed is a list also where it is empty: what is not there is [] in the file.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (e *Export) setProfile(u User, accounts []Account) {
	e.Profile.SignInName, e.Profile.Role, e.Profile.Since = u.Login, u.Role, u.CreatedAt
	e.Profile.Language, e.Profile.Zone, e.Profile.Country = u.Language, u.Zone, u.Country
	if u.Email != nil {
		e.Profile.Email = *u.Email
	}
	for _, a := range accounts {
		e.Names = append(e.Names, ExportedName{Address: a.URI, Name: a.Title, About: a.About, Since: a.CreatedAt, KnownSince: a.DisclosedAt})
	}
}

// gather reads what is the person's, each kind in one read.
func (s *Service) gather(ctx context.Context, v Viewer, e *Export) (err error) {
	ids := v.AccountIDs()
	if e.Memberships, err = s.store.ExportedMemberships(ctx, ids); err != nil {
		return err
	}
	if e.Consents, err = s.store.ExportedConsents(ctx, v.User.ID); err != nil {
		return err
	}
	if e.Reports, err = s.store.ExportedReports(ctx, ids); err != nil {
		return err
	}
	if e.Support, err = s.store.ExportedSupport(ctx, ids); err != nil {
		return err
	}
	blocks, err := s.store.Blocks(ctx, v.User.ID)
	if err != nil {
		return err
	}
	for _, b := range blocks {
		line := ExportedBlock{Kind: b.Kind, Since: b.Since}
		if b.Kind == BlockServer {
			line.Server = b.What
		}
		e.Blocks = append(e.Blocks, line)
	}
	devices, err := s.SignIns(ctx, v)
	if err != nil {
		return err
	}
	for _, d := range devices {
		e.Devices = append(e.Devices, ExportedDevice{d.Device, d.CreatedAt, d.SeenAt})
	}
	decided, err := s.store.DecisionsAbout(ctx, ids, v.User.ID)
	for _, d := range decided {
		words := d.Payload.Words()
		e.Decisions = append(e.Decisions, ExportedDecision{
			Kind: d.Kind, Post: d.PostURI, Rule: cmp.Or(words.Rule, d.Rule), Reason: words.Reason, Until: d.Until, DecidedAt: d.DecidedAt,
		})
	}
	return err
}

// ExportPosts is a page of the posts of the person looking, or of their drafts,
// in the order they were begun, after a place; next is where the next one begins,
// empty after the last.
func (s *Service) ExportPosts(ctx context.Context, v Viewer, drafts bool, after string) (page []ExportedPost, next string, err error) {
	if v.User == nil {
		return nil, "", fail(NotFound, "error.not_found")
	}
	posts, err := s.store.PostsToExport(ctx, v.AccountIDs(), drafts, after, exportPage)
	if err != nil || len(posts) == 0 {
		return nil, "", err
	}
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	versions, err := s.store.VersionsOf(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	before := map[string][]ExportedVersion{}
	for _, old := range versions {
		before[old.PostID] = append(before[old.PostID], ExportedVersion{old.Version, old.Title, old.Source, old.WrittenAt})
	}
	for _, p := range posts {
		page = append(page, p.exported(before[p.ID]))
	}
	if len(posts) == exportPage {
		next = posts[exportPage-1].ID
	}
	return page, next, nil
}

func (p PostToExport) exported(before []ExportedVersion) ExportedPost {
	return ExportedPost{
		Address: p.URI, Group: p.GroupURI, GroupTitle: p.GroupTitle, InReplyTo: cmp.Or(p.InReplyToURI, p.ParentURI), State: p.State,
		Title: p.Title, NoteTopics: p.Topics(), NoteText: p.NoteText, Language: p.Language, Source: p.Source, HTML: p.HTML,
		PublishedAt: p.PublishedAt, EditedAt: p.EditedAt, Versions: before,
	}
}
