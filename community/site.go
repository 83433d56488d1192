package community

import (
	"context"
	"strings"
	"time"

	"hearth/community/policy"
)

// Site is what this instance is: one row. Scheme and Host are frozen at setup,
// for every id of this server stands under them.
type Site struct {
	Scheme, Host  string // "https", "hearth.example"; Host has the port where it is not the scheme's own
	Name, Purpose string
	Rules         string // the instance's own rules, one a line
	Contact       string // how to reach who runs it: an address, shown as text
	MinimumAge    int
	Registration  string // RegistrationApproval and its like
	Question      string // the one question of an application; empty: the catalogue's
	FrontDoor     string // whom the instance talks to

	NewcomersPerDay     int // how many may come in or ask, without an invitation, in 24 hours (R06)
	ApplicationsWaiting int // how many may wait for an answer at once

	GroupCreation string // who may make groups
	Country       string // ISO 3166-1 alpha-2; whose help line the strip shows
	Language      string // BCP 47
	Zone          string // IANA; the zone of visitors who have not chosen
	ActorID       string // the instance actor
	SetUpAt       time.Time
}

// How people come in.
const (
	RegistrationApproval   = "approval"
	RegistrationInvitation = "invitation"
	RegistrationOpen       = "open"
	RegistrationClosed     = "closed"
)

// The caps of an instance whose admin has not chosen others.
const (
	DefaultNewcomersPerDay     = 25
	DefaultApplicationsWaiting = 20
)

// Whom the instance talks to: the front door of federation.
const (
	FrontDoorClosed = policy.DoorClosed // only this server
	FrontDoorChosen = policy.DoorChosen // servers we choose
	FrontDoorOpen   = policy.DoorOpen   // everyone except those we refuse
)

// Who may make groups.
const (
	GroupCreationAsked  = "asked"  // members ask, an admin approves
	GroupCreationOpen   = "open"   // any member
	GroupCreationAdmins = "admins" // admins only
)

// Base is the address that every local id begins with, without a last slash.
func (s Site) Base() string { return s.Scheme + "://" + s.Host }

// Location is the zone of readers who have not chosen one.
func (s Site) Location() *time.Location { return location(s.Zone) }

// RuleLines are the instance's own rules, one each.
func (s Site) RuleLines() []string {
	var rules []string
	for line := range strings.Lines(s.Rules) {
		if line = strings.TrimSpace(line); line != "" {
			rules = append(rules, line)
		}
	}
	return rules
}

// IsClosed says whether the site federates with nobody at all.
func (s Site) IsClosed() bool { return s.FrontDoor == FrontDoorClosed }

// SiteStore keeps the one Site.
type SiteStore interface {
	// Site returns NotFound before setup.
	Site(ctx context.Context) (Site, error)
	InsertSite(ctx context.Context, s Site) error
	UpdateSite(ctx context.Context, s Site) error
	InsertSetupToken(ctx context.Context, hash string, now time.Time) error
	// SetupTokenExists is false once the token was used or replaced.
	SetupTokenExists(ctx context.Context, hash string) (bool, error)
	DeleteSetupTokens(ctx context.Context) error
}

// SchemeFor is http for the development hosts (localhost and names below it)
// and https for every other.
func SchemeFor(host string) string {
	name, _, _ := strings.Cut(host, ":")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || name == "127.0.0.1" {
		return "http"
	}
	return "https"
}

func location(zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	return loc
}
