package community

import "context"

// ThreadMove is a thread that its group elsewhere gave to another one of its server.
type ThreadMove struct {
	PostID       string // its root
	FromID, ToID string
	Epoch        int64
}

// ReceiveThreadMove has our copy of a thread stand in another group, with all its
// replies. That whoever says so may is the caller's to judge. Who may read it never
// becomes more: posts keep the readers that they came with.
func (s *Service) ReceiveThreadMove(ctx context.Context, m ThreadMove) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, m.Epoch); err != nil {
			return err
		}
		root, err := tx.PostToChange(ctx, m.PostID)
		if err != nil {
			return err
		}
		to, err := tx.Group(ctx, m.ToID)
		if err != nil {
			return err
		}
		if root.GroupID != m.FromID || root.IsReply() || to.IsLocal() {
			return fail(Forbidden, "receive.not_author")
		}
		return tx.MoveThread(ctx, root.ID, m.FromID, m.ToID)
	})
}
