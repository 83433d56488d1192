package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// maxGroupsAsked is how many groups one person may be waiting for at once.
const maxGroupsAsked = 3

// MayMakeGroup says why a Viewer may not make a group, or ask for one; nil where
// they may.
func (s *Service) MayMakeGroup(v Viewer, site Site) error { return mayMakeGroup(v, site, s.now()) }

func mayMakeGroup(v Viewer, site Site, now time.Time) error {
	switch {
	case !v.IsMember(now) || v.isSuspended(v.ActingID(), now):
		return fail(Forbidden, "group_form.paused")
	case site.GroupCreation == GroupCreationAdmins && !v.IsAdmin():
		return fail(Forbidden, "group_form.admins_only")
	}
	return nil
}

// MakeGroup makes a group as the acting account, or asks for one where the site
// wants an admin to agree first; the Group's State says which. It returns Invalid
// with each field to mend, TooMany where the person waits for three already.
func (s *Service) MakeGroup(ctx context.Context, v Viewer, d GroupDraft) (Group, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return Group{}, err
	}
	if err := mayMakeGroup(v, site, s.now()); err != nil {
		return Group{}, err
	}
	d = d.tidy()
	if err := d.check(site); err != nil {
		return Group{}, err
	}
	g := d.group(site, v.ActingID(), s.now())
	if site.GroupCreation == GroupCreationAsked && !v.IsAdmin() {
		g.State = GroupAsked
	}
	return g, s.store.InTx(ctx, func(tx Store) error {
		if err := stays(ctx, tx, v); err != nil {
			return err
		}
		if err := s.insertGroup(ctx, tx, g, d); err != nil {
			return err
		}
		if err := s.agree(ctx, tx, v, g.AskedBy, g.ID, d.Consents); err != nil {
			return err
		}
		if g.State == GroupAsked {
			return s.askForGroup(ctx, tx, v, g)
		}
		if v.IsAdmin() {
			if _, err := s.decide(ctx, tx, groupDecision(v, g, DecidedGroup), DecisionWords{}); err != nil {
				return err
			}
		}
		return s.beginGroup(ctx, tx, site, g)
	})
}

// group is the row of a draft: active, asked for by an account.
func (d GroupDraft) group(site Site, askedBy string, now time.Time) Group {
	id := secret.NewActorID()
	uri := site.Base() + "/g/" + id
	g := Group{
		Actor: Actor{
			ID: id, URI: uri, Type: ActorGroup, Name: d.Name, URL: site.Base() + "/g/" + d.Name,
			Inbox: uri + "/inbox", SharedInbox: site.Base() + "/inbox", CreatedAt: now,
		},
		State: GroupActive, AskedBy: &askedBy, RulesVersion: 1, LastActivityAt: now,
	}
	d.GroupTexts.put(&g)
	d.Audience.put(&g)
	g.Microblogs = !g.Sensitive // nobody is asked before there is anything to see
	g.disclose(now)
	return g
}

func (s *Service) insertGroup(ctx context.Context, tx Store, g Group, d GroupDraft) error {
	if err := tx.InsertGroup(ctx, g); err != nil {
		return takenOr(err, "name", "name.taken")
	}
	if err := tx.InsertRules(ctx, newRules(g, d.Rules, s.now())); err != nil {
		return err
	}
	return tx.ReplaceGroupServers(ctx, g.ID, d.Servers)
}

// newRules are the rows of the group's present version.
func newRules(g Group, lines []string, now time.Time) []Rule {
	rules := make([]Rule, len(lines))
	for i, text := range lines {
		rules[i] = Rule{GroupID: g.ID, Version: g.RulesVersion, Position: i + 1, Text: text, Since: now}
	}
	return rules
}

func (s *Service) askForGroup(ctx context.Context, tx Store, v Viewer, g Group) error {
	waiting, err := tx.GroupsAskedBy(ctx, v.AccountIDs())
	if err != nil {
		return err
	}
	n := 0
	for _, w := range waiting {
		if w.State == GroupAsked {
			n++
		}
	}
	if n > maxGroupsAsked { // this one is among them
		return fail(TooMany, "group_form.too_many_asked", "Most", maxGroupsAsked)
	}
	return s.tellAdmins(ctx, tx, NoticeGroupAsked, g.ID)
}

// beginGroup makes whoever asked for an approved group its owner.
func (s *Service) beginGroup(ctx context.Context, tx Store, site Site, g Group) error {
	now := s.now()
	if err := tx.InsertMembership(ctx, Membership{
		ID: secret.NewID(now), GroupID: g.ID, AccountID: *g.AskedBy, Role: GroupOwner, State: MemberActive,
		RulesVersion: g.RulesVersion, CreatedAt: now, ChangedAt: now,
	}); err != nil {
		return err
	}
	return s.tellWorldOfGroup(ctx, tx, site, g, g)
}

// groupFederates says whether other servers may know of a group at all.
func groupFederates(site Site, g Group) bool {
	return oneOf(g.State, GroupActive, GroupClosed) && g.Reach != ReachNowhere && !site.IsClosed()
}

// tellWorldOfGroup writes the Event of a change where the world knew the group
// before it, or may know it after.
func (s *Service) tellWorldOfGroup(ctx context.Context, tx Store, site Site, before, after Group) error {
	if !groupFederates(site, before) && !groupFederates(site, after) {
		return nil
	}
	e := newEvent(s.now(), EventGroupChanged, after.ID)
	e.GroupID = &after.ID
	return tx.InsertEvent(ctx, e)
}

// groupDecision is a Decision of the instance about a group. Decisions of the
// group itself have its id as their Scope.
func groupDecision(v Viewer, g Group, kind string) Decision {
	return Decision{Kind: kind, DecidedBy: v.ActingID(), SubjectKind: SubjectGroup, SubjectID: g.ID, AccountID: g.AskedBy}
}

func groupNotice(now time.Time, userID string, accountID *string, kind string, g Group, aboutID string) Notice {
	return Notice{ID: secret.NewID(now), UserID: userID, AccountID: accountID, Kind: kind, GroupID: &g.ID, AboutID: aboutID, CreatedAt: now}
}

// tellOfGroup tells the people of some accounts what happened in a group.
// Accounts of other servers are passed over.
func (s *Service) tellOfGroup(ctx context.Context, tx Store, kind, aboutID string, g Group, accountIDs ...string) error {
	notices, err := s.noticesOfGroup(ctx, tx, kind, aboutID, g, accountIDs)
	if err != nil {
		return err
	}
	return tx.InsertNotices(ctx, notices)
}

// noticesOfGroup has each person once, by the first of their accounts.
func (s *Service) noticesOfGroup(ctx context.Context, tx Store, kind, aboutID string, g Group, accountIDs []string) (notices []Notice, err error) {
	owners, err := tx.AccountOwners(ctx, accountIDs)
	told := map[string]bool{}
	for _, account := range accountIDs {
		if user, here := owners[account]; here && !told[user] {
			told[user] = true
			notices = append(notices, groupNotice(s.now(), user, &account, kind, g, aboutID))
		}
	}
	return notices, err
}
