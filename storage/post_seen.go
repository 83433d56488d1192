package storage

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// PostSeen is a post with its root, its group, and a reader's membership, read
// mark and newest unfinished draft in the thread, in one read.
func (s *Store) PostSeen(ctx context.Context, id string, by community.Reader) (community.PostSeen, error) {
	var rows []struct {
		Post       community.Post       `bun:"embed:p_"`
		Root       community.Post       `bun:"embed:r_"`
		Group      community.Group      `bun:"embed:g_"`
		Own        community.Membership `bun:"embed:own_"`
		ReadUntil  *time.Time
		Unfinished string
		Agreed     bool
	}
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS p").
		ColumnExpr(columnsOf[community.Post](s, "p", "p_")).ColumnExpr(columnsOf[community.Post](s, "r", "r_")).
		ColumnExpr(columnsOf[community.Actor](s, "ga", "g_")).ColumnExpr(columnsOf[groupRow](s, "g", "g_")).
		Join("JOIN posts AS r ON r.id = p.thread_id").
		Join("JOIN groups AS g ON g.actor_id = p.group_id").Join("JOIN actors AS ga ON ga.id = p.group_id")
	if len(by.AccountIDs) > 0 {
		q = q.ColumnExpr(membershipColumns("m", "own_")).ColumnExpr("mark.read_until").
			ColumnExpr("(SELECT max(d.id) FROM posts AS d WHERE d.thread_id = p.thread_id AND d.state = 'draft' AND d.author_id IN (?)) AS unfinished", in.list(by.AccountIDs)).
			ColumnExpr("EXISTS (SELECT 1 FROM consents AS c WHERE c.account_id = m.account_id AND c.group_id = p.group_id AND c.scope = ? AND c.withdrawn_at IS NULL) AS agreed", community.ConsentFederate).
			Join("LEFT JOIN memberships AS m ON m.id = (?)", s.viewerMembershipID(in, "p.group_id", by.AccountIDs, by.Now)).
			Join("LEFT JOIN read_marks AS mark ON mark.user_id = ? AND mark.thread_id = p.thread_id", in.arg(by.UserID))
	}
	row, err := first(&rows, in.scan(ctx, q.Where("p.id = ?", in.arg(id)), &rows))
	return community.PostSeen{Post: row.Post, Root: row.Root, Group: row.Group, Membership: row.Own,
		ReadUntil: row.ReadUntil, Unfinished: row.Unfinished, Agreed: row.Agreed}, wrap("post", err)
}

// columnsOf lists all columns of T's table alias but some, each under a prefix.
func columnsOf[T any](s *Store, alias, prefix string, but ...string) string {
	var columns []string
	for _, f := range s.read.Dialect().Tables().Get(reflect.TypeFor[T]()).Fields {
		if slices.Contains(but, f.Name) {
			continue
		}
		columns = append(columns, alias+"."+f.Name+" AS "+prefix+f.Name)
	}
	return strings.Join(columns, ", ")
}

// blocked says whether the person of an id, its only argument, blocked an author
// (two expressions for the author's id and domain); false for visitors. What they
// blocked is read once, however many authors there are.
func blocked(author, domain string) (expr string) {
	return "(" + author + " IN (SELECT b.what FROM blocks AS b WHERE b.user_id = ?0 AND b.kind = 'account') OR " +
		domain + " IN (SELECT b.what FROM blocks AS b WHERE b.user_id = ?0 AND b.kind = 'server'))"
}

// PostsOf are an author's published posts in groups that the reader is in, the
// newest first.
func (s *Store) PostsOf(ctx context.Context, authorID string, by community.Reader, page community.Paging) ([]community.AuthorPost, error) {
	if len(by.AccountIDs) == 0 {
		return nil, nil
	}
	var rows []community.AuthorPost
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr("t.*").
		ColumnExpr("CASE WHEN r.state = 'published' THEN r.title ELSE '' END AS thread_title, r.state AS thread_state").
		ColumnExpr("ga.title AS group_title, ga.name AS group_name, ga.domain AS group_domain, g.sensitive").
		Join("JOIN posts AS r ON r.id = t.thread_id").Join("JOIN actors AS ga ON ga.id = t.group_id").
		Join("JOIN groups AS g ON g.actor_id = t.group_id").
		Where("t.author_id = ? AND t.state = 'published'", authorID).
		Where("t.group_id IN (SELECT m.group_id FROM memberships AS m WHERE m.account_id IN (?) AND m.state = 'active')", bun.List(by.AccountIDs))
	q, reversed := inPages(nil, q, page, "t.published_at", "t.id", true)
	err := q.Scan(ctx)
	return turned(rows, reversed), wrap("posts", err)
}
