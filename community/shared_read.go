package community

import (
	"context"

	"hearth/community/policy"
)

// SharedOnAPage is how many ids stand on a page of a thread's collection, and
// SharedRoots how many whole posts on one of a group's.
const (
	SharedOnAPage = 200
	SharedRoots   = 50
)

// SharedGroup finds a group of this server for whoever asks from outside.
// NotFound where they may not know of it, Gone where they might have.
func (s *Service) SharedGroup(ctx context.Context, v Viewer, find GroupRef) (SharedGroup, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return SharedGroup{}, err
	}
	g, err := s.store.SharedGroup(ctx, find, v.Domain)
	if err == nil && !mayShareGroup(v, site, g.Group, g.Tie) {
		err = fail(NotFound, "error.not_found")
	}
	if err == nil {
		err = s.speaksWith(ctx, v, g.ID)
	}
	if err != nil {
		return SharedGroup{}, err
	}
	if g.GoneAt != nil {
		return g, fail(Gone, "error.gone")
	}
	return g, nil
}

// speaksWith is NotFound for a verified server that a group has no contact with: to it
// the group is not there.
func (s *Service) speaksWith(ctx context.Context, v Viewer, groupID string) error {
	if v.Domain == "" {
		return nil
	}
	policies, err := s.Policies(ctx)
	if err == nil && policies.JudgeIn(groupID, v.Domain).On(policy.TheirFetch) == policy.Refuse {
		err = fail(NotFound, "error.not_found")
	}
	return err
}

// SharedWithin is SharedGroup for what stands in it: its people, its posts.
func (s *Service) SharedWithin(ctx context.Context, v Viewer, id string) (SharedGroup, error) {
	g, err := s.SharedGroup(ctx, v, GroupRef{ID: id})
	if readers, _ := sharedWith(v, g.Group, g.Tie); err == nil && len(readers) == 0 {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return SharedGroup{}, err
	}
	return g, nil
}

// SharedRules are the present rules of a group.
func (s *Service) SharedRules(ctx context.Context, g SharedGroup) ([]Rule, error) {
	return s.store.Rules(ctx, g.ID, g.RulesVersion)
}

// SharedModerators are the moderators of a group that others may hear of, the
// owner first.
func (s *Service) SharedModerators(ctx context.Context, g SharedGroup) ([]Account, error) {
	all, err := s.store.ModeratorAccounts(ctx, g.ID)
	var known []Account
	for _, a := range all {
		if isDisclosed(a.Actor) && a.GoneAt == nil {
			known = append(known, a)
		}
	}
	return known, err
}

// SharedAccount is an account of this server for whoever asks from outside.
// NotFound before its person agreed to be known and while they are away, Gone
// after it was deleted.
func (s *Service) SharedAccount(ctx context.Context, id string) (Account, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return Account{}, err
	}
	a, err := s.store.Account(ctx, id)
	if err == nil && (site.IsClosed() || !a.IsLocal() || !isDisclosed(a.Actor) || a.AwayAt != nil) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return Account{}, err
	}
	if a.GoneAt != nil {
		return a, fail(Gone, "error.gone")
	}
	return a, nil
}

// SharedPost is a post that was written here, for whoever asks from outside,
// with its group. NotFound where it is not for them, Gone where it was and its
// author deleted it.
func (s *Service) SharedPost(ctx context.Context, v Viewer, id string) (SharedPost, Group, error) {
	p, g, err := s.sharedPost(ctx, v, id)
	if err != nil {
		return SharedPost{}, Group{}, err
	}
	if p.Verified != VerifiedLocal || p.State != PostPublished && p.State != PostDeleted {
		return SharedPost{}, Group{}, fail(NotFound, "error.not_found")
	}
	if p.State == PostDeleted || p.Author.GoneAt != nil {
		return p, g, fail(Gone, "error.gone")
	}
	return p, g, nil
}

// SharesPost says whether whoever asks from outside may read a post, of here or
// elsewhere, in a group: nil, NotFound or Gone, as for SharedPost.
func (s *Service) SharesPost(ctx context.Context, v Viewer, id string) error {
	p, _, err := s.sharedPost(ctx, v, id)
	switch {
	case err != nil:
		return err
	case p.State == PostDeleted:
		return fail(Gone, "error.gone")
	case p.State != PostPublished:
		return fail(NotFound, "error.not_found")
	}
	return nil
}

func (s *Service) sharedPost(ctx context.Context, v Viewer, id string) (SharedPost, Group, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return SharedPost{}, Group{}, err
	}
	p, err := s.store.SharedPost(ctx, id, v.Domain)
	if err != nil {
		return SharedPost{}, Group{}, err
	}
	g, err := s.store.Group(ctx, p.GroupID)
	if err != nil {
		return SharedPost{}, Group{}, err
	}
	if err := s.speaksWith(ctx, v, g.ID); err != nil {
		return SharedPost{}, Group{}, err
	}
	inGroup := !g.IsLocal() || mayShareGroup(v, site, g, p.Tie)
	if site.IsClosed() || !inGroup || !isDisclosed(p.Author) || !mayShareWords(v, g, p.Tie, p.Readers, p.Reach) {
		return SharedPost{}, Group{}, fail(NotFound, "error.not_found")
	}
	return p, g, nil
}

// SharedThreads is a page of a group's threads, the newest first, or all of its
// pinned ones.
func (s *Service) SharedThreads(ctx context.Context, v Viewer, g SharedGroup, pinned bool, from Cursor) (Page[SharedPost], error) {
	q := SharedQuery{GroupID: g.ID, Pinned: pinned, NewestFirst: true, Paging: Paging{After: from, Limit: SharedRoots + 1}}
	return s.sharedPosts(ctx, v, g.Group, g.Tie, q)
}

// SharedThread is a page of the posts of a thread that began here, in the order
// they were written, the root first. NotFound where id is no root.
func (s *Service) SharedThread(ctx context.Context, v Viewer, id string, from Cursor) (Page[SharedPost], Group, error) {
	p, g, err := s.SharedPost(ctx, v, id)
	if err == nil && p.ThreadID != p.ID {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return Page[SharedPost]{}, Group{}, err
	}
	q := SharedQuery{ThreadID: id, Paging: Paging{After: from, Limit: SharedOnAPage + 1}}
	page, err := s.sharedPosts(ctx, v, g, p.Tie, q)
	return page, g, err
}

// SharedReplies is a page of the direct answers to a post that was written here.
func (s *Service) SharedReplies(ctx context.Context, v Viewer, id string, from Cursor) (Page[SharedPost], error) {
	p, g, err := s.SharedPost(ctx, v, id)
	if err != nil {
		return Page[SharedPost]{}, err
	}
	q := SharedQuery{ParentID: id, Paging: Paging{After: from, Limit: SharedOnAPage + 1}}
	return s.sharedPosts(ctx, v, g, p.Tie, q)
}

func (s *Service) sharedPosts(ctx context.Context, v Viewer, g Group, tie Tie, q SharedQuery) (Page[SharedPost], error) {
	q.Readers, q.Reach = sharedWith(v, g, tie)
	if len(q.Readers) == 0 || len(q.Reach) == 0 {
		return Page[SharedPost]{}, nil
	}
	posts, err := s.store.SharedPosts(ctx, q)
	if err != nil {
		return Page[SharedPost]{}, err
	}
	return paged(posts, q.Paging, func(p SharedPost) Cursor { return Cursor{p.PublishedAt, p.ID} }), nil
}

// SharedActor finds an actor of this server that others may hear of by its
// folded name: a person, or a group as SharedGroup does.
func (s *Service) SharedActor(ctx context.Context, v Viewer, name string) (Actor, error) {
	g, err := s.SharedGroup(ctx, v, GroupRef{Name: name})
	if !isNotFound(err) {
		return g.Actor, err
	}
	a, err := s.store.AccountByName(ctx, "", name)
	if err != nil {
		return Actor{}, err
	}
	found, err := s.SharedAccount(ctx, a.ID)
	return found.Actor, err
}

// Numbers are how much there is here.
func (s *Service) Numbers(ctx context.Context) (Numbers, error) { return s.store.Numbers(ctx, s.now()) }
