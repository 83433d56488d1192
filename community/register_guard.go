package community

import (
	"context"
	"time"
)

// unwatched is how long an open door stays open when no moderator looks in (R06).
const unwatched = 7 * 24 * time.Hour

// ByClock stands as the decider of what happened because of time alone.
const ByClock = "clock"

// mustAsk says whether an open door has to begin to ask: no moderator or admin
// was seen for 7 days.
func mustAsk(mode string, lastSeen, now time.Time) bool {
	return mode == RegistrationOpen && now.Sub(lastSeen) > unwatched
}

// GuardRegistration turns an open registration to asking when nobody watches,
// as a Decision, and tells the admins. It says whether it did.
func (s *Service) GuardRegistration(ctx context.Context) (bool, error) {
	site, err := s.store.Site(ctx)
	if isNotFound(err) || err == nil && site.Registration != RegistrationOpen {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	lastSeen, err := s.store.ModeratorSeen(ctx)
	if isNotFound(err) {
		lastSeen = site.SetUpAt
	} else if err != nil {
		return false, err
	}
	if !mustAsk(site.Registration, lastSeen, s.now()) {
		return false, nil
	}
	changed := false
	err = s.store.InTx(ctx, func(tx Store) error {
		var d Decision
		changed, d, err = s.changeSite(ctx, tx, ByClock, func(site *Site) {
			if site.Registration == RegistrationOpen {
				site.Registration = RegistrationApproval
			}
		})
		if err != nil || !changed {
			return err
		}
		return s.tellAdmins(ctx, tx, NoticeRegistration, d.ID)
	})
	return changed, err
}
