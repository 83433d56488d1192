package community

import "context"

// ChooseHomeOrder sets the order of the person's home page.
func (s *Service) ChooseHomeOrder(ctx context.Context, v Viewer, order string) error {
	if v.User == nil {
		return fail(Forbidden, "error.forbidden")
	}
	if !oneOf(order, HomeByActivity, HomeByNewest) {
		return fail(Invalid, "form.choose")
	}
	return s.store.InTx(ctx, func(tx Store) error {
		user, err := tx.User(ctx, v.User.ID)
		if err != nil {
			return err
		}
		user.HomeOrder = order
		return tx.UpdateUser(ctx, user)
	})
}
