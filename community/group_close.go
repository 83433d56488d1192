package community

import (
	"context"
	"slices"
	"strings"
)

// CloseGroup ends writing and joining in a group, by its owner or an admin. What
// stands in it stays readable for those who might read it.
func (s *Service) CloseGroup(ctx context.Context, v Viewer, ref, reason string) error {
	return s.setGroupState(ctx, v, ref, reason, GroupActive, GroupClosed)
}

// ReopenGroup undoes CloseGroup.
func (s *Service) ReopenGroup(ctx context.Context, v Viewer, ref, reason string) error {
	return s.setGroupState(ctx, v, ref, reason, GroupClosed, GroupActive)
}

func (s *Service) setGroupState(ctx context.Context, v Viewer, ref, reason, from, to string) error {
	reason = strings.TrimSpace(reason)
	if err := checkReason(reason, false); err != nil {
		return err
	}
	site, err := s.store.Site(ctx)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		view, err := s.deskOf(ctx, tx, v, ref, func(view GroupView) bool { return mayRun(v, view) })
		if err != nil {
			return err
		}
		g := view.Group
		if g.State == to {
			return nil
		}
		if g.State != from {
			return fail(Conflict, "error.conflict")
		}
		g.State, g.ClosedAt = to, nil
		if to == GroupClosed {
			now := s.now()
			g.ClosedAt = &now
		}
		if err := tx.UpdateGroup(ctx, g); err != nil {
			return err
		}
		d := v.inGroup(g, DecidedSettings, SubjectGroup, g.ID)
		d.Rule = "state." + to
		if d, err = s.decide(ctx, tx, d, DecisionWords{Reason: reason}); err != nil {
			return err
		}
		if err := s.tellOtherModerators(ctx, tx, v, d, g); err != nil {
			return err
		}
		if err := s.tellMembers(ctx, tx, d, g); err != nil {
			return err
		}
		return s.tellWorldOfGroup(ctx, tx, site, view.Group, g)
	})
}

// tellOtherModerators tells those who look after a group what another of them, or
// an admin, decided about it.
func (s *Service) tellOtherModerators(ctx context.Context, tx Store, v Viewer, d Decision, g Group) error {
	moderators, err := tx.Moderators(ctx, g.ID)
	if err != nil {
		return err
	}
	var others []string
	for _, m := range moderators {
		if !v.Owns(m.AccountID) {
			others = append(others, m.AccountID)
		}
	}
	return s.tellOfGroup(ctx, tx, NoticeDecision, d.ID, g, others...)
}

// tellMembers gives the people of this server who are in a group, and do not look
// after it, a notice of what became of it. Its reason is for those who do.
func (s *Service) tellMembers(ctx context.Context, tx Store, d Decision, g Group) error {
	ids, err := tx.PlainMembers(ctx, g.ID)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, membersAtOnce) {
		if err := s.tellOfGroup(ctx, tx, NoticeGroupClosed, d.ID, g, some...); err != nil {
			return err
		}
	}
	return nil
}

// membersAtOnce bounds what one statement tells.
const membersAtOnce = 500
