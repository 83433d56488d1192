package community

import "context"

// LeaveGroup takes the Viewer out of a group, or takes their request to join
// back; suspended or not. Their posts stay until they delete them. Leaving what
// one is not in is no error. The owner of an open group hands it over or closes
// it first (Conflict).
func (s *Service) LeaveGroup(ctx context.Context, v Viewer, ref string) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	return s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.groupFor(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		return s.leave(ctx, tx, v, seen.ID)
	})
}

func (s *Service) leave(ctx context.Context, tx Store, v Viewer, groupID string) error {
	seen, err := s.lockedGroupFor(ctx, tx, v, groupID)
	if err != nil {
		return err
	}
	m := seen.Membership
	if seen.State == GroupAsked && v.Owns(*seen.AskedBy) {
		return s.takeGroupBack(ctx, tx, seen.Group)
	}
	switch {
	case m.IsActive() && m.Role == GroupOwner && seen.State == GroupActive:
		return fail(Conflict, "group_leave.owner")
	case !m.IsActive() && m.State != MemberAsked && m.State != MemberSevered:
		return nil
	}
	if err := s.endMembership(ctx, tx, m, MemberLeft); err != nil {
		return err
	}
	if m.State == MemberSevered { // its server is told once it is talked with again
		return nil
	}
	if !seen.IsLocal() {
		return s.unfollow(ctx, tx, m)
	}
	return s.forgetOffer(ctx, tx, seen.Group, m.AccountID)
}

// takeGroupBack is for whoever asked for a group and no longer wants it.
func (s *Service) takeGroupBack(ctx context.Context, tx Store, g Group) error {
	g.State = GroupRefused
	if err := tx.UpdateGroup(ctx, g); err != nil {
		return err
	}
	return tx.EndConsents(ctx, *g.AskedBy, g.ID, "", s.now())
}

// endMembership stores that somebody is out: role and answer are gone, and so is
// what they consented to for this group.
func (s *Service) endMembership(ctx context.Context, tx Store, m Membership, state string) error {
	m.State, m.Role, m.Answer, m.ChangedAt = state, GroupMember, "", s.now()
	if err := tx.UpdateMembership(ctx, m); err != nil {
		return err
	}
	return tx.EndConsents(ctx, m.AccountID, m.GroupID, "", m.ChangedAt)
}

// forgetOffer takes the offer of a group back from somebody who left it.
func (s *Service) forgetOffer(ctx context.Context, tx Store, g Group, accountID string) error {
	if g.OfferedTo == nil || *g.OfferedTo != accountID {
		return nil
	}
	g.OfferedTo = nil
	return tx.UpdateGroup(ctx, g)
}
