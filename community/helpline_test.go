package community

import (
	"slices"
	"strings"
	"testing"
)

func TestR03ShortCodesStayDialable(t *testing.T) {
	tests := []struct{ id, dial, sms string }{
		{"gb-samaritans", "tel:116123", ""},
		{"ie-samaritans", "tel:116123", ""},
		{"gb-999", "tel:999", ""},
		{"gb-shout", "", "sms:85258?body=SHOUT"},
		{"us-988", "tel:988", "sms:988"},
		{"us-veterans-crisis-line", "tel:988", "sms:838255"},
		{"us-crisis-text-line", "", "sms:741741?body=HOME"},
		{"ca-988", "tel:988", "sms:988"},
		{"de-112", "tel:112", ""},
		{"de-telefonseelsorge", "tel:08001110111", ""},
		{"fr-3114", "tel:3114", ""},
		{"fr-114", "", "sms:114"},
		{"es-024", "tel:024", ""},
		{"in-tele-manas", "tel:14416", ""},
		{"in-icall", "tel:+919152987821", ""},
		{"au-lifeline", "tel:131114", "sms:0477131114"},
		{"nz-1737", "tel:1737", "sms:1737"},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			line := helpLineWithID(t, tt.id)
			if got := line.DialURI(); got != tt.dial {
				t.Errorf("DialURI() = %q, want %q", got, tt.dial)
			}
			if got := line.SMSURI(); got != tt.sms {
				t.Errorf("SMSURI() = %q, want %q", got, tt.sms)
			}
		})
	}
}

func TestSMSLinkEscapesItsWord(t *testing.T) {
	line := HelpLine{Text: "852 58", TextWord: "HELP ME&x"}
	if got, want := line.SMSURI(), "sms:85258?body=HELP%20ME%26x"; got != want {
		t.Errorf("SMSURI() = %q, want %q", got, want)
	}
}

func TestNumbersAreWhatAKeypadSees(t *testing.T) {
	tests := []struct {
		name string
		line HelpLine
		want []string
	}{
		{"call and text differ", HelpLine{Call: "13 11 14", Text: "0477 13 11 14"}, []string{"131114", "0477131114"}},
		{"call and text are one", HelpLine{Call: "988", Text: "988"}, []string{"988"}},
		{"only a chat", HelpLine{Chat: "https://chat.example/"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.line.Numbers(); !slices.Equal(got, tt.want) {
				t.Errorf("Numbers() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestStripNamesTheFirstCrisisLineOfTheCountry(t *testing.T) {
	tests := []struct{ country, want string }{
		{"AU", "au-lifeline"}, {"CA", "ca-988"}, {"DE", "de-telefonseelsorge"}, {"ES", "es-024"}, {"FR", "fr-3114"},
		{"GB", "gb-samaritans"}, {"IE", "ie-samaritans"}, {"IN", "in-tele-manas"}, {"NZ", "nz-1737"}, {"US", "us-988"},
		{"gb", "gb-samaritans"},
		{"ZZ", ""}, {"", ""},
	}
	for _, tt := range tests {
		if got := StripLine(tt.country).ID; got != tt.want {
			t.Errorf("StripLine(%q).ID = %q, want %q", tt.country, got, tt.want)
		}
	}
}

func TestStripPassesOverLinesThatAreNotForCrises(t *testing.T) {
	lines := []HelpLine{{ID: "gb-999", Emergency: true}, {ID: "gb-advice"}, {ID: "gb-crisis", Crisis: true}, {ID: "gb-later", Crisis: true}}
	if got, want := firstCrisisLine(lines).ID, "gb-crisis"; got != want {
		t.Errorf("firstCrisisLine = %q, want %q", got, want)
	}
}

func TestLinesOfACountryComeInOrderEmergenciesFirst(t *testing.T) {
	for _, country := range HelpCountries() {
		lines := HelpLinesFor(country)
		if !lines[0].Emergency {
			t.Errorf("%s: first line is %s, want an emergency number", country, lines[0].ID)
		}
		for i, line := range lines {
			if line.Country != country || line.Order != i+1 {
				t.Errorf("%s: line %d is %s of order %d", country, i+1, line.ID, line.Order)
			}
		}
	}
	if got := HelpLinesFor("ZZ"); len(got) != 0 {
		t.Errorf("HelpLinesFor(ZZ) = %d lines, want none", len(got))
	}
}

func TestCountriesAreListedOnceInOrder(t *testing.T) {
	want := []string{"AU", "CA", "DE", "ES", "FR", "GB", "IE", "IN", "NZ", "US"}
	if got := HelpCountries(); !slices.Equal(got, want) {
		t.Errorf("HelpCountries() = %v, want %v", got, want)
	}
}

func TestCallersCannotChangeTheLinesOfOthers(t *testing.T) {
	HelpLines()[0].Call = "1"
	HelpLinesFor("GB")[0].Call = "1"
	if HelpLines()[0].Call == "1" || HelpLinesFor("GB")[0].Call == "1" {
		t.Error("a change to a returned slice reached the next caller")
	}
}

func TestMisspeltFieldOfAHelpLineIsRefused(t *testing.T) {
	tests := []struct {
		name, data string
		wantErr    bool
	}{
		{"as it should be", `[{"id":"gb-x","call":"999"}]`, false},
		{"misspelt", `[{"id":"gb-x","cal":"999"}]`, true},
		{"cut short", `[{"id":"gb-x"`, true},
		{"two lists", `[] []`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseHelpLines([]byte(tt.data)); (err != nil) != tt.wantErr {
				t.Errorf("ParseHelpLines: err = %v, want an error: %v", err, tt.wantErr)
			}
		})
	}
}

func helpLineWithID(t *testing.T, id string) HelpLine {
	t.Helper()
	lines := HelpLines()
	at := slices.IndexFunc(lines, func(l HelpLine) bool { return l.ID == id })
	if at < 0 {
		t.Fatalf("there is no help line %q among %d", id, len(lines))
	}
	return lines[at]
}

func saysHelpFault(err error, part string) bool {
	return err != nil && strings.Contains(err.Error(), part)
}
