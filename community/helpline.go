package community

import (
	"net/url"
	"slices"
	"strings"
)

// HelpLine is one way to reach a person outside this server who is there for
// others: an emergency number, a crisis line, a line for children. The rows are
// facts out of helplines.json, each with the page it was taken from;
// ValidateHelpLines says what a row must be. Names are the operators' own and
// are not translated.
type HelpLine struct {
	Country string       `json:"country"` // ISO 3166-1 alpha-2, upper case
	ID      string       `json:"id"`      // lower case, begins with the country, never reused for another service
	Name    string       `json:"name"`
	For     HelpAudience `json:"for"`

	// Emergency rows reach ambulance, fire or police. Crisis rows answer
	// somebody who is thinking of suicide or cannot go on. The others listen,
	// advise or protect.
	Emergency bool `json:"emergency,omitempty"`
	Crisis    bool `json:"crisis,omitempty"`

	// Call and Text are dialled as written from within the country, spaces
	// aside: "116 123", "0800 1111", "911". Only a full international number
	// begins with a plus, so a short code can never be mistaken for one.
	Call     string `json:"call,omitempty"`
	Press    string `json:"press,omitempty"` // the key that leads to this line after Call answers
	Text     string `json:"text,omitempty"`
	TextWord string `json:"text_word,omitempty"` // the word to send to Text

	Chat      string   `json:"chat,omitempty"`
	Web       string   `json:"web,omitempty"`
	Hours     string   `json:"hours,omitempty"`     // see Spans; empty where the source does not say
	Languages []string `json:"languages,omitempty"` // BCP 47; empty where the source does not say
	Free      string   `json:"free,omitempty"`      // "yes", "no", or empty where the source does not say

	// Source is the page the row was read from. SourceDate is the date that
	// page gives itself, "2025-11-03" or "2025-11", and empty where it gives
	// none: never the day it was read.
	Source     string `json:"source"`
	SourceDate string `json:"source_date"`

	Order int `json:"order"` // within the country, from 1, emergencies first
}

// HelpAudience says whom a line is for. The word shown is the catalogue's.
type HelpAudience string

// Whom a help line may be for.
const (
	HelpForAnyone     HelpAudience = "anyone"
	HelpForYoung      HelpAudience = "young"       // children and young people, and those worried about one
	HelpForAbuse      HelpAudience = "abuse"       // people hurt or controlled by somebody close
	HelpForAbuseWomen HelpAudience = "abuse-women" // the same, for women
	HelpForAbuseMen   HelpAudience = "abuse-men"   // the same, for men
	HelpForAbuseLGBT  HelpAudience = "abuse-lgbt"  // the same, for LGBT people
	HelpForSexualHarm HelpAudience = "sexual-harm" // people affected by sexual violence
	HelpForLGBT       HelpAudience = "lgbt"        // LGBT people
	HelpForIndigenous HelpAudience = "indigenous"  // the country's first peoples
	HelpForVeterans   HelpAudience = "veterans"    // people who serve or served, and their families
	HelpForCarers     HelpAudience = "carers"      // people who look after somebody
	HelpForDeaf       HelpAudience = "deaf"        // people who cannot hear or speak on the phone
)

// HelpAudiences returns every audience a row may name, so that a test can ask
// the catalogue for a word for each.
func HelpAudiences() []HelpAudience {
	return []HelpAudience{
		HelpForAnyone, HelpForYoung, HelpForAbuse, HelpForAbuseWomen, HelpForAbuseMen, HelpForAbuseLGBT,
		HelpForSexualHarm, HelpForLGBT, HelpForIndigenous, HelpForVeterans, HelpForCarers, HelpForDeaf,
	}
}

// DialURI is the tel: link of the line (RFC 3966), empty when it cannot be
// called. html/template refuses the scheme, so a page has to mark the link as
// template.URL; that is safe because ValidateHelpLines lets only digits and one
// leading plus through.
func (l HelpLine) DialURI() string {
	if l.Call == "" {
		return ""
	}
	return "tel:" + helpDialled(l.Call)
}

// SMSURI is the sms: link of the line (RFC 5724) with its word filled in, empty
// when it takes no texts. What DialURI says of templates holds here.
func (l HelpLine) SMSURI() string {
	if l.Text == "" {
		return ""
	}
	uri := "sms:" + helpDialled(l.Text)
	if l.TextWord == "" {
		return uri
	}
	return uri + "?body=" + strings.ReplaceAll(url.QueryEscape(l.TextWord), "+", "%20")
}

// AlwaysOpen reports whether the source says that the line never closes.
func (l HelpLine) AlwaysOpen() bool { return l.Hours == helpAlwaysOpen }

// Numbers returns what Call and Text come to on a keypad, so that a search for
// phone numbers in somebody's words can leave help lines alone.
func (l HelpLine) Numbers() []string {
	var numbers []string
	for _, written := range []string{l.Call, l.Text} {
		if number := helpDialled(written); number != "" && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func helpDialled(number string) string { return strings.ReplaceAll(number, " ", "") }
