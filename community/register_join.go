package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// Join lets somebody in by the site's door: at once, or to wait for an answer.
// It returns Invalid with each field to mend, Forbidden where the door is not
// open to them, and TooMany past the caps (R06).
func (s *Service) Join(ctx context.Context, a Arrival) (Admission, error) {
	return s.admit(ctx, a, nil)
}

// admit lets somebody in, by an invitation or without one.
func (s *Service) admit(ctx context.Context, a Arrival, by *Invitation) (Admission, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return Admission{}, err
	}
	way := admits(site.Registration, by != nil, a.Doubtful)
	if way == admitNobody {
		return Admission{}, fail(Forbidden, "join."+site.Registration)
	}
	a = a.tidy()
	if err := a.check(ctx, s, site, way); err != nil {
		return Admission{}, err
	}
	hash, err := s.passwords.Hash(a.Password)
	if err != nil {
		return Admission{}, err
	}
	var in Admission
	err = s.store.InTx(ctx, func(tx Store) error {
		in, err = s.letIn(ctx, tx, site, a, hash, way, by)
		return err
	})
	return in, err
}

// letIn is the transaction of an arrival. The count of newcomers comes first:
// its row makes arrivals wait for each other, so that no cap is passed by two at once.
func (s *Service) letIn(ctx context.Context, tx Store, site Site, a Arrival, hash, way string, by *Invitation) (Admission, error) {
	now := s.now()
	if by != nil {
		if err := tx.UseInvitation(ctx, by.ID, now); err != nil {
			return Admission{}, err
		}
	} else if err := s.countArrival(ctx, tx, site, a.Source, way); err != nil {
		return Admission{}, err
	}
	state := UserActive
	if way == admitAsked {
		state = UserWaiting
	}
	user := newUser(a.Login, hash, RoleMember, state, now)
	if err := insertPerson(ctx, tx, site, user, a.PublicName); err != nil {
		return Admission{}, err
	}
	if way == admitAsked {
		return s.apply(ctx, tx, a, user, by)
	}
	in := newSignIn(user.ID, a.Device, now)
	return Admission{SignIn: in}, tx.InsertSignIn(ctx, in)
}

// countArrival keeps the caps on those who come without an invitation.
func (s *Service) countArrival(ctx context.Context, tx Store, site Site, source, way string) error {
	now := s.now()
	newcomers, err := tx.CountTry(ctx, tryKey(newcomersCountedAs, ""), now, arrivalsWindow)
	if err != nil {
		return err
	}
	if newcomers > site.NewcomersPerDay {
		return fail(TooMany, "join.full_today")
	}
	fromThere, err := tx.CountTry(ctx, tryKey("join", source), now, arrivalsWindow)
	if err != nil {
		return err
	}
	if fromThere > arrivalsPerSource {
		return fail(TooMany, "join.often")
	}
	if way != admitAsked {
		return nil
	}
	waiting, err := tx.CountWaiting(ctx)
	if err == nil && waiting >= site.ApplicationsWaiting {
		return fail(TooMany, "join.full")
	}
	return err
}

// apply stores the application of somebody who has to wait, with where their
// invitation leads, and tells the admins.
func (s *Service) apply(ctx context.Context, tx Store, a Arrival, user User, by *Invitation) (Admission, error) {
	now, code := s.now(), secret.NewCode()
	application := Application{
		ID: secret.NewID(now), UserID: user.ID, CodeHash: secret.HashToken(code), Answer: a.Answer, Doubtful: a.Doubtful,
		State: ApplicationWaiting, CreatedAt: now,
	}
	if by != nil {
		application.GroupID = by.GroupID
	}
	if err := tx.InsertApplication(ctx, application); err != nil {
		return Admission{}, err
	}
	return Admission{Receipt: code}, s.tellAdmins(ctx, tx, NoticeApplication, application.ID)
}

// tellAdmins gives every active admin a notice.
func (s *Service) tellAdmins(ctx context.Context, tx Store, kind, aboutID string) error {
	admins, err := tx.UserIDs(ctx, RoleAdmin)
	if err != nil {
		return err
	}
	notices := make([]Notice, len(admins))
	for i, id := range admins {
		notices[i] = newNotice(s.now(), id, kind, aboutID)
	}
	return tx.InsertNotices(ctx, notices)
}

func newNotice(now time.Time, userID, kind, aboutID string) Notice {
	return Notice{ID: secret.NewID(now), UserID: userID, Kind: kind, AboutID: aboutID, CreatedAt: now}
}
