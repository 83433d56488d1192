package community

import (
	"context"
	"time"

	"hearth/community/policy"
	"hearth/community/secret"
)

// frozenFor is how long suspending a server can be taken back, and everything returns
// (R33).
const frozenFor = 30 * 24 * time.Hour

// FrozenUntil is when what a policy froze is deleted; the zero time where it is none
// that freezes.
func FrozenUntil(p policy.Policy) time.Time {
	if p.SuspendedAt == nil {
		return time.Time{}
	}
	return p.SuspendedAt.Add(frozenFor)
}

// settleTies cuts some ties to a server that is suspended, or settles some that were
// cut with one that is talked with again; whole says that none of the actors' is left.
func (s *Service) settleTies(ctx context.Context, tx Store, here *policy.Snapshot, host string, actorIDs []string, groups bool) (done int, whole bool, err error) {
	verdict := here.Judge(host)
	switch {
	case isFrozen(here, host):
		return s.cutTies(ctx, tx, host, verdict.Domain, actorIDs, groups)
	case verdict.Refused():
		return 0, true, nil // by the front door alone: it may yet be chosen
	}
	ties, err := tx.SeveredTies(ctx, actorIDs, groups, settledAtOnce)
	if err != nil || len(ties) == 0 {
		return 0, true, err
	}
	return len(ties), len(ties) < settledAtOnce, s.offerBack(ctx, tx, verdict, ties, groups)
}

// cutTies cuts some ties, keeps what they were, and tells people of here who had one.
func (s *Service) cutTies(ctx context.Context, tx Store, host, domain string, actorIDs []string, groups bool) (done int, whole bool, err error) {
	ties, err := tx.TiesOf(ctx, actorIDs, groups, settledAtOnce)
	if err != nil || len(ties) == 0 {
		return 0, true, err
	}
	decision, err := tx.LastDecisionOn(ctx, SubjectDomain, domain, DecidedPolicy)
	if err != nil && !isNotFound(err) {
		return 0, false, err
	}
	now := s.now()
	cut := make([]Severance, len(ties))
	for i, t := range ties {
		cut[i] = Severance{
			ID: secret.NewID(now), DecisionID: decision.ID, Domain: domain, MembershipID: t.ID,
			GroupID: t.GroupID, AccountID: t.AccountID, Role: t.Role, Was: t.State, CutAt: now,
		}
	}
	if err := tx.CutTies(ctx, cut, now); err != nil {
		return 0, false, err
	}
	return len(ties), len(ties) < settledAtOnce, s.tellOfSevered(ctx, tx, cut)
}

// tellOfSevered tells the people of here among those whose ties were cut.
func (s *Service) tellOfSevered(ctx context.Context, tx Store, cut []Severance) error {
	accounts := make([]string, len(cut))
	for i, c := range cut {
		accounts[i] = c.AccountID
	}
	owners, err := tx.AccountOwners(ctx, accounts)
	if err != nil {
		return err
	}
	var notices []Notice
	for _, c := range cut {
		if user, here := owners[c.AccountID]; here {
			notices = append(notices, groupNotice(s.now(), user, &c.AccountID, NoticeSevered, Group{Actor: Actor{ID: c.GroupID}}, c.ID))
		}
	}
	return tx.InsertNotices(ctx, notices)
}
