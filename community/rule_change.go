package community

import (
	"context"
	"slices"
	"strconv"
)

// ChangeRules stores a group's rules as a new version, by one of its moderators.
// seen is the version they changed; Conflict where there is a newer one. Members
// go on reading, and accept the new version before they write again. The same
// rules again are no new version.
func (s *Service) ChangeRules(ctx context.Context, v Viewer, ref string, seen int, lines []string) error {
	var p problems
	if checkRules(&p, lines); p.err() != nil {
		return p.err()
	}
	return s.store.InTx(ctx, func(tx Store) error {
		view, err := s.deskOf(ctx, tx, v, ref, asModerator)
		if err != nil {
			return err
		}
		g := view.Group
		if g.RulesVersion != seen {
			return fail(Conflict, "group_mod.rules_newer", "Version", g.RulesVersion)
		}
		present, err := tx.Rules(ctx, g.ID, g.RulesVersion)
		if err != nil || slices.Equal(ruleTexts(present), lines) {
			return err
		}
		return s.changeRules(ctx, tx, v, view, lines)
	})
}

func (s *Service) changeRules(ctx context.Context, tx Store, v Viewer, view GroupView, lines []string) error {
	g, m := view.Group, view.Membership
	g.RulesVersion++
	if err := tx.InsertRules(ctx, newRules(g, lines, s.now())); err != nil {
		return err
	}
	if err := tx.UpdateGroup(ctx, g); err != nil {
		return err
	}
	if m.RulesVersion == g.RulesVersion-1 { // whoever wrote them need not accept them
		m.RulesVersion = g.RulesVersion
		if err := tx.UpdateMembership(ctx, m); err != nil {
			return err
		}
	}
	d := v.inGroup(g, DecidedRules, SubjectGroup, g.ID)
	d.Rule = strconv.Itoa(g.RulesVersion)
	_, err := s.decide(ctx, tx, d, DecisionWords{})
	return err
}

// copyRules makes the present rules the next version: what members accept is the
// rules and who can see, and the latter changed.
func (s *Service) copyRules(ctx context.Context, tx Store, g Group) (Group, error) {
	rules, err := tx.Rules(ctx, g.ID, g.RulesVersion)
	if err != nil {
		return g, err
	}
	g.RulesVersion++
	return g, tx.InsertRules(ctx, newRules(g, ruleTexts(rules), s.now()))
}

func ruleTexts(rules []Rule) []string {
	texts := make([]string, len(rules))
	for i, r := range rules {
		texts[i] = r.Text
	}
	return texts
}

// RuleVersion is one version of a group's rules, and since when.
type RuleVersion struct {
	Version int
	Rules   []Rule
}

// RuleVersions are the last versions of a group's rules, the newest first, for
// whoever may know of the group; they are not in the view.
func (s *Service) RuleVersions(ctx context.Context, v Viewer, ref string) (GroupView, []RuleVersion, error) {
	seen, err := s.groupFor(ctx, s.store, v, ref)
	if err != nil {
		return GroupView{}, nil, err
	}
	view := seen.view(v, s.now())
	rules, err := s.store.LastRules(ctx, view.Group.ID, view.Group.RulesVersion-9)
	if err != nil {
		return view, nil, err
	}
	var versions []RuleVersion
	for _, r := range rules {
		if n := len(versions); n == 0 || versions[n-1].Version != r.Version {
			versions = append(versions, RuleVersion{Version: r.Version})
		}
		last := &versions[len(versions)-1]
		last.Rules = append(last.Rules, r)
	}
	return view, versions, nil
}
