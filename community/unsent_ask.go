package community

import (
	"context"
	"maps"
	"slices"
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
	var late, inTime []Unsent
	for _, u := range free {
		if s.now().Before(u.AskAfter) {
			inTime = append(inTime, u)
		} else {
			late = append(late, u)
		}
	}
	if err := sendUnsent(ctx, tx, inTime, func(u Unsent) time.Time { return u.AskAfter.Add(-AskAfter) }); err != nil {
		return err
	}
	if err := tx.MarkUnsent(ctx, late, UnsentAsked); err != nil {
		return err
	}
	return s.tellOfUnsent(ctx, tx, late)
}

// sendUnsent sends posts as they are now, each as if that was said at a moment.
func sendUnsent(ctx context.Context, tx Store, of []Unsent, at func(Unsent) time.Time) error {
	if err := tx.MarkUnsent(ctx, of, ""); err != nil {
		return err
	}
	posts, err := tx.PostsByID(ctx, postsOf(of))
	if err != nil {
		return err
	}
	var events []Event
	for _, u := range of {
		events = append(events, wordsToSend(posts[u.PostID], u.SentAt, at(u))...)
	}
	return tx.InsertEvents(ctx, events)
}

// tellOfUnsent asks the authors of what was not sent.
func (s *Service) tellOfUnsent(ctx context.Context, tx Store, asked []Unsent) error {
	posts, err := tx.PostsByID(ctx, postsOf(asked))
	if err != nil {
		return err
	}
	return s.tellAuthors(ctx, tx, NoticeUnsent, slices.Collect(maps.Values(posts)))
}

func postsOf(of []Unsent) []string {
	ids := make([]string, len(of))
	for i, u := range of {
		ids[i] = u.PostID
	}
	return ids
}
