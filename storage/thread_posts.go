package storage

import (
	"context"
	"slices"
	"strings"

	"hearth/community"
)

// threadPostRow is a post of a thread with what its reader needs beside it.
type threadPostRow struct {
	community.Post
	Author       community.Byline `bun:"embed:by_"`
	ParentAuthor string
	Blocked      bool
	Gave         *string // kinds of support, with commas between
}

func (r threadPostRow) view() community.PostView {
	v := community.PostView{Post: r.Post, Author: r.Author, ParentAuthor: r.ParentAuthor, Blocked: r.Blocked}
	if r.Gave == nil {
		return v
	}
	gave := strings.Split(*r.Gave, ",")
	for _, kind := range community.SupportKinds() {
		if slices.Contains(gave, kind) {
			v.Gave = append(v.Gave, kind)
		}
	}
	return v
}

// notInThreads are the columns of a post that community.ThreadStore leaves out of
// its lists: a page has many posts and shows none of these.
var notInThreads = []string{"url", "link", "in_reply_to_uri", "before_away", "before_freeze", "renderer", "replaces"}

// ThreadPosts is a page of a thread's posts in the order they were written.
func (s *Store) ThreadPosts(ctx context.Context, ask community.ThreadPostsQuery, by community.Reader) ([]community.PostView, error) {
	var rows []threadPostRow
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr(columnsOf[community.Post](s, "t", "", notInThreads...)).
		ColumnExpr(byline("a", "am")).ColumnExpr(blocked("t.author_id", "a.domain")+" AS blocked", in.arg(by.UserID)).
		ColumnExpr("CASE WHEN p.state = 'published' THEN pa.title ELSE '' END AS parent_author").
		Join("JOIN actors AS a ON a.id = t.author_id").
		Join("LEFT JOIN memberships AS am ON am.group_id = t.group_id AND am.account_id = t.author_id AND am.state = 'active'").
		Join("LEFT JOIN posts AS p ON p.id = t.parent_id").Join("LEFT JOIN actors AS pa ON pa.id = p.author_id")
	if len(by.AccountIDs) > 0 {
		q = q.ColumnExpr("(SELECT string_agg(s.kind, ',') FROM supports AS s WHERE s.post_id = t.id AND s.account_id IN (?)) AS gave", in.list(by.AccountIDs))
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
