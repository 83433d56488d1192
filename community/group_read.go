package community

import (
	"context"
	"strings"
	"time"
)

// GroupView is a group as one Viewer may see it.
type GroupView struct {
	Group      Group
	Rules      []Rule     // of the present version
	Moderators []Account  // the owner first; none for those who may not read
	OwnerID    string     // the account among them that owns it; empty where nobody does
	Membership Membership // the Viewer's own, by whichever of their accounts; zero where none

	MayRead     bool
	MayWrite    bool // as Membership.AccountID, whichever account is acting
	MayAsk      bool // may come in, or ask to, by /g/{name}/join; a visitor after signing in
	MayModerate bool
	Barred      bool // may not write for now, as the group's own server says (Membership.BarredUntil)

	// RulesChanged says that a member has yet to accept the present rules. They
	// may read; MayWrite waits until they did, by /g/{name}/join?next=.
	RulesChanged bool

	// Members is the true number for the group's moderators, and for everybody
	// else the lower end of its band, so that no page can tell who came or left
	// (safety.md R14).
	Members int
}

// GroupView finds a group by id, by name, or by name@domain. NotFound where the
// Viewer may not know of it: a group that was asked for and not approved is its
// asker's and the admins' alone. An unlisted one is reached by its address.
// It takes three reads.
func (s *Service) GroupView(ctx context.Context, v Viewer, ref string) (GroupView, error) {
	seen, err := s.groupFor(ctx, s.store, v, ref)
	if err != nil {
		return GroupView{}, err
	}
	view := seen.view(v, s.now())
	if view.Rules, err = s.store.Rules(ctx, seen.ID, seen.RulesVersion); err != nil {
		return GroupView{}, err
	}
	if view.MayRead {
		view.OwnerID = seen.OwnerID
		moderators := s.store.ModeratorAccounts
		if !seen.IsLocal() {
			moderators = s.store.ModeratorAccountsThere
		}
		view.Moderators, err = moderators(ctx, seen.ID)
	}
	return view, err
}

// GroupSeen is a group with a Viewer's membership and the true number of
// members: all that is judged by, in one read. It never leaves the community.
type GroupSeen struct {
	Group
	Membership Membership
	Members    int
	OwnerID    string // empty where nobody owns it
}

// GroupRef names a group: by id, or by folded name at a folded domain.
type GroupRef struct{ ID, Domain, Name string }

// groupFor reads what judgement needs of a group, in one read. NotFound where
// the Viewer may not know of it.
func (s *Service) groupFor(ctx context.Context, store Store, v Viewer, ref string) (GroupSeen, error) {
	find := groupRef(ref)
	seen, err := store.GroupSeen(ctx, find, v.AccountIDs(), s.now())
	if err == nil && !mayKnowGroup(v, seen.Group) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return GroupSeen{}, err
	}
	return seen, nil
}

// groupRef reads an address that somebody typed or followed. Whether its domain is
// this server's own is the store's to find.
func groupRef(ref string) GroupRef {
	find := handleRef(ref)
	if looksLikeID(find.Name) && find.Domain == "" {
		return GroupRef{ID: find.Name}
	}
	return find
}

// handleRef reads name, name@domain, @name@domain or !name@domain.
func handleRef(handle string) GroupRef {
	name, domain, _ := strings.Cut(strings.TrimLeft(Fold(handle), "!@"), "@")
	return GroupRef{Domain: domain, Name: name}
}

func (g GroupSeen) view(v Viewer, now time.Time) GroupView {
	view := GroupView{
		Group: g.Group, Membership: g.Membership,
		MayRead:      mayReadGroup(v, g.Group, g.Readers, g.Membership, now),
		MayWrite:     mayWriteIn(v, g.Group, g.Membership, now) && !g.isRestricted(),
		MayAsk:       mayJoin(v, g.Group, g.Membership, now) == nil,
		MayModerate:  mayModerate(v, g.Membership, now),
		Barred:       g.Membership.isBarred(now),
		RulesChanged: rulesChanged(g.Group, g.Membership),
		Members:      g.Members,
	}
	if !view.MayModerate {
		view.Members = bandFloor(g.Members)
	}
	return view
}

// bandFloor is the lower end of the band that a number of people is told in.
func bandFloor(n int) int {
	floor := 0
	for _, from := range []int{5, 10, 25, 50, 100} {
		if n >= from {
			floor = from
		}
	}
	return floor
}
