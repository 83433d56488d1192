package community

import "testing"

func TestR03EveryHelpLineHasASourceAndCanBeReached(t *testing.T) {
	if err := ValidateHelpLines(HelpLines()); err != nil {
		t.Errorf("helplines.json has faults:\n%v", err)
	}
}

func TestR03FaultyHelpLinesAreFound(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*HelpLine)
		want  string
	}{
		{"no such country", func(l *HelpLine) { l.Country, l.ID = "XX", "xx-samaritans" }, "country XX is not in ISO 3166-1"},
		{"two countries in one", func(l *HelpLine) { l.Country = "B GB" }, "is not in ISO 3166-1"},
		{"another country's id", func(l *HelpLine) { l.ID = "ie-samaritans" }, "the id is not the country and a slug"},
		{"an id in capitals", func(l *HelpLine) { l.ID = "gb-Samaritans" }, "the id is not the country and a slug"},
		{"an id twice", func(l *HelpLine) { l.ID = "gb-999" }, "the id is used twice"},
		{"no name", func(l *HelpLine) { l.Name = " " }, "the name is empty or padded"},
		{"no audience", func(l *HelpLine) { l.For = "" }, "audience  is unknown"},
		{"both kinds", func(l *HelpLine) { l.Emergency = true }, "not both"},
		{"no order", func(l *HelpLine) { l.Order = 0 }, "the order does not start at 1"},
		{"a shared order", func(l *HelpLine) { l.Order = 1 }, "two rows share an order"},
		{"no way to reach it", func(l *HelpLine) { l.Call = "" }, "there is nothing to call, text or open"},
		{"a short code in E.164", func(l *HelpLine) { l.Call = "+44116123" }, "call +44116123 cannot be dialled"},
		{"a text code in E.164", func(l *HelpLine) { l.Text = "+4485258" }, "text +4485258 cannot be dialled"},
		{"letters for digits", func(l *HelpLine) { l.Call = "0800 REFUGE" }, "call 0800 REFUGE cannot be dialled"},
		{"two numbers in one", func(l *HelpLine) { l.Call = "112/999" }, "call 112/999 cannot be dialled"},
		{"dashes", func(l *HelpLine) { l.Call = "1-800-273-8255" }, "cannot be dialled"},
		{"too long", func(l *HelpLine) { l.Call = "1234567890123456" }, "cannot be dialled"},
		{"a script for a number", func(l *HelpLine) { l.Call = "116123;x=javascript:" }, "cannot be dialled"},
		{"a key without a number", func(l *HelpLine) { l.Call, l.Press, l.Text = "", "1", "85258" }, "press needs a number"},
		{"two keys", func(l *HelpLine) { l.Press = "12" }, "press needs a number"},
		{"a word without a number", func(l *HelpLine) { l.TextWord = "SHOUT" }, "the word needs a number"},
		{"a word in small letters", func(l *HelpLine) { l.Text, l.TextWord = "85258", "shout" }, "the word needs a number"},
		{"chat over http", func(l *HelpLine) { l.Chat = "http://www.samaritans.org/" }, "chat is not an https address"},
		{"web without a host", func(l *HelpLine) { l.Web = "https:///contact" }, "web is not an https address"},
		{"no source", func(l *HelpLine) { l.Source = "" }, "the source is not an https address"},
		{"a source behind a name", func(l *HelpLine) { l.Source = "https://me@example.org/" }, "the source is not an https address"},
		{"a date in words", func(l *HelpLine) { l.SourceDate = "June 2026" }, "neither a day nor a month"},
		{"a day that never was", func(l *HelpLine) { l.SourceDate = "2026-02-30" }, "neither a day nor a month"},
		{"hours in words", func(l *HelpLine) { l.Hours = "day and night" }, "hours day and night"},
		{"a language in words", func(l *HelpLine) { l.Languages = []string{"English"} }, "not a BCP 47 tag"},
		{"free in words", func(l *HelpLine) { l.Free = "true" }, "free is neither"},
		{"the strip's line for some only", func(l *HelpLine) { l.For = HelpForYoung }, "cannot be called by anyone"},
		{"the strip's line by text only", func(l *HelpLine) { l.Call, l.Text = "", "85258" }, "cannot be called by anyone"},
		{"no crisis line", func(l *HelpLine) { l.Crisis = false }, "GB: there is no crisis line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := soundHelpLines()
			tt.spoil(&lines[1])
			if err := ValidateHelpLines(lines); !saysHelpFault(err, tt.want) {
				t.Errorf("ValidateHelpLines = %v, want it to say %q", err, tt.want)
			}
		})
	}
}

func TestR03EveryPromisedCountryNeedsAnEmergencyAndACrisisLine(t *testing.T) {
	sound := soundHelpLines()
	if err := ValidateHelpLines(sound); err != nil {
		t.Fatalf("the rows this test spoils have faults already: %v", err)
	}
	tests := []struct {
		name  string
		lines []HelpLine
		want  string
	}{
		{"no rows at all", nil, "NZ: there is no crisis line"},
		{"no emergency number", sound[1:], "GB: the first row is not an emergency number to call"},
		{"no crisis line", append([]HelpLine{sound[0]}, sound[2:]...), "GB: there is no crisis line"},
		{"a country beyond the promised, half done", append(soundHelpLines(), HelpLine{
			Country: "JP", ID: "jp-110", Name: "110", For: HelpForAnyone, Emergency: true, Call: "110",
			Source: "https://example.org/", Order: 1,
		}), "JP: there is no crisis line"},
		{"an emergency number after another line", append(soundHelpLines(), HelpLine{
			Country: "GB", ID: "gb-112", Name: "112", For: HelpForAnyone, Emergency: true, Call: "112",
			Source: "https://example.org/", Order: 3,
		}), "GB: an emergency number stands after another line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := ValidateHelpLines(tt.lines); !saysHelpFault(err, tt.want) {
				t.Errorf("ValidateHelpLines = %v, want it to say %q", err, tt.want)
			}
		})
	}
}

// soundHelpLines has the least that every promised country needs; the second row
// is the crisis line of the first country.
func soundHelpLines() []HelpLine {
	var lines []HelpLine
	for _, country := range []struct{ code, slug string }{
		{"GB", "gb"}, {"AU", "au"}, {"CA", "ca"}, {"DE", "de"}, {"ES", "es"},
		{"FR", "fr"}, {"IE", "ie"}, {"IN", "in"}, {"NZ", "nz"}, {"US", "us"},
	} {
		lines = append(lines,
			HelpLine{Country: country.code, ID: country.slug + "-999", Name: "999", For: HelpForAnyone, Emergency: true, Call: "999", Source: "https://example.org/999", Order: 1},
			HelpLine{Country: country.code, ID: country.slug + "-samaritans", Name: "Samaritans", For: HelpForAnyone, Crisis: true, Call: "116 123", Source: "https://example.org/", SourceDate: "2026-06", Order: 2},
		)
	}
	return lines
}
