package community

import (
	"context"
	"slices"
	"strings"

	"hearth/community/secret"
)

// OfferGroup asks a member, by the name others see, to own the group, by its
// owner or an admin. Nothing changes until they answer; an empty name takes the
// offer back. Invalid for somebody who is not in the group.
func (s *Service) OfferGroup(ctx context.Context, v Viewer, ref, name string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		view, err := s.deskOf(ctx, tx, v, ref, func(view GroupView) bool { return mayRun(v, view) })
		if err != nil {
			return err
		}
		g := view.Group
		if name = strings.TrimPrefix(Fold(name), "@"); name == "" {
			g.OfferedTo = nil
			return tx.UpdateGroup(ctx, g)
		}
		to, err := memberByName(ctx, tx, g, name)
		if err != nil {
			return err
		}
		g.OfferedTo = &to.AccountID
		if err := tx.UpdateGroup(ctx, g); err != nil {
			return err
		}
		d, err := s.decide(ctx, tx, v.inGroup(g, DecidedHandOver, SubjectAccount, to.AccountID), DecisionWords{})
		if err != nil {
			return err
		}
		return s.tellOfGroup(ctx, tx, NoticeHandOver, d.ID, g, to.AccountID)
	})
}

// memberByName is the membership of a local member who could own the group.
func memberByName(ctx context.Context, tx Store, g Group, name string) (Membership, error) {
	var p problems
	p.add("name", "group_mod.no_such_member")
	account, err := tx.AccountByName(ctx, "", name)
	if isNotFound(err) {
		return Membership{}, p.err()
	}
	if err != nil {
		return Membership{}, err
	}
	m, err := tx.Membership(ctx, g.ID, account.ID)
	if isNotFound(err) || err == nil && (!m.IsActive() || m.Role == GroupOwner) {
		return Membership{}, p.err()
	}
	return m, err
}

// GroupOffer is a group for the person who is asked to own it; NotFound for
// everybody else.
func (s *Service) GroupOffer(ctx context.Context, v Viewer, ref string) (GroupView, error) {
	view, err := s.GroupView(ctx, v, ref)
	if err == nil && !isOffered(v, view.Group) {
		return GroupView{}, fail(NotFound, "error.not_found")
	}
	return view, err
}

func isOffered(v Viewer, g Group) bool { return g.OfferedTo != nil && v.Owns(*g.OfferedTo) }

// AnswerOffer takes the group or declines it. Whoever owned it moderates it from
// then on, and hears of either.
func (s *Service) AnswerOffer(ctx context.Context, v Viewer, ref string, take bool) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := stays(ctx, tx, v); err != nil {
			return err
		}
		seen, err := s.lockedGroupFor(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		g, m := seen.Group, seen.Membership
		if !isOffered(v, g) {
			return fail(NotFound, "error.not_found")
		}
		if take && (!v.IsMember(s.now()) || !m.IsActive() || v.isSuspended(m.AccountID, s.now())) {
			return fail(Forbidden, "group_join.not_in")
		}
		g.OfferedTo = nil
		if err := tx.UpdateGroup(ctx, g); err != nil {
			return err
		}
		owner, err := ownerOf(ctx, tx, g)
		if err != nil {
			return err
		}
		if !take {
			return s.tellOwner(ctx, tx, owner, NoticeHandOverDeclined, g, secret.NewID(s.now()))
		}
		return s.handOver(ctx, tx, v, g, owner, m)
	})
}

func (s *Service) handOver(ctx context.Context, tx Store, v Viewer, g Group, from *Membership, to Membership) error {
	now := s.now()
	if from != nil {
		from.Role, from.ChangedAt = GroupModerator, now
		if err := tx.UpdateMembership(ctx, *from); err != nil {
			return err
		}
	}
	to.Role, to.ChangedAt = GroupOwner, now
	if err := tx.UpdateMembership(ctx, to); err != nil {
		return err
	}
	d, err := s.decide(ctx, tx, v.actingAs(to.AccountID).inGroup(g, DecidedHandOver, SubjectGroup, g.ID), DecisionWords{})
	if err != nil {
		return err
	}
	return s.tellOwner(ctx, tx, from, NoticeDecision, g, d.ID)
}

func (s *Service) tellOwner(ctx context.Context, tx Store, owner *Membership, kind string, g Group, aboutID string) error {
	if owner == nil {
		return nil
	}
	return s.tellOfGroup(ctx, tx, kind, aboutID, g, owner.AccountID)
}

// ownerOf is the owner's membership, nil where the owner is gone.
func ownerOf(ctx context.Context, tx Store, g Group) (*Membership, error) {
	moderators, err := tx.Moderators(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(moderators, func(m Membership) bool { return m.Role == GroupOwner })
	if i < 0 {
		return nil, nil
	}
	return &moderators[i], nil
}
