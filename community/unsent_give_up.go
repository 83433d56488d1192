package community

import "context"

// GiveUpSending has the author of words asked which this server could not make
// ready for the group's server for too long, whatever the reason: they are told
// once, and nothing of the post goes until they answer. Whoever asks to be in a group
// elsewhere is told that their request is given up. What is about anything else, or
// is held back already, stays as it is.
func (s *Service) GiveUpSending(ctx context.Context, e Event) error {
	if e.Kind == EventJoined {
		return s.giveUpAsking(ctx, e)
	}
	if e.PostID == nil || !oneOf(e.Kind, EventPostWritten, EventPostEdited) {
		return nil
	}
	return s.store.InTx(ctx, func(tx Store) error {
		post, err := tx.PostToChange(ctx, *e.PostID)
		if isNotFound(err) || err == nil && post.State != PostPublished {
			return nil
		}
		if err != nil {
			return err
		}
		group, err := tx.Group(ctx, post.GroupID)
		if err != nil {
			return err
		}
		author, err := tx.Account(ctx, post.AuthorID)
		if err != nil || group.IsLocal() || !author.IsLocal() {
			return err
		}
		known, err := tx.Standings(ctx, []string{post.ID}, group.Domain)
		if err != nil || known[post.ID].Unsent != "" {
			return err
		}
		failed := []Unsent{{PostID: post.ID, Host: group.Domain, AskAfter: e.CreatedAt.Add(AskAfter)}}
		if err := tx.MarkUnsent(ctx, failed, UnsentFailed); err != nil {
			return err
		}
		return s.tellOfUnsent(ctx, tx, failed)
	})
}
