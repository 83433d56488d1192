package community

import (
	"context"
	"slices"
)

// GroupDesk is a group as those who look after it see it; the view is without
// its moderators.
type GroupDesk struct {
	GroupView
	Servers []string // where copies may go, for ReachNamed
	Offered *Account // who is asked to own it
	Asks    int      // how many ask to join, at most maxAsks
	MayOwn  bool     // audience, moderators, hand-over: the owner's
	MayRun  bool     // close, reopen, hand over: the owner's, and the admins'
}

// GroupWaiting is what in a group waits for an answer: how many ask to join, and
// who is asked to own it, the zero value where nobody is.
type GroupWaiting struct {
	Asks    int
	Offered Account
}

// GroupDesk returns a group for its moderators, and for admins, who run it from
// outside and see none of its members. NotFound for everybody else.
func (s *Service) GroupDesk(ctx context.Context, v Viewer, ref string) (GroupDesk, error) {
	seen, err := s.groupFor(ctx, s.store, v, ref)
	if err != nil {
		return GroupDesk{}, err
	}
	view := seen.view(v, s.now())
	d := GroupDesk{GroupView: view, MayOwn: mayOwn(view.MayModerate, view.Membership), MayRun: mayRun(v, view)}
	if !view.MayModerate && !d.MayRun {
		return GroupDesk{}, fail(NotFound, "error.not_found")
	}
	if d.Rules, err = s.store.Rules(ctx, view.Group.ID, view.Group.RulesVersion); err != nil {
		return GroupDesk{}, err
	}
	if d.Servers, err = s.GroupServers(ctx, view); err != nil {
		return GroupDesk{}, err
	}
	waiting, err := s.store.WaitingIn(ctx, view.Group.ID)
	if waiting.Offered.ID != "" {
		d.Offered = &waiting.Offered
	}
	if view.MayModerate {
		d.Asks = waiting.Asks
	}
	return d, err
}

// GroupServers are the servers that copies go to from a group that the Viewer
// sees; none unless it names them.
func (s *Service) GroupServers(ctx context.Context, view GroupView) ([]string, error) {
	if view.Group.Reach != ReachNamed {
		return nil, nil
	}
	return s.store.GroupServers(ctx, view.Group.ID)
}

// mayOwn says whether somebody who may moderate owns the group too.
func mayOwn(mayModerate bool, m Membership) bool { return mayModerate && m.Role == GroupOwner }

// mayRun says whether the Viewer may close a group or find it another owner.
func mayRun(v Viewer, view GroupView) bool {
	return view.Group.IsLocal() && (mayOwn(view.MayModerate, view.Membership) || v.IsAdmin() && oneOf(view.Group.State, GroupActive, GroupClosed))
}

// deskOf is groupFor under a lock, for a change by somebody whom may lets do it;
// NotFound for those who do not look after the group, Forbidden for those who do
// and may not do this.
func (s *Service) deskOf(ctx context.Context, tx Store, v Viewer, ref string, may func(GroupView) bool) (GroupView, error) {
	seen, err := s.lockedGroupFor(ctx, tx, v, ref)
	if err != nil {
		return GroupView{}, err
	}
	view := seen.view(v, s.now())
	switch {
	case may(view) && view.Group.IsLocal():
		return view, nil
	case view.MayModerate:
		return GroupView{}, fail(Forbidden, "group_mod.owner_only")
	}
	return GroupView{}, fail(NotFound, "error.not_found")
}

func asModerator(view GroupView) bool { return view.MayModerate }
func asOwner(view GroupView) bool     { return mayOwn(view.MayModerate, view.Membership) }

// inGroup is a Decision in the group's own scope.
func (v Viewer) inGroup(g Group, kind, subjectKind, subjectID string) Decision {
	d := Decision{Scope: g.ID, Kind: kind, DecidedBy: v.ActingID(), SubjectKind: subjectKind, SubjectID: subjectID}
	if subjectKind == SubjectAccount {
		d.AccountID = &subjectID
	}
	return d
}

// ChangeGroupTexts stores what a group says about itself, by one of its
// moderators. Invalid with each field to mend; a change of nothing is no Decision.
func (s *Service) ChangeGroupTexts(ctx context.Context, v Viewer, ref string, t GroupTexts) error {
	t = t.tidy()
	var p problems
	if t.check(&p); p.err() != nil {
		return p.err()
	}
	return s.changeGroup(ctx, v, ref, asModerator, func(tx Store, view GroupView) (Group, []string, error) {
		g := view.Group
		changed := g.Texts().changed(t)
		t.put(&g)
		return g, changed, nil
	})
}

// changed names the fields in which two differ.
func (t GroupTexts) changed(to GroupTexts) []string {
	var fields []string
	for _, f := range []struct{ name, a, b string }{
		{"title", t.Title, to.Title}, {"purpose", t.Purpose, to.Purpose}, {"for_whom", t.ForWhom, to.ForWhom},
		{"not_for", t.NotFor, to.NotFor}, {"situation", t.Situation, to.Situation}, {"language", t.Language, to.Language},
		{"joining", t.Joining, to.Joining}, {"question", t.Question, to.Question},
	} {
		if f.a != f.b {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// changeGroup applies a change and records it: the new group and what changed.
func (s *Service) changeGroup(ctx context.Context, v Viewer, ref string, may func(GroupView) bool,
	change func(tx Store, view GroupView) (Group, []string, error)) error {
	site, err := s.store.Site(ctx)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		view, err := s.deskOf(ctx, tx, v, ref, may)
		if err != nil {
			return err
		}
		g, changed, err := change(tx, view)
		if err != nil || len(changed) == 0 {
			return err
		}
		if err := tx.UpdateGroup(ctx, g); err != nil {
			return err
		}
		d := v.inGroup(g, DecidedSettings, SubjectGroup, g.ID)
		if _, err := s.decide(ctx, tx, d, DecisionWords{Changed: changesIn(changed)}); err != nil {
			return err
		}
		return s.tellWorldOfGroup(ctx, tx, site, view.Group, g)
	})
}

// ChangeAudience changes who may read a group, how far copies travel and whether
// it is listed, by its owner. from is what they saw; Conflict where it is no
// longer so. Posts keep what they were written under (R15). Where the change
// opens the group wider than its members agreed to, they are asked again before
// they write.
func (s *Service) ChangeAudience(ctx context.Context, v Viewer, ref string, from, to Audience) error {
	site, err := s.store.Site(ctx)
	if err != nil {
		return err
	}
	from, to = from.tidy(), to.tidy()
	var p problems
	if to.check(&p, site); p.err() != nil {
		return p.err()
	}
	return s.changeGroup(ctx, v, ref, asOwner, func(tx Store, view GroupView) (Group, []string, error) {
		g := view.Group
		now := g.Audience()
		if now.Servers, err = tx.GroupServers(ctx, g.ID); err != nil {
			return g, nil, err
		}
		if !now.tidy().is(from) {
			return g, nil, fail(Conflict, "error.conflict")
		}
		if err := tx.ReplaceGroupServers(ctx, g.ID, to.Servers); err != nil {
			return g, nil, err
		}
		to.put(&g)
		g.disclose(s.now())
		if from.widens(to) {
			g, err = s.copyRules(ctx, tx, g)
		}
		return g, from.Changes(to), err
	})
}

// is says whether two audiences are the same.
func (a Audience) is(b Audience) bool {
	return a.Sensitive == b.Sensitive && a.Readers == b.Readers && a.Reach == b.Reach && a.Listed == b.Listed && a.Microblogs == b.Microblogs && slices.Equal(a.Servers, b.Servers)
}

// CheckAudience says what is wrong with an audience before it is confirmed, and
// what surprises about it.
func (s *Service) CheckAudience(ctx context.Context, g Group, to Audience) (Audience, []string, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return to, nil, err
	}
	var p problems
	if g.Sensitive && to.Sensitive && to.Microblogs {
		p.add("microblogs", "group_form.microblogs_sensitive")
	}
	to = to.tidy()
	to.check(&p, site)
	return to, to.advice(g.Joining), p.err()
}
