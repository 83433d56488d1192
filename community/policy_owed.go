package community

import "context"

// owedAtOnce bounds one statement about deletions that are owed.
const owedAtOnce = 500

// tellOfDeletions tells a server that is talked with again, or all of them, of what
// was deleted here while nothing could be sent, each by an order key of its own.
func (s *Service) tellOfDeletions(ctx context.Context, tx Store, domain string) error {
	for after, more := "", true; more; {
		posts, err := tx.OwedDeletions(ctx, domain, after, owedAtOnce)
		if err != nil {
			return err
		}
		events := make([]Event, len(posts))
		for i, p := range posts {
			events[i] = newPostEvent(s.now(), EventPostDeleted, p)
			events[i].OrderKey, events[i].AboutID = p.ID, AboutOwed
			after = p.ID
		}
		if err := tx.InsertEvents(ctx, events); err != nil {
			return err
		}
		more = len(posts) == owedAtOnce
	}
	return nil
}
