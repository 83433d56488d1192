package community

import (
	"context"
	"strings"
	"unicode/utf8"
)

// longestReply bounds the sentence to somebody who applied.
const longestReply = 600

// DecideApplication lets an applicant in, or not, with a sentence to them, which
// a refusal must have. They read it on their receipt. It returns Conflict when
// another admin was first.
func (s *Service) DecideApplication(ctx context.Context, v Viewer, id string, approve bool, reply string) error {
	if err := needAdmin(v); err != nil {
		return err
	}
	reply = strings.TrimSpace(reply)
	if err := checkReply(approve, reply); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		a, err := tx.Application(ctx, id)
		if err != nil {
			return err
		}
		return s.decideApplication(ctx, tx, v, a, approve, reply)
	})
}

func checkReply(approve bool, reply string) error {
	var p problems
	switch {
	case !approve && reply == "":
		p.add("reply", "apply.reply_missing")
	case utf8.RuneCountInString(reply) > longestReply:
		p.add("reply", "apply.reply_long", "Most", longestReply)
	}
	return p.err()
}

func (s *Service) decideApplication(ctx context.Context, tx Store, v Viewer, a Application, approve bool, reply string) error {
	now, kind, state := s.now(), DecidedApplicationNot, UserRefused
	a.State, a.Reply, a.DecidedAt = ApplicationRefused, reply, &now
	if approve {
		a.State, kind, state = ApplicationApproved, DecidedApplication, UserActive
	}
	if err := tx.DecideApplication(ctx, a); err != nil {
		return err
	}
	if err := tx.SetUserState(ctx, a.UserID, state, nil); err != nil {
		return err
	}
	d, err := s.decide(ctx, tx, Decision{
		Kind: kind, DecidedBy: v.ActingID(), SubjectKind: SubjectUser, SubjectID: a.UserID,
	}, DecisionWords{Reason: reply})
	if err != nil || !approve {
		return err
	}
	notices := []Notice{newNotice(now, a.UserID, NoticeDecision, d.ID)}
	g, err := leadsInto(ctx, tx, a.GroupID)
	if err != nil {
		return err
	}
	if g != nil {
		n := newNotice(now, a.UserID, NoticeInvited, a.ID)
		n.GroupID = &g.ID
		notices = append(notices, n)
	}
	return tx.InsertNotices(ctx, notices)
}

// needAdmin is NotFound for everybody else: what only admins do is not there.
func needAdmin(v Viewer) error {
	if v.IsAdmin() {
		return nil
	}
	return fail(NotFound, "error.not_found")
}
