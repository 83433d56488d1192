package community

import "context"

// PostsPage is how many posts of one author stand on a page.
const PostsPage = 20

// PostsOf is a page of an account's posts, the newest first: those in groups
// that the Viewer is in as well, and no others. Nobody learns from it where
// else somebody is.
func (s *Service) PostsOf(ctx context.Context, v Viewer, accountID string, ask Paging) (Page[AuthorPost], error) {
	if !v.IsMember(s.now()) {
		return Page[AuthorPost]{}, nil
	}
	ask.Limit = PostsPage + 1
	list, err := s.store.PostsOf(ctx, accountID, s.reader(v), ask)
	if err != nil {
		return Page[AuthorPost]{}, err
	}
	return paged(list, ask, func(p AuthorPost) Cursor { return Cursor{p.PublishedAt, p.ID} }), nil
}
