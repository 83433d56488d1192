package community

import (
	"context"
	"time"
)

// SendUnsent sends the Viewer's own words, which were held back, as they are
// now. They must still be let write in the group and agree to copies of their
// words. Conflict where the words are not held back any more.
func (s *Service) SendUnsent(ctx context.Context, v Viewer, id string) error {
	return s.answerUnsent(ctx, v, id, func(tx Store, seen PostSeen, u Unsent) error {
		if err := mayPost(v, seen.Group, seen.Membership, s.now()); err != nil {
			return err
		}
		if !seen.Agreed {
			return fail(Forbidden, "unsent.not_agreed")
		}
		return sendUnsent(ctx, tx, []Unsent{u}, func(Unsent) time.Time { return s.now() })
	})
}

// KeepUnsent lets the Viewer's own words, which were held back, stay here only.
func (s *Service) KeepUnsent(ctx context.Context, v Viewer, id string) error {
	return s.answerUnsent(ctx, v, id, func(tx Store, _ PostSeen, u Unsent) error {
		return tx.MarkUnsent(ctx, []Unsent{u}, UnsentKept)
	})
}

// answerUnsent does what an author says of their own words. What is behind these
// hears of it from AskAuthors.
func (s *Service) answerUnsent(ctx context.Context, v Viewer, id string, answer func(tx Store, seen PostSeen, u Unsent) error) error {
	return s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.postFor(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if !v.Owns(seen.Post.AuthorID) || v.User == nil {
			return fail(NotFound, "error.not_found")
		}
		post, err := tx.PostToChange(ctx, id)
		if err != nil {
			return err
		}
		known, err := tx.Standings(ctx, []string{id}, seen.Group.Domain)
		if err != nil {
			return err
		}
		st := known[id]
		if post.State != PostPublished || seen.Group.IsLocal() || !oneOf(st.Unsent, UnsentAsked, UnsentFailed, UnsentLeft, UnsentKept) || st.AskAfter == nil {
			return fail(Conflict, "unsent.answered")
		}
		return answer(tx, seen, Unsent{PostID: id, Host: seen.Group.Domain, AskAfter: *st.AskAfter, SentAt: st.SentAt})
	})
}
