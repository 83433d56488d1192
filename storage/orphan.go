package storage

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// PostsMet are the posts of some URIs, by URI, and the orphans that answer one of
// those awaited (community.OrphanStore).
func (s *Store) PostsMet(ctx context.Context, uris, awaited []string) (map[string]community.Post, []community.Post, error) {
	var rows []community.Post
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr(columnsOf[community.Post](s, "t", "")).
		Where(in.among("t.uri", uris))
	condition, arg := in.among("t.in_reply_to_uri", awaited)
	q = q.WhereOr("t.state = 'orphan' AND "+condition, arg)
	if err := in.scan(ctx, q, &rows); err != nil {
		return nil, nil, wrap("posts", err)
	}
	known, orphans := map[string]community.Post{}, []community.Post(nil)
	wanted, waited := setOf(uris), setOf(awaited)
	for _, p := range rows {
		if wanted[p.URI] {
			known[p.URI] = p
		}
		if p.State == community.PostOrphan && waited[p.InReplyToURI] {
			orphans = append(orphans, p)
		}
	}
	return known, orphans, nil
}

func setOf(values []string) map[string]bool {
	set := make(map[string]bool, len(values))
	for _, v := range values {
		set[v] = true
	}
	return set
}

// Orphans are those of some posts, by post.
func (s *Store) Orphans(ctx context.Context, postIDs []string) (map[string]community.Orphan, error) {
	rows, err := some[community.Orphan](ctx, s, "orphans", "t.post_id", postIDs)
	return byKey(rows, func(o community.Orphan) string { return o.PostID }), err
}

// InsertOrphans stores that posts wait.
func (s *Store) InsertOrphans(ctx context.Context, all []community.Orphan) error {
	return insertAll(ctx, s, "orphans", all)
}

// Waiters are community.OrphanStore's.
func (s *Store) Waiters(ctx context.Context, groupID, host string) (all []community.Waiter, err error) {
	err = s.read.NewRaw(`SELECT o.post_id, o.group_id, o.host, p.author_id FROM orphans AS o JOIN posts AS p ON p.id = o.post_id
		WHERE o.group_id = ? OR o.host = ? ORDER BY o.came_at, o.post_id`, groupID, host).Scan(ctx, &all)
	return all, wrap("orphans", err)
}

// ChangeOrphan is community.OrphanStore's.
func (s *Store) ChangeOrphan(ctx context.Context, postID, mentioned string) error {
	_, err := s.write.NewRaw("UPDATE orphans SET mentioned = ? WHERE post_id = ?", mentioned, postID).Exec(ctx)
	return wrap("orphans", err)
}

// JoinOrphans ends that posts wait.
func (s *Store) JoinOrphans(ctx context.Context, postIDs []string) error {
	if len(postIDs) == 0 {
		return nil
	}
	_, err := s.write.NewDelete().Table("orphans").Where("post_id IN (?)", bun.List(postIDs)).Exec(ctx)
	return wrap("orphans", err)
}

// EraseOrphans erases posts that nobody saw.
func (s *Store) EraseOrphans(ctx context.Context, postIDs []string) error {
	if err := errors.Join(s.JoinOrphans(ctx, postIDs), s.DropHeld(ctx, postIDs)); err != nil || len(postIDs) == 0 {
		return err
	}
	_, err := s.write.NewDelete().Table("posts").Where("id IN (?) AND state IN ('orphan', 'held')", bun.List(postIDs)).Exec(ctx)
	return wrap("posts", err)
}

// OldOrphans are posts that came before a time and still wait for what is not here, held until the
// transaction ends. What waits to be read is looked at from above: no circle of orphans
// hangs below it, and all that does is found.
func (s *Store) OldOrphans(ctx context.Context, before time.Time, limit int) (ids []string, err error) {
	err = s.read.NewRaw(`WITH RECURSIVE below (id, uri) AS (
  SELECT p.id, p.uri FROM held_words AS h JOIN posts AS p ON p.id = h.post_id WHERE p.state = 'held'
  UNION SELECT p.id, p.uri FROM below AS b JOIN posts AS p ON p.in_reply_to_uri = b.uri AND p.state = 'orphan'
) SELECT t.post_id FROM orphans AS t WHERE t.came_at < ? AND t.post_id NOT IN (SELECT b.id FROM below AS b)
  ORDER BY t.came_at, t.post_id LIMIT ?`, before, limit).Scan(ctx, &ids)
	if err == nil {
		err = s.lockPosts(ctx, ids)
	}
	return ids, wrap("orphans", err)
}

// InsertInquiries wants posts to be asked for (community.OrphanStore).
func (s *Store) InsertInquiries(ctx context.Context, all []community.Inquiry) error {
	return insertRows(ctx, s, "group_inquiries", all, `CONFLICT (uri, group_id, kind) DO UPDATE SET lease_token = NULL, leased_until = NULL, attempts = 0,
		next_at = excluded.next_at, shows = group_inquiries.shows OR excluded.shows
		WHERE group_inquiries.lease_token IS NOT NULL OR excluded.shows AND NOT group_inquiries.shows`)
}

// FirstQuestions is community.OrphanStore's.
func (s *Store) FirstQuestions(ctx context.Context, of community.Inquiry, before time.Time, most int) (n int, err error) {
	err = s.read.NewRaw(`SELECT count(*) FROM (SELECT 1 FROM group_inquiries AS q
		WHERE q.next_at <= ? AND q.attempts = 0 AND q.kind = ? AND q.group_id = ? AND q.host = ? LIMIT ?) AS first_ones`,
		before, of.Kind, of.GroupID, of.Host, most).Scan(ctx, &n)
	return n, wrap("inquiries", err)
}

// moveInquiries takes over the questions of nodes whose binary is of before migration
// 0015 (docs/decisions/0027). Where the same is asked already, that stays.
func (s *Store) moveInquiries(ctx context.Context, limit int) (n int, err error) {
	err = s.inTx(ctx, func(tx *Store) error {
		var rows []community.Inquiry
		err := tx.write.NewRaw(`DELETE FROM inquiries WHERE uri IN (SELECT q.uri FROM inquiries AS q LIMIT ?)
			RETURNING uri, host, kind, group_id, depth, attempts, created_at, next_at`, limit).Scan(ctx, &rows)
		if n = len(rows); err != nil || n == 0 {
			return wrap("inquiries", err)
		}
		for i, q := range rows {
			rows[i].ID = q.URI // as the migration does
		}
		return insertRows(ctx, tx, "group_inquiries", rows, "CONFLICT DO NOTHING")
	})
	return n, err
}

// KeepHidden is community.OrphanStore's.
func (s *Store) KeepHidden(ctx context.Context, uris []string) error {
	if len(uris) == 0 {
		return nil
	}
	_, err := s.write.NewRaw("UPDATE group_inquiries SET shows = ? WHERE uri IN (?) AND shows", false, bun.List(uris)).Exec(ctx)
	return wrap("inquiries", err)
}

// ShowsAgain is community.OrphanStore's.
func (s *Store) ShowsAgain(ctx context.Context, inquiryID string) (bool, error) {
	shows, err := s.read.NewSelect().TableExpr("group_inquiries AS t").Where("t.id = ? AND t.shows", inquiryID).Exists(ctx)
	return shows, wrap("inquiries", err)
}
