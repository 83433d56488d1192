package community

import (
	"context"
	"errors"
	"time"

	"hearth/community/markup"
)

// ReceivePost takes a post from another server into its group: one of ours,
// where its author must be a member, or our copy of one elsewhere, where
// somebody here must be. What is here already comes back as it is; in another group
// it is Forbidden (receive.another_group): a post stands in exactly one. A reply
// whose parent is not here is kept as an orphan, which nobody sees.
func (s *Service) ReceivePost(ctx context.Context, in Inbound) (Post, error) {
	all, err := s.ReceivePosts(ctx, []Inbound{in})
	if err != nil {
		return Post{}, err
	}
	return all[0].Post, all[0].No
}

// Received is a post that was taken in, or why it was not.
type Received struct {
	Post Post
	No   error // Forbidden, or NotFound and TooMany for what may come later
}

// ReceivePosts is ReceivePost of several in their order, in one transaction: a
// no to one is nothing to the others, any other error undoes all. They were
// judged by one epoch of the policies; Conflict when that is over.
func (s *Service) ReceivePosts(ctx context.Context, posts []Inbound) (all []Received, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, posts[0].Epoch); err != nil {
			return err
		}
		d, err := s.openDesk(ctx, tx, posts)
		if err != nil {
			return err
		}
		all = make([]Received, len(posts))
		for i, in := range posts {
			all[i].Post, all[i].No = d.receive(ctx, in)
			if no := all[i].No; no != nil && !isVerdict(no) {
				return no
			}
		}
		return d.store(ctx)
	})
	return all, err
}

// isVerdict says whether an error is a judgement on one post, which the engine
// knows nothing of.
func isVerdict(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Kind == Forbidden || e.Kind == NotFound || e.Kind == TooMany)
}

// fill puts what the other server said into a new post. Its time is believed
// only backwards: nothing is younger than its arrival.
func (in Inbound) fill(p *Post, now time.Time) {
	p.URI, p.URL, p.Link, p.InReplyToURI = in.URI, in.URL, in.Link, in.InReplyToURI
	if p.URL == "" {
		p.URL = in.URI
	}
	p.NoteText, p.Language = in.NoteText, in.Language
	p.Source, p.HTML, p.Renderer, p.Verified = in.Source, in.HTML, markup.Version, in.Verified
	in.date(p, now)
	if !p.IsReply() {
		p.Title = in.Title
	}
	if !in.Published.IsZero() && in.Published.Before(now) {
		p.PublishedAt = in.Published.UTC().Truncate(time.Microsecond)
	}
}
