package community

import "time"

// mayKnowGroup says whether a Viewer may learn that a group exists. Whoever has
// the address of an approved one may: its door page says what it is for and who
// can see, never what is said in it. Other servers only know groups that reach
// beyond this one (safety.md R16, R17).
func mayKnowGroup(v Viewer, g Group) bool {
	switch {
	case g.State == GroupAsked || g.State == GroupRefused:
		return v.IsAdmin() || g.AskedBy != nil && v.Owns(*g.AskedBy)
	case v.Domain != "":
		return g.Reach != ReachNowhere
	}
	return true
}

// mayWriteIn says whether the Viewer may write in a group now, by the account of
// their membership m. A member who has not accepted the present rules may not yet.
func mayWriteIn(v Viewer, g Group, m Membership, now time.Time) bool {
	return g.State == GroupActive && v.IsMember(now) && m.IsActive() && !m.isBarred(now) &&
		!v.isSuspended(m.AccountID, now) && !rulesChanged(g, m)
}

// isRestricted says whether only its moderators begin threads in a group
// elsewhere (postingRestrictedToMods). Members may answer.
func (g Group) isRestricted() bool { return !g.IsLocal() && g.Joining == JoiningClosed }

// mayModerate says whether the Viewer may moderate the group that m is of. It is
// a matter of the group: no role of the instance gives it.
func mayModerate(v Viewer, m Membership, now time.Time) bool {
	return v.IsMember(now) && m.Moderates() && !v.isSuspended(m.AccountID, now)
}

// rulesChanged says whether a member has yet to accept the present rules.
func rulesChanged(g Group, m Membership) bool {
	return m.IsActive() && m.RulesVersion < g.RulesVersion
}

// mayJoin says why a Viewer may not come into a group, or ask to; nil where they
// may. For a visitor it judges as if they had signed in. m is the membership of
// whichever of their accounts. A removal counts for the person: asked through
// another of their names the group simply takes nobody (architecture.md, People).
func mayJoin(v Viewer, g Group, m Membership, now time.Time) error {
	switch {
	case g.State != GroupActive:
		return fail(Forbidden, "group_join.group_closed")
	case v.User != nil && !v.IsMember(now):
		return fail(Forbidden, "group_join.paused")
	case m.IsActive():
		return fail(Conflict, "group_join.already")
	case m.isRemoved(now) && m.AccountID != v.ActingID():
		return fail(Forbidden, "group_join.closed")
	case m.isRemoved(now) && m.RemovedUntil == nil:
		return fail(Forbidden, "group_join.removed")
	case m.isRemoved(now):
		return fail(Forbidden, "group_join.removed_until", "Until", *m.RemovedUntil)
	case m.State == MemberAsked && !g.IsLocal():
		return fail(Conflict, "group_join.waiting_there")
	case m.State == MemberAsked:
		return fail(Conflict, "group_join.waiting")
	case g.Joining == JoiningClosed:
		return fail(Forbidden, "group_join.closed")
	}
	return nil
}

// isRemoved says whether a removal is in force.
func (m Membership) isRemoved(now time.Time) bool {
	return m.State == MemberRemoved && (m.RemovedUntil == nil || now.Before(*m.RemovedUntil))
}

// isSuspended says whether one of the Viewer's own accounts may not act; one
// that is not theirs never may.
func (v Viewer) isSuspended(accountID string, now time.Time) bool {
	for _, a := range v.Accounts {
		if a.ID == accountID {
			return a.IsSuspended(now)
		}
	}
	return true
}
