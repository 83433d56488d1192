package community

import (
	"context"
	"strings"
	"unicode/utf8"
)

// RegistrationDraft is how people come in, as an admin wants it.
type RegistrationDraft struct {
	Mode                string
	Question            string // empty: the catalogue's
	MinimumAge          int
	NewcomersPerDay     int
	ApplicationsWaiting int
}

// Bounds of what an admin may set.
const (
	longestQuestion = 200
	mostNewcomers   = 1000
)

// SaveRegistration changes how people come in, as a Decision. It returns Invalid
// with each field to mend.
func (s *Service) SaveRegistration(ctx context.Context, v Viewer, in RegistrationDraft) error {
	if err := needAdmin(v); err != nil {
		return err
	}
	in.Question = strings.TrimSpace(in.Question)
	if err := in.check(); err != nil {
		return err
	}
	return s.saveSite(ctx, v, func(site *Site) {
		site.Registration, site.Question, site.MinimumAge = in.Mode, in.Question, in.MinimumAge
		site.NewcomersPerDay, site.ApplicationsWaiting = in.NewcomersPerDay, in.ApplicationsWaiting
	})
}

func (in RegistrationDraft) check() error {
	var p problems
	checkMode(&p, in.Mode)
	if utf8.RuneCountInString(in.Question) > longestQuestion {
		p.add("question", "registration.question_long", "Most", longestQuestion)
	}
	checkAge(&p, in.MinimumAge)
	if in.NewcomersPerDay < 1 || in.NewcomersPerDay > mostNewcomers {
		p.add("newcomers_per_day", "registration.number_range", "Most", mostNewcomers)
	}
	if in.ApplicationsWaiting < 1 || in.ApplicationsWaiting > mostNewcomers {
		p.add("applications_waiting", "registration.number_range", "Most", mostNewcomers)
	}
	return p.err()
}

// SiteDraft is what the place is, as an admin wants it.
type SiteDraft struct {
	Name, Purpose, Rules, Contact string
	FrontDoor, GroupCreation      string
	Country, Zone                 string
}

// SiteDraftOf is what the place is now.
func SiteDraftOf(s Site) SiteDraft {
	return SiteDraft{
		Name: s.Name, Purpose: s.Purpose, Rules: s.Rules, Contact: s.Contact, FrontDoor: s.FrontDoor,
		GroupCreation: s.GroupCreation, Country: s.Country, Zone: s.Zone,
	}
}

// SaveSite changes what the place is, as a Decision. It returns Invalid with
// each field to mend.
func (s *Service) SaveSite(ctx context.Context, v Viewer, in SiteDraft) error {
	if err := needAdmin(v); err != nil {
		return err
	}
	in = in.tidy()
	if err := in.check(); err != nil {
		return err
	}
	return s.saveSite(ctx, v, func(site *Site) {
		site.Name, site.Purpose, site.Rules, site.Contact = in.Name, in.Purpose, in.Rules, in.Contact
		site.FrontDoor, site.GroupCreation = in.FrontDoor, in.GroupCreation
		site.Country, site.Zone = in.Country, in.Zone
	})
}

func (in SiteDraft) tidy() SiteDraft {
	for _, field := range []*string{&in.Name, &in.Purpose, &in.Rules, &in.Contact, &in.Zone} {
		*field = strings.TrimSpace(*field)
	}
	in.Country = strings.ToUpper(strings.TrimSpace(in.Country))
	return in
}

func (in SiteDraft) check() error {
	var p problems
	checkPlace(&p, in.Name, in.Purpose, in.Contact, in.Country, in.Zone)
	checkSiteRules(&p, in.Rules)
	checkFrontDoor(&p, in.FrontDoor)
	if !oneOf(in.GroupCreation, GroupCreationAsked, GroupCreationOpen, GroupCreationAdmins) {
		p.add("group_creation", "form.choose")
	}
	return p.err()
}

func (s *Service) saveSite(ctx context.Context, v Viewer, change func(*Site)) error {
	return s.store.InTx(ctx, func(tx Store) error {
		_, _, err := s.changeSite(ctx, tx, v.ActingID(), change)
		return err
	})
}
