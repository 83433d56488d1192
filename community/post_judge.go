package community

import "time"

// readersOpenTo are the values of a post's readers that a Viewer may read in a
// group; none where they may read nothing. A post is read by the narrower of
// its own and its group's, so widening a group never widens an old post (R15).
func readersOpenTo(v Viewer, g Group, m Membership, now time.Time) []string {
	var open []string
	for _, readers := range []string{ReadersAnyone, ReadersInstance, ReadersMembers} {
		if mayReadGroup(v, g, NarrowerReaders(readers, g.Readers), m, now) {
			open = append(open, readers)
		}
	}
	return open
}

// mayReadPost says whether a Viewer may read a post, or at least see where it
// stood. A draft is its author's alone, an orphan nobody's yet; what is held is seen
// by its author and the group's moderators, also while it is frozen.
func mayReadPost(v Viewer, p Post, g Group, m Membership, now time.Time) bool {
	switch {
	case p.State == PostDraft:
		return v.Owns(p.AuthorID) && v.User != nil
	case p.State == PostOrphan:
		return false
	case p.State == PostHeld, p.State == PostFrozen && p.BeforeFreeze == PostHeld:
		if !v.Owns(p.AuthorID) && !mayModerate(v, m, now) {
			return false
		}
	}
	return oneOf(p.Readers, readersOpenTo(v, g, m, now)...)
}

// maySeeWords says whether the words themselves are shown to somebody who may
// read the post: those of a hidden post only to its author and the moderators.
func maySeeWords(v Viewer, p Post, m Membership, now time.Time) bool {
	switch p.State {
	case PostPublished:
		return true
	case PostDeleted, PostOrphan, PostAway:
		return false
	}
	return v.Owns(p.AuthorID) || p.State != PostDraft && mayModerate(v, m, now)
}

// mayPost says why a Viewer may not write in a group now; nil where they may.
// It is mayWriteIn with its reasons.
func mayPost(v Viewer, g Group, m Membership, now time.Time) error {
	switch {
	case mayWriteIn(v, g, m, now):
		return nil
	case g.State != GroupActive && !g.IsLocal():
		return fail(Conflict, "write.closed_there", "Server", ServerName(g.Domain))
	case g.State != GroupActive:
		return fail(Conflict, "write.group_closed")
	case v.User == nil:
		return fail(Forbidden, "write.sign_in")
	case !v.IsMember(now) || m.IsActive() && v.isSuspended(m.AccountID, now):
		return fail(Forbidden, "write.paused")
	case m.isRemoved(now):
		return fail(Forbidden, "write.removed")
	case m.IsActive() && m.isBarred(now):
		return barred(g, m)
	case !m.IsActive():
		return fail(Forbidden, "write.not_member")
	}
	return fail(Forbidden, "write.rules_changed")
}

// barred says until when its server lets somebody write nothing in a group elsewhere,
// and why, as far as it told: to themselves alone.
func barred(g Group, m Membership) error {
	said := []any{"Server", ServerName(g.Domain), "Why", m.BarredWhy}
	switch until := m.BarredUntil; {
	case until == nil && m.BarredWhy == "":
		return fail(Forbidden, "write.barred_there", said...)
	case until == nil:
		return fail(Forbidden, "write.barred_there_why", said...)
	case m.BarredWhy == "":
		return fail(Forbidden, "write.barred_there_until", append(said, "Until", *until)...)
	default:
		return fail(Forbidden, "write.barred_there_until_why", append(said, "Until", *until)...)
	}
}

// mayBegin says why a Viewer may not begin a thread in a group now; nil where
// they may.
func mayBegin(v Viewer, g Group, m Membership, now time.Time) error {
	if g.isRestricted() && g.State == GroupActive {
		return fail(Forbidden, "write.restricted", "Server", ServerName(g.Domain))
	}
	return mayPost(v, g, m, now)
}

// mayReply says why a Viewer who may write in the group may not answer a post
// of a thread; nil where they may.
func mayReply(v Viewer, root, parent Post, m Membership, now time.Time) error {
	switch {
	case root.LockedAt != nil && !mayModerate(v, m, now):
		return fail(Conflict, "write.locked")
	case parent.isTakenBack():
		return fail(Conflict, "write.parent_deleted")
	case parent.State != PostPublished:
		return fail(Conflict, "write.parent_hidden")
	}
	return nil
}

// mayEdit says why a Viewer may not change a post; nil where they may. Only its
// author may, as long as they may write in its group; moderators never change
// others' words. A hidden post may be edited, so that it can be shown again.
func mayEdit(v Viewer, p Post, g Group, m Membership, now time.Time) error {
	switch {
	case !v.Owns(p.AuthorID) || p.Verified != VerifiedLocal:
		return fail(Forbidden, "error.forbidden")
	case !oneOf(p.State, PostPublished, PostHidden, PostHeld):
		return fail(Conflict, "write.no_longer")
	}
	return mayPost(v, g, m, now)
}

// mayDelete says whether a Viewer may take back their own words. They may in
// every state, in a closed group, suspended and removed: the words are theirs.
func mayDelete(v Viewer, p Post) bool {
	return v.User != nil && v.Owns(p.AuthorID) && p.Verified == VerifiedLocal &&
		oneOf(p.State, PostPublished, PostHidden, PostHeld, PostFrozen)
}

// maySupport says whether a Viewer may press a word of support: on somebody
// else's post that was written here and is shown, as a member of its group.
func maySupport(v Viewer, p Post, g Group, m Membership, now time.Time) bool {
	return p.Verified == VerifiedLocal && p.State == PostPublished && !v.Owns(p.AuthorID) && mayPost(v, g, m, now) == nil
}

// federates says whether a change of a post may be told to other servers: the
// instance talks to some, and both group and post reach beyond it.
func federates(site Site, g Group, p Post) bool {
	return !site.IsClosed() && NarrowerReach(p.Reach, g.Reach) != ReachNowhere
}

// mayHaveLeft says whether copies of a post may be elsewhere, whatever its group
// and the instance have become since.
func mayHaveLeft(p Post) bool { return p.Reach != ReachNowhere }
