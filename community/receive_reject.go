package community

import (
	"context"

	"hearth/community/markup"
)

// Rejection is a group's no to words of ours that it was sent.
type Rejection struct {
	PostID string
	ByURI  string // who says so
	HTML   string // what they say of why, as it came; empty: nothing
	Epoch  int64  // of the policy that their server was judged by
}

// longestRejection is how many characters of another server's reason are kept.
const longestRejection = 300

// ReceiveRejection notes that a group elsewhere turned a post of ours down, for its
// author to read. Only the group itself says so: for any other actor it is
// Forbidden. What it shows it shows, whatever it said before or says now.
func (s *Service) ReceiveRejection(ctx context.Context, r Rejection) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, r.Epoch); err != nil {
			return err
		}
		if post, err = tx.PostToChange(ctx, r.PostID); err != nil {
			return err
		}
		group, err := tx.Group(ctx, post.GroupID)
		if err != nil {
			return err
		}
		if group.IsLocal() || group.URI != r.ByURI {
			return fail(Forbidden, "receive.not_author")
		}
		if post.State != PostPublished {
			return nil
		}
		return tx.MarkRejected(ctx, post.ID, group.Domain, markup.Excerpt(r.HTML, longestRejection), s.now())
	})
	return post, err
}
