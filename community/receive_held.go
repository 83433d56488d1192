package community

import (
	"context"
	"slices"
	"strings"

	"hearth/community/markup"
)

// holdUnread keeps posts that wait to be read, and are answered, from being approved
// meanwhile: what answers them waits too, and whoever approves them joins it. Replies
// are locked before the roots of their threads, as everywhere.
func (d *desk) holdUnread(ctx context.Context, posts []Inbound) error {
	var ids []string
	for _, in := range posts {
		if parent := d.posts[in.InReplyToURI]; parent != nil && parent.State == PostHeld && !slices.Contains(ids, parent.ID) {
			ids = append(ids, parent.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	now, err := d.tx.PostsToChange(ctx, ids)
	if err != nil {
		return err
	}
	for uri, parent := range d.posts {
		if !slices.Contains(ids, parent.ID) {
			continue
		}
		if post, known := now[parent.ID]; known {
			d.posts[uri] = &post
		} else {
			delete(d.posts, uri)
		}
	}
	return nil
}

// held is what waits of a post that was just taken.
func (d *desk) held(t takenPost) Held {
	return Held{
		PostID: t.post.ID, GroupID: t.post.GroupID, AuthorID: t.post.AuthorID, Host: d.accounts[t.post.AuthorID].Domain,
		ActivityID: t.activityID, Mentioned: strings.Join(t.mentioned, ","), Version: 1, HeldAt: d.s.now(),
	}
}

// editUnseen has a post that nobody saw yet say something else, and name others: there
// is no version to keep and nobody to tell.
func (s *Service) editUnseen(ctx context.Context, tx Store, in Inbound, post *Post) error {
	now := s.now()
	if err := s.weighEdit(ctx, tx, in, post); err != nil {
		return err
	}
	if !post.IsReply() {
		post.Title = in.Title
	}
	post.Link, post.NoteText, post.Language, post.Source, post.HTML = in.Link, in.NoteText, in.Language, in.Source, in.HTML
	post.EditedAt, post.Renderer = &now, markup.Version
	in.date(post, now)
	if err := s.changeWaiting(ctx, tx, in, *post); err != nil {
		return err
	}
	return tx.UpdatePost(ctx, *post)
}

// changeWaiting notes beside a post that nobody saw yet what it says now: of one that
// is to be read the last words alone are passed on.
func (s *Service) changeWaiting(ctx context.Context, tx Store, in Inbound, post Post) error {
	mentioned := strings.Join(in.Mentioned, ",")
	if post.State == PostOrphan {
		return tx.ChangeOrphan(ctx, post.ID, mentioned)
	}
	held, err := tx.HeldOf(ctx, []string{post.ID})
	if err != nil {
		return err
	}
	h := held[post.ID]
	h.Mentioned, h.Version = mentioned, h.Version+1
	if in.ActivityID != "" {
		h.ActivityID = in.ActivityID
	}
	return tx.SaveHeld(ctx, h)
}

// holdEdit has what an edit makes of a post wait to be read, in the place of an earlier
// one that does; the post stays as it is. Forbidden for one from before that.
func (s *Service) holdEdit(ctx context.Context, tx Store, in Inbound, post Post, host string) error {
	held, err := tx.HeldOf(ctx, []string{post.ID})
	if err != nil {
		return err
	}
	now := s.now()
	at, isKnown := in.saidAt(now)
	before, waits := held[post.ID]
	if waits && isKnown && before.SaidAt != nil && at.Before(*before.SaidAt) {
		return fail(Forbidden, "receive.older")
	}
	h := Held{
		PostID: post.ID, GroupID: post.GroupID, AuthorID: post.AuthorID, Host: host, ActivityID: in.ActivityID,
		Mentioned: strings.Join(in.Mentioned, ","), Version: before.Version + 1, HeldAt: now, IsEdit: true,
		Link: in.Link, NoteText: in.NoteText, Language: in.Language, Source: in.Source, HTML: in.HTML, Verified: in.Verified, SaidAt: &at,
	}
	if !post.IsReply() {
		h.Title = in.Title
	}
	if waits && !before.isRead() {
		h.HeldAt = before.HeldAt
	}
	return tx.SaveHeld(ctx, h)
}

// inbound is an edit that waited, as it came.
func (h Held) inbound(post Post) Inbound {
	in := Inbound{
		URI: post.URI, GroupID: post.GroupID, AuthorID: post.AuthorID, Title: h.Title, Link: h.Link, NoteText: h.NoteText, Language: h.Language,
		Source: h.Source, HTML: h.HTML, Verified: h.Verified, Mentioned: h.mentioned(), ActivityID: h.ActivityID,
		Private: post.Readers == ReadersMembers, // its server would answer that there is none
	}
	if h.SaidAt != nil {
		in.Updated = *h.SaidAt
	}
	return in
}

// EndRefused erases what was refused and can be taken back no longer: a post as if it
// had never come, and what an edit would have made of one.
func (s *Service) EndRefused(ctx context.Context) (n int, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		before := s.now().Add(-refusedKept)
		ids, err := tx.RefusedBefore(ctx, before, tidyBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		posts, err := tx.PostsToChange(ctx, ids)
		if err != nil {
			return err
		}
		held, err := tx.HeldOf(ctx, ids)
		if err != nil {
			return err
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { // another edit came before it was locked
			at := held[id].RefusedAt
			return at == nil || !at.Before(before)
		})
		n = len(ids)
		if err := s.dropOrphans(ctx, tx, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !posts[id].IsUnseen() })); err != nil {
			return err
		}
		return tx.DropHeld(ctx, ids)
	})
	return n, err
}

// sameWordsSaid says whether an edit says what the post says.
func (in Inbound) sameWordsSaid(post Post) bool {
	return (post.IsReply() || in.Title == post.Title) && in.NoteText == post.NoteText && in.HTML == post.HTML
}
