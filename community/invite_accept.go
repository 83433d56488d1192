package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// Invited is what somebody with an invitation sees before they accept it.
type Invited struct {
	Door      Door
	Group     *Group // where it leads, where people may join
	ExpiresAt time.Time
}

// Invited looks an invitation up, however its code was typed, and uses nothing
// up. It returns NotFound for a code that was never given, Gone for one that
// holds no more, and Forbidden where the site lets nobody in.
func (s *Service) Invited(ctx context.Context, code string) (Invited, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return Invited{}, err
	}
	i, err := s.invitation(ctx, code)
	if err != nil {
		return Invited{}, err
	}
	if site.Registration == RegistrationClosed {
		return Invited{}, fail(Forbidden, "join.closed")
	}
	group, err := leadsInto(ctx, s.store, i.GroupID)
	return Invited{Door: Door{Mode: site.Registration, MinimumAge: site.MinimumAge}, Group: group, ExpiresAt: i.ExpiresAt}, err
}

// AcceptInvitation lets somebody in by an invitation, which must have a use
// left: of two who take the last at once, one gets Gone.
func (s *Service) AcceptInvitation(ctx context.Context, code string, a Arrival) (Admission, error) {
	i, err := s.invitation(ctx, code)
	if err != nil {
		return Admission{}, err
	}
	in, err := s.admit(ctx, a, &i)
	if err != nil {
		return in, err
	}
	in.Group, err = leadsInto(ctx, s.store, i.GroupID)
	return in, err
}

func (s *Service) invitation(ctx context.Context, code string) (Invitation, error) {
	i, err := s.store.InvitationByCode(ctx, secret.HashToken(secret.FoldCode(code)))
	if err != nil {
		return i, err
	}
	return i, i.holds(s.now())
}

// leadsInto is the group of an invitation, nil where there is none or where
// nobody may join it any more.
func leadsInto(ctx context.Context, store Store, id *string) (*Group, error) {
	if id == nil {
		return nil, nil
	}
	g, err := store.Group(ctx, *id)
	if err != nil || !mayBeLedInto(g) {
		return nil, err
	}
	return &g, nil
}
