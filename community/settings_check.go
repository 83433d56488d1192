package community

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// What a place may be called and say of itself, at setup and later.

func checkPlace(p *problems, name, purpose, contact, country, zone string) {
	if n := utf8.RuneCountInString(name); n < 2 || n > 60 {
		p.add("name", "setup.name_length")
	}
	if n := utf8.RuneCountInString(purpose); n < 10 || n > 400 {
		p.add("purpose", "setup.purpose_length")
	}
	if _, err := mail.ParseAddress(contact); err != nil && !strings.HasPrefix(contact, "https://") {
		p.add("contact", "setup.contact_form")
	}
	if len(HelpLinesFor(country)) == 0 {
		p.add("country", "form.choose")
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		p.add("zone", "setup.zone_unknown")
	}
}

func checkAge(p *problems, age int) {
	if age < 13 || age > 99 {
		p.add("minimum_age", "setup.age_range")
	}
}

func checkMode(p *problems, mode string) {
	if !oneOf(mode, RegistrationApproval, RegistrationInvitation, RegistrationOpen, RegistrationClosed) {
		p.add("registration", "form.choose")
	}
}

func checkFrontDoor(p *problems, door string) {
	if !oneOf(door, FrontDoorClosed, FrontDoorChosen, FrontDoorOpen) {
		p.add("front_door", "form.choose")
	}
}

// Bounds of the instance's own rules.
const (
	mostRules   = 30
	longestRule = 300
)

func checkSiteRules(p *problems, rules string) {
	lines := Site{Rules: rules}.RuleLines()
	if len(lines) > mostRules {
		p.add("rules", "site.rules_many", "Most", mostRules)
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > longestRule {
			p.add("rules", "site.rules_long", "Most", longestRule)
			return
		}
	}
}
