package community

import (
	"context"
	"time"
)

// unsentAtOnce bounds what one transaction holds back.
const unsentAtOnce = 100

// AskAuthors holds back what has waited for too long to be sent, asks its
// authors, and lets go what was only behind something that went. It ends when
// there is nothing left to do.
func (s *Service) AskAuthors(ctx context.Context) error {
	for more := true; more; {
		err := s.store.InTx(ctx, func(tx Store) (err error) {
			more, err = s.askAuthors(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) askAuthors(ctx context.Context, tx Store) (more bool, err error) {
	now := s.now()
	asked, err := tx.HoldUnsent(ctx, now, unsentAtOnce)
	if err != nil {
		return false, err
	}
	if err := s.tellOfUnsent(ctx, tx, asked); err != nil {
		return false, err
	}
	behind, err := tx.HoldBehind(ctx, now, unsentAtOnce)
	if err != nil {
		return false, err
	}
	stay, err := tx.FreedUnsent(ctx, true, unsentAtOnce)
	if err != nil {
		return false, err
	}
	if err := tx.MarkUnsent(ctx, stay, UnsentKept); err != nil {
		return false, err
	}
	free, err := tx.FreedUnsent(ctx, false, unsentAtOnce)
	if err != nil {
		return false, err
	}
	return len(asked)+len(behind)+len(stay)+len(free) > 0, s.letGo(ctx, tx, free)
}

// letGo sends what waited behind something else. What is too old by now has its
// own author asked first.
func (s *Service) letGo(ctx context.Context, tx Store, free []Unsent) error {
	var late []Unsent
	for _, u := range free {
		if !s.now().Before(u.AskAfter) {
			late = append(late, u)
			continue
		}
		if err := s.sendUnsent(ctx, tx, u, u.AskAfter.Add(-AskAfter)); err != nil {
			return err
		}
	}
	if err := tx.MarkUnsent(ctx, late, UnsentAsked); err != nil {
		return err
	}
	return s.tellOfUnsent(ctx, tx, late)
}

// sendUnsent sends a post as it is now, as if that was said at a moment. An
// earlier try may have arrived, its answer not: so what was edited since goes as
// an edit too.
func (s *Service) sendUnsent(ctx context.Context, tx Store, u Unsent, at time.Time) error {
	if err := tx.MarkUnsent(ctx, []Unsent{u}, ""); err != nil {
		return err
	}
	post, err := tx.Post(ctx, u.PostID)
	if err != nil {
		return err
	}
	known, err := tx.Standings(ctx, []string{u.PostID}, u.Host)
	if err != nil {
		return err
	}
	if known[u.PostID].SentAt == nil {
		if err := tx.InsertEvent(ctx, newPostEvent(at, EventPostWritten, post)); err != nil {
			return err
		}
	}
	if post.Version == 1 {
		return nil
	}
	return tx.InsertEvent(ctx, newPostEvent(at, EventPostEdited, post))
}

// tellOfUnsent asks the authors of what was not sent.
func (s *Service) tellOfUnsent(ctx context.Context, tx Store, asked []Unsent) error {
	for _, u := range asked {
		post, err := tx.Post(ctx, u.PostID)
		if err != nil {
			return err
		}
		if err := s.tellAuthor(ctx, tx, NoticeUnsent, post); err != nil {
			return err
		}
	}
	return nil
}
