package community

import (
	"context"
	"time"
)

// AccountToModerate is an account as the instance's moderators are shown it:
// what is known of it outside of the groups.
type AccountToModerate struct {
	Account  Account
	Reports  []Report
	Past     []PastStep
	Measures []string
}

// AccountToModerate is any account, for the instance's moderators and admins.
// NotFound for everybody else.
func (s *Service) AccountToModerate(ctx context.Context, v Viewer, id string) (AccountToModerate, error) {
	if !v.IsInstanceModerator() {
		return AccountToModerate{}, fail(NotFound, "error.not_found")
	}
	account, err := s.store.Account(ctx, id)
	if err != nil {
		return AccountToModerate{}, err
	}
	p := AccountToModerate{Account: account, Measures: accountMeasures(v, account, s.now())}
	if p.Reports, err = s.reportsAbout(ctx, v, id, nil); err != nil {
		return p, err
	}
	p.Past, err = s.pastSteps(ctx, v, id, "")
	return p, err
}

func accountMeasures(v Viewer, a Account, now time.Time) []string {
	switch {
	case v.Owns(a.ID), a.GoneAt != nil:
		return nil
	case a.IsSuspended(now):
		return []string{MeasureLift}
	}
	return []string{MeasureSuspend}
}

// ModerateAccount suspends an account, until a date or for good, or takes that
// back. The person behind it may not write by any of their names; only whoever
// it was decided about is told. NotFound for who is not the instance's
// moderator; Forbidden for themselves, and for an admin unless by another.
func (s *Service) ModerateAccount(ctx context.Context, v Viewer, id string, m Measure) (d Decision, err error) {
	m = m.tidy()
	if !v.IsInstanceModerator() {
		return Decision{}, fail(NotFound, "error.not_found")
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		account, err := tx.Account(ctx, id)
		if err != nil {
			return err
		}
		if err := m.check(s.now(), []string{MeasureSuspend, MeasureLift}); err != nil {
			return err
		}
		if account.GoneAt != nil {
			return fail(Conflict, "moderate.decided")
		}
		if m.Kind == MeasureLift {
			d, err = s.liftAccount(ctx, tx, moderator{by: v.Accounts[0].ID}, account, m)
		} else {
			d, err = s.suspendAccount(ctx, tx, v, account, m)
		}
		return err
	})
	return d, err
}

func (s *Service) suspendAccount(ctx context.Context, tx Store, v Viewer, account Account, m Measure) (Decision, error) {
	owner, main, err := personBehind(ctx, tx, account.ID)
	if err != nil {
		return Decision{}, err
	}
	hold, err := maySuspend(v, account, owner, main)
	if err != nil {
		return Decision{}, err
	}
	if !hold.person || !oneOf(owner.State, UserActive, UserSuspended) {
		owner = nil
	}
	return s.suspend(ctx, tx, moderator{by: v.Accounts[0].ID}, account, owner, m)
}

// personBehind is the person behind an account, locked until the transaction ends,
// and whether it is their main one; nil for remote accounts.
func personBehind(ctx context.Context, tx Store, accountID string) (*User, bool, error) {
	id, err := tx.AccountOwner(ctx, accountID)
	if isNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	user, err := tx.UserToChange(ctx, id)
	if err != nil {
		return nil, false, err
	}
	owned, err := tx.OwnedAccounts(ctx, id)
	return &user, len(owned) > 0 && owned[0].ID == accountID, err
}

// suspend stores that an account, and the person behind it where there is one to
// take hold of, may not act; records it and tells them.
func (s *Service) suspend(ctx context.Context, tx Store, who moderator, account Account, owner *User, m Measure) (Decision, error) {
	now := s.now()
	if account.IsSuspended(now) {
		return Decision{}, fail(Conflict, "moderate.decided")
	}
	if owner != nil {
		if err := lastAdmin(ctx, tx, *owner); err != nil {
			return Decision{}, err
		}
	}
	account.SuspendedAt, account.SuspendedUntil = &now, m.Until
	if err := tx.UpdateAccount(ctx, account); err != nil {
		return Decision{}, err
	}
	if owner != nil && owner.State != UserLeft { // whoever comes back is what their accounts are
		if err := tx.SetUserState(ctx, owner.ID, UserSuspended, later(*owner, m.Until, now)); err != nil {
			return Decision{}, err
		}
	}
	return s.recordAccount(ctx, tx, who, account, m, Decision{Kind: DecidedSuspend, Until: m.Until})
}

// later is until when a person is suspended who may be so already: the later of
// both, nil for good.
func later(u User, until *time.Time, now time.Time) *time.Time {
	if !u.IsSuspended(now) || until == nil {
		return until
	}
	if u.SuspendedUntil == nil || u.SuspendedUntil.After(*until) {
		return u.SuspendedUntil
	}
	return until
}

func (s *Service) recordAccount(ctx context.Context, tx Store, who moderator, account Account, m Measure, d Decision) (Decision, error) {
	d.SubjectKind, d.SubjectID, d.AccountID = SubjectAccount, account.ID, &account.ID
	d, err := s.record(ctx, tx, who, m, d, 0)
	if err != nil {
		return d, err
	}
	return d, s.tellSubject(ctx, tx, d, nil, nil)
}
