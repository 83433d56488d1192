package community

import "context"

// SetModerator makes a member a moderator of the group, or a member again, by its
// owner; a moderator may also step down. Conflict for somebody who is not in the
// group, and for the owner.
func (s *Service) SetModerator(ctx context.Context, v Viewer, ref, accountID string, moderator bool) error {
	return s.store.InTx(ctx, func(tx Store) error {
		stepsDown := !moderator && v.Owns(accountID)
		view, err := s.deskOf(ctx, tx, v, ref, func(view GroupView) bool { return asOwner(view) || stepsDown && view.MayModerate })
		if err != nil {
			return err
		}
		g := view.Group
		m, err := tx.Membership(ctx, g.ID, accountID)
		if err != nil {
			return err
		}
		role := GroupMember
		if moderator {
			role = GroupModerator
		}
		switch {
		case !m.IsActive():
			return fail(Conflict, "group_mod.not_in")
		case m.Role == GroupOwner:
			return fail(Conflict, "group_mod.is_owner")
		case m.Role == role:
			return nil
		}
		m.Role, m.ChangedAt = role, s.now()
		if err := tx.UpdateMembership(ctx, m); err != nil {
			return err
		}
		d := v.inGroup(g, DecidedRole, SubjectAccount, accountID)
		d.Rule = role
		if d, err = s.decide(ctx, tx, d, DecisionWords{}); err != nil {
			return err
		}
		if stepsDown {
			return s.tellOtherModerators(ctx, tx, v, d, g)
		}
		return s.tellOfGroup(ctx, tx, NoticeDecision, d.ID, g, accountID)
	})
}
