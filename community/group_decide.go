package community

import (
	"context"
	"strings"
	"unicode/utf8"
)

// GroupAnswer is an admin's answer to somebody who asked for a group.
type GroupAnswer struct {
	Approve bool
	Reason  string // what the asker reads; needed for a no
}

const maxReason = 1000

// AnswerGroup decides on a group that was asked for: its asker becomes its owner,
// or reads why not. Admins only; NotFound for everybody else, Conflict where
// another admin was first.
func (s *Service) AnswerGroup(ctx context.Context, v Viewer, groupID string, a GroupAnswer) (Group, error) {
	if !v.IsAdmin() {
		return Group{}, fail(NotFound, "error.not_found")
	}
	a.Reason = strings.TrimSpace(a.Reason)
	if err := checkReason(a.Reason, !a.Approve); err != nil {
		return Group{}, err
	}
	site, err := s.store.Site(ctx)
	if err != nil {
		return Group{}, err
	}
	var g Group
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := askerStays(ctx, tx, groupID); err != nil {
			return err
		}
		if g, err = lockedGroup(ctx, tx, groupID); err != nil {
			return err
		}
		if g.State != GroupAsked {
			return fail(Conflict, "group_admin.answered")
		}
		return s.answerGroup(ctx, tx, v, site, &g, a)
	})
	return g, err
}

// askerStays is Conflict where whoever asked for a group has left by now, and else
// they do not until the transaction ends: they would leave a group behind that nobody
// owns. It locks the person before the group, as leaving does.
func askerStays(ctx context.Context, tx Store, groupID string) error {
	g, err := tx.Group(ctx, groupID)
	if err != nil || g.AskedBy == nil {
		return err
	}
	asker, _, err := personBehind(ctx, tx, *g.AskedBy)
	if err == nil && asker != nil && asker.State == UserLeft {
		err = fail(Conflict, "group_admin.answered")
	}
	return err
}

func (s *Service) answerGroup(ctx context.Context, tx Store, v Viewer, site Site, g *Group, a GroupAnswer) error {
	kind := DecidedGroupRefuse
	g.State = GroupRefused
	if a.Approve {
		kind, g.State = DecidedGroup, GroupActive
	}
	if err := tx.UpdateGroup(ctx, *g); err != nil {
		return err
	}
	d, err := s.decide(ctx, tx, groupDecision(v, *g, kind), DecisionWords{Reason: a.Reason})
	if err != nil {
		return err
	}
	if a.Approve {
		err = s.beginGroup(ctx, tx, site, *g)
	} else {
		err = tx.EndConsents(ctx, *g.AskedBy, g.ID, "", s.now())
	}
	if err != nil {
		return err
	}
	return s.tellOfGroup(ctx, tx, NoticeGroupDecided, d.ID, *g, *g.AskedBy)
}

// lockedGroup is a group that nobody else changes until the transaction ends.
func lockedGroup(ctx context.Context, tx Store, id string) (Group, error) {
	if err := tx.LockGroup(ctx, id); err != nil {
		return Group{}, err
	}
	return tx.Group(ctx, id)
}

// checkReason refuses a sentence to a person that is missing or too long.
func checkReason(reason string, needed bool) error {
	var p problems
	switch n := utf8.RuneCountInString(reason); {
	case needed && n < 3:
		p.add("reason", "group_form.reason_needed")
	case n > maxReason:
		p.add("reason", "group_form.too_long", "Most", maxReason)
	}
	return p.err()
}

// AskedGroup is a group that somebody asked for, with who did and what was
// answered.
type AskedGroup struct {
	Group
	AskerName  string
	AskerTitle string
	Payload    string // of the Decision that said no
}

// Reason is what the asker reads of a no; empty before it, or where it was erased.
func (g AskedGroup) Reason() string { return reasonOf(g.Payload) }

// GroupsAsked lists what was asked for and not answered, the oldest first, with
// the rules of each. Admins only.
func (s *Service) GroupsAsked(ctx context.Context, v Viewer) ([]AskedGroup, map[string][]Rule, error) {
	if !v.IsAdmin() {
		return nil, nil, fail(NotFound, "error.not_found")
	}
	groups, err := s.store.GroupsAsked(ctx, 50)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.ID
	}
	rules, err := s.store.RulesOf(ctx, ids)
	return groups, rules, err
}

// CountGroupsAsked is how many groups wait for an admin. Admins only.
func (s *Service) CountGroupsAsked(ctx context.Context, v Viewer) (int, error) {
	if !v.IsAdmin() {
		return 0, fail(NotFound, "error.not_found")
	}
	return s.store.CountGroupsAsked(ctx)
}

// OwnGroupsAsked lists what the Viewer asked for and has not got, with the
// answers: the newest first.
func (s *Service) OwnGroupsAsked(ctx context.Context, v Viewer) ([]AskedGroup, error) {
	if v.User == nil {
		return nil, nil
	}
	return s.store.GroupsAskedBy(ctx, v.AccountIDs())
}
