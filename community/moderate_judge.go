package community

import "time"

// measuresFor is what a Viewer who looks after a report may do about it, the
// least first.
func measuresFor(v Viewer, r ReportSeen, now time.Time) []string {
	measures := []string{MeasureLeave}
	add := func(may bool, kind string) {
		if may {
			measures = append(measures, kind)
		}
	}
	if r.Report.PostID != nil {
		add(r.Post.State == PostHidden, MeasureShow)
		add(mayBeHidden(r.Post), MeasureHide)
	}
	if r.Report.GroupID != nil {
		add(mayRemove(v, r.Group, r.Own, r.Member, now), MeasureRemove)
	}
	add(v.IsInstanceModerator() && !r.Account.IsSuspended(now), MeasureSuspend)
	return measures
}

// mayBeHidden says whether there are words of a post to hide, now or when its
// author comes back: leaving for a while evades nothing. What nobody saw yet is not
// hidden but refused.
func mayBeHidden(p Post) bool {
	return !p.IsUnseen() && oneOf(p.stateHere(), PostPublished, PostHeld)
}

// mayRemove says whether a Viewer may take somebody out of a group of this
// server, m by their membership: nobody themselves or its owner, and a moderator
// of it only the owner and the instance's moderators.
func mayRemove(v Viewer, g Group, own, m Membership, now time.Time) bool {
	if !g.IsLocal() || m.ID == "" || m.Role == GroupOwner && m.IsActive() || v.Owns(m.AccountID) || m.isRemoved(now) {
		return false
	}
	if v.IsInstanceModerator() {
		return true
	}
	return mayModerate(v, own, now) && (!m.Moderates() || own.Role == GroupOwner)
}

// mayReadmit says whether a Viewer may take a removal back.
func mayReadmit(v Viewer, g Group, own, m Membership, now time.Time) bool {
	return g.IsLocal() && m.isRemoved(now) && !v.Owns(m.AccountID) && (v.IsInstanceModerator() || mayModerate(v, own, now))
}

// suspending is what suspending an account takes hold of.
type suspending struct {
	person bool // the User behind it as well
}

// maySuspend says how far a Viewer who is the instance's moderator may suspend an
// account. owner is the User behind it, nil for remote ones; main says that it is
// the one they are known by. An admin is suspended only by another admin; another
// name of theirs is suspended alone, so that nobody learns whose it is.
func maySuspend(v Viewer, account Account, owner *User, main bool) (suspending, error) {
	switch {
	case v.Owns(account.ID):
		return suspending{}, fail(Forbidden, "suspend.self")
	case owner == nil:
		return suspending{}, nil
	case owner.Role == RoleAdmin && !v.IsAdmin() && main:
		return suspending{}, fail(Forbidden, "suspend.admin")
	case owner.Role == RoleAdmin && !main:
		return suspending{}, nil
	}
	return suspending{person: true}, nil
}
