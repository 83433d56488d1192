package community

import "context"

// ConsentView is a Consent with the group it is about.
type ConsentView struct {
	Consent
	Account Account
	Group   Group // zero for one that is about the whole instance
}

// OwnConsents lists what the Viewer agreed to and has not taken back, the newest
// first.
func (s *Service) OwnConsents(ctx context.Context, v Viewer) ([]ConsentView, error) {
	if v.User == nil {
		return nil, nil
	}
	consents, err := s.store.LiveConsents(ctx, v.User.ID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range consents {
		if c.GroupID != nil {
			ids = append(ids, *c.GroupID)
		}
	}
	groups, err := s.store.GroupsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]ConsentView, len(consents))
	for i, c := range consents {
		views[i] = ConsentView{Consent: c}
		for _, a := range v.Accounts {
			if a.ID == c.AccountID {
				views[i].Account = a
			}
		}
		if c.GroupID != nil {
			views[i].Group = groups[*c.GroupID]
		}
	}
	return views, nil
}

// WithdrawConsent takes one of the Viewer's own consents back, suspended or not:
// it is as easy as giving it (GDPR Art 7(3), R41). Taking back that one takes part
// in a group leaves the group; taking back any other changes nothing else. The
// owner of an open group is told to hand it over first (Conflict).
func (s *Service) WithdrawConsent(ctx context.Context, v Viewer, id string) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	return s.store.InTx(ctx, func(tx Store) error {
		c, err := tx.Consent(ctx, id)
		if err != nil {
			return err
		}
		if c.UserID != v.User.ID {
			return fail(NotFound, "error.not_found")
		}
		if c.WithdrawnAt != nil {
			return nil
		}
		if c.Scope == ConsentTakePart && c.GroupID != nil {
			return s.leave(ctx, tx, v, *c.GroupID)
		}
		return tx.WithdrawConsent(ctx, c.ID, s.now())
	})
}
