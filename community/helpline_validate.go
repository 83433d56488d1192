package community

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// helpPromised are the countries every release has to cover.
var helpPromised = []string{"AU", "CA", "DE", "ES", "FR", "GB", "IE", "IN", "NZ", "US"}

// The codes officially assigned in ISO 3166-1.
const isoCountries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW" +
	" SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ" +
	" UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

var (
	helpSlug     = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)
	helpNumber   = regexp.MustCompile(`^\+?[0-9]+( [0-9]+)*$`)
	helpWord     = regexp.MustCompile(`^[A-Z0-9]+$`)
	helpKey      = regexp.MustCompile(`^[0-9*#]$`)
	helpLanguage = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)
)

// ValidateHelpLines returns every fault of the rows joined together, nil when
// there is none. It is run over the embedded rows by a test, not at start: a
// fault in one row must not take the others from somebody who needs them.
func ValidateHelpLines(lines []HelpLine) error {
	var faults []error
	ids := make(map[string]bool, len(lines))
	for _, line := range lines {
		if ids[line.ID] {
			faults = append(faults, fmt.Errorf("%s: the id is used twice", line.ID))
		}
		ids[line.ID] = true
		for _, fault := range line.faults() {
			faults = append(faults, fmt.Errorf("%s: %s", line.ID, fault))
		}
	}
	return errors.Join(append(faults, helpCountryFaults(lines)...)...)
}

func (l HelpLine) faults() []string {
	return slices.Concat(l.identityFaults(), l.contactFaults(), l.serviceFaults(), l.sourceFaults())
}

func (l HelpLine) identityFaults() []string {
	return helpFaults(
		helpFault{len(l.Country) != 2 || !strings.Contains(isoCountries, " "+l.Country+" "), "country " + l.Country + " is not in ISO 3166-1"},
		helpFault{!helpSlug.MatchString(l.ID) || !strings.HasPrefix(l.ID, strings.ToLower(l.Country)+"-"), "the id is not the country and a slug"},
		helpFault{strings.TrimSpace(l.Name) == "" || l.Name != strings.TrimSpace(l.Name), "the name is empty or padded"},
		helpFault{!slices.Contains(HelpAudiences(), l.For), "audience " + string(l.For) + " is unknown"},
		helpFault{l.Emergency && l.Crisis, "a row is an emergency number or a crisis line, not both"},
		helpFault{l.Order < 1, "the order does not start at 1"},
	)
}

func (l HelpLine) contactFaults() []string {
	return helpFaults(
		helpFault{l.Call == "" && l.Text == "" && l.Chat == "", "there is nothing to call, text or open"},
		helpFault{l.Call != "" && !isHelpNumber(l.Call), "call " + l.Call + " cannot be dialled as written"},
		helpFault{l.Text != "" && !isHelpNumber(l.Text), "text " + l.Text + " cannot be dialled as written"},
		helpFault{l.Press != "" && (l.Call == "" || !helpKey.MatchString(l.Press)), "press needs a number to call and one key"},
		helpFault{l.TextWord != "" && (l.Text == "" || !helpWord.MatchString(l.TextWord)), "the word needs a number to text and capital letters"},
		helpFault{l.Chat != "" && !isHelpAddress(l.Chat), "chat is not an https address"},
		helpFault{l.Web != "" && !isHelpAddress(l.Web), "web is not an https address"},
	)
}

func (l HelpLine) serviceFaults() []string {
	_, known := parseHelpHours(l.Hours)
	return helpFaults(
		helpFault{!known, "hours " + l.Hours + " are not in the form of HelpLine.Spans"},
		helpFault{slices.ContainsFunc(l.Languages, func(tag string) bool { return !helpLanguage.MatchString(tag) }), "a language is not a BCP 47 tag"},
		helpFault{!slices.Contains([]string{"", "yes", "no"}, l.Free), "free is neither yes, no nor empty"},
	)
}

func (l HelpLine) sourceFaults() []string {
	_, dated := parseHelpDate(l.SourceDate)
	return helpFaults(
		helpFault{!isHelpAddress(l.Source), "the source is not an https address"},
		helpFault{l.SourceDate != "" && !dated, "source date " + l.SourceDate + " is neither a day nor a month"},
	)
}

// isHelpNumber refuses short codes dressed as international numbers ("+44116123"),
// which ring nowhere: among the countries covered, a full number with its country
// code never has fewer than ten digits.
func isHelpNumber(number string) bool {
	digits := len(strings.TrimPrefix(helpDialled(number), "+"))
	if !helpNumber.MatchString(number) || digits > 15 {
		return false
	}
	if strings.HasPrefix(number, "+") {
		return digits >= 10
	}
	return digits >= 2
}

func isHelpAddress(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && parsed.Scheme == "https" && parsed.Host != "" && parsed.User == nil
}

// helpCountryFaults judges the rows of each country together.
func helpCountryFaults(lines []HelpLine) []error {
	byCountry := make(map[string][]HelpLine)
	for _, line := range lines {
		byCountry[line.Country] = append(byCountry[line.Country], line)
	}
	for _, country := range helpPromised {
		if _, ok := byCountry[country]; !ok {
			byCountry[country] = nil
		}
	}
	var faults []error
	for country, rows := range byCountry {
		for _, found := range helpRowsFaults(rows) {
			faults = append(faults, fmt.Errorf("%s: %s", country, found))
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return faults
}

func helpRowsFaults(rows []HelpLine) []string {
	rows = slices.SortedStableFunc(slices.Values(rows), func(a, b HelpLine) int { return a.Order - b.Order })
	emergency := slices.IndexFunc(rows, func(l HelpLine) bool { return l.Emergency && l.Call != "" })
	crisis := slices.IndexFunc(rows, func(l HelpLine) bool { return l.Crisis })
	return helpFaults(
		helpFault{emergency != 0, "the first row is not an emergency number to call"},
		helpFault{crisis < 0, "there is no crisis line"},
		helpFault{crisis >= 0 && (rows[crisis].Call == "" || rows[crisis].For != HelpForAnyone), "the first crisis line, which the strip names, cannot be called by anyone"},
		helpFault{!slices.IsSortedFunc(rows, helpEmergenciesFirst), "an emergency number stands after another line"},
		helpFault{len(slices.CompactFunc(slices.Clone(rows), helpSameOrder)) < len(rows), "two rows share an order"},
	)
}

func helpSameOrder(a, b HelpLine) bool { return a.Order == b.Order }

func helpEmergenciesFirst(a, b HelpLine) int {
	if a.Emergency == b.Emergency {
		return 0
	}
	if a.Emergency {
		return -1
	}
	return 1
}

type helpFault struct {
	found bool
	says  string
}

func helpFaults(faults ...helpFault) []string {
	var says []string
	for _, f := range faults {
		if f.found {
			says = append(says, f.says)
		}
	}
	return says
}
