package community

import "context"

// Origin is what a post's own server says of it when it is asked.
type Origin struct {
	URI     string
	Inbound Inbound // what it says there; only the words count
	Epoch   int64
	Version int // of the post, when its server was asked
}

// ConfirmPost takes what a post's own server says for the post: it is its author's,
// and says what it says there. Words that its group said otherwise are kept as an
// earlier version. NotFound where it is not here; Conflict where it was changed
// since its server was asked.
func (s *Service) ConfirmPost(ctx context.Context, o Origin) error {
	return s.withUnconfirmed(ctx, o, func(tx Store, post *Post) error {
		if post.Version != o.Version {
			return Conflict
		}
		unsaid := *post
		post.Verified = VerifiedOrigin
		o.Inbound.date(post, s.now()) // it may be older: what a group said of when counts no more
		if post.Backfilled {          // nobody hears of the past
			o.Inbound.Mentioned = nil
		}
		if err := tx.UpdatePost(ctx, *post); err != nil {
			return err
		}
		isHeld, err := s.sayAsOrigin(ctx, tx, o.Inbound, post)
		if err != nil || !isHeld || post.IsUnseen() {
			return err
		}
		return tx.UpdatePost(ctx, unsaid) // what is shown until then only its group says
	})
}

// sayAsOrigin has a post say what its own server says, as an edit of it: what is to be
// read first waits.
func (s *Service) sayAsOrigin(ctx context.Context, tx Store, in Inbound, post *Post) (isHeld bool, err error) {
	d := s.newDesk(tx)
	group, err := d.group(ctx, post.GroupID)
	if err != nil {
		return false, err
	}
	in.Verified = VerifiedOrigin
	return d.changeWords(ctx, writingPlace{group: group}, in, post)
}

// DenyPost takes a post away that its own server does not have, or has by somebody
// else, whoever passed it on. What its author says under that id later still comes:
// nobody else's word keeps it away.
func (s *Service) DenyPost(ctx context.Context, o Origin) error {
	return s.withUnconfirmed(ctx, o, func(tx Store, post *Post) error {
		if post.IsUnseen() {
			return s.dropOrphans(ctx, tx, []string{post.ID})
		}
		post.Verified = VerifiedDenied
		return s.erasePost(ctx, tx, post)
	})
}

// withUnconfirmed runs fn on a post that only its group said until now, and that
// still has words.
func (s *Service) withUnconfirmed(ctx context.Context, o Origin, fn func(tx Store, post *Post) error) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, o.Epoch); err != nil {
			return err
		}
		post, err := receivedPost(ctx, tx, o.URI)
		if err != nil || post.Verified != VerifiedGroup || post.isTakenBack() {
			return err
		}
		return fn(tx, &post)
	})
}
