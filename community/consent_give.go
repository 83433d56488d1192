package community

import (
	"context"

	"hearth/community/secret"
)

// GivenConsent is a box that a person ticked, with the text beside it, whole, as
// it was shown.
type GivenConsent struct {
	Scope string
	Text  string
}

// textOf is the text of a scope among given consents, or empty.
func textOf(given []GivenConsent, scope string) string {
	for _, c := range given {
		if c.Scope == scope {
			return c.Text
		}
	}
	return ""
}

// agree records consents of the Viewer for an account in a group, in the
// transaction of what they consent to. A new one takes the place of an earlier
// one of its scope. The first consent to copies on other servers lets the account
// be known there.
func (s *Service) agree(ctx context.Context, tx Store, v Viewer, accountID *string, groupID string, given []GivenConsent) error {
	now := s.now()
	for _, c := range given {
		if err := tx.EndConsents(ctx, *accountID, groupID, c.Scope, now); err != nil {
			return err
		}
		if err := tx.InsertConsent(ctx, Consent{
			ID: secret.NewID(now), UserID: v.User.ID, AccountID: *accountID, GroupID: &groupID,
			Scope: c.Scope, Text: c.Text, TextHash: ConsentHash(c.Text), GivenAt: now,
		}); err != nil {
			return err
		}
	}
	if textOf(given, ConsentFederate) == "" {
		return nil
	}
	return tx.DiscloseActor(ctx, *accountID, now)
}

// GiveFederateConsent records that copies of what the Viewer writes in a group
// may go to other servers: when joining, or later, before the first of them
// would. Conflict for somebody who is not in the group.
func (s *Service) GiveFederateConsent(ctx context.Context, v Viewer, ref, text string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.groupFor(ctx, tx, v, ref)
		if err != nil {
			return err
		}
		if !v.IsMember(s.now()) || !seen.Membership.IsActive() {
			return fail(Conflict, "group_join.not_in")
		}
		return s.agree(ctx, tx, v, &seen.Membership.AccountID, seen.ID, []GivenConsent{{ConsentFederate, text}})
	})
}
