package community

import "context"

// MemberToModerate is somebody in a group as a moderator is shown them.
type MemberToModerate struct {
	Group      Group
	Account    Account
	Membership Membership
	Rules      []Rule
	Reports    []Report   // about them, in this group alone
	Past       []PastStep // decided about them, in this group alone
	Measures   []string
}

// MemberToModerate is an account in a group of the Viewer's. NotFound for who
// does not moderate the group, and for accounts that were never in it.
func (s *Service) MemberToModerate(ctx context.Context, v Viewer, groupRef, accountID string) (MemberToModerate, error) {
	seen, err := s.groupToModerate(ctx, s.store, v, groupRef)
	if err != nil {
		return MemberToModerate{}, err
	}
	p := MemberToModerate{Group: seen.Group}
	if p.Account, p.Membership, err = s.store.Member(ctx, seen.ID, accountID); err != nil {
		return p, err
	}
	p.Measures = memberMeasures(v, seen, p.Membership, s)
	if p.Rules, err = s.store.Rules(ctx, seen.ID, seen.RulesVersion); err != nil {
		return p, err
	}
	if p.Reports, err = s.reportsAbout(ctx, v, accountID, &seen.ID); err != nil {
		return p, err
	}
	p.Past, err = s.store.PastSteps(ctx, accountID, seen.ID, pastShown)
	return p, err
}

// reportsAbout are the reports about an account in one place, without who sent
// them; none about the Viewer's own.
func (s *Service) reportsAbout(ctx context.Context, v Viewer, accountID string, groupID *string) ([]Report, error) {
	if v.Owns(accountID) {
		return nil, nil
	}
	reports, err := s.store.ReportsAbout(ctx, accountID, groupID, pastShown)
	for i := range reports {
		reports[i] = reports[i].anonymous()
	}
	return reports, err
}

func memberMeasures(v Viewer, seen GroupSeen, m Membership, s *Service) []string {
	now := s.now()
	switch {
	case mayReadmit(v, seen.Group, seen.Membership, m, now):
		return []string{MeasureReadmit}
	case mayRemove(v, seen.Group, seen.Membership, m, now):
		return []string{MeasureRemove}
	}
	return nil
}

func (s *Service) groupToModerate(ctx context.Context, store Store, v Viewer, groupRef string) (GroupSeen, error) {
	seen, err := s.groupFor(ctx, store, v, groupRef)
	if err == nil && !mayModerate(v, seen.Membership, s.now()) {
		err = fail(NotFound, "error.not_found")
	}
	return seen, err
}

// ModerateMember removes somebody from a group of the Viewer's, until a date or
// for good, or takes that back. NotFound as in MemberToModerate; Conflict where
// somebody was first.
func (s *Service) ModerateMember(ctx context.Context, v Viewer, groupRef, accountID string, measure Measure) (d Decision, err error) {
	measure = measure.tidy()
	err = s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.groupToModerate(ctx, tx, v, groupRef)
		if err != nil {
			return err
		}
		m, err := tx.Membership(ctx, seen.ID, accountID)
		if err != nil {
			return err
		}
		if err := measure.check(s.now(), []string{MeasureRemove, MeasureReadmit}); err != nil {
			return err
		}
		if !oneOf(measure.Kind, memberMeasures(v, seen, m, s)...) {
			return fail(Conflict, "moderate.changed")
		}
		who := moderatorOf(v, &seen.Group, seen.Membership, s.now())
		if measure.Kind == MeasureReadmit {
			d, err = s.readmitMember(ctx, tx, who, m.AccountID, measure)
		} else {
			d, err = s.removeMember(ctx, tx, who, m.AccountID, measure)
		}
		return err
	})
	return d, err
}

// removeMember takes an account out of a group. It is decided on the account and
// holds for the person: mayJoin turns their other names away without a word.
func (s *Service) removeMember(ctx context.Context, tx Store, who moderator, accountID string, measure Measure) (Decision, error) {
	m, err := lockedMember(ctx, tx, who.group.ID, accountID)
	if err != nil {
		return Decision{}, err
	}
	if m.isRemoved(s.now()) || m.IsActive() && m.Role == GroupOwner {
		return Decision{}, fail(Conflict, "moderate.changed")
	}
	m.State, m.RemovedUntil = MemberRemoved, measure.Until
	if err := s.endMembership(ctx, tx, m, m.State); err != nil {
		return Decision{}, err
	}
	if err := s.forgetOffer(ctx, tx, *who.group, accountID); err != nil {
		return Decision{}, err
	}
	d, err := s.recordMember(ctx, tx, who, m, measure, Decision{Kind: DecidedRemove, Until: measure.Until})
	if err != nil {
		return d, err
	}
	return d, s.answerFollow(ctx, tx, *who.group, m)
}

// lockedMember is somebody's membership in a group that nobody joins, leaves or
// is removed from until the transaction ends.
func lockedMember(ctx context.Context, tx Store, groupID, accountID string) (Membership, error) {
	if err := tx.LockGroup(ctx, groupID); err != nil {
		return Membership{}, err
	}
	return tx.Membership(ctx, groupID, accountID)
}

// readmitMember takes a removal back: whoever it was about may ask again.
func (s *Service) readmitMember(ctx context.Context, tx Store, who moderator, accountID string, measure Measure) (Decision, error) {
	m, err := lockedMember(ctx, tx, who.group.ID, accountID)
	if err != nil {
		return Decision{}, err
	}
	if !m.isRemoved(s.now()) {
		return Decision{}, fail(Conflict, "moderate.changed")
	}
	undoes, err := undone(ctx, tx, SubjectMembership, m.ID, DecidedRemove)
	if err != nil {
		return Decision{}, err
	}
	m.State, m.RemovedUntil, m.ChangedAt = MemberLeft, nil, s.now()
	if err := tx.UpdateMembership(ctx, m); err != nil {
		return Decision{}, err
	}
	return s.recordMember(ctx, tx, who, m, measure, Decision{Kind: DecidedReadmit, Undoes: undoes})
}

func (s *Service) recordMember(ctx context.Context, tx Store, who moderator, m Membership, measure Measure, d Decision) (Decision, error) {
	d.SubjectKind, d.SubjectID, d.AccountID = SubjectMembership, m.ID, &m.AccountID
	d, err := s.record(ctx, tx, who, measure, d, 0)
	if err != nil {
		return d, err
	}
	return d, s.tellSubject(ctx, tx, d, &m.GroupID, nil)
}
