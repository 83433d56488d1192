package community

import "context"

// ChangeRole changes what a person may do to the instance, as a Decision of
// which they are told. The last admin stays one: Conflict.
func (s *Service) ChangeRole(ctx context.Context, v Viewer, userID, role string) error {
	if err := needAdmin(v); err != nil {
		return err
	}
	if !oneOf(role, RoleMember, RoleModerator, RoleAdmin) {
		return fail(Invalid, "form.choose")
	}
	return s.store.InTx(ctx, func(tx Store) error {
		user, err := tx.UserToChange(ctx, userID) // the person before the record, as leaving does
		if err != nil {
			return err
		}
		if _, err := tx.LastDecision(ctx, ""); err != nil { // two who change at once wait for each other
			return err
		}
		if user.Role == role {
			return nil
		}
		if err := s.mayChangeRole(ctx, tx, user); err != nil {
			return err
		}
		if err := tx.SetUserRole(ctx, user.ID, role); err != nil {
			return err
		}
		d, err := s.decide(ctx, tx, Decision{
			Kind: DecidedRole, DecidedBy: v.ActingID(), SubjectKind: SubjectUser, SubjectID: user.ID, Rule: role,
		}, DecisionWords{Changed: []Change{{FieldRole, user.Role, role}}})
		if err != nil {
			return err
		}
		return tx.InsertNotices(ctx, []Notice{newNotice(s.now(), user.ID, NoticeDecision, d.ID)})
	})
}

// mayChangeRole judges whose role may be changed: somebody's who is in, and not
// the last admin's.
func (s *Service) mayChangeRole(ctx context.Context, tx Store, user User) error {
	if maySignIn(user) != nil {
		return fail(Conflict, "people.not_in")
	}
	if user.Role != RoleAdmin {
		return nil
	}
	return leavesAnAdmin(ctx, tx, user.ID)
}

// leavesAnAdmin is Conflict where nobody else could run the instance without
// this person. The caller holds the instance's chain of decisions.
func leavesAnAdmin(ctx context.Context, tx Store, userID string) error {
	admins, err := tx.UserIDs(ctx, RoleAdmin)
	if err != nil {
		return err
	}
	for _, id := range admins {
		if id != userID {
			return nil
		}
	}
	return fail(Conflict, "people.last_admin")
}
