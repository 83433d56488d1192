package community

import (
	"context"
	"slices"
	"time"

	"hearth/community/policy"
	"hearth/community/secret"
)

// severedAtOnce bounds one statement about ties, maxTiesTold the ties that a
// lifted policy tells of.
const (
	severedAtOnce = 500
	maxTiesTold   = 10_000
)

// sever cuts the ties to a refused domain, keeps what they were, and tells people
// of here who had one.
func (s *Service) sever(ctx context.Context, tx Store, p policy.Policy, decisionID string, now time.Time) error {
	if p.Severity != policy.Suspend {
		return nil
	}
	ties, err := tx.TiesTo(ctx, p.Domain)
	if err != nil {
		return err
	}
	cut := make([]Severance, len(ties))
	for i, m := range ties {
		cut[i] = Severance{
			ID: secret.NewID(now), DecisionID: decisionID, Domain: p.Domain, MembershipID: m.ID,
			GroupID: m.GroupID, AccountID: m.AccountID, Role: m.Role, Was: m.State, CutAt: now,
		}
	}
	for some := range slices.Chunk(cut, severedAtOnce) {
		if err := tx.CutTies(ctx, some, now); err != nil {
			return err
		}
		if err := s.tellOfSevered(ctx, tx, some); err != nil {
			return err
		}
	}
	return nil
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

// lastLift is when a verdict on a domain was last taken back; the zero time where
// none was.
func lastLift(ctx context.Context, tx Store, domain string) (time.Time, error) {
	d, err := tx.LastDecisionOn(ctx, SubjectDomain, domain, DecidedPolicyLift)
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return d.DecidedAt, err
}

// tellOfCut tells a server that is talked with again of the ties that were cut
// since it last was: nothing could be sent then, and it believes that they hold.
// Whoever wants to may follow anew.
func (s *Service) tellOfCut(ctx context.Context, tx Store, domain string, since time.Time) error {
	ties, err := tx.TiesCut(ctx, domain, since, maxTiesTold)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ties, severedAtOnce) {
		groups := make([]string, len(some))
		for i, m := range some {
			groups[i] = m.GroupID
		}
		known, err := tx.GroupsByID(ctx, groups)
		if err != nil {
			return err
		}
		events := make([]Event, len(some))
		for i, m := range some {
			kind := EventLeft
			if g := known[m.GroupID]; g.IsLocal() {
				kind = EventFollowAnswered
			}
			events[i] = s.newFollowEvent(kind, m)
		}
		if err := tx.InsertEvents(ctx, events); err != nil {
			return err
		}
	}
	return nil
}
