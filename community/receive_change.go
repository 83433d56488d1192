package community

import (
	"context"
	"time"

	"hearth/community/markup"
)

// ReceiveEdit changes a post to what its author's server says it says now, and
// keeps what it said before. The editor must be the author, and may speak there
// still, as for an edit of a member here: for others it is Forbidden. NotFound,
// with receive.unknown, for a post that has not come; Forbidden, with receive.older,
// for what it said before. isHeld says that the post is as it was, and what it would
// say waits for a moderator to read it.
func (s *Service) ReceiveEdit(ctx context.Context, in Inbound) (post Post, isHeld bool, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, in.Epoch); err != nil {
			return err
		}
		if post, err = receivedPost(ctx, tx, in.URI); err != nil {
			return err
		}
		switch {
		case post.AuthorID != in.AuthorID || post.Verified == VerifiedLocal:
			return fail(Forbidden, "receive.not_author")
		case post.State == PostDeleted:
			return fail(Forbidden, "receive.deleted")
		}
		d := s.newDesk(tx)
		d.policies = in.Policies
		place, err := d.speaker(ctx, post.GroupID, in.AuthorID)
		if err != nil {
			return err
		}
		if err := in.follows(post, s.now()); err != nil {
			return err
		}
		isHeld, err = d.changeWords(ctx, place, in, &post)
		return err
	})
	return post, isHeld, err
}

// changeWords has a post say something else, or where that is to be read first, wait to.
func (d *desk) changeWords(ctx context.Context, place writingPlace, in Inbound, post *Post) (isHeld bool, err error) {
	isReadFirst, err := d.isReadFirst(ctx, place, post.AuthorID)
	if err == nil {
		in, err = d.withoutMedia(ctx, in, place.group, post.AuthorID)
	}
	switch {
	case err != nil:
		return false, err
	case post.IsUnseen():
		return post.State == PostHeld, d.s.editUnseen(ctx, d.tx, in, post)
	case isReadFirst && !in.sameWordsSaid(*post):
		return true, d.holdEdit(ctx, in, *post)
	}
	if err := d.tx.DropHeld(ctx, []string{post.ID}); err != nil { // what waited until now is older
		return false, err
	}
	among, err := d.audible(ctx, place.group, post.AuthorID)
	if err != nil {
		return false, err
	}
	return false, d.s.receiveEdit(ctx, d.tx, in, post, among)
}

// holdEdit has an edit wait where something of its post does, or more of its author's
// server may.
func (d *desk) holdEdit(ctx context.Context, in Inbound, post Post) error {
	held, err := d.tx.HeldOf(ctx, []string{post.ID})
	if err != nil {
		return err
	}
	host := d.accounts[post.AuthorID].Domain
	if h, known := held[post.ID]; !known || h.isRead() {
		if err := d.mayHold(ctx, post.GroupID, host); err != nil {
			return err
		}
	}
	return d.s.holdEdit(ctx, d.tx, in, post, host)
}

func (s *Service) receiveEdit(ctx context.Context, tx Store, in Inbound, post *Post, among audible) error {
	before := post.Said()
	if !post.IsReply() {
		post.Title = in.Title
	}
	post.Link = in.Link
	post.NoteText, post.Language, post.Source, post.HTML = in.NoteText, in.Language, in.Source, in.HTML
	if before.Title == post.Title && before.NoteText == post.NoteText && before.HTML == post.HTML {
		return s.sayAgain(ctx, tx, in, post)
	}
	now := s.now()
	in.date(post, now)
	if err := s.weighEdit(ctx, tx, in, post); err != nil {
		return err
	}
	post.Version, post.EditedAt, post.Renderer = before.Version+1, &now, markup.Version
	if err := tx.InsertPostVersion(ctx, before); err != nil {
		return err
	}
	if err := tx.UpdatePost(ctx, *post); err != nil {
		return err
	}
	if err := s.tellOfMentions(ctx, tx, Viewer{}, *post, in.Mentioned, among); err != nil {
		return err
	}
	return s.passOn(ctx, tx, EventPostEdited, *post, in.ActivityID)
}

// sayAgain takes the same words once more: said later, by their author's own key
// maybe. What a group says of when its author said them is nothing new.
func (s *Service) sayAgain(ctx context.Context, tx Store, in Inbound, post *Post) error {
	if in.Verified == VerifiedGroup {
		return nil
	}
	if in.signs(*post) {
		post.Verified = VerifiedSigned
	}
	in.date(post, s.now())
	return tx.UpdatePost(ctx, *post)
}

// signs says whether an author's own key vouches for words that only a group did.
func (in Inbound) signs(post Post) bool {
	return in.Verified == VerifiedSigned && post.Verified == VerifiedGroup
}

// weighEdit marks words that only a group says its author wrote, and has the author's
// server asked: whatever it confirmed were others. The author's own key ends that.
func (s *Service) weighEdit(ctx context.Context, tx Store, in Inbound, post *Post) error {
	if in.signs(*post) || in.Verified == VerifiedOrigin && post.Verified == VerifiedGroup {
		post.Verified = in.Verified
	}
	if in.Verified != VerifiedGroup {
		return nil
	}
	post.Verified = VerifiedGroup
	if in.Private {
		return nil
	}
	q := askOrigin(*post, s.now())
	if err := s.mayAsk(ctx, tx, q); err != nil {
		return err
	}
	return tx.InsertInquiries(ctx, []Inquiry{q})
}

// Deletion is somebody elsewhere saying that a post is no more.
type Deletion struct {
	URI        string
	ActorURI   string
	ActivityID string
	Why        string // as it came, of a moderator there: for the author alone
	ByGroup    bool   // its group's server says so: a moderator there, or passing on the author's own
	GroupURI   string // of the group that passed it on; empty where it came by itself
	InDoubt    bool   // its group says that its author says so, and nobody else does
	// WithReplies: a moderator there says so of all that answers it too (Lemmy)
	WithReplies bool
	Epoch       int64
}

// by is who alone keeps a post away with it that has not come.
func (d Deletion) by() string {
	if d.GroupURI != "" {
		return d.GroupURI
	}
	return d.ActorURI
}

// ReceiveDelete takes a post's words away: for everybody when its author says
// so, hidden when its group does, also where that says that its author did: then
// its author's server is asked. Of a post that has not come yet it is kept who said
// so, so that it never comes by them.
func (s *Service) ReceiveDelete(ctx context.Context, d Deletion) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, d.Epoch); err != nil {
			return err
		}
		post, err = receivedPost(ctx, tx, d.URI)
		if isNotFound(err) {
			return tx.InsertWithdrawal(ctx, d.URI, d.by(), s.now())
		}
		if err != nil || post.State == PostDeleted {
			return err
		}
		return s.receiveDelete(ctx, tx, d, &post)
	})
	if err == nil && d.WithReplies && post.ID != "" {
		err = s.hideBelow(ctx, post, d)
	}
	return post, err
}

func (s *Service) receiveDelete(ctx context.Context, tx Store, d Deletion, post *Post) error {
	author, err := tx.Actor(ctx, post.AuthorID)
	if err != nil {
		return err
	}
	group, err := tx.Group(ctx, post.GroupID)
	if err != nil {
		return err
	}
	byAuthor := author.URI == d.ActorURI && !author.IsLocal()
	switch {
	case post.IsUnseen() && (byAuthor || d.ByGroup && !group.IsLocal()):
		return s.dropThere(ctx, tx, *post, d)
	case byAuthor && d.InDoubt:
		return s.hideInDoubt(ctx, tx, post)
	case byAuthor:
		if err := s.erasePost(ctx, tx, post); err != nil {
			return err
		}
		return s.passOn(ctx, tx, EventPostDeleted, *post, d.ActivityID)
	case d.ByGroup && !group.IsLocal():
		return s.hideThere(ctx, tx, post, group, d.Why)
	}
	return fail(Forbidden, "receive.not_author")
}

// dropThere erases a post that nobody saw, and keeps it from coming again by whoever
// took it away.
func (s *Service) dropThere(ctx context.Context, tx Store, post Post, d Deletion) error {
	if err := s.dropOrphans(ctx, tx, []string{post.ID}); err != nil {
		return err
	}
	return tx.InsertWithdrawal(ctx, post.URI, d.by(), s.now())
}

// hideThere hides a post that its group's server hid. An author of here hears of
// it, and alone reads why.
func (s *Service) hideThere(ctx context.Context, tx Store, post *Post, group Group, why string) error {
	wasHidden := post.stateHere() == PostHidden
	if err := s.markHiddenThere(ctx, tx, post, group, why); err != nil || wasHidden {
		return err
	}
	return tx.RecountThread(ctx, post.ThreadID)
}

// markHiddenThere is hideThere but for the count of its thread.
func (s *Service) markHiddenThere(ctx context.Context, tx Store, post *Post, group Group, why string) error {
	if err := tx.MarkHiddenThere(ctx, post.ID, group.Domain, reasonText(why)); err != nil {
		return err
	}
	if err := tx.KeepHidden(ctx, []string{post.URI}); err != nil {
		return err
	}
	if post.stateHere() == PostHidden {
		return nil
	}
	if err := s.putAwayUncounted(ctx, tx, post); err != nil {
		return err
	}
	return s.tellAuthor(ctx, tx, NoticeHiddenThere, *post)
}

// putAwayThere hides our copy of a post, and tells nobody.
func (s *Service) putAwayThere(ctx context.Context, tx Store, post *Post) error {
	if err := s.putAwayUncounted(ctx, tx, post); err != nil {
		return err
	}
	return tx.RecountThread(ctx, post.ThreadID)
}

func (s *Service) putAwayUncounted(ctx context.Context, tx Store, post *Post) error {
	post.become(PostHidden)
	post.PinnedAt = nil
	return tx.UpdatePost(ctx, *post)
}

// ReceiveReturn has a post come after all that was said to be deleted before it came.
func (s *Service) ReceiveReturn(ctx context.Context, d Deletion) error {
	return s.store.EndWithdrawal(ctx, d.URI, d.by())
}

// ReceiveRestore shows a post again that its group's server had hidden, but for
// what moderators of here hid: that is theirs to undo (R36).
func (s *Service) ReceiveRestore(ctx context.Context, d Deletion) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, d.Epoch); err != nil {
			return err
		}
		if post, err = receivedPost(ctx, tx, d.URI); err != nil {
			return err
		}
		group, err := tx.Group(ctx, post.GroupID)
		if err != nil {
			return err
		}
		if group.IsLocal() || !d.ByGroup || post.stateHere() != PostHidden && !d.WithReplies {
			return fail(Forbidden, "receive.not_author")
		}
		if err := s.showThere(ctx, tx, &post, group, NoticeShownThere); err != nil {
			return err
		}
		return tx.RecountThread(ctx, post.ThreadID)
	})
	if err == nil && d.WithReplies {
		err = s.showBelow(ctx, post, d)
	}
	return post, err
}

// ThreadMark is what a group elsewhere says of one of its threads.
type ThreadMark struct {
	URI      string
	GroupURI string
	Lock     *bool
	Pin      *bool
}

// ReceiveThreadMark locks, unlocks, pins or unpins our copy of a thread, as its
// own group's server says.
func (s *Service) ReceiveThreadMark(ctx context.Context, mark ThreadMark) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if post, err = receivedPost(ctx, tx, mark.URI); err != nil {
			return err
		}
		group, err := tx.Group(ctx, post.GroupID)
		if err != nil {
			return err
		}
		if group.IsLocal() || group.URI != mark.GroupURI || post.IsReply() {
			return fail(Forbidden, "receive.not_author")
		}
		was := post
		mark.put(&post, s.now())
		if err := tx.UpdatePost(ctx, post); err != nil {
			return err
		}
		switch {
		case was.LockedAt == nil && post.LockedAt != nil:
			return s.tellAuthor(ctx, tx, NoticeLockedThere, post)
		case was.LockedAt != nil && post.LockedAt == nil:
			return s.tellAuthor(ctx, tx, NoticeUnlockedThere, post)
		}
		return nil
	})
	return post, err
}

func (m ThreadMark) put(p *Post, now time.Time) {
	if m.Lock != nil {
		p.LockedAt = since(*m.Lock, p.LockedAt, now)
	}
	if m.Pin != nil {
		p.PinnedAt = since(*m.Pin, p.PinnedAt, now)
	}
}

// since is from when something holds that may have held before.
func since(holds bool, before *time.Time, now time.Time) *time.Time {
	switch {
	case !holds:
		return nil
	case before != nil:
		return before
	}
	return &now
}

// receivedPost is a post by its URI, and nobody else changes it until the
// transaction ends.
func receivedPost(ctx context.Context, tx Store, uri string) (Post, error) {
	known, err := tx.PostByURI(ctx, uri)
	if isNotFound(err) {
		return Post{}, fail(NotFound, "receive.unknown")
	}
	if err != nil {
		return Post{}, err
	}
	return tx.PostToChange(ctx, known.ID)
}

// passOn tells the followers of a group here what its author's server said.
func (s *Service) passOn(ctx context.Context, tx Store, kind string, post Post, activityID string) error {
	group, err := tx.Group(ctx, post.GroupID)
	if err != nil || !group.IsLocal() || !mayHaveLeft(post) {
		return err
	}
	e := newPostEvent(s.now(), kind, post)
	e.AboutID = activityID
	return tx.InsertEvent(ctx, e)
}
