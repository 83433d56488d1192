package community

import (
	"context"
	"time"

	"hearth/community/policy"
)

// restoring is the work on ties to a server that is talked with again.
type restoring struct {
	s        *Service
	verdict  policy.Verdict
	now      time.Time
	groups   map[string]Group
	accounts map[string]Account
	restored []string // severances
	told     []string
	events   []Event
	again    []FarTie // of people here, who asked anew
}

// offerBack restores ties that were cut not too long ago, and that both sides may
// still want; of the others their server is told that they are no more: nothing could
// be sent before, and it believes that they hold.
func (s *Service) offerBack(ctx context.Context, tx Store, verdict policy.Verdict, ties []FarTie, there bool) error {
	r := restoring{s: s, verdict: verdict, now: s.now()}
	var groups, accounts []string
	for _, t := range ties {
		groups, accounts = append(groups, t.GroupID), append(accounts, t.AccountID)
	}
	var err error
	if r.groups, err = tx.GroupsByID(ctx, groups); err != nil {
		return err
	}
	if r.accounts, err = tx.Accounts(ctx, accounts); err != nil {
		return err
	}
	for _, t := range ties {
		settle := r.follower
		if there {
			settle = r.member
		}
		if err := settle(ctx, tx, t); err != nil {
			return err
		}
	}
	return r.keep(ctx, tx)
}

// keep stores what came of the ties.
func (r *restoring) keep(ctx context.Context, tx Store) error {
	if err := tx.EndSeverances(ctx, r.restored, true, r.now); err != nil {
		return err
	}
	if err := tx.EndSeverances(ctx, r.told, false, r.now); err != nil {
		return err
	}
	for _, t := range r.again {
		if err := r.s.tellOfGroup(ctx, tx, NoticeRestored, t.SeveranceID, r.groups[t.GroupID], t.AccountID); err != nil {
			return err
		}
	}
	return tx.InsertEvents(ctx, r.events)
}

// isInTime says whether a tie is still cut, and was not too long ago.
func (r *restoring) isInTime(t FarTie) bool {
	return t.State == MemberSevered && t.CutAt != nil && r.now.Before(t.CutAt.Add(frozenFor))
}

// follower settles the tie of somebody elsewhere to a group here: they are in it as
// they were, as their server believes.
func (r *restoring) follower(ctx context.Context, tx Store, t FarTie) error {
	group, account := r.groups[t.GroupID], r.accounts[t.AccountID]
	wanted := group.State == GroupActive && account.GoneAt == nil && !account.IsSuspended(r.now) && r.verdict.On(policy.TheirFollow) != policy.Refuse
	if !wanted || !r.isInTime(t) {
		return r.end(ctx, tx, t, EventFollowAnswered)
	}
	t.State = t.Was
	if t.FollowURI != "" { // said once more, so that their server hears that there is contact again
		r.events = append(r.events, r.s.newFollowEvent(EventFollowAnswered, t.Membership))
	}
	return r.restore(ctx, tx, t)
}

// member settles the tie of somebody here to a group elsewhere: it is asked anew, for
// its server may have let them go since.
func (r *restoring) member(ctx context.Context, tx Store, t FarTie) (err error) {
	group, account := r.groups[t.GroupID], r.accounts[t.AccountID]
	wanted := group.State == GroupActive && group.GoneAt == nil && account.GoneAt == nil && account.DisclosedAt != nil &&
		r.verdict.On(policy.OurFollow) != policy.Refuse
	if !wanted || !r.isInTime(t) {
		return r.end(ctx, tx, t, EventLeft)
	}
	if t.Membership, err = r.s.newFollow(ctx, tx, t.Membership); err != nil {
		return err
	}
	if err := r.restore(ctx, tx, t); err != nil {
		return err
	}
	r.again = append(r.again, t)
	r.events = append(r.events, r.s.newFollowEvent(EventJoined, t.Membership))
	return nil
}

func (r *restoring) restore(ctx context.Context, tx Store, t FarTie) error {
	t.ChangedAt = r.now
	r.restored = append(r.restored, t.SeveranceID)
	return tx.RestoreTie(ctx, t.Membership)
}

// end lets a tie go that is not restored. Whoever is in again by another way, or asks
// to be, stays.
func (r *restoring) end(ctx context.Context, tx Store, t FarTie, kind string) error {
	r.told = append(r.told, t.SeveranceID)
	if t.IsActive() || t.State == MemberAsked {
		return nil
	}
	if t.State == MemberSevered {
		if err := r.s.endMembership(ctx, tx, t.Membership, MemberLeft); err != nil {
			return err
		}
	}
	if t.FollowURI != "" {
		r.events = append(r.events, r.s.newFollowEvent(kind, t.Membership))
	}
	return nil
}
