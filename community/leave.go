package community

import (
	"context"
	"slices"

	"hearth/community/secret"
)

// Leaving is what a person has to know before they leave.
type Leaving struct {
	Owned     []Group // open groups, to be handed over or closed first
	LastAdmin bool    // nobody else could run the instance
	Servers   []string
}

// Stays says whether something keeps the person from leaving yet.
func (l Leaving) Stays() bool { return l.LastAdmin || len(l.Owned) > 0 }

// Leaving says what leaving means for the person looking, suspended or not.
func (s *Service) Leaving(ctx context.Context, v Viewer) (l Leaving, err error) {
	if v.User == nil {
		return l, fail(NotFound, "error.not_found")
	}
	if l.Owned, err = s.store.OwnedGroups(ctx, v.AccountIDs()); err != nil {
		return l, err
	}
	if l.LastAdmin, err = isLastAdmin(ctx, s.store, *v.User); err != nil {
		return l, err
	}
	l.Servers, err = s.store.ServersTold(ctx, v.AccountIDs())
	return l, err
}

func isLastAdmin(ctx context.Context, store Store, u User) (bool, error) {
	if u.Role != RoleAdmin {
		return false, nil
	}
	admins, err := store.UserIDs(ctx, RoleAdmin)
	return len(without(admins, u.ID)) == 0, err
}

// Leave takes the person looking, who must know their password, out of sight and
// signs them out everywhere; for 21 days they may come back. Of somebody who wrote
// much the older words follow in the transactions after, which the clock ends if
// ctx does. It returns the code of a receipt, which is kept nowhere. Invalid for a wrong password, TooMany after
// 10 of them in a quarter of an hour; Conflict for who owns a group that is open,
// and for the last admin.
func (s *Service) Leave(ctx context.Context, v Viewer, password string) (code string, err error) {
	if v.User == nil {
		return "", fail(NotFound, "error.not_found")
	}
	if err := s.provePassword(ctx, v, password); err != nil {
		return "", err
	}
	code = secret.NewCode()
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := s.mayLeave(ctx, tx, v.User.ID); err != nil {
			return err
		}
		return s.leaveHearth(ctx, tx, v.User.ID, code)
	})
	if err != nil {
		return "", err
	}
	_ = s.moveOn(ctx, v.User.ID) // they have left, whatever came of it: the clock goes on, and says why it had to
	return code, nil
}

// stays is Forbidden where the person looking has left by now, and else they do not
// until the transaction ends: what they are to be seen with, or to look after, comes
// before all that leaving takes along, or not at all. It locks before all others do.
func stays(ctx context.Context, tx Store, v Viewer) error {
	if v.User == nil {
		return nil
	}
	user, err := tx.UserToAct(ctx, v.User.ID)
	if err == nil && user.State == UserLeft {
		err = fail(Forbidden, "leave.left_already")
	}
	return err
}

// provePassword is Invalid, with the field, for a password that is not the
// Viewer's. Its tries count together with those of changing it.
func (s *Service) provePassword(ctx context.Context, v Viewer, password string) error {
	tries := []tryLimit{{tryKey("password", v.User.ID), triesFromOne, true}}
	if err := s.countTries(ctx, tries); err != nil {
		return err
	}
	if !s.passwords.Matches(password, v.User.PasswordHash) {
		var p problems
		p.add("password", "leave.password_wrong")
		return p.err()
	}
	return s.forgetTries(ctx, tries)
}

// mayLeave judges whether a person may leave, and locks them and the record of
// admins until the transaction ends.
func (s *Service) mayLeave(ctx context.Context, tx Store, userID string) error {
	user, err := tx.UserToChange(ctx, userID)
	if err != nil {
		return err
	}
	if _, err := tx.LastDecision(ctx, ""); err != nil { // two admins who leave at once wait for each other
		return err
	}
	if !oneOf(user.State, UserActive, UserSuspended) {
		return fail(Conflict, "leave.left_already")
	}
	last, err := isLastAdmin(ctx, tx, user)
	if err == nil && last {
		err = fail(Conflict, "leave.last_admin")
	}
	return err
}

func (s *Service) leaveHearth(ctx context.Context, tx Store, userID, code string) error {
	ids, err := ownedIDs(ctx, tx, userID)
	if err != nil {
		return err
	}
	owned, err := tx.OwnedGroups(ctx, ids)
	if err == nil && len(owned) > 0 {
		err = fail(Conflict, "leave.owner")
	}
	if err != nil {
		return err
	}
	asked, err := tx.AskedGroups(ctx, ids)
	if err != nil {
		return err
	}
	for _, g := range asked {
		if err := s.takeGroupBack(ctx, tx, g); err != nil {
			return err
		}
	}
	now := s.now()
	if err := tx.SetAway(ctx, ids, &now); err != nil {
		return err
	}
	if err := tx.SetUserState(ctx, userID, UserLeft, nil); err != nil {
		return err
	}
	if err := tx.EndSignIns(ctx, userID, "", now); err != nil {
		return err
	}
	if err := tx.DeleteResetLinks(ctx, userID); err != nil {
		return err
	}
	d := Departure{
		UserID: userID, CodeHash: secret.HashToken(secret.FoldCode(code)), LeftAt: now, EndsAt: now.Add(awayFor), Moving: MovingAway,
	}
	if err := tx.DeleteDeparture(ctx, userID); err != nil { // of somebody who was still coming back
		return err
	}
	if err := tx.InsertDeparture(ctx, d); err != nil {
		return err
	}
	_, err = s.moveSome(ctx, tx, d)
	return err
}

func ownedIDs(ctx context.Context, store Store, userID string) ([]string, error) {
	owned, err := store.OwnedAccounts(ctx, userID)
	return idsOf(owned), err
}

func idsOf(accounts []Account) []string {
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	return slices.Clip(ids)
}
