package community

import "context"

// Threads is a page of a group's threads as one Viewer may see them; the pinned
// ones come apart, with the first page only. group comes from GroupView for the
// same Viewer. There are none where they may not read.
func (s *Service) Threads(ctx context.Context, v Viewer, group GroupView, order string, ask Paging) (page Page[ThreadSummary], pinned []ThreadSummary, err error) {
	now := s.now()
	q := ThreadsQuery{
		GroupIDs: []string{group.Group.ID}, Order: order, PinnedFirst: true,
		Readers: readersOpenTo(v, group.Group, group.Membership, now),
		Hidden:  mayModerate(v, group.Membership, now),
	}
	if len(q.Readers) == 0 {
		return page, nil, nil
	}
	return s.threads(ctx, v, q, ask)
}

// Home is a page of the threads of all groups that the person is in, by the
// order they chose.
func (s *Service) Home(ctx context.Context, v Viewer, ask Paging) (Page[ThreadSummary], error) {
	if !v.IsMember(s.now()) {
		return Page[ThreadSummary]{}, nil
	}
	groups, err := s.store.GroupsOf(ctx, v.AccountIDs())
	if err != nil || len(groups) == 0 {
		return Page[ThreadSummary]{}, err
	}
	page, _, err := s.threads(ctx, v, ThreadsQuery{
		GroupIDs: groups, Order: v.User.HomeOrder, Readers: []string{ReadersAnyone, ReadersInstance, ReadersMembers},
	}, ask)
	return page, err
}

// IsInGroups says whether the person is in any group at all.
func (s *Service) IsInGroups(ctx context.Context, v Viewer) (bool, error) {
	groups, err := s.store.GroupsOf(ctx, v.AccountIDs())
	return len(groups) > 0, err
}

// threads is one page of a query, and the pinned threads before it.
func (s *Service) threads(ctx context.Context, v Viewer, q ThreadsQuery, ask Paging) (page Page[ThreadSummary], pinned []ThreadSummary, err error) {
	ask.Limit = ThreadsPage + 1
	q.Paging = ask
	list, err := s.store.Threads(ctx, q, s.reader(v))
	if err != nil {
		return page, nil, err
	}
	for q.PinnedFirst && len(list) > 0 && list[0].PinnedAt != nil {
		pinned, list = append(pinned, list[0]), list[1:]
	}
	page = paged(list, ask, func(t ThreadSummary) Cursor { return t.place(q.Order) })
	for _, threads := range [][]ThreadSummary{pinned, page.Items} {
		for i := range threads {
			threads[i].hideWords(v, q.Hidden)
		}
	}
	return page, pinned, nil
}

// hideWords takes out of a summary what maySeeWords keeps from the reader.
func (t *ThreadSummary) hideWords(v Viewer, moderates bool) {
	if t.State == PostAway {
		t.State = PostDeleted
	}
	if t.State == PostPublished || t.State != PostDeleted && (moderates || v.Owns(t.Author.ID)) {
		return
	}
	t.Title, t.NoteTopics, t.NoteText, t.Wants, t.Author = "", "", "", "", Byline{}
}
