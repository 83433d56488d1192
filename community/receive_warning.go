package community

import (
	"context"
	"time"
)

// Warning is what whoever looks after a group elsewhere says to the author of a post
// in it (Lemmy's Warn).
type Warning struct {
	PostID string
	Why    string // as it came; kept as text, for the author alone
	Epoch  int64
}

// ReceiveWarning has an author of here hear that they are asked to look at a post
// again, once a day at most, and read why until they change it. Nobody else does, and
// nor do they once they left the group: it is theirs no more to ask.
func (s *Service) ReceiveWarning(ctx context.Context, w Warning) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, w.Epoch); err != nil {
			return err
		}
		post, err := tx.PostToChange(ctx, w.PostID)
		if err != nil || post.Verified != VerifiedLocal || post.stateHere() != PostPublished {
			return err
		}
		group, err := tx.Group(ctx, post.GroupID)
		if err != nil || group.IsLocal() {
			return err
		}
		switch m, err := tx.Membership(ctx, group.ID, post.AuthorID); {
		case err != nil && !isNotFound(err):
			return err
		case !m.IsActive():
			return nil
		}
		if err := tx.MarkHiddenThere(ctx, post.ID, group.Domain, reasonText(w.Why)); err != nil {
			return err
		}
		about := post.ID + "/" + s.now().UTC().Format(time.DateOnly)
		notices, err := s.noticesOfGroup(ctx, tx, NoticeWarnedThere, about, group, []string{post.AuthorID})
		if err != nil {
			return err
		}
		for i := range notices {
			notices[i].PostID = &post.ID
		}
		return tx.InsertNotices(ctx, notices)
	})
}

// endWarning takes away what moderators elsewhere said of words that are others now.
// Of what they hid, it stays until they show it.
func endWarning(ctx context.Context, tx Store, g Group, p Post) error {
	if g.IsLocal() || p.State != PostPublished {
		return nil
	}
	return tx.MarkHiddenThere(ctx, p.ID, g.Domain, "")
}

// forgetWarning takes away what moderators elsewhere said of a post that moderators of
// here hide: beside what these say it would read as why.
func forgetWarning(ctx context.Context, tx Store, p Post) error {
	group, err := tx.Group(ctx, p.GroupID)
	if err != nil || group.IsLocal() {
		return err
	}
	return tx.MarkHiddenThere(ctx, p.ID, group.Domain, "")
}
