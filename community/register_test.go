package community

import (
	"slices"
	"testing"
	"time"
)

func TestDoorsAdmitByModeInvitationAndDoubt(t *testing.T) {
	for _, c := range []struct {
		mode              string
		invited, doubtful bool
		want              string
	}{
		{RegistrationApproval, false, false, admitAsked},
		{RegistrationApproval, true, false, admitAtOnce},
		{RegistrationApproval, true, true, admitAsked},
		{RegistrationInvitation, false, false, admitNobody},
		{RegistrationInvitation, false, true, admitNobody},
		{RegistrationInvitation, true, false, admitAtOnce},
		{RegistrationInvitation, true, true, admitAsked},
		{RegistrationOpen, false, false, admitAtOnce},
		{RegistrationOpen, false, true, admitAsked},
		{RegistrationOpen, true, false, admitAtOnce},
		{RegistrationClosed, false, false, admitNobody},
		{RegistrationClosed, true, false, admitNobody},
		{RegistrationClosed, true, true, admitNobody},
	} {
		if got := admits(c.mode, c.invited, c.doubtful); got != c.want {
			t.Errorf("%s, invited %v, doubtful %v: got %q, want %q", c.mode, c.invited, c.doubtful, got, c.want)
		}
	}
}

func TestR06OnlyAnOpenDoorThatNobodyWatchedForAWeekBeginsToAsk(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		mode string
		ago  time.Duration
		want bool
	}{
		{RegistrationOpen, 7 * 24 * time.Hour, false},
		{RegistrationOpen, 7*24*time.Hour + 1, true},
		{RegistrationApproval, 30 * 24 * time.Hour, false},
		{RegistrationInvitation, 30 * 24 * time.Hour, false},
		{RegistrationClosed, 30 * 24 * time.Hour, false},
	} {
		if got := mustAsk(c.mode, now.Add(-c.ago), now); got != c.want {
			t.Errorf("%s, last seen %v ago: got %v, want %v", c.mode, c.ago, got, c.want)
		}
	}
}

func TestInvitationsHoldUntilUsedUpExpiredOrRevoked(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	good := Invitation{UsesLeft: 1, ExpiresAt: now.Add(time.Second)}
	for _, c := range []struct {
		name   string
		change func(*Invitation)
		want   string
	}{
		{"good", func(*Invitation) {}, ""},
		{"used up", func(i *Invitation) { i.UsesLeft = 0 }, "invitation.used_up"},
		{"over this moment", func(i *Invitation) { i.ExpiresAt = now }, "invitation.expired"},
		{"taken back", func(i *Invitation) { i.RevokedAt = &now }, "invitation.revoked"},
		{"taken back and used up", func(i *Invitation) { i.RevokedAt, i.UsesLeft = &now, 0 }, "invitation.revoked"},
	} {
		i := good
		c.change(&i)
		got := ""
		if err := i.holds(now); err != nil {
			got = err.(*Error).Key
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// Every field of a Site that an admin can change is told when it changed, so
// that a new one is not forgotten.
func TestEveryChangeOfTheSiteIsRecorded(t *testing.T) {
	before := Site{}
	after := Site{
		Name: "n", Purpose: "p", Rules: "r", Contact: "c", MinimumAge: 1, Registration: "r", Question: "q", NewcomersPerDay: 1,
		ApplicationsWaiting: 1, FrontDoor: "f", GroupCreation: "g", Country: "c", Language: "l", Zone: "z",
	}
	got := siteChanges(before, after)
	if len(got) != 14 || !slices.Contains(got, Change{"registration", "", "r"}) {
		t.Errorf("got %d changes: %+v", len(got), got)
	}
	if again := siteChanges(after, after); again != nil {
		t.Errorf("nothing changed, and yet: %+v", again)
	}
}

func TestTriesOnAKnownDeviceAreCountedByThemselves(t *testing.T) {
	try := Try{Login: "rowan", Source: "home", Known: "sign-in"}
	keys := func(limits []tryLimit) (keys []string) {
		for _, l := range limits {
			keys = append(keys, l.key)
		}
		return keys
	}
	known, new := keys(limitsOf(try, true)), keys(limitsOf(try, false))
	for _, k := range known {
		if slices.Contains(new, k) {
			t.Error("a known device shares a count with strangers")
		}
	}
	if len(new) != 3 {
		t.Errorf("a new device is counted %d times, want by name and place, by place, and by name", len(new))
	}
}
