package community

import "context"

// hideInDoubt hides a post of which its group alone says that its author deleted it,
// and has its author's server asked. What was not for everybody is not asked for: that
// server may well say of it to us that there is nothing. Nor is it kept for nobody to
// read: its group's word is all that there will be, and that could hide it anyway.
func (s *Service) hideInDoubt(ctx context.Context, tx Store, post *Post) error {
	if post.Readers == ReadersMembers {
		return s.eraseGone(ctx, tx, post)
	}
	q := askWhetherGone(*post, s.now())
	if q.Shows {
		if err := s.putAwayThere(ctx, tx, post); err != nil {
			return err
		}
	}
	return tx.InsertInquiries(ctx, []Inquiry{q})
}

// EraseGone erases a post that its author's server does not have any more.
func (s *Service) EraseGone(ctx context.Context, o Origin) error {
	return s.store.InTx(ctx, func(tx Store) error {
		post, err := s.inDoubt(ctx, tx, o)
		if err != nil || post.isTakenBack() {
			return err
		}
		return s.eraseGone(ctx, tx, &post)
	})
}

func (s *Service) eraseGone(ctx context.Context, tx Store, post *Post) error {
	if post.IsUnseen() {
		return s.dropOrphans(ctx, tx, []string{post.ID})
	}
	if post.Verified == VerifiedGroup { // nor does anybody say that there ever was one
		post.Verified = VerifiedDenied
	}
	return s.erasePost(ctx, tx, post)
}

// EraseUnanswered erases a post of which nobody but its group could be asked in time
// whether its author deleted it. What was shown again meanwhile stays.
func (s *Service) EraseUnanswered(ctx context.Context, uri string, epoch int64) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, epoch); err != nil {
			return err
		}
		post, err := receivedPost(ctx, tx, uri)
		if err != nil || post.stateHere() != PostHidden {
			return err
		}
		return s.eraseGone(ctx, tx, &post)
	})
}

// KeepPost shows a post again, by the answer to a question, that its author's server
// has still. What its group removed before or while that was asked stays hidden, and
// what moderators of here hid is theirs to show (R36).
func (s *Service) KeepPost(ctx context.Context, o Origin, inquiryID string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		post, err := s.inDoubt(ctx, tx, o)
		if err != nil || post.stateHere() != PostHidden {
			return err
		}
		if shows, err := tx.ShowsAgain(ctx, inquiryID); err != nil || !shows {
			return err
		}
		if hidden, err := isHiddenHere(ctx, tx, post.ID); err != nil || hidden {
			return err
		}
		post.become(PostPublished)
		if err := tx.UpdatePost(ctx, post); err != nil {
			return err
		}
		return tx.RecountThread(ctx, post.ThreadID)
	})
}

// inDoubt is a post as it was when its author's server was asked; Conflict where it
// was changed since.
func (s *Service) inDoubt(ctx context.Context, tx Store, o Origin) (Post, error) {
	if err := sameEpoch(ctx, tx, o.Epoch); err != nil {
		return Post{}, err
	}
	post, err := receivedPost(ctx, tx, o.URI)
	if err == nil && post.Version != o.Version {
		err = Conflict
	}
	return post, err
}
