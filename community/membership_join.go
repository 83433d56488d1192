package community

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"hearth/community/policy"
	"hearth/community/secret"
)

// JoinRequest is what somebody sends who wants to come into a group.
type JoinRequest struct {
	AccountID    string // by which name; empty: the acting account
	Answer       string // to the group's question
	RulesVersion int    // the rules they were shown
	Consents     []GivenConsent
}

const maxAnswer = 2000

// MayJoin says why a Viewer may not come into a group that they see, or ask to;
// nil where they may.
func (s *Service) MayJoin(v Viewer, view GroupView) error {
	return mayJoin(v, view.Group, view.Membership, s.now())
}

// JoinGroup brings the Viewer into a group, or asks its moderators to; the
// Membership's State says which. Without the consent to take part it is Invalid
// (R41); Conflict where the rules changed since they were shown, or where the
// person is in already by another of their accounts.
func (s *Service) JoinGroup(ctx context.Context, v Viewer, ref string, in JoinRequest) (m Membership, err error) {
	in.Answer = strings.TrimSpace(in.Answer)
	if in.AccountID != "" && v.Owns(in.AccountID) {
		v = v.actingAs(in.AccountID)
	} else if in.AccountID != "" {
		return m, fail(NotFound, "error.not_found")
	}
	err = s.underPolicies(ctx, func(tx Store, policies *policy.Snapshot) error {
		if err := stays(ctx, tx, v); err != nil {
			return err
		}
		seen, err := s.lockedGroupFor(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		if !seen.IsLocal() && policies.Judge(seen.Domain).On(policy.OurFollow) == policy.Refuse {
			return fail(Forbidden, "group_join.server_refused", "Server", ServerName(seen.Domain))
		}
		if err := s.checkJoin(v, seen, in); err != nil {
			return err
		}
		m, err = s.enter(ctx, tx, v, seen.Group, in)
		return err
	})
	return m, err
}

// underPolicies runs fn in a transaction, under the policies as they are in it:
// where they changed since they were read they are read again, once.
func (s *Service) underPolicies(ctx context.Context, fn func(tx Store, policies *policy.Snapshot) error) (err error) {
	for range 2 {
		var policies *policy.Snapshot
		if policies, err = s.Policies(ctx); err != nil {
			return err
		}
		moved := false
		err = s.store.InTx(ctx, func(tx Store) error {
			if err := sameEpoch(ctx, tx, policies.Epoch()); err != nil {
				moved = true
				return err
			}
			return fn(tx, policies)
		})
		if !moved {
			return err
		}
	}
	return err
}

func (s *Service) checkJoin(v Viewer, seen GroupSeen, in JoinRequest) error {
	if err := mayJoin(v, seen.Group, seen.Membership, s.now()); err != nil {
		return err
	}
	if v.User == nil || v.isSuspended(v.ActingID(), s.now()) {
		return fail(Forbidden, "group_join.paused")
	}
	var p problems
	checkAgreed(&p, seen.Group, in)
	if seen.asksForAnswer() {
		switch n := utf8.RuneCountInString(in.Answer); {
		case n == 0:
			p.add("answer", "group_join.answer_needed")
		case n > maxAnswer:
			p.add("answer", "group_form.too_long", "Most", maxAnswer)
		}
	}
	return p.err()
}

// checkAgreed wants the consent to take part, and the rules as they are now.
func checkAgreed(p *problems, g Group, in JoinRequest) {
	if textOf(in.Consents, ConsentTakePart) == "" {
		p.add(ConsentTakePart, "group_join.consent_needed")
	}
	if !g.IsLocal() && textOf(in.Consents, ConsentFederate) == "" {
		p.add(ConsentFederate, "group_join.copies_needed")
	}
	if in.RulesVersion != g.RulesVersion {
		p.add("version", "group_join.changed_meanwhile")
	}
}

// enter stores the membership, its consents, and tells who has to know.
func (s *Service) enter(ctx context.Context, tx Store, v Viewer, g Group, in JoinRequest) (Membership, error) {
	now := s.now()
	m, err := tx.Membership(ctx, g.ID, v.ActingID())
	isNew := isNotFound(err)
	if err != nil && !isNew {
		return m, err
	}
	if isNew {
		m = Membership{ID: secret.NewID(now), GroupID: g.ID, AccountID: v.ActingID(), CreatedAt: now}
	}
	m.Role, m.State, m.Answer, m.RulesVersion = GroupMember, MemberActive, "", g.RulesVersion
	m.RemovedUntil, m.ChangedAt = nil, now
	if g.asksForAnswer() {
		m.State, m.Answer = MemberAsked, in.Answer
	}
	if !g.IsLocal() {
		if m, err = s.newFollow(ctx, tx, m); err != nil {
			return m, err
		}
	}
	if isNew {
		err = tx.InsertMembership(ctx, m)
	} else {
		err = tx.UpdateMembership(ctx, m)
	}
	if err != nil {
		return m, err
	}
	if err := s.agree(ctx, tx, v, &m.AccountID, g.ID, in.Consents); err != nil {
		return m, err
	}
	switch {
	case !g.IsLocal():
		return m, s.follow(ctx, tx, m)
	case m.State == MemberAsked:
		return m, s.tellModerators(ctx, tx, NoticeJoinAsked, m.askID(), g)
	}
	return m, nil
}

// askID names one request to join: whoever asks again after a no is a new one.
func (m Membership) askID() string {
	return m.ID + "/" + strconv.FormatInt(m.ChangedAt.UnixMicro(), 36)
}

func (s *Service) tellModerators(ctx context.Context, tx Store, kind, aboutID string, g Group) error {
	moderators, err := tx.Moderators(ctx, g.ID)
	if err != nil {
		return err
	}
	ids := make([]string, len(moderators))
	for i, m := range moderators {
		ids[i] = m.AccountID
	}
	return s.tellOfGroup(ctx, tx, kind, aboutID, g, ids...)
}

// lockedGroupFor is groupFor, and nobody else changes the group or who is in it
// until the transaction ends.
func (s *Service) lockedGroupFor(ctx context.Context, tx Store, v Viewer, ref string) (GroupSeen, error) {
	seen, err := s.groupFor(ctx, tx, v, ref)
	if err != nil {
		return seen, err
	}
	if err := tx.LockGroup(ctx, seen.ID); err != nil {
		return seen, err
	}
	return s.groupFor(ctx, tx, v, seen.ID)
}

// actingAs is the Viewer acting by another of their accounts.
func (v Viewer) actingAs(accountID string) Viewer {
	for i := range v.Accounts {
		if v.Accounts[i].ID == accountID {
			v.Acting = &v.Accounts[i]
		}
	}
	return v
}

// AcceptRules lets a member go on writing after the rules, or who can see the
// group, changed: they agree to the present version. Invalid without the consent.
func (s *Service) AcceptRules(ctx context.Context, v Viewer, ref string, in JoinRequest) error {
	return s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.lockedGroupFor(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		m := seen.Membership
		if !v.IsMember(s.now()) || !m.IsActive() {
			return fail(Conflict, "group_join.not_in")
		}
		var p problems
		if checkAgreed(&p, seen.Group, in); p.err() != nil {
			return p.err()
		}
		m.RulesVersion = seen.RulesVersion
		if err := tx.UpdateMembership(ctx, m); err != nil {
			return err
		}
		return s.agree(ctx, tx, v, &m.AccountID, seen.ID, in.Consents)
	})
}
