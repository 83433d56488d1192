package community

import (
	"context"
	"strings"
)

// Profile is an account's page as one Viewer may see it. Nothing of a User is in it.
type Profile struct {
	Account
	Own  bool // it is the Viewer's own
	Full bool // the Viewer may read more than the name
}

// Profile is the page of name, or name@domain for one elsewhere. Visitors see
// the name alone; what the account says of itself is for people of here. It
// returns NotFound for whom nobody knows, and for those who are not in yet.
func (s *Service) Profile(ctx context.Context, v Viewer, handle string) (Profile, error) {
	name, domain, _ := strings.Cut(Fold(handle), "@")
	account, err := s.store.AccountByName(ctx, domain, name)
	if err != nil {
		return Profile{}, err
	}
	if account.GoneAt != nil {
		return Profile{}, fail(Gone, "error.gone")
	}
	if err := isIn(ctx, s.store, account); err != nil {
		return Profile{}, err
	}
	p := Profile{Account: account, Own: v.Owns(account.ID)}
	p.Full = p.Own || v.IsMember(s.now())
	if !p.Full {
		p.About, p.AboutHTML = "", ""
	}
	return p, nil
}

// isIn is NotFound for an account of here whose person waits to be let in, or
// was not.
func isIn(ctx context.Context, store Store, a Account) error {
	if !a.IsLocal() {
		return nil
	}
	state, err := store.OwnerState(ctx, a.ID)
	if err == nil && maySignIn(User{State: state}) != nil {
		return fail(NotFound, "error.not_found")
	}
	return err
}

// ProfileOf is the page of the account with an id.
func (s *Service) ProfileOf(ctx context.Context, v Viewer, id string) (Profile, error) {
	account, err := s.store.Account(ctx, id)
	if err != nil {
		return Profile{}, err
	}
	return s.Profile(ctx, v, account.Handle())
}
