package storage

import (
	"context"

	"hearth/community"
)

// threadPostRow is a post of a thread with what its reader needs beside it.
type threadPostRow struct {
	community.Post
	Author       community.Byline `bun:"embed:by_"`
	ParentAuthor string
	Blocked      bool
	WithYou      bool
	SameHere     bool
	ThankYou     bool
}

func (r threadPostRow) view() community.PostView {
	v := community.PostView{Post: r.Post, Author: r.Author, ParentAuthor: r.ParentAuthor, Blocked: r.Blocked}
	for _, g := range []struct {
		kind string
		gave bool
	}{{community.SupportWithYou, r.WithYou}, {community.SupportSameHere, r.SameHere}, {community.SupportThankYou, r.ThankYou}} {
		if g.gave {
			v.Gave = append(v.Gave, g.kind)
		}
	}
	return v
}

// ThreadPosts is a page of a thread's posts in the order they were written.
func (s *Store) ThreadPosts(ctx context.Context, ask community.ThreadPostsQuery, by community.Reader) ([]community.PostView, error) {
	var rows []threadPostRow
	in := s.planned()
	blocked, user := blocked(by.UserID, "t.author_id", "a.domain")
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr(columnsOf[community.Post](s, "t", "")).
		ColumnExpr(byline("a", "am")).ColumnExpr(blocked+" AS blocked", in.arg(user)).
		ColumnExpr("CASE WHEN p.state = 'published' THEN pa.title ELSE '' END AS parent_author").
		Join("JOIN actors AS a ON a.id = t.author_id").
		Join("LEFT JOIN memberships AS am ON am.group_id = t.group_id AND am.account_id = t.author_id AND am.state = 'active'").
		Join("LEFT JOIN posts AS p ON p.id = t.parent_id").Join("LEFT JOIN actors AS pa ON pa.id = p.author_id")
	if len(by.AccountIDs) > 0 {
		for _, kind := range community.SupportKinds() {
			q = q.ColumnExpr("EXISTS (SELECT 1 FROM supports AS s WHERE s.post_id = t.id AND s.kind = ? AND s.account_id IN (?)) AS "+kind, kind, in.list(by.AccountIDs))
		}
	}
	q = s.threadPosts(in, q, ask, by)
	page := ask.Paging
	if ask.From && !page.After.IsZero() {
		q = q.Where("(t.published_at, t.id) >= (?, ?)", in.arg(page.After.At), in.arg(page.After.ID))
		page.After = community.Cursor{}
	}
	q, reversed := inPages(in, q, page, "t.published_at", "t.id", false)
	if err := in.scan(ctx, q, &rows); err != nil {
		return nil, wrap("thread", err)
	}
	views := make([]community.PostView, len(rows))
	for i, r := range turned(rows, reversed) {
		views[i] = r.view()
	}
	return views, nil
}
