package community

import (
	"context"

	"hearth/community/policy"
	"hearth/community/secret"
)

// InboundFollow is an account elsewhere asking for a group's posts (FEP-1b12):
// here, asking to join it.
type InboundFollow struct {
	GroupID   string
	AccountID string
	URI       string           // the Follow's id, for the answer
	Microblog bool             // their server is known to run microblog software
	Treatment policy.Treatment // of a Follow from there, by the policies of the epoch
	Epoch     int64
}

// ReceiveFollow takes an account elsewhere into a group here, puts it before
// the moderators, or turns it down; the answer travels as an Event. NotFound for
// a group that their server may not know of.
func (s *Service) ReceiveFollow(ctx context.Context, in InboundFollow) (m Membership, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, in.Epoch); err != nil {
			return err
		}
		group, account, err := s.followed(ctx, tx, in)
		if err != nil {
			return err
		}
		if err := tx.LockGroup(ctx, group.ID); err != nil {
			return err
		}
		m, err = s.storeFollow(ctx, tx, group, account, in)
		if err != nil {
			return err
		}
		return s.answerFollow(ctx, tx, group, m)
	})
	return m, err
}

// followed finds the group and judges whether the follower's server may know it.
func (s *Service) followed(ctx context.Context, tx Store, in InboundFollow) (Group, Account, error) {
	group, err := tx.Group(ctx, in.GroupID)
	if err != nil {
		return group, Account{}, err
	}
	account, err := tx.Account(ctx, in.AccountID)
	if err != nil {
		return group, account, err
	}
	site, err := tx.Site(ctx)
	if err != nil {
		return group, account, err
	}
	known, err := knownTo(ctx, tx, site, group, account.Domain)
	if err == nil && !known {
		err = fail(NotFound, "error.not_found")
	}
	return group, account, err
}

// knownTo says whether another server may know of a group here (R16, R17).
func knownTo(ctx context.Context, store Store, site Site, g Group, domain string) (bool, error) {
	switch {
	case site.IsClosed() || !g.IsLocal() || g.Reach == ReachNowhere || g.State == GroupAsked || g.State == GroupRefused:
		return false, nil
	case g.Reach == ReachNamed:
		return store.IsNamedServer(ctx, g.ID, domain)
	}
	return true, nil
}

func (s *Service) storeFollow(ctx context.Context, tx Store, group Group, account Account, in InboundFollow) (Membership, error) {
	now := s.now()
	m, err := tx.Membership(ctx, group.ID, account.ID)
	isNew := isNotFound(err)
	if err != nil && !isNew {
		return m, err
	}
	if isNew {
		m = Membership{ID: secret.NewID(now), GroupID: group.ID, AccountID: account.ID, Role: GroupMember, CreatedAt: now}
	}
	m.FollowURI = in.URI
	asks := false
	switch {
	case m.isRemoved(now):
	case in.Microblog && !group.TakesMicroblogs():
		m.State, m.Role = MemberLeft, GroupMember
	case m.IsActive():
	case in.Treatment == policy.Refuse:
		m.State, m.Role = MemberLeft, GroupMember
	case group.State != GroupActive || account.IsSuspended(now) || group.Joining == JoiningClosed:
		m.State = MemberLeft
	case group.Joining == JoiningAsked || in.Treatment == policy.Wait:
		asks = m.State != MemberAsked
		m.State, m.Role = MemberAsked, GroupMember
	default:
		m.State, m.Role, m.RulesVersion = MemberActive, GroupMember, group.RulesVersion
	}
	m.ChangedAt = now
	if isNew {
		err = tx.InsertMembership(ctx, m)
	} else {
		err = tx.UpdateMembership(ctx, m)
	}
	if err == nil && asks {
		err = s.tellModerators(ctx, tx, NoticeJoinAsked, m.askID(), group)
	}
	return m, err
}

// answerFollow tells a follower elsewhere where they stand: nothing while they
// wait. For accounts here it does nothing.
func (s *Service) answerFollow(ctx context.Context, tx Store, group Group, m Membership) error {
	if m.FollowURI == "" || m.State == MemberAsked || !group.IsLocal() {
		return nil
	}
	account, err := tx.Actor(ctx, m.AccountID)
	if err != nil || account.IsLocal() {
		return err
	}
	return tx.InsertEvent(ctx, s.newFollowEvent(EventFollowAnswered, m))
}

// LetFollowerGo takes an account elsewhere out of a group here, or turns down that
// it asks to be in, because the group takes no microblog servers and theirs is one:
// their server hears no. It says whether anything was done: not where the group
// takes them by now, or they left.
func (s *Service) LetFollowerGo(ctx context.Context, groupID, accountID string) (done bool, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := tx.LockGroup(ctx, groupID); err != nil {
			return err
		}
		group, err := tx.Group(ctx, groupID)
		if err != nil || group.TakesMicroblogs() {
			return err
		}
		m, err := tx.Membership(ctx, groupID, accountID)
		if err != nil || !m.IsActive() && m.State != MemberAsked {
			return err
		}
		if err := s.endMembership(ctx, tx, m, MemberLeft); err != nil {
			return err
		}
		done = true
		return s.answerFollowOf(ctx, tx, group, accountID)
	})
	return done && err == nil, err
}

// newFollowEvent says that something changed about a membership that crosses
// servers; its order is its account's.
func (s *Service) newFollowEvent(kind string, m Membership) Event {
	e := newEvent(s.now(), kind, m.AccountID)
	e.GroupID, e.AccountID, e.AboutID = &m.GroupID, &m.AccountID, m.ID
	return e
}

// ReceiveUnfollow takes an account elsewhere out of a group here. What was not
// in stays out.
func (s *Service) ReceiveUnfollow(ctx context.Context, groupID, accountID string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		m, err := tx.Membership(ctx, groupID, accountID)
		if isNotFound(err) || err == nil && !m.IsActive() && m.State != MemberAsked {
			return nil
		}
		if err != nil {
			return err
		}
		m.State, m.Role, m.ChangedAt = MemberLeft, GroupMember, s.now()
		return tx.UpdateMembership(ctx, m)
	})
}

// ReceiveFollowAnswer takes a group's yes or no to a Follow of an account here.
// Only the group itself answers: for any other actor it is Forbidden. Conflict
// where its server was judged by policies that changed since.
func (s *Service) ReceiveFollowAnswer(ctx context.Context, followURI, byURI string, yes bool, epoch int64) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, epoch); err != nil {
			return err
		}
		m, err := tx.MembershipByFollow(ctx, followURI)
		if isNotFound(err) {
			return fail(Forbidden, "receive.no_such_follow")
		}
		if err != nil {
			return err
		}
		group, err := tx.Group(ctx, m.GroupID)
		if err != nil {
			return err
		}
		if group.URI != byURI || group.IsLocal() {
			return fail(Forbidden, "receive.not_author")
		}
		return s.followAnswered(ctx, tx, group, m, yes)
	})
}

func (s *Service) followAnswered(ctx context.Context, tx Store, group Group, m Membership, yes bool) error {
	was := m.State
	kind := NoticeJoined
	switch {
	case yes && was == MemberAsked:
		followed, err := tx.HasLocalMembers(ctx, group.ID)
		if err != nil {
			return err
		}
		if err := s.beginBackfill(ctx, tx, group, !followed); err != nil {
			return err
		}
		m.State, m.ChangedAt = MemberActive, s.now()
		if err := tx.UpdateMembership(ctx, m); err != nil {
			return err
		}
	case yes && was == MemberAway:
		return tx.AcceptWhileAway(ctx, m.ID)
	case !yes && (was == MemberAsked || was == MemberActive || was == MemberAway):
		kind = NoticeJoinRefused
		if was != MemberAsked {
			kind = NoticeLetGo
		}
		if err := s.endMembership(ctx, tx, m, MemberRefused); err != nil {
			return err
		}
	default:
		return nil
	}
	return s.tellOfGroup(ctx, tx, kind, m.askID(), group, m.AccountID)
}

// follow makes a membership in a group elsewhere a request to its server.
func (s *Service) follow(ctx context.Context, tx Store, m Membership) error {
	return tx.InsertEvent(ctx, s.newFollowEvent(EventJoined, m))
}

// unfollow takes a membership in a group elsewhere back from its server.
func (s *Service) unfollow(ctx context.Context, tx Store, m Membership) error {
	return tx.InsertEvent(ctx, s.newFollowEvent(EventLeft, m))
}

// answerFollowOf is answerFollow by the present membership of an account.
func (s *Service) answerFollowOf(ctx context.Context, tx Store, group Group, accountID string) error {
	m, err := tx.Membership(ctx, group.ID, accountID)
	if err != nil {
		return err
	}
	return s.answerFollow(ctx, tx, group, m)
}

// newFollow is a membership in a group elsewhere: asked for, under the id of the
// Follow that will be sent. It is one that lasts: answers name it.
func (s *Service) newFollow(ctx context.Context, tx Store, m Membership) (Membership, error) {
	site, err := tx.Site(ctx)
	m.State, m.FollowURI = MemberAsked, site.Base()+"/x/"+secret.NewID(s.now())
	return m, err
}

// TurnFollowDown answers a Follow of a person here with no: people are not
// followed. An account that is not known elsewhere, or is no more, says nothing at all.
func (s *Service) TurnFollowDown(ctx context.Context, accountID, followerID, activityID string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		account, err := tx.Actor(ctx, accountID)
		if err != nil || account.DisclosedAt == nil || account.AwayAt != nil || account.GoneAt != nil {
			return err
		}
		e := newEvent(s.now(), EventFollowRefused, followerID)
		e.AccountID, e.AboutID = &accountID, activityID
		return tx.InsertEvent(ctx, e)
	})
}

// NoteShown notes that a group's server passed a post of ours on.
func (s *Service) NoteShown(ctx context.Context, postID, host string) error {
	return s.store.MarkShown(ctx, postID, host, s.now())
}
