package community

import (
	"context"
	"encoding/json"
	"strings"
)

// JoinAnswer is a moderator's answer to somebody who asks to join.
type JoinAnswer struct {
	Accept bool
	Reason string // what the person reads; may be empty
}

// AnswerJoin lets somebody who asked into the group, or not, by one of its
// moderators, and returns the Membership as it asked: with a FollowURI it is of
// somebody elsewhere, who hears yes or no and no reason. What they had answered
// to the group's question is erased with the decision. Conflict where it was
// answered, or taken back, before.
func (s *Service) AnswerJoin(ctx context.Context, v Viewer, ref, accountID string, a JoinAnswer) (asked Membership, err error) {
	a.Reason = strings.TrimSpace(a.Reason)
	if err := checkReason(a.Reason, false); err != nil {
		return asked, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		view, err := s.deskOf(ctx, tx, v, ref, asModerator)
		if err != nil {
			return err
		}
		if asked, err = tx.Membership(ctx, view.Group.ID, accountID); err != nil {
			return err
		}
		if asked.State != MemberAsked {
			return fail(Conflict, "group_mod.ask_gone")
		}
		return s.answerJoin(ctx, tx, v, view.Group, asked, a)
	})
	return asked, err
}

func (s *Service) answerJoin(ctx context.Context, tx Store, v Viewer, g Group, m Membership, a JoinAnswer) (err error) {
	kind, notice := DecidedJoinRefuse, NoticeJoinRefused
	if a.Accept {
		kind, notice = DecidedJoin, NoticeJoined
		m.State, m.Answer, m.ChangedAt = MemberActive, "", s.now()
		err = tx.UpdateMembership(ctx, m)
	} else {
		err = s.endMembership(ctx, tx, m, MemberLeft)
	}
	if err != nil {
		return err
	}
	if err := s.answerFollowOf(ctx, tx, g, m.AccountID); err != nil {
		return err
	}
	d, err := s.decide(ctx, tx, v.inGroup(g, kind, SubjectAccount, m.AccountID), DecisionWords{Reason: a.Reason})
	if err != nil {
		return err
	}
	return s.tellOfGroup(ctx, tx, notice, d.ID, g, m.AccountID)
}

// JoinRefusal is the sentence with which a moderator last said no to one of the
// Viewer's accounts in a group; empty where there was none, or without words.
func (s *Service) JoinRefusal(ctx context.Context, v Viewer, view GroupView) (string, error) {
	m := view.Membership
	if m.State != MemberLeft || !v.Owns(m.AccountID) {
		return "", nil
	}
	p, err := s.store.LastPayload(ctx, view.Group.ID, DecidedJoinRefuse, m.AccountID)
	if isNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return reasonOf(p.Payload), nil
}

// reasonOf is what the person reads of a Decision's payload; empty where it was erased.
func reasonOf(payload string) string {
	var words DecisionWords
	if json.Unmarshal([]byte(payload), &words) != nil {
		return ""
	}
	return words.Reason
}
